"""What is published of the place's neighbourhoods, real and as it was published: kept beside what the copy tells."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import duckdb

from locality.directory.pack import pack_folder, read_table
from locality.directory.queries import overview, series
from locality.population.rules.asking import AGES, OLDEST
from locality.population.rules.picture import WANTED

# the register of everybody on a list tells how long the list is
WHOLE_LIST = "all"
OLDEST_FROM = 80


@dataclass(frozen=True, slots=True)
class PublishedArea:
    """One small area as published: residents at the census, and by the estimate that is told by age."""

    code: str
    name: str
    ward: str
    neighbourhood: str
    deprivation: int | None
    residents: int | None
    estimated: int
    older: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Published:
    """Everything real that a picture shows. registers: of each neighbourhood, patients on each and on the lists."""

    names: Mapping[str, str]
    wards: Mapping[str, str]
    areas: tuple[PublishedArea, ...]
    ages: Mapping[str, Mapping[str, int]]
    ages_origin: str
    residents_origin: str
    registers: Mapping[str, Mapping[str, tuple[int, int]]]
    registers_year: str
    indicators: tuple[Mapping[str, str], ...] = ()
    promises: tuple[tuple[str, str], ...] = field(default=())

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def read_published(told: Mapping[str, Any]) -> Published:
    """What `written` wrote."""
    registers = {
        where: {name: (pair[0], pair[1]) for name, pair in held.items()} for where, held in told["registers"].items()
    }
    areas = tuple(PublishedArea(**one) for one in told["areas"])
    promises = tuple((promise, origin) for promise, origin in told["promises"])
    # the database keeps the keys of a mapping in an order of its own
    names = dict(sorted(told["names"].items(), key=lambda one: one[1]))
    more = {
        "names": names,
        "areas": areas,
        "registers": registers,
        "promises": promises,
        "indicators": tuple(told["indicators"]),
    }
    return Published(**{**told, **more})


def published(duck: duckdb.DuckDBPyConnection, *, on: date, pack: str) -> Published:
    """The published figures of a place: from the copy's tables of the pack, and from the pack's own."""
    seen = overview(on)
    folder = pack_folder(pack)
    practices = {one.code: each.neighbourhood.code for each in seen.neighbourhoods for one in each.practices}
    rows = read_table("prevalence", folder)
    promised = [row for row in read_table("promises", folder) if row["measure"] == WANTED.falls_promise]
    by_age, residents = _origins()
    return Published(
        names={one.neighbourhood.code: one.neighbourhood.name for one in seen.neighbourhoods},
        wards={ward.code: ward.name for one in seen.neighbourhoods for ward in one.wards},
        areas=tuple(_areas(duck)),
        ages=_ages(duck),
        ages_origin=by_age,
        residents_origin=residents,
        registers=_registers(rows, practices),
        registers_year=max((row["year"] for row in rows), default=""),
        indicators=tuple({name: str(value) for name, value in row.items()} for row in read_table("indicators", folder)),
        promises=tuple((row["promise"], row["origin"]) for row in promised),
    )


def _origins() -> tuple[str, str]:
    """Where the estimate by age, and the count of residents, come from."""
    told = [one for one in series() if one.about_kind == "area"]
    by_age = [one for one in told if one.kind == "population-65"]
    dated = [one for one in told if one.kind == "population" and one.on]
    newest = max(dated, key=lambda one: (one.on, one.code), default=None)
    return (
        f"{by_age[-1].origin} ({by_age[-1].period})" if by_age else "",
        f"{newest.origin} ({newest.period})" if newest else "",
    )


def _areas(duck: duckdb.DuckDBPyConnection) -> Iterable[PublishedArea]:
    rows = duck.execute(
        "select p.small_area, p.name, p.ward, p.neighbourhood, p.deprivation, p.people,"
        " coalesce(sum(a.people), 0), coalesce(sum(a.people) filter (where a.age_from >= 65), 0),"
        f" coalesce(sum(a.people) filter (where a.age_from >= {OLDEST_FROM}), 0)"
        " from places p left join populations a on a.small_area = p.small_area and a.sex is null"
        " where p.neighbourhood is not null group by all order by p.small_area"
    ).fetchall()
    for row in rows:
        yield PublishedArea(*row[:6], *(int(count) for count in row[6:]))


def _ages(duck: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    ends = [*(since for since, _ in AGES[1:]), 85]
    whens = " ".join(f"when a.age_from < {end} then '{said}'" for (_, said), end in zip(AGES, ends, strict=True))
    rows = duck.execute(
        f"select p.neighbourhood, case {whens} else '{OLDEST}' end, sum(a.people)"
        " from populations a join places p on p.small_area = a.small_area"
        " where a.sex is null and p.neighbourhood is not null group by 1, 2 order by 1, 2"
    ).fetchall()
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for neighbourhood, band, people in rows:
        held[neighbourhood][band] = int(people)
    return dict(held)


def _registers(rows: list[dict[str, Any]], practices: Mapping[str, str]) -> dict[str, dict[str, tuple[int, int]]]:
    """Patients on each register, of everybody on the lists of the neighbourhood's practices: all ages for each."""
    lists: Counter[str] = Counter()
    on_it: dict[str, Counter[str]] = defaultdict(Counter)
    whole = {row["practice"]: row["list"] for row in rows if row["ages"] == WHOLE_LIST}
    for practice, people in whole.items():
        lists[practices.get(practice, "")] += people
    for row in rows:
        if row["practice"] in whole:
            on_it[practices.get(row["practice"], "")][row["condition"]] += row["register"]
    return {
        where: {condition: (count, lists[where]) for condition, count in sorted(counts.items())}
        for where, counts in on_it.items()
        if where
    }
