"""Chance by seed: the same words give the same draws, whoever asks and in whichever order."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def chance(*words: object) -> Random:
    """A source of draws of its own for these words."""
    print_of = blake2b("/".join(map(str, words)).encode(), digest_size=8).digest()
    return Random(int.from_bytes(print_of))  # noqa: S311 -- invented people need no secret draws


def poisson(rng: Random, mean: float) -> int:
    """How many of something happen, where `mean` do on average."""
    if mean <= 0:
        return 0
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


class Weighted(Generic[T]):
    """Things to choose from, each as often as its weight says."""

    __slots__ = ("reach", "things", "total")

    def __init__(self, things: Sequence[T], weights: Sequence[float]):
        self.things = list(things)
        self.reach = list(accumulate(weights))
        self.total = self.reach[-1] if self.reach else 0.0

    def draw(self, rng: Random) -> T:
        """One of them."""
        return self.things[min(bisect_right(self.reach, rng.random() * self.total), len(self.things) - 1)]

    def spread(self, rng: Random, count: int) -> Iterator[T]:
        """`count` of them, as evenly as their weights allow: only the fractions are left to chance."""
        if not count:
            return
        step, start = self.total / count, rng.random()
        at = 0
        for number in range(count):
            place = (number + start) * step
            while self.reach[at] <= place and at < len(self.things) - 1:
                at += 1
            yield self.things[at]


def falling(things: Sequence[T], *, steepness: float = 0.75, shift: float = 3.0) -> Weighted[T]:
    """Earlier ones more often, as names are: a few common, many rare."""
    return Weighted(things, [1 / (rank + shift) ** steepness for rank in range(len(things))])


def largest_remainder(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers that sum to `total`, in proportion to the weights."""
    whole = sum(weights)
    exact = [weight * total / whole for weight in weights]
    counts = [int(one) for one in exact]
    rest = sorted(range(len(exact)), key=lambda at: (counts[at] - exact[at], at))
    for at in rest[: total - sum(counts)]:
        counts[at] += 1
    return counts
