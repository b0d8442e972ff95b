"""What the pages of measures are given: figures of invented counts, told as the place's own would be."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from locality.population.queries.cohorts import cohorts_of
from locality.population.queries.measures import measures, published
from locality.population.rules.cohort_counts import Exact
from locality.population.rules.cohort_counts import tell as tell_cohort
from locality.population.rules.cohorts import said
from locality.population.rules.groups import FIFTHS
from locality.population.rules.kept import Kept, KeptCohort, KeptMeasure, KeptSegment
from locality.population.rules.measures import Kind, Measure
from locality.population.rules.segments import SEGMENTS
from locality.population.rules.telling import Counting, tell
from locality.web.forms import Form
from locality.web.measures import rows, words

UNTIL = date(2026, 11, 1)
NAMES = {"east": "East", "north": "North", "prestwich": "Prestwich", "west": "West", "whitefield": "Whitefield"}
WAYS = {
    "neighbourhood": tuple(NAMES),
    "deprivation": FIFTHS,
    "age": ("65 to 74", "75 to 84", "85 and over"),
    "sex": ("female", "male"),
    "ethnicity": ("Asian or Asian British", "Black or Black British", "Mixed", "White", "not known"),
}
MONTHS = [f"{2024 + (10 + at) // 12}-{(10 + at) % 12 + 1:02}" for at in range(24)]


def parted(total: int, groups: Sequence[str], rng: random.Random) -> dict[str, int]:
    """A total over groups, one of which has few."""
    weights = [0.01 if at == 2 and len(groups) > 3 else rng.uniform(0.6, 1.4) for at in range(len(groups))]
    held = {name: int(total * weight / sum(weights)) for name, weight in zip(groups, weights, strict=True)}
    held[groups[0]] += total - sum(held.values())
    return held


def counting(one: Measure, n: int, met: int) -> Counting:
    if one.kind is Kind.RATE:
        return Counting(n=n, met=n, people=n, months=n * 40)
    return Counting(n=n, met=met, people=n)


def told(one: Measure, monthly: Sequence[tuple[int, int]], *, seed: int = 1) -> KeptMeasure:
    """A measure told of these months: how many were counted, and how many of them met it."""
    rng = random.Random(seed)
    groups: dict[tuple[str, str], dict[str, Counting]] = {}
    for base, listed in (("before", range(12)), ("now", range(12, 24))):
        groups[base, "month"] = {MONTHS[at]: counting(one, *monthly[at]) for at in listed}
        whole = sum(monthly[at][0] for at in listed), sum(monthly[at][1] for at in listed)
        groups[base, ""] = {"": counting(one, *whole)}
    for way, names in WAYS.items():
        met, missed = parted(whole[1], names, rng), parted(whole[0] - whole[1], names, rng)
        groups["now", way] = {name: counting(one, met[name] + missed[name], met[name]) for name in names}
    return KeptMeasure(tell(one, groups, left_out=40))


def kept() -> Kept:
    """Three measures: chance alone, a change for the better that misses its target, and a change for the worse."""
    known, rng = measures(place="bury"), random.Random(2)
    steady = [(300 + rng.randint(-15, 15), 0) for _ in MONTHS]
    better = [(200, 90 + rng.randint(-6, 6) + (26 if at > 15 else 0)) for at in range(24)]
    worse = [(100 + rng.randint(-4, 4) + (20 if at > 21 else 0), 0) for at in range(24)]
    held = {name: KeptMeasure(None, one.not_computed or "No source sends it.") for name, one in known.items()}
    for name, monthly in (
        ("emergency-admissions-65", steady),
        ("two-hour-response", better),
        ("falls-admissions-65", worse),
    ):
        held[name] = told(known[name], monthly)
    made = datetime(2026, 11, 5, 4, 10, tzinfo=UTC)
    return Kept(
        run="a",
        copied_at=made,
        kept_at=made,
        until=UNTIL,
        digest="",
        synthetic=True,
        names=NAMES,
        measures=held,
        cohorts=tuple(cohorts()),
        segments=tuple(KeptSegment(one.name, one.told, 1_200 - 150 * at) for at, one in enumerate(SEGMENTS)),
    )


def cohorts() -> Iterator[KeptCohort]:
    """Those of the pack: of one nothing may be told."""
    for at, one in enumerate(cohorts_of(place="bury").values()):
        lines = tuple(said(line) for line in one.who)
        left = (4_000, *(150 * number for number in range(1, len(lines))))
        exact = Exact(126, left, {"east": 60, "west": 61, "prestwich": 5}, 12)
        yield KeptCohort(one.code, one.version, one.says, lines, None if at == 1 else tell_cohort(exact), "Too near.")


def measure_pages() -> dict[str, tuple[str, dict[str, Any]]]:
    """The list with and without figures, and three measures."""
    known, beside, figures = measures(place="bury"), published(place="bury"), kept()
    shared = {"kept": figures, "period": words.period(UNTIL), "say": words}
    found = rows.found(known, beside, figures, asked="")
    answer = rows.answer(found, asked="", has_figures=True)
    none = {"found": rows.found(known, beside, None, asked="fals"), "kept": None, "answer": "4 measures found"}
    pages = {
        "measures": ("measures/list.jinja", shared | {"found": found, "answer": answer, "words": ""}),
        "measures_none": ("measures/list.jinja", shared | none | {"words": "fals"}),
    }
    for name in ("emergency-admissions-65", "two-hour-response", "falls-admissions-65", "dementia-known-65"):
        one = known[name]
        told_of, reason = rows.told(one, figures)
        given = {
            "one": one,
            "shown": rows.shown(one, told_of, NAMES) if told_of else None,
            "reason": reason,
            "published": beside.get(name, ()),
            "latest": rows.LATEST,
        }
        pages[f"measure_{name.replace('-', '_')}"] = ("measures/one.jinja", shared | given)
    return pages


def cohort_pages() -> dict[str, tuple[str, dict[str, Any]]]:
    """Cohorts and segments, one cohort before and after somebody went back to its people."""
    figures = kept()
    shared = {"kept": figures, "say": words, "one": figures.cohorts[0], "may_go_back": True}
    asked = {"people": None, "form": Form({}, [("why", "Say what you need to see them for.")])}
    people = [SimpleNamespace(pk="1", family="Hargreaves", given="Margaret", likes="Peggy")]
    return {
        "cohorts": ("measures/cohorts.jinja", {"kept": figures, "say": words}),
        "cohorts_none": ("measures/cohorts.jinja", {"kept": None, "say": words}),
        "cohort": ("measures/cohort.jinja", shared | asked),
        "cohort_mine": ("measures/cohort.jinja", shared | {"people": people, "form": Form({})}),
    }
