"""How finding goes: figures about nobody, each count by which nobody is picked out."""

from collections.abc import Callable, Sequence
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
from locality.methods.small_numbers import safe_count
from locality.population.models import CaseFindingRun, CriterionVersion, Found
from locality.population.queries.asked import LENGTHS
from locality.population.rules.finding import FoundState, may_see_runs

NOT_YOURS = "The role you signed in with does not see how finding people goes."
NO_RUN = "There is no such run."
# what is written on a list only; people named by hand are counted apart
BY_A_RUN = Q(run__isnull=False)
STAGES = ("found", "reviewed", "accepted")
# stages that come with the meeting and the plan: offered, engaged, helped
DIMENSIONS = {"ward": "ward", "deprivation": "fifth of deprivation", "ethnicity": "ethnicity"}
NOT_KNOWN = "not known"
FIFTHS = {
    1: "most deprived fifth of England",
    2: "second fifth",
    3: "third fifth",
    4: "fourth fifth",
    5: "least deprived fifth of England",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of a funnel: how many were found, reviewed, accepted; None where the count is hidden."""

    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """What became of those found, in all and by one dimension; the totals are sums of what is shown."""

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
    worth = row.worth
    return OneRun(
        id=row.pk,
        code=row.criterion.code,
        version=row.criterion.version,
        rule=row.criterion.written,
        on=row.on,
        started_at=row.started_at,
        copy_made_at=row.copy_made_at,
        found=safe_count(row.found),
        listed=safe_count(row.listed),
        left_out=tuple((words, safe_count(count)) for words, count in sorted(row.left_out.items())),
        lists=tuple(
            one | {"listed": safe_count(one["listed"]), "accepted": safe_count(one["accepted"])} for one in row.lists
        ),
        worth_on=date.fromisoformat(worth["on"]),
        worth_until=date.fromisoformat(worth["until"]),
        people=safe_count(worth["people"]),
        events=safe_count(worth["events"]),
        objected=safe_count(worth["left_out"]),
        lengths=tuple(_length(AtLength(**one)) for one in worth["at"]),
        fall=_fall(worth.get("found_before", {}), worth.get("found_after", 0)),
    )


def _fall(before: dict[str, int], after: int) -> Fall | None:
    """Of rounded counts; None where one of them is hidden, or nothing was to fall."""
    people = safe_count(sum(before.values()))
    had = safe_count(sum(int(number) * count for number, count in before.items()))
    has_had = safe_count(after)
    if not people or not had or has_had is None:
        return None
    return Fall(people=people, before=had / people, after=has_had / people)


def _length(at: AtLength) -> Length:
    """Of counts that are rounded, so that no share leads back to one that is not."""
    hits, events = safe_count(at.hits), safe_count(at.events)
    # the last length is the whole list, which counts people
    length = at.length if at.length in LENGTHS else safe_count(at.length)
    if hits is None or events is None or length is None:
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
    by = {
        "ward": _by(counted, "ward", lambda code: names.get(code, NOT_KNOWN)),
        "deprivation": _fifths(counted),
        "ethnicity": _by(counted, "ethnicity", lambda code: ETHNICITIES.get(code, NOT_KNOWN)),
    }
    return Funnel(all=_sum(by["ward"]), by=by, left_out=safe_count(objecting.count()))


COUNTS = {
    "found": Count("pk"),
    "reviewed": Count("pk", filter=~Q(state__in=[FoundState.WAITING, FoundState.OVER])),
    "accepted": Count("pk", filter=Q(state=FoundState.ACCEPTED)),
}


def _by(rows: QuerySet[Found], column: str, name: Callable[[Any], str]) -> tuple[Step, ...]:
    told = rows.values(of=F(column)).annotate(**COUNTS).order_by("of").values_list("of", *STAGES)
    return _steps(sorted(((name(of), counts) for of, *counts in told), key=lambda one: one[0].casefold()))


def _fifths(rows: QuerySet[Found]) -> tuple[Step, ...]:
    told = rows.values(of=F("deprivation")).annotate(**COUNTS).order_by("of").values_list("of", *STAGES)
    return _steps([(FIFTHS[(of + 1) // 2] if of else NOT_KNOWN, counts) for of, *counts in told])


def _steps(told: Sequence[tuple[str, Sequence[int]]]) -> tuple[Step, ...]:
    """Rows of one name together, in the order they come, each count made safe."""
    sums: dict[str, list[int]] = {}
    for name, counts in told:
        before = sums.setdefault(name, [0] * len(STAGES))
        sums[name] = [one + other for one, other in zip(before, counts, strict=True)]
    return tuple(Step(name=name, counts=tuple(safe_count(one) for one in sums[name])) for name in sums)


def _sum(rows: Sequence[Step]) -> Step:
    # a sum of the counts themselves would lead back to the one that is hidden
    return Step(name="all", counts=tuple(sum(row.counts[at] or 0 for row in rows) for at in range(len(STAGES))))


# the ethnic categories of the NHS Data Dictionary (and of the census of 2001)
ETHNICITIES = {
    "A": "White British",
    "B": "White Irish",
    "C": "other White",
    "D": "White and Black Caribbean",
    "E": "White and Black African",
    "F": "White and Asian",
    "G": "other mixed",
    "H": "Indian",
    "J": "Pakistani",
    "K": "Bangladeshi",
    "L": "other Asian",
    "M": "Caribbean",
    "N": "African",
    "P": "other Black",
    "R": "Chinese",
    "S": "any other",
}
