"""How finding goes: figures about nobody, each count by which nobody is picked out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from locality.access.queries import opted_out
from locality.base import NoAccess, NotFound, Viewer
from locality.directory.models import Ward
from locality.methods.list_length import AtLength
from locality.methods.regression_to_the_mean import foretold
from locality.methods.small_numbers import Counts, Release, release, safe_count, safe_objectors
from locality.population.models import CaseFindingRun, CriterionVersion, Found
from locality.population.queries.asked import LENGTHS
from locality.population.rules.finding import FoundState, may_see_runs
from locality.population.rules.groups import NOT_KNOWN, ethnic_group_of, fifth_of
from locality.population.rules.lists import LINE_NOT_FOUND

NOT_YOURS = "The role you signed in with does not see how finding people goes."
NO_RUN = "There is no such run."
# what is written on a list only; people named by hand are counted apart
BY_A_RUN = Q(run__isnull=False)
STAGES = ("found", "reviewed", "accepted")
# stages that come with the meeting and the plan: offered, engaged, helped
DIMENSIONS = {"ward": "ward", "deprivation": "fifth of deprivation", "ethnicity": "ethnicity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of a funnel: how many were found, reviewed, accepted; None where the count is kept back."""

    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """What became of those found, in all and by one dimension; no table gives away what another keeps back."""

    all: Step
    by: dict[str, tuple[Step, ...]]
    left_out: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """What a list of one length would have been worth: shares of rounded counts, None where a count is hidden."""

    length: str
    hits: int | None
    value: float | None
    captured: float | None
    to_review: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """Emergency admissions a person of those who would have been found then, in as long a time before and after.

    None of them was helped by a list, so this is what such a list falls by of itself.
    """

    people: int
    before: float
    after: float
    # what so many before foretell of themselves, by how unequally everybody had them (regression to the mean)
    expected: float

    @property
    def share(self) -> float:
        return 1 - self.after / self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRun:
    """One run of one criterion, as much as is told to everybody who sees figures."""

    id: UUID
    code: str
    version: int
    rule: dict[str, Any]
    on: date
    started_at: datetime
    copy_made_at: datetime | None
    found: int | None
    listed: int | None
    left_out: tuple[tuple[str, int | None], ...]
    lists: tuple[dict[str, Any], ...]
    worth_on: date
    worth_until: date
    people: int | None
    events: int | None
    objected: int | None
    lengths: tuple[Length, ...]
    fall: "Fall | None"


def last_run_on(criterion: CriterionVersion) -> date | None:
    """The day of a criterion's last run; None where it never ran."""
    row = CaseFindingRun.objects.filter(criterion=criterion).order_by("-started_at").first()
    return row.on if row else None


def last_runs(*, viewer: Viewer) -> list[OneRun]:
    """The last run of each criterion that holds, by name. Raises NoAccess for a role that sees no figures."""
    _may(viewer)
    newest = CaseFindingRun.objects.order_by("criterion__code", "-started_at").distinct("criterion__code")
    rows = CaseFindingRun.objects.filter(pk__in=newest.values("pk"), criterion__retired_at=None)
    return [_run(row) for row in rows.select_related("criterion").order_by("criterion__name")]


def run_told(*, viewer: Viewer, run_id: UUID) -> OneRun:
    """One run; NotFound where there is none."""
    _may(viewer)
    row = CaseFindingRun.objects.select_related("criterion").filter(pk=run_id).first()
    if row is None:
        raise NotFound(NO_RUN)
    return _run(row)


def _may(viewer: Viewer) -> None:
    if not may_see_runs(viewer):
        raise NoAccess(NOT_YOURS)


def _run(row: CaseFindingRun) -> OneRun:
    worth, told = row.worth, run_released(row)
    return OneRun(
        id=row.pk,
        code=row.criterion.code,
        version=row.criterion.version,
        rule=row.criterion.written,
        on=row.on,
        started_at=row.started_at,
        copy_made_at=row.copy_made_at,
        found=told.found,
        listed=told.listed,
        left_out=tuple((words, told.left_out[words]) for words in sorted(told.left_out)),
        lists=tuple(
            one | {"listed": told.teams[one["team"]], "accepted": safe_count(one["accepted"])} for one in row.lists
        ),
        worth_on=date.fromisoformat(worth["on"]),
        worth_until=date.fromisoformat(worth["until"]),
        people=safe_count(worth["people"]),
        events=safe_count(worth["events"]),
        objected=safe_count(worth["left_out"]),
        lengths=tuple(_length(AtLength(**one)) for one in worth["at"]),
        fall=_fall(worth.get("found_before", {}), worth.get("found_after", 0), worth.get("everybody_before", {})),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What of a run's counts may be told together; None where a count is kept back."""

    found: int | None
    listed: int | None
    left_out: Mapping[str, int | None]
    teams: Mapping[str, int | None]


LISTED, OTHERS = "listed", "others"


def run_released(row: CaseFindingRun) -> Released:
    """Everybody found is on a list or left out for one reason, and each list is a team's: tables of one release.

    Reasons whose line was not found are of those listed, and are counted apart.
    """
    left_out = {words: count for words, count in row.left_out.items() if words != LINE_NOT_FOUND}
    became = {LISTED: row.listed, **left_out, OTHERS: row.found - row.listed - sum(left_out.values())}
    found, table = _told_apart(became)
    apart = {words: safe_count(count) for words, count in row.left_out.items() if words == LINE_NOT_FOUND}
    _, teams = _told_apart({one["team"]: one["listed"] for one in row.lists})
    listed = table[LISTED]
    return Released(
        found=found,
        listed=listed,
        left_out={words: table[words] for words in left_out} | apart,
        # a team's list beside the whole that is kept back would give that away
        teams=teams if listed is not None else dict.fromkeys(teams),
    )


def _told_apart(groups: Mapping[str, int]) -> tuple[int | None, dict[str, int | None]]:
    """The whole and its groups as one release tells them."""
    tables = {"groups": {name: Counts((count,)) for name, count in groups.items()}}
    told = release(tables, total=Counts((sum(groups.values()),)))
    columns = {name: one.columns for name, one in (told.tables["groups"] or {}).items()}
    each = {name: held[0] if (held := columns.get(name)) else None for name in groups}
    return (told.total.columns[0] if told.total.columns else None), each


def _fall(before: dict[str, int], after: int, everybody: dict[str, int]) -> Fall | None:
    """Events as rounded counts a person; None where one of them is hidden, or nothing was to fall."""
    people = safe_count(sum(before.values()))
    had = safe_count(sum(int(number) * count for number, count in before.items()))
    has_had = safe_count(after)
    if not people or not had or has_had is None:
        return None
    had_by = {int(number): count for number, count in everybody.items()}
    each = foretold(had_by, {int(number): count for number, count in before.items()})
    expected = safe_count(round(each * sum(before.values())))
    if expected is None:
        return None
    return Fall(people=people, before=had / people, after=has_had / people, expected=expected / people)


def _length(at: AtLength) -> Length:
    """Of counts that are rounded, so that no share leads back to one that is not; few missed are as few as few met."""
    hits, events = safe_count(at.hits), safe_count(at.events)
    # the last length is the whole list, which counts people
    length = at.length if at.length in LENGTHS else safe_count(at.length)
    few = any(safe_count(count) is None for count in (at.length - at.hits, at.events - at.hits))
    if hits is None or events is None or length is None or few:
        words = f"{length:,}" if length is not None else "the whole list"
        return Length(length=words, hits=None, value=None, captured=None, to_review=None)
    # rounding up may make more hits than there are people on a short list
    safe = AtLength(length=length, hits=min(hits, length), events=max(events, hits))
    words = f"{length:,}" if at.length in LENGTHS else f"all, about {length:,}"
    return Length(length=words, hits=safe.hits, value=safe.value, captured=safe.captured, to_review=safe.to_review)


# ---- the funnel


def funnel(*, viewer: Viewer, code: str = "") -> Funnel:
    """What became of everybody whom runs have found, of one criterion or all. Five queries.

    It is no care, so whoever objects to use beyond care is left out of it and counted.
    """
    _may(viewer)
    rows = Found.objects.filter(BY_A_RUN).alias(kept=Coalesce("person__merged_into", "person"))
    rows = rows.filter(code=code) if code else rows
    objecting = rows.filter(kept__in=opted_out(viewer=viewer))
    counted = rows.exclude(pk__in=objecting.values("pk"))
    names = dict(Ward.objects.values_list("code", "name"))
    tables = {
        "ward": _by(counted, "ward", lambda code: names.get(code, NOT_KNOWN)),
        "deprivation": _by(counted, "deprivation", fifth_of),
        "ethnicity": _by(counted, "ethnicity", ethnic_group_of),
    }
    told = [_released(tables, stage) for stage in STAGES]
    by = {
        of: tuple(Step(name=name, counts=tuple(_told(one, of, name) for one in told)) for name in groups)
        for of, groups in tables.items()
    }
    whole = Step(name="all", counts=tuple(one.total.columns[0] if one.total.columns else None for one in told))
    return Funnel(all=whole, by=by, left_out=safe_objectors(objecting.count()))


REACHED = {
    "found": Q(),
    "reviewed": ~Q(state__in=[FoundState.WAITING, FoundState.OVER]),
    "accepted": Q(state=FoundState.ACCEPTED),
}
# a person may stand on several lists
COUNTED = {f"{stage}_rows": Count("pk", filter=which) for stage, which in REACHED.items()}
COUNTED |= {f"{stage}_people": Count("kept", distinct=True, filter=which) for stage, which in REACHED.items()}

# how many rows and how many people reached each stage, of one group
Reached = Mapping[str, Counts]


def _by(rows: QuerySet[Found], column: str, name: Callable[[Any], str]) -> dict[str, Reached]:
    """The groups by name, those of one name together, whoever is in none of them last."""
    found: dict[str, Reached] = {}
    told = rows.values(of=F(column)).annotate(**COUNTED).order_by("of").values_list("of", *COUNTED)
    for of, *figures in told:
        group, in_rows, in_people = name(of), figures[: len(STAGES)], figures[len(STAGES) :]
        counts = {
            stage: Counts((row,), people=people) for stage, row, people in zip(STAGES, in_rows, in_people, strict=True)
        }
        found[group] = _together(found[group], counts) if group in found else counts
    return dict(sorted(found.items(), key=lambda one: (one[0] == NOT_KNOWN, one[0].casefold())))


def _together(one: Reached, other: Reached) -> Reached:
    return {
        # somebody may be in both, so that no more people than in the larger are sure
        stage: Counts(
            (one[stage].columns[0] + other[stage].columns[0],),
            people=max(one[stage].people or 0, other[stage].people or 0),
        )
        for stage in STAGES
    }


def _released(tables: Mapping[str, Mapping[str, Reached]], stage: str) -> Release:
    """One stage in all its tables together, so that no table gives away what another keeps back."""
    of_stage = {of: {name: one[stage] for name, one in groups.items()} for of, groups in tables.items()}
    total = sum(one.columns[0] for one in of_stage["ward"].values())
    return release(of_stage, total=Counts((total,)))


def _told(told: Release, of: str, name: str) -> int | None:
    table = told.tables.get(of)
    columns = table[name].columns if table else None
    return columns[0] if columns else None
