"""What is compared and how, read from settings.toml; the same for batch, one by one, DuckDB and Spark."""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from locality.base import Refused
from locality.methods.linkage.fields import OF_PATIENTS, extras
from locality.methods.linkage.kinds import EXTRA, Condition, condition

USUAL = Path(__file__).parent / "settings.toml"
NOTHING = -1  # the level of a comparison that says nothing


@dataclass(frozen=True, slots=True)
class Level:
    name: str
    words: str
    value: int  # Splink's gamma: -1 says nothing, 0 holds otherwise, higher is stronger
    conditions: tuple[Condition, ...]
    m: float
    u: float
    terms: str  # the column whose term frequencies count, or nothing


@dataclass(frozen=True, slots=True)
class Comparison:
    name: str
    words: str
    levels: tuple[Level, ...]  # in the order in which they are tried

    def level(self, value: int) -> Level:
        """The level of a value."""
        return next(one for one in self.levels if one.value == value)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every standard column that it reads."""
        found = [column for one in self.levels for part in one.conditions for column in part.columns]
        return tuple(dict.fromkeys([*found, *(one.terms for one in self.levels if one.terms)]))


@dataclass(frozen=True, slots=True)
class Block:
    name: str
    number: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds for a tuple of levels when each place named has one of the values named."""

    name: str
    words: str
    places: tuple[tuple[int, frozenset[int]], ...]

    def holds(self, levels: Sequence[int]) -> bool:
        """Whether it holds."""
        return all(levels[place] in values for place, values in self.places)


@dataclass(frozen=True, eq=False, repr=False)
class Settings:
    version: str
    fields: tuple[str, ...]
    of: str  # patients or tables
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Block, ...]
    cautions: tuple[Rule, ...]
    low: tuple[Rule, ...]
    asked: tuple[Rule, ...]
    contradicts: tuple[Rule, ...]
    certain: tuple[Rule, ...]
    sessions: tuple[tuple[str, ...], ...]
    sure: tuple[tuple[str, ...], ...]
    varying: tuple[tuple[str, str], ...]  # the sound of a name, and how it is spelt
    match: float
    possible: float
    doubt: float
    rare: float
    crowd: int
    prior: float

    @property
    def terms(self) -> tuple[str, ...]:
        """The columns whose term frequencies count."""
        return tuple(dict.fromkeys(level.terms for one in self.comparisons for level in one.levels if level.terms))

    @property
    def columns(self) -> tuple[str, ...]:
        """The standard columns that comparing reads."""
        return tuple(dict.fromkeys(column for one in self.comparisons for column in one.columns))

    @property
    def worth(self) -> float:
        """The least probability at which anybody is asked about a pair."""
        return min(self.possible, self.doubt)

    def place(self, comparison: str) -> int:
        """Where a comparison stands in a tuple of levels."""
        return next(place for place, one in enumerate(self.comparisons) if one.name == comparison)


def settings(fields: Collection[str] = OF_PATIENTS, *, of: str = "patients") -> Settings:
    """The settings for rows that have these fields: `of` patients (one comparison of the home) or `of` tables."""
    return _settings(tuple(fields), of)


@lru_cache(maxsize=64)
def _settings(fields: tuple[str, ...], of: str) -> Settings:
    said = _said()
    comparisons = [
        _comparison(one) for one in said["comparison"] if one.get("of", of) == of and set(one["fields"]) & set(fields)
    ]
    comparisons += [_extra(said["extra"], name) for name in extras(fields)]
    if not comparisons:
        raise Refused("Nothing to compare: map at least one column.")
    found = {one.name: one for one in comparisons}
    places = {name: place for place, name in enumerate(found)}
    blocks = [
        Block(one["name"], number, tuple(one["parts"]))
        for number, one in enumerate(said["block"], 1)
        if one.get("of", of) == of
    ]
    rules = {
        kind: tuple(rule for one in _listed(said[kind]) if (rule := _rule(one, found, places)))
        for kind in ("caution", "low", "asked", "contradicts", "certain")
    }
    return Settings(
        version=said["version"],
        fields=fields,
        of=of,
        comparisons=tuple(comparisons),
        blocks=tuple(blocks),
        cautions=rules["caution"],
        low=rules["low"],
        asked=rules["asked"],
        contradicts=rules["contradicts"],
        certain=rules["certain"],
        sessions=_on(said["session"], of),
        sure=_on(said["sure"], of),
        varying=tuple((one["sound"], one["spelt"]) for one in said["varying"]),
        **{name: said[name] for name in ("match", "possible", "doubt", "rare", "crowd", "prior")},
    )


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(USUAL.read_text(encoding="utf-8"))


def _comparison(said: dict[str, Any]) -> Comparison:
    values = list(range(sum(not one.get("nothing", False) for one in said["levels"])))
    levels = [
        Level(
            name=one["name"],
            words=one["words"],
            value=NOTHING if one.get("nothing") else values.pop(),
            conditions=tuple(condition(words) for words in one.get("when", ())),
            m=one.get("m", 1.0),
            u=one.get("u", 1.0),
            terms=one.get("terms", ""),
        )
        for one in said["levels"]
    ]
    return Comparison(said["name"], said["words"], tuple(levels))


def _extra(said: dict[str, Any], name: str) -> Comparison:
    column = f"{EXTRA}{name}"

    def filled(text: str) -> str:
        return text.replace("{name}", name.replace("_", " ")).replace("{column}", column)

    levels = [
        {**one, "words": filled(one["words"]), "when": [filled(text) for text in one.get("when", ())]}
        | ({"terms": filled(one["terms"])} if "terms" in one else {})
        for one in said["levels"]
    ]
    return _comparison({"name": column, "words": filled(said["words"]), "levels": levels})


def _on(said: list[dict[str, Any]], of: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(one["on"]) for one in said if one.get("of", of) == of)


def _listed(said: Any) -> list[dict[str, Any]]:
    return said if isinstance(said, list) else [said]


def _rule(said: dict[str, Any], comparisons: dict[str, Comparison], places: dict[str, int]) -> Rule | None:
    """A rule over what is compared here; none where it asks about what is not, unless it asks that it not be so."""
    found = []
    for part in said["when"]:
        name, _, names = part.partition(": ")
        wanted = names.split()
        negated = wanted[0] == "not"
        if name not in comparisons:
            if negated:
                continue
            return None
        levels = comparisons[name].levels
        values = frozenset(one.value for one in levels if (one.name in wanted[negated:]) != negated)
        found.append((places[name], values))
    return Rule(said.get("name", ""), said.get("words", ""), tuple(found))
