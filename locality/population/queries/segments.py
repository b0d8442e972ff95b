"""Which segment everybody is in."""

from collections.abc import Sequence
from datetime import date

import duckdb

from locality.population.rules.segments import SEGMENTS, Segment, chosen

BY = ("neighbourhood", "small_area", "practice", "deprivation", "sex", "ethnicity")
LIVING = "not people.died"


def segments_of(
    *, duck: duckdb.DuckDBPyConnection, on: date, segments: tuple[Segment, ...] = SEGMENTS
) -> list[tuple[str, str]]:
    """Everybody who lives, by pseudonym, with the code of the one segment they are in on a day."""
    words, values = chosen(segments, on=on)
    return duck.execute(
        f"select person, {words} as segment from people where {LIVING} order by person", dict(values)
    ).fetchall()


def count_segments(
    *,
    duck: duckdb.DuckDBPyConnection,
    on: date,
    by: Sequence[str] = (),
    with_objectors: bool = False,
    segments: tuple[Segment, ...] = SEGMENTS,
) -> list[tuple]:
    """How many are in each segment, by none or some of BY: rows of the columns asked for, the segment, people.

    Exact figures: what is published goes through disclosure control. Objectors to planning are left out unless asked.
    """
    if unknown := set(by) - set(BY):
        raise ValueError(f"segments are not counted by {', '.join(sorted(unknown))}")
    words, values = chosen(segments, on=on)
    named = "".join(f"{one}, " for one in by)
    who = LIVING if with_objectors else f"{LIVING} and not people.opted_out"
    return duck.execute(
        f"select {named}segment, count(*) as people"
        f" from (select {named}{words} as segment from people where {who}) told"
        f" group by {named}segment order by {named}segment",
        dict(values),
    ).fetchall()
