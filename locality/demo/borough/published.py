"""The published tables that the borough grows from, read once. Where each is from: tables/SOURCES.md."""

import csv
import gzip
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLES = HERE / "tables"
OLDEST = 100
GROUPS = ("white", "asian", "black", "mixed", "other")
TENURES = ("owned", "mortgaged", "social", "private")


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = TABLES / name
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def toml(name: str) -> dict[str, Any]:
    """One of the demo's own files, beside this one."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Area:
    """One LSOA: how many are registered there, and who lives there."""

    number: int
    code: str
    registered: int
    quintile: int  # of deprivation, 1 the most deprived
    ethnic: dict[str, float]
    jewish: float  # of all people
    tenures: dict[str, float]
    crowded: float
    homes: float
    ages: tuple[float, ...]
    postcodes: tuple[str, ...]
    lists: dict[str, int]  # residents on each practice's list; "" a practice elsewhere that is not named

    @property
    def old(self) -> float:
        """The share of people of 66 and over."""
        return sum(self.ages[66:])


@dataclass(frozen=True, slots=True)
class Practice:
    code: str
    name: str
    ours: bool
    registers: dict[str, float]


@cache
def areas() -> tuple[Area, ...]:
    """Every LSOA of the district, in the order of their codes."""
    ages = {row.pop("lsoa"): [float(n) for n in row.values()] for row in _rows("ages.csv")}
    postcodes: dict[str, list[str]] = defaultdict(list)
    for row in _rows("postcodes.csv.gz"):
        postcodes[row["lsoa"]].append(row["postcode"])
    lists: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _rows("registrations.csv"):
        lists[row["lsoa"]][row["practice"]] = int(row["patients"])
    return tuple(
        _area(number, row, ages=ages[row["lsoa"]], postcodes=postcodes[row["lsoa"]], lists=lists[row["lsoa"]])
        for number, row in enumerate(_rows("areas.csv"))
    )


def _area(number: int, row: dict[str, str], *, ages: list[float], postcodes: list[str], lists: dict[str, int]) -> Area:
    people = sum(float(row[group]) for group in GROUPS)
    households = sum(float(row[tenure]) for tenure in TENURES)
    return Area(
        number=number,
        code=row["lsoa"],
        registered=int(row["registered"]),
        quintile=int(row["quintile"]),
        ethnic={group: float(row[group]) / people for group in GROUPS},
        jewish=float(row["jewish"]) / people,
        tenures={tenure: float(row[tenure]) / households for tenure in TENURES},
        crowded=float(row["crowded"]) / households,
        homes=float(row["homes"]),
        ages=tuple(_to_oldest(ages)),
        postcodes=tuple(postcodes),
        lists=lists,
    )


def _to_oldest(ages: list[float]) -> list[float]:
    """Shares of each single year; those of 90 and over thinned out by a third a year (assumed)."""
    total, last = sum(ages), ages[90]
    tail = [0.67**year for year in range(OLDEST - 90 + 1)]
    spread = [last * one / sum(tail) for one in tail]
    return [one / total for one in [*ages[:90], *spread]]


@cache
def practices() -> dict[str, Practice]:
    """Practices by ODS code: the district's, and those elsewhere with many of its residents."""
    found = {}
    for row in _rows("practices.csv"):
        registers = {name: float(share) for name, share in list(row.items())[4:] if share}
        found[row["code"]] = Practice(row["code"], row["name"], row["ours"] == "1", registers)
    return found


@cache
def share_female() -> tuple[float, ...]:
    """Of people of each age, in the district."""
    counts = [(float(row["female"]), float(row["male"])) for row in _rows("sexes.csv")]
    shares = [female / (female + male) for female, male in counts]
    return tuple([*shares, *[shares[-1]] * (OLDEST + 1 - len(shares))])


@cache
def dying() -> dict[str, tuple[float, ...]]:
    """The chance of dying within a year at each age, by sex."""
    rows = list(_rows("deaths.csv"))
    return {sex: tuple(float(row[sex]) for row in rows)[: OLDEST + 1] for sex in ("female", "male")}


Prevalence = dict[tuple[str, str, str], tuple[float, ...]]


@cache
def prevalence() -> Prevalence:
    """Share with each condition by (condition, ethnic group, sex) and single year of age."""
    found = {}
    for row in _rows("conditions.csv"):
        bands = [float(row[str(start)]) / 10_000 for start in range(0, 90, 10)]
        found[row["condition"], row["ethnicity"], row["sex"]] = tuple(_by_year(bands))
    return found


def _by_year(bands: list[float]) -> Iterator[float]:
    """Ten-year bands read as their middle years, with straight lines between."""
    for age in range(OLDEST + 1):
        place = min(max((age - 5) / 10, 0.0), len(bands) - 1.0)
        low = int(place)
        high = min(low + 1, len(bands) - 1)
        yield bands[low] + (bands[high] - bands[low]) * (place - low)


@cache
def district(table: str) -> dict[str, int]:
    """Counts of the district by one of the census's tables."""
    return {row["what"]: int(row["count"]) for row in _rows("district.csv") if row["table"] == table}
