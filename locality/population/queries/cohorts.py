"""Who is in a cohort: counts first, and pseudonyms for whoever goes on to a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from locality.population.rules.cohorts import Cohort, condition

COUNTED = """
select neighbourhood, count(*) as people, count(*) filter (where opted_out) as opted_out
from people where {condition} group by neighbourhood order by neighbourhood nulls last
"""
LISTED = "select person from people where {condition} order by person"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many are in a cohort, of them how many object to planning and research, and where they are.

    Exact figures, for those who work with the list: what is shown to anybody else goes through disclosure control.
    """

    people: int
    opted_out: int
    by_neighbourhood: Mapping[str | None, int]


def count_cohort(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date) -> Counted:
    """How many people of the copy are in a cohort on a day."""
    rows = _ask(duck, COUNTED, cohort, on=on)
    return Counted(sum(row[1] for row in rows), sum(row[2] for row in rows), {row[0]: row[1] for row in rows})


def people_of_cohort(*, duck: duckdb.DuckDBPyConnection, cohort: Cohort, on: date) -> list[str]:
    """The pseudonyms of a cohort on a day, in their order; going back from them is an action of its own."""
    return [row[0] for row in _ask(duck, LISTED, cohort, on=on)]


def _ask(duck: duckdb.DuckDBPyConnection, words: str, cohort: Cohort, *, on: date) -> list[Any]:
    told, values = condition(cohort, on=on)
    return duck.execute(words.format(condition=told), dict(values)).fetchall()
