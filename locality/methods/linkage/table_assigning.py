"""One to one: where each file holds everybody at most once, every row gets at most one partner, for the most weight.

The assignment of the greatest sum of weights, by augmenting paths (Kuhn 1955; Edmonds and Karp 1972), over the few rows
that are joined to each other by likely pairs.
"""

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from locality.methods.linkage.table_clusters import Pair, components

FIGURES = 6
GAINED = 1e-9  # less than this is a rounding, and no gain

End = tuple[float, int, int | None]  # of a path: what it gains, its last row, and the free one that it takes, if any


def assign(pairs: Iterable[Pair], least: float) -> list[Pair]:
    """Of pairs (a row of the first file, one of the second, bits), those that stand when nobody has two partners.

    Only pairs of at least `least` bits stand, and the sum of the bits above that is the greatest that can be.
    """
    likely = sorted(pair for pair in pairs if pair[2] >= least)
    of = components(likely, least)
    together: dict[int, list[Pair]] = defaultdict(list)
    for pair in likely:
        together[of[pair[0]]].append(pair)
    found: list[Pair] = []
    for some in together.values():
        found += some if len(some) == 1 else _assign(some, least)
    return sorted(found)


def against_rivals(assigned: Iterable[Pair], pairs: Iterable[Pair]) -> list[Pair]:
    """Assigned pairs with the weight that is left when either row's other partners are as possible as they are."""
    of_left: dict[int, float] = defaultdict(float)
    of_right: dict[int, float] = defaultdict(float)
    for left, right, weight in pairs:
        of_left[left] += _odds(weight)
        of_right[right] += _odds(weight)
    found = []
    for left, right, weight in assigned:
        rivals = of_left[left] + of_right[right] - 2 * _odds(weight)
        found.append((left, right, weight - math.log2(1 + max(rivals, 0.0))))
    return found


def _odds(weight: float) -> float:
    return 2.0 ** min(weight, 60.0)


def _assign(pairs: Sequence[Pair], least: float) -> list[Pair]:
    gain: dict[int, dict[int, float]] = defaultdict(dict)
    weights = {(left, right): weight for left, right, weight in pairs}
    for left, right, weight in pairs:
        gain[left][right] = round(weight - least, FIGURES)
    holder: dict[int, int] = {}  # of a row of the second file: the row of the first that has it
    held: dict[int, int] = {}  # the other way about
    for left in sorted(gain):
        _place(left, gain, holder, held)
    return [(left, right, weights[left, right]) for left, right in held.items()]


def _place(start: int, gain: Mapping[int, Mapping[int, float]], holder: dict[int, int], held: dict[int, int]) -> None:
    """Give one more row of the first file a partner, others changing theirs where the whole gains by it."""
    best, came, end = _paths(start, gain, holder)
    for left in sorted(best):
        if best[left] > end[0] + GAINED:
            end = (best[left], left, None)
    most, last, free = end
    if most > 0:
        _settle(start, last, free, came, holder, held)


def _paths(
    start: int, gain: Mapping[int, Mapping[int, float]], holder: Mapping[int, int]
) -> tuple[dict[int, float], dict[int, int], End]:
    """What is gained by each row that would give up its partner, to which row, and the best end in a free one."""
    best, came, waiting = {start: 0.0}, {start: start}, deque([start])
    end: End = (0.0, start, None)
    while waiting:
        left = waiting.popleft()
        for right, worth in sorted(gain[left].items()):
            total, other = best[left] + worth, holder.get(right)
            if other is None:
                end = (total, left, right) if total > end[0] + GAINED else end
            elif total - gain[other][right] > best.get(other, -math.inf) + GAINED:
                best[other], came[other] = total - gain[other][right], left
                waiting.append(other)
    return best, came, end


def _settle(
    start: int, last: int, free: int | None, came: dict[int, int], holder: dict[int, int], held: dict[int, int]
) -> None:
    """Walk the path back from its end: each row takes what the next one leaves."""
    left, right = last, free
    while True:
        left_behind = held.pop(left, None)
        if right is not None:
            held[left], holder[right] = right, left
        if left == start:
            return
        left, right = came[left], left_behind
