"""Which segment everybody is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from locality.methods.small_numbers import NOT_TOLD, Counts, release, safe_count
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


@dataclass(frozen=True, slots=True)
class Told:
    """How many are in each segment, as it may be told: None where it is kept back."""

    segments: tuple[tuple[Segment, int | None], ...]
    everybody: int | None
    opted_out: int | None


def told_segments(*, duck: duckdb.DuckDBPyConnection, on: date, segments: tuple[Segment, ...] = SEGMENTS) -> Told:
    """How many are in each segment, in the order of the file; who opted out is counted apart."""
    rows = dict(count_segments(duck=duck, on=on, segments=segments))
    counts = {one.code: Counts((rows.get(one.code, 0),)) for one in segments}
    safe = release({"segment": counts}, total=Counts((sum(rows.values()),)))
    table = safe.tables["segment"] or dict.fromkeys(counts, NOT_TOLD)
    asked = f"select count(*) from people where {LIVING} and people.opted_out"
    (opted_out,) = duck.execute(asked).fetchall()[0]
    return Told(
        segments=tuple((one, _only(table[one.code].columns)) for one in segments),
        everybody=_only(safe.total.columns),
        opted_out=safe_count(opted_out),
    )


def _only(columns: Sequence[int] | None) -> int | None:
    return None if columns is None else columns[0]


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
