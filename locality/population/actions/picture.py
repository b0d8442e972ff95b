"""Drawing the picture of the neighbourhoods: once a month, from the copy as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction

from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.directory.queries import place as the_place
from locality.journal.actions import log
from locality.methods.small_numbers import safe_count
from locality.population.models import Picture
from locality.population.queries import measures
from locality.population.queries.copy import manifest, open_copy
from locality.population.queries.picture import count_picture, picture_of
from locality.population.queries.published import published
from locality.population.rules.measures import By
from locality.population.rules.outcomes import outcome
from locality.population.rules.picture import WANTED, releases
from locality.population.rules.picture_kept import read, read_release, written, written_release
from locality.population.rules.telling import releases as measure_releases
from locality.population.rules.telling import tell

SHOWN = (By.NEIGHBOURHOOD, By.DEPRIVATION, By.MONTH)
ALONE = "select pg_try_advisory_xact_lock(hashtextextended('population.picture', 0))"
BUSY = "Another drawing of the picture is at work: this one did nothing."


@transaction.atomic
def draw_picture(*, by: Viewer, folder: Path | None = None, again: bool = False) -> Picture:
    """Tell of the neighbourhoods what the copy holds as at the first of its month; every figure is safe to tell.

    Drawn once a month: `again` draws anew, holding to what was told of the same month. Raises NotFound without a copy,
    and Refused while another is drawn.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            raise Refused(BUSY)
    held = manifest(folder=folder)
    made_at = datetime.fromisoformat(held.made_at)
    on = day_of(made_at).replace(day=1)
    before = picture_of(on)
    if before is not None and not again:
        return before
    with open_copy(folder=folder) as duck:
        told = _told(duck, on=on, pack=held.pack, before=before.told if before else {})
    kept = Picture.objects.create(
        place=the_place(), on=on, nth=before.nth + 1 if before else 1, drawn_at=by.at, by_id=by.id,
        refresh=held.run, copy_made_at=made_at, told=told,
    )  # fmt: skip
    log(what="picture.drawn", by=by, about=kept.pk, detail={"on": on.isoformat(), "nth": kept.nth})
    return kept


def _told(duck: duckdb.DuckDBPyConnection, *, on: date, pack: str, before: Mapping[str, Any]) -> dict[str, Any]:
    counted = count_picture(duck, on=on)
    safe = releases(counted, traits=WANTED.traits, earlier=read(before["safe"]) if before else None)
    outcomes, kept = _outcomes(duck, on=on, pack=pack, before=before.get("outcome_releases", {}))
    return {
        "version": WANTED.version,
        "safe": written(safe),
        "elsewhere": safe_count(counted.elsewhere),
        "left_out": safe_count(counted.left_out),
        "outcomes": outcomes,
        "outcome_releases": kept,
        "published": published(duck, on=on, pack=pack).written(),
    }


def _outcomes(
    duck: duckdb.DuckDBPyConnection, *, on: date, pack: str, before: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each measure of the picture, told; and what was released, so that it is held to within the month."""
    known, kinds = measures.measures(place=pack), measures.kinds_of_contact(place=pack)
    counter = measures.Counter(duck, on, kinds)
    told, kept = [], {}
    for name in WANTED.outcomes:
        # by what a picture does not show nothing is worked out
        one = replace(known[name], by=tuple(by for by in known[name].by if by in SHOWN))
        try:
            groups = counter.count(one).groups
        except Refused as reason:
            told.append(outcome(one, None, why_not=str(reason)).written())
            continue
        earlier = {base: read_release(held) for base, held in before.get(name, {}).items()}
        safe = measure_releases(one, groups, earlier=earlier)
        kept[name] = {base: written_release(release) for base, release in safe.items()}
        told.append(outcome(one, tell(one, groups, earlier=earlier)).written())
    return told, kept
