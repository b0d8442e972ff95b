"""The picture of the neighbourhoods: counted over the analytical copy, and as it was last told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from locality.base import Viewer
from locality.population.models import Picture
from locality.population.queries.published import Published, read_published
from locality.population.rules.asking import AGES, OLDEST
from locality.population.rules.cohorts import Asked, birthday, line_condition
from locality.population.rules.groups import ETHNIC_GROUPS, FIFTHS, NOT_KNOWN
from locality.population.rules.outcomes import Outcome, read_outcome
from locality.population.rules.picture import (
    AGE,
    AREA,
    BANDS,
    ETHNICITY,
    FALLEN,
    FIFTH,
    NEIGHBOURHOOD,
    NO,
    SEGMENT,
    SEX,
    WANTED,
    WARD,
    YES,
    Counted,
    Safe,
    Trait,
    Unit,
    refuse_others,
)
from locality.population.rules.picture_kept import read
from locality.population.rules.segments import SEGMENTS, chosen_in

# who lives in the place, is alive and did not opt out; fifths are those of the small area they live in
PICTURED = """
create or replace temp table pictured as
select people.person, places.neighbourhood, places.ward, places.small_area,
    {fifth} as fifth, {age} as age, coalesce(people.sex, {unknown}) as sex, {ethnicity} as ethnicity,
    {segment} as segment, {older} as older{traits}
from people join places on places.small_area = people.small_area
where not people.opted_out and places.neighbourhood is not null
    and (people.birth_month is null or people.birth_month < {on})
    and people.person not in (select person from deaths)
"""
OTHERS = """
select count(*) filter (where not people.opted_out and (places.neighbourhood is null)),
    count(*) filter (where people.opted_out)
from people left join places on places.small_area = people.small_area
where people.person not in (select person from deaths)
"""
CROSSED = ((NEIGHBOURHOOD, FIFTH), (NEIGHBOURHOOD, AGE), (NEIGHBOURHOOD, SEX), (NEIGHBOURHOOD, ETHNICITY),
           (NEIGHBOURHOOD, SEGMENT))  # fmt: skip
WAYS = (NEIGHBOURHOOD, FIFTH, AGE, SEX, ETHNICITY, SEGMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A picture as a page shows it: of the copy, safe; and what is published beside it."""

    on: date
    drawn_at: datetime
    copy_made_at: datetime
    safe: Safe
    elsewhere: int | None
    left_out: int | None
    outcomes: tuple[Outcome, ...]
    published: Published


def last_picture(*, viewer: Viewer) -> Told | None:
    """The picture as it was last told, or none yet. Raises NoAccess for a role that sees no figures."""
    refuse_others(viewer)
    row = Picture.objects.order_by("-on", "-nth").first()
    if row is None:
        return None
    return Told(
        on=row.on,
        drawn_at=row.drawn_at,
        copy_made_at=row.copy_made_at,
        safe=read(row.told["safe"]),
        elsewhere=row.told["elsewhere"],
        left_out=row.told["left_out"],
        outcomes=tuple(map(read_outcome, row.told["outcomes"])),
        published=read_published(row.told["published"]),
    )


def picture_of(on: date) -> Picture | None:
    """What was last told as at a day, or none."""
    return Picture.objects.filter(on=on).order_by("-nth").first()


def count_picture(duck: duckdb.DuckDBPyConnection, *, on: date, traits: tuple[Trait, ...] = WANTED.traits) -> Counted:
    """Everybody of the place as at a day, parted in every way that the picture tells.

    Exact figures: what is told goes through rules.picture.releases.
    """
    _draw(duck, on=on, traits=traits)
    tables: dict[str, dict[str, int]] = {way: _groups(duck, way) for way in WAYS}
    crossed = {pair: _cells(duck, pair, tables) for pair in CROSSED}
    for way in (NEIGHBOURHOOD, FIFTH):
        for trait, having in _traits_by(duck, way, traits).items():
            cells = {(group, YES): count for group, count in having.items()}
            cells |= {(group, NO): tables[way][group] - count for group, count in having.items()}
            crossed[way, trait] = cells
            yes, people = sum(having.values()), sum(tables[way].values())
            tables[trait] = {YES: yes, NO: people - yes}
    elsewhere, left_out = duck.execute(OTHERS).fetchall()[0]
    units = {AREA: _units(duck, "small_area"), WARD: _units(duck, "ward")}
    return Counted(on, sum(tables[NEIGHBOURHOOD].values()), elsewhere, left_out, tables, crossed, units)


def _draw(duck: duckdb.DuckDBPyConnection, *, on: date, traits: tuple[Trait, ...]) -> None:
    asked = Asked(on)
    unknown = asked.value(NOT_KNOWN)
    held = [" and ".join(f"({line_condition(line, asked)})" for line in one.who) for one in traits]
    words = PICTURED.format(
        fifth=_fifth(asked, unknown),
        age=_age(asked, unknown),
        unknown=unknown,
        ethnicity=_ethnicity(asked, unknown),
        segment=chosen_in(SEGMENTS, asked),
        older=f"coalesce(people.birth_month <= {asked.value(birthday(on, years=65))}, false)",
        traits="".join(f",\n    coalesce({one}, false) as t{at}" for at, one in enumerate(held)),
        on=asked.value(on),
    )
    duck.execute(words, asked.values)


def _fifth(asked: Asked, unknown: str) -> str:
    whens = " ".join(
        f"when places.deprivation <= {2 * at} then {asked.value(said)}" for at, said in enumerate(FIFTHS, start=1)
    )
    return f"case {whens} else {unknown} end"


def _age(asked: Asked, unknown: str) -> str:
    """The band of age; in whole months, as cohorts count."""
    ends = [*(since for since, _ in AGES[1:]), 85]
    whens = " ".join(
        f"when people.birth_month > {asked.value(birthday(asked.on, years=end))} then {asked.value(said)}"
        for (_, said), end in zip(AGES, ends, strict=True)
    )
    return f"case when people.birth_month is null then {unknown} {whens} else {asked.value(OLDEST)} end"


def _ethnicity(asked: Asked, unknown: str) -> str:
    whens = " ".join(
        f"when people.ethnicity in {asked.listed(list(letters))} then {asked.value(group)}"
        for group, letters in ETHNIC_GROUPS.items()
    )
    return f"case {whens} else {unknown} end"


def _groups(duck: duckdb.DuckDBPyConnection, way: str) -> dict[str, int]:
    rows = duck.execute(f'select "{way}", count(*) from pictured group by 1').fetchall()
    known: tuple[str, ...] = {FIFTH: FIFTHS, AGE: BANDS, SEGMENT: tuple(one.code for one in SEGMENTS)}.get(way, ())
    return dict(sorted({**dict.fromkeys(known, 0), **dict(rows)}.items()))


def _cells(
    duck: duckdb.DuckDBPyConnection, pair: tuple[str, str], tables: Mapping[str, Mapping[str, int]]
) -> dict[tuple[str, str], int]:
    first, second = pair
    rows = duck.execute(f'select "{first}", "{second}", count(*) from pictured group by 1, 2').fetchall()
    held = {(one, other): 0 for one in tables[first] for other in tables[second]}
    return held | {(one, other): count for one, other, count in rows}


def _traits_by(duck: duckdb.DuckDBPyConnection, way: str, traits: tuple[Trait, ...]) -> dict[str, dict[str, int]]:
    """Of each trait, how many have it in each group; who fell is told by small area, so not by fifth."""
    told = [one for one in traits if way == NEIGHBOURHOOD or one.code != FALLEN]
    if not told:
        return {}
    sums = ", ".join(f"count(*) filter (where t{at})" for at, one in enumerate(traits) if one in told)
    rows = duck.execute(f'select "{way}", {sums} from pictured group by 1').fetchall()
    known = FIFTHS if way == FIFTH else ()
    held: dict[str, dict[str, int]] = {one.code: dict.fromkeys(known, 0) for one in told}
    for group, *counts in rows:
        for one, count in zip(told, counts, strict=True):
            held[one.code][group] = count
    return held


def _units(duck: duckdb.DuckDBPyConnection, column: str) -> dict[str, Unit]:
    fallen = next((f"t{at}" for at, one in enumerate(WANTED.traits) if one.code == FALLEN), "false")
    rows: list[tuple[Any, ...]] = duck.execute(
        f"select {column}, min(neighbourhood), count(*), count(*) filter (where older),"
        f" count(*) filter (where {fallen}) from pictured where {column} is not null group by 1 order by 1"
    ).fetchall()
    return {code: Unit(*counts) for code, *counts in rows}
