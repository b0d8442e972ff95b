"""Pairs into clusters: rows of one person, where most of what is known between two clusters speaks for joining them.

Following every likely pair would chain strangers together by one mistake. Two clusters are joined while the mean weight
across them is above the threshold (average linkage; correlation clustering's greedy form), the likeliest first.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# one very sure pair may not outweigh several that speak against it, nor the other way about; a pair that speaks against
# counts for less, since what differs may be a slip in the one row, which the others of its cluster tell
MOST = 6.0  # bits above the threshold that a pair counts for
LEAST = -3.0  # and below
UNKNOWN = -3.0  # bits that a pair counts for which was never compared
LIMIT = 500  # rows of one cluster; more is no person, and alarmed
FIGURES = 6

Pair = tuple[int, int, float]  # two rows, the smaller number first, and their weight in bits


@dataclass(frozen=True, slots=True)
class Clusters:
    """`members` of each cluster of two rows or more, all in order; `too_many`: clusters kept from growing."""

    members: tuple[tuple[int, ...], ...]
    too_many: int


def components(pairs: Iterable[Pair], least: float) -> dict[int, int]:
    """Each row that pairs of at least so many bits join to others, with the smallest that any path leads to."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while (above := parent.setdefault(row, row)) != row:
            parent[row] = row = parent[above]
        return row

    for left, right, weight in pairs:
        if weight >= least:
            first, second = sorted((root(left), root(right)))
            parent[second] = first
    return {row: root(row) for row in parent}


def cluster(pairs: Sequence[Pair], threshold: float, *, limit: int = LIMIT) -> Clusters:
    """Join rows by their pairs' weights, in bits; the same pairs give the same clusters in whatever order they come."""
    of = components(pairs, threshold)
    inside: dict[int, list[Pair]] = defaultdict(list)
    for pair in sorted(pairs):
        if pair[0] in of and of[pair[0]] == of.get(pair[1]):
            inside[of[pair[0]]].append(pair)
    found: list[tuple[int, ...]] = []
    too_many = 0
    for _, known in sorted(inside.items()):
        if alone := _all_alike(known, threshold, limit):
            found.append(alone)
            continue
        joined = _Joining(known, threshold, limit)
        joined.run()
        found += [tuple(sorted(one)) for one in joined.members.values() if len(one) > 1]
        too_many += joined.refused
    return Clusters(tuple(sorted(found)), too_many)


def _all_alike(known: Sequence[Pair], threshold: float, limit: int) -> tuple[int, ...]:
    """The rows of a component each pair of which speaks for joining, as most do; of any other, nothing."""
    if len(known) == 1:
        return known[0][:2]
    rows = {row for pair in known for row in pair[:2]}
    whole = len(known) == len(rows) * (len(rows) - 1) // 2 and len(rows) <= limit
    return tuple(sorted(rows)) if whole and min(weight for *_, weight in known) >= threshold else ()


class _Joining:
    """The clusters of one component, and between each two of them the sum and the number of the pairs known."""

    def __init__(self, known: Sequence[Pair], threshold: float, limit: int):
        self.members = {row: [row] for pair in known for row in pair[:2]}
        self.across: dict[int, dict[int, tuple[float, int]]] = {row: {} for row in self.members}
        self.limit, self.refused = limit, 0
        self.waiting: list[tuple[float, int, int, int]] = []
        self.grown = dict.fromkeys(self.members, 0)
        for left, right, weight in known:
            held = round(max(LEAST, min(MOST, weight - threshold)), FIGURES)
            self.across[left][right] = self.across[right][left] = (held, 1)
            self._wait(left, right)

    def run(self) -> None:
        while self.waiting:
            _, left, right, grown = heapq.heappop(self.waiting)
            if left not in self.members or right not in self.members:
                continue
            if grown != self.grown[left] + self.grown[right]:
                continue
            if len(self.members[left]) + len(self.members[right]) > self.limit:
                self.refused += 1
                continue
            self._join(left, right)

    def _mean(self, left: int, right: int) -> float:
        total, known = self.across[left][right]
        every = len(self.members[left]) * len(self.members[right])
        return (total + UNKNOWN * (every - known)) / every

    def _wait(self, left: int, right: int) -> None:
        mean = self._mean(left, right)
        if mean >= 0:
            left, right = sorted((left, right))
            grown = self.grown[left] + self.grown[right]
            heapq.heappush(self.waiting, (-round(mean, FIGURES), left, right, grown))

    def _join(self, left: int, right: int) -> None:
        """The right one's rows and pairs become the left one's."""
        self.members[left] += self.members.pop(right)
        self.grown[left] += self.grown.pop(right) + 1
        mine, others = self.across[left], self.across.pop(right)
        del mine[right], others[left]
        for other, (total, known) in others.items():
            was = mine.get(other, (0.0, 0))
            mine[other] = self.across[other][left] = (was[0] + total, was[1] + known)
            del self.across[other][right]
        for other in mine:
            self._wait(left, other)


def best_threshold(weights: Iterable[float]) -> float:
    """The weight, in bits, above which taking every pair is expected to give the best F1, if probabilities are true.

    That is the probability of half the best F1 that can be expected (Lipton, Elkan, Naryanaswamy 2014).
    """
    chances = sorted((chance(one) for one in weights), reverse=True)
    every = sum(chances)
    best, taken = 0.0, 0.0
    for many, one in enumerate(chances, 1):
        taken += one
        best = max(best, 2 * taken / (many + every))
    return math.log2(best / (2 - best)) if best > 0 else 0.0


def chance(weight: float) -> float:
    """The probability of a weight in bits."""
    return 1 / (1 + 2**-weight) if weight >= 0 else 2**weight / (1 + 2**weight)
