"""What one criterion answers when it is asked of the copy: who, why, what is there already, and what happened next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import duckdb

from locality.base import Refused
from locality.methods.list_length import AtLength, at_lengths
from locality.population.criteria import Criterion
from locality.population.rules import as_at

TWICE = "The criterion '{code}' finds somebody twice: its step `found` must have one row a person."
LENGTHS = (10, 25, 50, 100, 200, 400, 800, 1600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One person whom a criterion found, as the copy knows them; the most at risk come first."""

    person: str
    risk: float
    practice: str
    neighbourhood: str
    ward: str
    deprivation: int | None
    ethnicity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason, or one thing that is in place; `code` and `said` as the sender wrote them."""

    kind: str
    system: str
    code: str
    said: str
    on_day: date | None
    source: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What lists of each length would have been worth: made on a past day, held against the days after it.

    People who object to use beyond care are left out of it, and counted.
    """

    on: date
    until: date
    people: int
    found: int
    events: int
    left_out: int
    at: tuple[AtLength, ...]
    # people by how many emergency admissions they had in as long a time before the day: everybody, and those found;
    # and how many those found had after it (methods/regression_to_the_mean is asked of these)
    everybody_before: dict[int, int]
    found_before: dict[int, int]
    found_after: int


WHO = """
select found.person, found.risk, people.practice, people.neighbourhood, people.ward, people.deprivation,
    people.ethnicity
from found join people on people.person = found.person
where found.risk is not null
order by found.risk desc, found.person
"""
WHY = """
select reasons.person, kind, system, code, said, on_day, source, points
from reasons join (select unnest($people) as person) as listed on listed.person = reasons.person
order by reasons.person, points desc, on_day desc nulls last, code, said, source
"""
IN_PLACE = """
select in_place.person, 'in place', null, null, said, on_day, source, 0
from in_place join (select unnest($people) as person) as listed on listed.person = in_place.person
order by in_place.person, on_day desc nulls last, said, source
"""
# everybody on that day, whether they were found then, and whether it happened to them since
WHAT_CAME = """
select people.opted_out, found.risk is not null as was_found, came.person is not null as happened,
    coalesce(had_before.many, 0) as before, coalesce(had_after.many, 0) as after
from people
left join found on found.person = people.person
left join came on came.person = people.person
left join had_before on had_before.person = people.person
left join had_after on had_after.person = people.person
order by found.risk desc nulls last, people.person
"""


# in as long a time before the day as after it
ADMISSIONS = {
    "had_before": """
        select person, count(*) as many from events
        where kind = 'emergency admission' and started_on >= $since and started_on < $on group by person
    """,
    "had_after": """
        select person, count(*) as many from events
        where kind = 'emergency admission' and started_on >= $on and started_on < $until group by person
    """,
}


class What(NamedTuple):
    """What became of one person since a past day."""

    opted_out: bool
    was_found: bool
    happened: bool
    before: int
    after: int


def found_by(duck: duckdb.DuckDBPyConnection, *, criterion: Criterion, on: date) -> list[Asked]:
    """Everybody whom a criterion finds as at a day, the most at risk first; Refused where it finds somebody twice."""
    rows = duck.execute(_query(criterion, WHO), {"on": on}).fetchall()
    if len({person for person, *_ in rows}) < len(rows):
        raise Refused(TWICE.format(code=criterion.code))
    return [
        Asked(
            person=person,
            risk=risk,
            practice=practice or "",
            neighbourhood=neighbourhood or "",
            ward=ward or "",
            deprivation=deprivation,
            ethnicity=ethnicity or "",
        )
        for person, risk, practice, neighbourhood, ward, deprivation, ethnicity in rows
    ]


def why(
    duck: duckdb.DuckDBPyConnection, *, criterion: Criterion, on: date, people: Sequence[str]
) -> dict[str, list[Why]]:
    """Why each of these people is found, the weightiest and newest first."""
    return _by_person(duck.execute(_query(criterion, WHY), {"on": on, "people": list(people)}).fetchall())


def in_place(
    duck: duckdb.DuckDBPyConnection, *, criterion: Criterion, on: date, people: Sequence[str]
) -> dict[str, list[Why]]:
    """What these people have already, as far as anybody sends it, the newest first."""
    return _by_person(duck.execute(_query(criterion, IN_PLACE), {"on": on, "people": list(people)}).fetchall())


def worth(
    duck: duckdb.DuckDBPyConnection, *, criterion: Criterion, on: date, lengths: Sequence[int] = LENGTHS
) -> Worth:
    """What lists made as long ago as the outcome takes would have been worth, held against what happened since."""
    then = on - timedelta(days=criterion.outcome_days)
    came = {"came": f"select distinct person from ({criterion.outcome_sql}) as outcome", **ADMISSIONS}
    days = {"on": then, "until": on, "since": then - timedelta(days=criterion.outcome_days)}
    rows = [What(*row) for row in duck.execute(_query(criterion, WHAT_CAME, first=came), days).fetchall()]
    counted = [row for row in rows if not row.opted_out]
    listed = [row for row in counted if row.was_found]
    events = sum(row.happened for row in counted)
    return Worth(
        on=then,
        until=on,
        people=len(counted),
        found=len(listed),
        events=events,
        left_out=len(rows) - len(counted),
        at=tuple(at_lengths(happened=[row.happened for row in listed], events=events, lengths=lengths)),
        everybody_before=dict(Counter(row.before for row in counted)),
        found_before=dict(Counter(row.before for row in listed)),
        found_after=sum(row.after for row in listed),
    )


def _query(criterion: Criterion, last: str, *, first: Mapping[str, str] | None = None) -> str:
    """The criterion's steps after the copy as at the day; `first` are steps that see all of the copy."""
    # what happened next must be asked before the copy is cut at the day
    steps = dict(first or {}) | as_at.steps() | {step.name: step.sql for step in criterion.steps}
    return "with " + ",\n".join(f"{name} as (\n{sql}\n)" for name, sql in steps.items()) + last


def _by_person(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Why]]:
    found: dict[str, list[Why]] = {}
    for person, kind, system, code, said, on_day, source, points in rows:
        found.setdefault(person, []).append(
            Why(
                kind=kind,
                system=system or "",
                code=code or "",
                said=said or "",
                on_day=on_day,
                source=source or "",
                points=int(points or 0),
            )
        )
    return found
