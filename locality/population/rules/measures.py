"""Measures as files: one measure, one file; those of all places in population/measures, a place's own in its pack.

A file says in plain words what is counted, in which unit, which way is better, whose definition it is, and how it is
worked out: named steps of SQL over the views of the analytical copy (columns.toml), over `asked` (since, until),
`months` (month) and `kinds` (class, kind), over `alive` (person, birth_month, on_day: the firsts of months) and
`first_contacts` (person, class, kind, referred_on, on_day), and over steps before. A measure that the copy holds no
data for says why instead of its steps.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from locality.base import Refused
from locality.methods.spc import Better
from locality.population.rules.code_lists import in_sql

FOLDER = Path(__file__).parents[1] / "measures"
COUNTED, AT_RISK = "counted", "at_risk"


class Kind(StrEnum):
    """What sort of figure a measure is."""

    SHARE = "share"
    RATE = "rate"
    MEAN = "mean"


class By(StrEnum):
    """What a measure may be parted by."""

    NEIGHBOURHOOD = "neighbourhood"
    DEPRIVATION = "deprivation"
    ETHNICITY = "ethnicity"
    AGE = "age"
    SEX = "sex"
    PRACTICE = "practice"
    MONTH = "month"


COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.SHARE: {COUNTED: ("person", "on_day", "met")},
    Kind.RATE: {COUNTED: ("person", "on_day"), AT_RISK: ("person", "on_day")},
    Kind.MEAN: {COUNTED: ("person", "on_day", "value")},
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the working: its name, what it is in words, and its SQL."""

    name: str
    says: str
    sql: str


@dataclass(frozen=True, slots=True)
class Target:
    """What should be reached, in the unit of the measure, and who says so."""

    value: float
    says: str
    origin: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure as its file says it; `not_computed` says why there are no steps."""

    id: str
    name: str
    says: str
    kind: Kind
    unit: str
    better: Better
    source: str
    verified: bool
    per: float
    by: tuple[By, ...]
    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    target: Target | None
    caveat: str
    not_computed: str
    # whether that all or none of a group were counted tells something of everybody in it
    sure_tells: bool
    # whether ages differ enough between groups that its rates are also told as if they did not
    standardised: bool
    # whether it reads what is so in the copy now, so that it cannot be asked of an earlier month
    of_now: bool = False
    # whom it counts: of this age and over, and below that one (None: of every age)
    age_from: int = 0
    age_below: int | None = None
    # what the place promised, and where it said so: from its pack
    promises: tuple[tuple[str, str], ...] = ()
    # under which heading a list of measures has it
    area: str = ""


USUAL = tuple(By)
# the headings in their order; a place's own come after them
AREAS = (
    "Urgent care", "Falls", "Home from hospital", "Care homes and care at home", "Community services", "Mental health",
    "Children and young people", "Staying well", "Stroke", "End of life",
)  # fmt: skip
OTHERS = "Others"
KEYS = {
    "name", "area", "says", "kind", "unit", "better", "source", "verified", "per", "by", "step", "needs", "target",
    "caveat", "not_computed", "sure_tells", "standardised", "age_from", "age_below",
    "of_now",
}  # fmt: skip
REQUIRED = ("name", "says", "kind", "unit", "better", "source")


def read_measures(folder: Path) -> dict[str, Measure]:
    """Every measure of a folder, by its id, which is its file's name; Refused names the file of the first fault."""
    return {path.stem: read_measure(path) for path in sorted(folder.glob("*.toml"))}


def read_measure(path: Path) -> Measure:
    """One measure; Refused says what is wrong with its file."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        if missing := [key for key in REQUIRED if key not in told]:
            raise Refused(f"{path.name}: {', '.join(missing)} is missing.")
        if strange := sorted(set(told) - KEYS):
            raise Refused(f"{path.name}: {', '.join(strange)} is not known.")
        return _measure(path.stem, told)
    except (OSError, tomllib.TOMLDecodeError, ValueError, KeyError, TypeError) as fault:
        raise Refused(f"{path.name} is no measure: {fault}.") from None


def _measure(name: str, told: Mapping[str, Any]) -> Measure:
    steps = tuple(Step(one["name"], one["says"], in_sql(one["sql"].strip())) for one in told.get("step", ()))
    kind, reason = Kind(told["kind"]), told.get("not_computed", "")
    if bool(steps) == bool(reason):
        raise Refused(f"{name}.toml: a measure has steps, or says in not_computed why it has none.")
    if steps and not set(COLUMNS[kind]) <= {one.name for one in steps}:
        raise Refused(f"{name}.toml: a {kind} needs the steps {' and '.join(COLUMNS[kind])}.")
    target = told.get("target")
    return Measure(
        id=name,
        name=told["name"],
        says=" ".join(told["says"].split()),
        kind=kind,
        unit=told["unit"],
        better=Better(told["better"]),
        source=told["source"],
        verified=told.get("verified", False),
        per=float(told.get("per", 100 if kind is Kind.SHARE else 1)),
        by=tuple(By(one) for one in told.get("by", USUAL)),
        steps=steps,
        needs=tuple(told.get("needs", ())),
        target=Target(target["value"], target["says"], target["origin"], target.get("verified", False))
        if target
        else None,
        caveat=" ".join(told.get("caveat", "").split()),
        not_computed=" ".join(reason.split()),
        sure_tells=told.get("sure_tells", False),
        standardised=told.get("standardised", False),
        of_now=told.get("of_now", False),
        age_from=int(told.get("age_from", 0)),
        age_below=told.get("age_below"),
        area=told.get("area", OTHERS),
    )


def last_day_asked(one: Measure, *, made_on: date, until: date | None = None) -> date:
    """The first day after the twelve months that are asked for: of themselves, the last whole ones of a copy.

    Refused for what is no first of a month, for months that are not over, and for an earlier one of what is so now.
    """
    last = made_on.replace(day=1)
    asked = until or last
    if asked.day != 1:
        raise Refused("A measure is told of whole months: --until is the first of one.")
    if asked > last:
        raise Refused(f"The copy was made on {made_on:%-d %B %Y}: the months before {asked:%B %Y} are not all in it.")
    if one.of_now and asked < last:
        raise Refused(f"{one.name} counts what is so now: it cannot be told of the months before {asked:%B %Y}.")
    return asked
