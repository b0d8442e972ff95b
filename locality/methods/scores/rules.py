"""Rules of need written as data: levels, each of facts that must all hold and facts of which one must.

A fact that is not known is not false: then the rule says that it cannot tell. Python and SQL both reason so.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

DATA = Path(__file__).parent / "data"
NONE, NOT_KNOWN = "no", "not known"
JUDGED = "rule_judged"
Facts = Mapping[str, float | bool | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact is at least so much; a yes is 1."""

    fact: str
    at_least: float
    words: str

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds; None where the fact is not known."""
        value = facts.get(self.fact)
        return None if value is None else value >= self.at_least


@dataclass(frozen=True, slots=True)
class Level:
    """What a person is said to be where all of `every` hold, and one of `some`, if there are any."""

    name: str
    every: tuple[Condition, ...]
    some: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds; None where what is not known could decide it."""
        told = [one.holds(facts) for one in self.every]
        if self.some:
            told.append(_one_of([one.holds(facts) for one in self.some]))
        if False in told:
            return False
        return None if None in told else True


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its source; `status` is verified, unverified (as usually told) or assumed (by us)."""

    name: str
    title: str
    source: str
    status: str
    note: str
    facts: Mapping[str, str]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The first level that holds, "no", or "not known"; and the words of every condition of it that holds."""

    level: str
    reasons: tuple[str, ...]
    unknown: tuple[str, ...]


def read(name: str) -> Rule:
    """The rule of `data/NAME.toml`; ValueError where it speaks of a fact that it does not explain."""
    return of(name, tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8")))


def of(name: str, told: Mapping[str, Any]) -> Rule:
    """A rule of a place's own, told in the same form."""
    levels = tuple(
        Level(one["name"], _conditions(one.get("all", [])), _conditions(one.get("any", []))) for one in told["levels"]
    )
    rule = Rule(name, told["title"], told["source"], told["status"], told["note"], told["facts"], levels)
    if strange := {one.fact for level in levels for one in (*level.every, *level.some)} - set(rule.facts):
        raise ValueError(f"{name} speaks of {', '.join(sorted(strange))}, and does not say what that is")
    return rule


def judge(*, rule: Rule, facts: Facts) -> Judgement:
    """What a rule says of one person, by facts under the names that the rule explains."""
    unknown = tuple(fact for fact in rule.facts if facts.get(fact) is None)
    for level in rule.levels:
        if (holds := level.holds(facts)) is not False:
            told = [one.words for one in (*level.every, *level.some) if one.holds(facts)]
            return Judgement(level.name if holds else NOT_KNOWN, tuple(dict.fromkeys(told)), unknown)
    return Judgement(NONE, (), unknown)


def judge_table(*, engine: "duckdb.DuckDBPyConnection", rule: Rule, rows: str) -> None:
    """Make the table `rule_judged`: person and level; `rows` is a query of person and the facts by their names."""
    told = " ".join(
        f"when {sql} then '{level.name}' when ({sql}) is null then '{NOT_KNOWN}'"
        for level, sql in ((level, _level_sql(level)) for level in rule.levels)
    )
    engine.execute(
        f"create or replace temp table {JUDGED} as select person, case {told} else '{NONE}' end as level from ({rows})"
    )


def _level_sql(level: Level) -> str:
    told = [_condition_sql(one) for one in level.every]
    if level.some:
        told.append("(" + " or ".join(_condition_sql(one) for one in level.some) + ")")
    return " and ".join(told)


def _condition_sql(one: Condition) -> str:
    return f"cast({one.fact} as double) >= {one.at_least}"


def _conditions(told: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    return tuple(Condition(one["fact"], one["at_least"], one["words"]) for one in told)


def _one_of(told: Sequence[bool | None]) -> bool | None:
    if True in told:
        return True
    return None if None in told else False
