"""Patients into people: a pure function of what is held, so that neither order of arrival nor a re-run changes it.

Constrained agglomeration: labels by people first, then the likeliest pairs first, each joining two clusters unless
something across them forbids it. What is refused is asked of a person. A component of pairs alone comes out as it does
within the whole.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Id = Any  # anything hashable that sorts: uuids, numbers, texts
Couple = tuple[Id, Id]

TEN_TIMES = math.log2(10)
LIMIT = 60  # patients of one person; more is a mistake, and alarmed
# weights that two engines compute may differ in the last of sixteen figures: the order must not
FIGURES = 4

TWO_NUMBERS = "Together they would hold two different valid NHS numbers."
TOO_MANY = "Together they would be too many for one person."
CONTRADICTS = "Somebody who would be joined with them has another given name or birth date."
RIVAL = "Another is as likely, and the two cannot both be right."
POSSIBLE = "It is likely, and not sure enough."
LABELS_CROSS = "What people said of them cannot all be so."


@dataclass(frozen=True, slots=True)
class Edge:
    """A pair as it was judged: `state` match or possible; `contradicts` as judging.contradicts says."""

    first: Id
    second: Id
    weight: float
    state: str = "match"
    certain: bool = False
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Two clusters that may be one person, by their likeliest pair, and why a person is asked."""

    first: Id
    second: Id
    word: str


@dataclass(frozen=True, slots=True)
class Alarm:
    word: str
    members: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """`clusters` cover every patient once; all three in order, whatever order the arguments came in."""

    clusters: tuple[tuple[Id, ...], ...]
    asked: tuple[Asked, ...]
    alarms: tuple[Alarm, ...]


def partition(
    patients: Iterable[Id],
    pairs: Iterable[Edge],
    *,
    same: Collection[Couple] = (),
    different: Collection[Couple] = (),
    apart: Collection[Couple] = (),
    numbers: Mapping[Id, str] | None = None,
    contradict: Callable[[Id, Id], bool] | None = None,
    limit: int = LIMIT,
) -> Partition:
    """Join patients into clusters, one a person.

    `same` and `different` are what people said; `apart` are earlier identities, which are neither joined nor asked
    about; `numbers` the valid NHS number of each patient that has one; `contradict` whether two patients that are no
    pair clearly differ in given name or birth date.
    """
    work = _Work(patients, pairs, numbers or {}, contradict, limit)
    work.forbid(different)
    work.forbid(apart)
    for first, second in sorted(_ordered(one) for one in same):
        work.say_same(first, second)
    for edge in sorted((one for one in work.edges if one.state == "match"), key=_strongest):
        work.join_by(edge)
    for edge in work.edges:
        if edge.state != "match":
            work.ask(edge, POSSIBLE)
    return work.found()


def _ordered(pair: Couple) -> Couple:
    return pair if pair[0] < pair[1] else (pair[1], pair[0])


def _strongest(edge: Edge) -> tuple[bool, float, Id, Id]:
    return (not edge.certain, -round(edge.weight, FIGURES), *_ordered((edge.first, edge.second)))


@dataclass(eq=False, slots=True)
class _Cluster:
    members: list[Id]
    numbers: frozenset[str]
    enemies: set[Id] = field(default_factory=set)  # patients that may never stand with one of the members


class _Work:
    def __init__(
        self,
        patients: Iterable[Id],
        pairs: Iterable[Edge],
        numbers: Mapping[Id, str],
        contradict: Callable[[Id, Id], bool] | None,
        limit: int,
    ):
        self.clusters: dict[Id, _Cluster] = {
            one: _Cluster([one], frozenset((numbers[one],)) if numbers.get(one) else frozenset()) for one in patients
        }
        self.numbers, self.contradict, self.limit = numbers, contradict, limit
        self.edges = [one for one in pairs if one.first in self.clusters and one.second in self.clusters]
        self.around: dict[Id, dict[Id, Edge]] = defaultdict(dict)
        for edge in self.edges:
            self.around[edge.first][edge.second] = edge
            self.around[edge.second][edge.first] = edge
        self.asked: list[tuple[Edge, str]] = []
        self.crossed: set[Couple] = set()
        self.crowded: set[Couple] = set()

    def forbid(self, pairs: Collection[Couple]) -> None:
        for first, second in pairs:
            if first in self.clusters and second in self.clusters:
                self.clusters[first].enemies.add(second)
                self.clusters[second].enemies.add(first)

    def say_same(self, first: Id, second: Id) -> None:
        if first not in self.clusters or second not in self.clusters:
            return
        a, b = self.clusters[first], self.clusters[second]
        if a is b:
            return
        if self._enemies(a, b):
            self.crossed.add((first, second))
        else:
            self._join(a, b)

    def join_by(self, edge: Edge) -> None:
        a, b = self.clusters[edge.first], self.clusters[edge.second]
        if a is b or self._enemies(a, b):
            return
        word = self._refusal(edge, a, b)
        if word:
            self.ask(edge, word)
        else:
            self._join(a, b)

    def ask(self, edge: Edge, word: str) -> None:
        self.asked.append((edge, word))

    def _refusal(self, edge: Edge, a: _Cluster, b: _Cluster) -> str:
        if not (a.numbers <= b.numbers or b.numbers <= a.numbers):
            return TWO_NUMBERS
        if len(a.members) + len(b.members) > self.limit:
            self.crowded.add((edge.first, edge.second))
            return TOO_MANY
        if edge.certain:
            return ""
        if self._contradiction(a, b):
            return CONTRADICTS
        return RIVAL if self._rivalled(edge) else ""

    def _enemies(self, a: _Cluster, b: _Cluster) -> bool:
        few, other = (a, b) if len(a.enemies) <= len(b.enemies) else (b, a)
        return bool(few.enemies) and not few.enemies.isdisjoint(other.members)

    def _contradiction(self, a: _Cluster, b: _Cluster) -> bool:
        return any(self._contradict(x, y) for x in a.members for y in b.members)

    def _contradict(self, x: Id, y: Id) -> bool:
        edge = self.around[x].get(y) if x in self.around else None
        if edge is not None:
            return edge.contradicts
        return self.contradict is not None and self.contradict(*_ordered((x, y)))

    def _rivalled(self, edge: Edge) -> bool:
        least = round(edge.weight, FIGURES) - TEN_TIMES
        for x, y in ((edge.first, edge.second), (edge.second, edge.first)):
            for z, other in self.around[x].items():
                if z != y and round(other.weight, FIGURES) >= least and self._cannot_both(y, z):
                    return True
        return False

    def _cannot_both(self, y: Id, z: Id) -> bool:
        one, other = self.numbers.get(y), self.numbers.get(z)
        if one and other:
            return one != other
        return self._said_apart(y, z) or self._contradict(y, z)

    def _said_apart(self, y: Id, z: Id) -> bool:
        enemies = self.clusters[y].enemies
        return bool(enemies) and z in enemies

    def _join(self, a: _Cluster, b: _Cluster) -> None:
        if len(a.members) < len(b.members):
            a, b = b, a
        a.members.extend(b.members)
        a.numbers |= b.numbers
        a.enemies |= b.enemies
        for one in b.members:
            self.clusters[one] = a

    def found(self) -> Partition:
        different = {id(one): one for one in self.clusters.values()}
        clusters = sorted(tuple(sorted(one.members)) for one in different.values())
        alarms = [Alarm(TOO_MANY, self._both(pair)) for pair in self.crowded]
        alarms += [Alarm(LABELS_CROSS, pair) for pair in self.crossed]
        return Partition(tuple(clusters), tuple(self._questions()), tuple(sorted(set(alarms), key=_alarm_order)))

    def _both(self, pair: Couple) -> tuple[Id, ...]:
        return tuple(sorted({*self.clusters[pair[0]].members, *self.clusters[pair[1]].members}))

    def _questions(self) -> list[Asked]:
        """One question for each two clusters: their likeliest pair."""
        found: dict[Hashable, Asked] = {}
        for edge, word in sorted(self.asked, key=lambda one: _strongest(one[0])):
            first, second = _ordered((edge.first, edge.second))
            a, b = self.clusters[first], self.clusters[second]
            if a is not b and not self._enemies(a, b):
                found.setdefault(frozenset((id(a), id(b))), Asked(first, second, word))
        return sorted(found.values(), key=lambda one: (one.first, one.second))


def _alarm_order(alarm: Alarm) -> tuple[str, tuple[Id, ...]]:
    return alarm.word, alarm.members
