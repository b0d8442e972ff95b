"""Who is in a cohort: counts first, and pseudonyms for whoever goes on to a list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from locality.base import Refused
from locality.directory.pack import pack_folder
from locality.population.rules.cohort_counts import NOWHERE, Exact
from locality.population.rules.cohorts import Cohort, condition, read_cohort

COUNTED = """
select neighbourhood, count(*) as people, count(*) filter (where opted_out) as opted_out
from people where {condition} group by neighbourhood order by neighbourhood nulls last
"""
LISTED = "select person from people where {condition} order by person"
APART = "select count(*) from people where not opted_out and ({condition}) <> ({other})"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many are in a cohort, of them how many object to planning and research, and where they are.

    Exact figures, for those who work with the list: what is shown to anybody else goes through disclosure control.
    """

    people: int
    opted_out: int
    by_neighbourhood: Mapping[str | None, int]


def cohorts_of(*, place: str = "") -> dict[str, Cohort]:
    """The cohorts of the place's pack, by code; Refused names the file of the first fault."""
    folder = pack_folder(place) / "cohorts"
    found: dict[str, Cohort] = {}
    for path in sorted(folder.glob("*.toml")):
        one = found[path.stem] = read_cohort(path.read_text(encoding="utf-8"), name=path.name)
        if one.code != path.stem:
            raise Refused(f"{path.name}: its code is '{one.code}', and its file is called otherwise.")
    return found


def count_cohort(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date) -> Counted:
    """How many people of the copy are in a cohort on a day."""
    rows = _ask(duck, COUNTED, cohort, on=on)
    return Counted(sum(row[1] for row in rows), sum(row[2] for row in rows), {row[0]: row[1] for row in rows})


def count_lines(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date) -> Exact:
    """How many are in a cohort on a day, whom each of its lines leaves out, and where they live. Not for telling.

    Whoever opted out is counted apart and nowhere else: a count is no care.
    """
    living = replace(cohort, who=())
    met = [_people(duck, replace(cohort, who=cohort.who[:at]), on=on) for at in range(len(cohort.who) + 1)]
    within = _ask(duck, COUNTED, cohort, on=on)
    return Exact(
        within=met[-1],
        left_out=tuple(before - after for before, after in zip(met, met[1:], strict=False)),
        by_neighbourhood={row[0] or NOWHERE: row[1] - row[2] for row in within},
        opted_out=sum(row[2] for row in _ask(duck, COUNTED, living, on=on)),
    )


def how_far_apart(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, other: Cohort, on: date) -> int:
    """How many people are in one of two cohorts and not in the other, of those who did not opt out."""
    told, values = condition(cohort, on=on)
    there, others = condition(other, on=on)
    # each names its values v0, v1 ...
    for name in sorted(others, key=len, reverse=True):
        there = there.replace(f"${name}", f"$o{name}")
    asked = {**values, **{f"o{name}": value for name, value in others.items()}}
    words = APART.format(condition=f"coalesce({told}, false)", other=f"coalesce({there}, false)")
    return int(duck.execute(words, asked).fetchall()[0][0])


def people_of_cohort(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date) -> list[str]:
    """The pseudonyms of a cohort on a day, in their order; going back from them is an action of its own."""
    return [row[0] for row in _ask(duck, LISTED, cohort, on=on)]


def _people(duck: duckdb.DuckDBPyConnection, cohort: Cohort, *, on: date) -> int:
    return sum(row[1] - row[2] for row in _ask(duck, COUNTED, cohort, on=on))


def _ask(duck: duckdb.DuckDBPyConnection, words: str, cohort: Cohort, *, on: date) -> list[Any]:
    told, values = condition(cohort, on=on)
    return duck.execute(words.format(condition=told), dict(values)).fetchall()
