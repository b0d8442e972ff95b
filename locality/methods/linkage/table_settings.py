"""What link-table compares, for the columns that a table has: read from table_settings.toml."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from locality.base import Refused
from locality.methods.linkage.fields import extras
from locality.methods.linkage.kinds import EXTRA, condition
from locality.methods.linkage.settings import NOTHING, Comparison, Level

USUAL = Path(__file__).parent / "table_settings.toml"
PERSON, FAMILY, HOME, OTHER = "person", "family", "home", "other"


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison: its levels (`settings.Comparison`), and what it is about.

    `most` is how often, at most, a level holds for two of one household, and `seldom` for two rows of one person.
    """

    comparison: Comparison
    part: str
    most: dict[int, float]
    seldom: dict[int, float]

    @property
    def name(self) -> str:
        return self.comparison.name

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that say something, strongest first."""
        return tuple(one for one in self.comparison.levels if one.value != NOTHING)


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Rows that agree in all of these parts meet; `wide` where only tables that are not large can afford it."""

    parts: tuple[str, ...]
    wide: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class TableSettings:
    version: str
    fields: tuple[str, ...]
    several: tuple[str, ...]  # the fields that have several values in a row
    compared: tuple[Compared, ...]
    blocks: tuple[TableBlock, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The standard columns that comparing reads."""
        return tuple(dict.fromkeys(column for one in self.compared for column in one.comparison.columns))

    @property
    def terms(self) -> tuple[str, ...]:
        """The columns whose values' rarity counts."""
        return tuple(dict.fromkeys(level.terms for one in self.compared for level in one.levels if level.terms))

    @property
    def both_names(self) -> bool:
        """Whether names may stand in each other's place."""
        return {"given_name", "family_name"} <= {*self.fields}


def table_settings(fields: Collection[str], *, several: Collection[str] = ()) -> TableSettings:
    """What is compared of a table with these fields (`fields.py`; any other name is compared as a whole).

    Those fields that have `several` values in a row are compared value by value.
    """
    return _settings(tuple(fields), tuple(several))


@lru_cache(maxsize=64)
def _settings(fields: tuple[str, ...], several: tuple[str, ...]) -> TableSettings:
    said = _said()
    compared = [_compared(one, fields, several) for one in said["comparison"] if {*one["fields"]} & {*fields}]
    compared += [_extra(said["extra"], name) for name in extras(fields)]
    if not compared:
        raise Refused("Nothing to compare: map at least one column.")
    blocks = [TableBlock(tuple(one["parts"]), one.get("wide", False), one.get("sure", False)) for one in said["block"]]
    # a further column may be an identifier: rows that agree in it meet, unless so many do that it is none
    blocks += [TableBlock((f"{EXTRA}{name}",)) for name in extras(fields)]
    return TableSettings(said["version"], fields, several, tuple(compared), tuple(blocks))


@cache
def also_called() -> dict[str, str]:
    """Our own field by each other name that it goes by."""
    return {name: field for field, others in _said()["also"].items() for name in others.split()}


@cache
def said_again() -> dict[str, tuple[str, ...]]:
    """The fields that say what others say already, and which those are."""
    return {field: tuple(others) for field, others in _said()["again"].items()}


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(USUAL.read_text(encoding="utf-8"))


def _compared(said: dict[str, Any], fields: Collection[str] = (), several: Collection[str] = ()) -> Compared:
    listed = [one for one in said["levels"] if one.get("needs") is None or one["needs"] in fields]
    values = list(range(sum(not one.get("nothing", False) for one in listed)))
    # of a comparison of several fields, none has several values
    when = "several" if {*said.get("fields", ())} & {*several} else "when"
    levels: list[Level] = []
    held: dict[str, dict[int, float]] = {"most": {}, "seldom": {}}
    for one in listed:
        value = NOTHING if one.get("nothing") else values.pop()
        conditions = tuple(condition(words) for words in one.get(when, one.get("when", ())))
        m, u = one.get("m", 1.0), one.get("u", 1.0)
        levels.append(Level(one["name"], one["words"], value, conditions, m, u, one.get("terms", "")))
        for kind in held.keys() & one.keys():
            held[kind][value] = one[kind]
    return Compared(Comparison(said["name"], said["words"], tuple(levels)), said["part"], **held)


def _extra(said: dict[str, Any], name: str) -> Compared:
    column = f"{EXTRA}{name}"

    def filled(text: str) -> str:
        return text.replace("{name}", name.replace("_", " ")).replace("{column}", column)

    levels = [
        {**one, "words": filled(one["words"]), "when": [filled(text) for text in one.get("when", ())]}
        | ({"terms": filled(one["terms"])} if "terms" in one else {})
        for one in said["levels"]
    ]
    part = HOME if {*name.split("_")} & {*said["home"]} else OTHER
    return _compared({"name": column, "words": filled(said["words"]), "part": part, "levels": levels})
