"""The picture of a place: its people parted by where they live and by what they are, have and use.

Traits are yes or no, as picture.toml says them. Everybody counted lives in a small area of the place and did not opt
out, so every way of parting is of the same people.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from locality.access.rules import RoleCode
from locality.base import NoAccess, Refused, Viewer, ViewerKind
from locality.methods.small_numbers import HIDDEN_TO, Counts, Crossings, Release, release
from locality.population.rules.asking import AGES, OLDEST
from locality.population.rules.code_lists import in_line
from locality.population.rules.cohorts import check_line

FILE = Path(__file__).parents[1] / "picture.toml"
NEIGHBOURHOOD, AGE, SEX, ETHNICITY, SEGMENT, FIFTH = "neighbourhood", "age", "sex", "ethnicity", "segment", "fifth"
UNIT = "unit"
YES, NO = "yes", "no"
TOPICS = ("needs", "conditions", "services", "falls")
BANDS = tuple(said for _, said in AGES) + (OLDEST,)
OLDER = tuple(said for since, said in AGES if since >= 65) + (OLDEST,)
# whoever plans or serves a neighbourhood; figures after disclosure control, about nobody
MAY_SEE = frozenset(
    {
        RoleCode.CLINICIAN, RoleCode.SOCIAL_WORKER, RoleCode.CARE_COORDINATOR, RoleCode.LINK_WORKER, RoleCode.ANALYST,
        RoleCode.BOARD, RoleCode.ADMINISTRATOR,
    }
)  # fmt: skip
NOT_YOURS = "The role you signed in with does not look at figures of the neighbourhoods: teams, analysts and boards do."
AREA, WARD = "small area", "ward"


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that a person has or has not: its words, the lines that say who, and the published register of it."""

    code: str
    topic: str
    name: str
    who: tuple[dict[str, Any], ...]
    register: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a picture tells: traits, and the measures beside them."""

    version: int
    traits: tuple[Trait, ...]
    outcomes: tuple[str, ...]
    falls_promise: str

    def of(self, topic: str) -> tuple[Trait, ...]:
        return tuple(one for one in self.traits if one.topic == topic)


def read_wanted(text: str, *, name: str = "picture.toml") -> Wanted:
    """Read a file of that form; Refused, saying what is wrong, for a trait that cannot be meant."""
    told = tomllib.loads(text)
    traits = tuple(Trait(**{**one, "who": tuple(in_line(one["who"]))}) for one in told["trait"])
    for one in traits:
        if one.topic not in TOPICS:
            raise Refused(f"{name}, {one.code}: there is no topic {one.topic}.")
        for line in one.who:
            check_line(line, name=f"{name}, {one.code}")
    if len({one.code for one in traits}) < len(traits):
        raise Refused(f"{name}: two traits have one code.")
    return Wanted(told["version"], traits, tuple(told["outcomes"]), told["falls_promise"])


WANTED = read_wanted(FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A small area or a ward as counted: where it lies, its people, those of 65 and over, and who of them fell."""

    neighbourhood: str
    people: int
    older: int
    fallen: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A picture as counted. Not for telling: see `releases`.

    tables: by way of parting and group; a trait is a way with the groups yes and no. crossed: by two ways, and the
    groups of both.
    """

    on: date
    people: int
    elsewhere: int
    left_out: int
    tables: Mapping[str, Mapping[str, int]]
    crossed: Mapping[tuple[str, str], Mapping[tuple[str, str], int]]
    units: Mapping[str, Mapping[str, Unit]]


@dataclass(frozen=True, slots=True)
class Safe:
    """A picture as it may be told: the place's people, and of each neighbourhood its small areas, or its wards.

    unit: which of them; '' where neither can be told.
    """

    whole: Release
    unit: str = ""
    within: Mapping[str, Release] = field(default_factory=dict)


def may_see_picture(viewer: Viewer) -> bool:
    """Whether this role sees figures of the neighbourhoods."""
    return viewer.kind == ViewerKind.SYSTEM or (viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_SEE)


def refuse_others(viewer: Viewer) -> None:
    """Raise NoAccess for a role that does not see them."""
    if not may_see_picture(viewer):
        raise NoAccess(NOT_YOURS)


def releases(counted: Counted, *, traits: tuple[Trait, ...], earlier: Safe | None = None) -> Safe:
    """Disclosure control of a whole picture; `earlier`: what was told as at the same day."""
    whole = release(
        {way: {group: Counts((count,)) for group, count in groups.items()} for way, groups in counted.tables.items()},
        total=Counts((counted.people,)),
        earlier=earlier.whole if earlier else None,
        crossings=Crossings(
            {
                ways: {cell: Counts((count,)) for cell, count in cells.items()}
                for ways, cells in counted.crossed.items()
            },
            # told by fifth as well as by neighbourhood: each may give the exact count of the other away
            shared=frozenset({FIFTH} | {one.code for one in traits}),
            untold=frozenset({NO}),
        ),
    )
    # where so few live, the fifths of their neighbourhood could be told from the wards
    if any(0 < one.people <= HIDDEN_TO for one in counted.units.get(AREA, {}).values()):
        return Safe(whole)
    # once told by wards, a month is told by wards
    for unit in (AREA, WARD) if earlier is None or not earlier.unit else (earlier.unit,):
        within = _within(counted.units.get(unit, {}), whole, earlier)
        if within and (unit == WARD or _is_mostly_told(within)):
            return Safe(whole, unit, within)
    return Safe(whole)


def _within(units: Mapping[str, Unit], whole: Release, earlier: Safe | None) -> dict[str, Release]:
    """Each neighbourhood's units; none where one has so few people that the others would give them away."""
    held: dict[str, dict[str, Unit]] = {}
    for code, one in units.items():
        held.setdefault(one.neighbourhood, {})[code] = one
    told = {
        name: _of_units(parts, older=_all_older(whole, name), fallen=_is_told(whole, FALLEN, name), earlier=earlier)
        for name, parts in held.items()
    }
    for released in told.values():
        people = released.tables.get(UNIT)
        if people is None or any(each.columns is None for each in people.values()):
            return {}
    return told


FALLEN = "fallen-65"
OLDER_UNIT = "older"


def _all_older(whole: Release, neighbourhood: str) -> bool:
    """Whether every band of 65 and over is told: small areas that add up to them would give a hidden one away."""
    return all(_is_told(whole, AGE, neighbourhood, band) for band in OLDER)


def _is_told(whole: Release, way: str, neighbourhood: str, group: str = YES) -> bool:
    cells = whole.crossed.get((NEIGHBOURHOOD, way)) or {}
    one = cells.get((neighbourhood, group))
    return one is not None and one.columns is not None


def _of_units(units: Mapping[str, Unit], *, older: bool, fallen: bool, earlier: Safe | None) -> Release:
    tables = {UNIT: {code: Counts((one.people,)) for code, one in units.items()}}
    cells: dict[tuple[str, str], dict[tuple[str, str], Counts]] = {}
    ways = {OLDER_UNIT: "older"} if older else {}
    ways |= {FALLEN: "fallen"} if fallen else {}
    for way, name in ways.items():
        have = {code: int(getattr(one, name)) for code, one in units.items()}
        tables[way] = {
            YES: Counts((sum(have.values()),)),
            NO: Counts((sum(one.people - have[code] for code, one in units.items()),)),
        }
        cells[UNIT, way] = {(code, YES): Counts((count,)) for code, count in have.items()}
        cells[UNIT, way] |= {(code, NO): Counts((units[code].people - count,)) for code, count in have.items()}
    where = next(iter(units.values())).neighbourhood
    return release(
        tables,
        total=Counts((sum(one.people for one in units.values()),)),
        earlier=earlier.within.get(where) if earlier else None,
        crossings=Crossings(cells, shared=frozenset(ways), untold=frozenset({NO})),
    )


def _is_mostly_told(within: Mapping[str, Release]) -> bool:
    """Whether there are people enough: who fell is told of more of the units than not."""
    cells = [
        one.columns
        for release_ in within.values()
        for (_, group), one in (release_.crossed.get((UNIT, FALLEN)) or {}).items()
        if group == YES
    ]
    return 2 * sum(columns is not None for columns in cells) > len(cells)
