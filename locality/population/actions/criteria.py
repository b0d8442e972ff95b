"""Loading a pack's criteria: each version is kept word for word, and never changed afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from locality.base import Viewer
from locality.directory.actions.packs import one_loader_at_a_time
from locality.directory.models import Place, Service, Team
from locality.directory.pack import PACKS, PackFaults, pack_folder
from locality.directory.queries import place as the_place
from locality.journal.actions import log
from locality.population.criteria import Criterion, read_criteria
from locality.population.models import CriterionVersion
from locality.population.rules.finding import EACH_NEIGHBOURHOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaLoaded:
    """What loading did: criteria (code and version) that are new, and codes that the pack has no longer."""

    new: tuple[str, ...]
    retired: tuple[str, ...]
    total: int


@transaction.atomic
def load_criteria(*, pack: str | Path = "", by: Viewer) -> CriteriaLoaded:
    """Load a pack's criteria, whole or not at all; again, and nothing changes.

    The pack itself must be loaded. Raises PackFaults with file and line, also where a file changed and its version
    did not: what people were found by must stay readable.
    """
    folder = pack_folder(pack)
    shown = f"packs/{folder.name}" if folder.parent == PACKS else str(folder)
    criteria = read_criteria(folder, shown=shown)
    one_loader_at_a_time()
    place = the_place(folder.name)
    kept = {(row.code, row.version): row for row in CriterionVersion.objects.filter(place=place)}
    faults = [*_leads_nowhere(criteria, place=place, shown=shown), *_changed(criteria, kept=kept, shown=shown)]
    if faults:
        raise PackFaults(faults)
    retired = _retire(criteria, kept=kept, by=by)
    new = [one for one in criteria if (one.code, one.version) not in kept]
    CriterionVersion.objects.bulk_create([_row(one, place=place, by=by) for one in new])
    # a version that came back (a pack restored from before) holds again
    CriterionVersion.objects.filter(
        pk__in=[kept[one.code, one.version].pk for one in criteria if (one.code, one.version) in kept]
    ).update(retired_at=None)
    loaded = CriteriaLoaded(
        new=tuple(f"{one.code} {one.version}" for one in new), retired=tuple(retired), total=len(criteria)
    )
    if new or retired:
        log(what="criteria.loaded", by=by, about=place.pk, detail={"new": loaded.new, "retired": loaded.retired})
    return loaded


def _row(one: Criterion, *, place: Place, by: Viewer) -> CriterionVersion:
    return CriterionVersion(
        place=place,
        code=one.code,
        version=one.version,
        name=one.name,
        written=one.written,
        digest=one.digest,
        loaded_at=by.at,
        loaded_by=by.id,
    )


def _retire(criteria: list[Criterion], *, kept: dict[tuple[str, int], CriterionVersion], by: Viewer) -> list[str]:
    now = {(one.code, one.version) for one in criteria}
    gone = [row for key, row in sorted(kept.items()) if key not in now and row.retired_at is None]
    CriterionVersion.objects.filter(pk__in=[row.pk for row in gone]).update(retired_at=by.at)
    return [f"{row.code} {row.version}" for row in gone]


def _changed(criteria: list[Criterion], *, kept: dict[tuple[str, int], CriterionVersion], shown: str) -> Iterator[str]:
    newest = {code: max(version for of, version in kept if of == code) for code, _ in kept}
    for one in criteria:
        row = kept.get((one.code, one.version))
        if row is not None and row.digest != one.digest:
            words = f"version {one.version} was loaded with other words: raise 'version' to {newest[one.code] + 1}"
            yield f"{shown}/criteria/{one.code}.toml line 1: {words}"


def _leads_nowhere(criteria: list[Criterion], *, place: Place, shown: str) -> Iterator[str]:
    """Teams and services that a criterion names and the pack does not have."""
    known = {EACH_NEIGHBOURHOOD} | set(Team.objects.filter(place=place).values_list("code", flat=True))
    services = set(Service.objects.filter(place=place).values_list("code", flat=True))
    for one in criteria:
        file = f"{shown}/criteria/{one.code}.toml line 1"
        for limit in one.limits:
            if limit.team not in known:
                yield f"{file}: a [[capacity]] names the team {limit.team}, which the pack does not have"
        for service in one.services:
            if service not in services:
                yield f"{file}: 'services' names {service}, which the pack does not have"
