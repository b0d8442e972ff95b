"""Statistical process control of one figure over time, as NHS England's Making Data Count draws it.

XmR chart: mean +- 2.66 x mean moving range (Shewhart's three sigma: 3 / 1.128). Wheeler DJ, Understanding Variation,
SPC Press 1993. NHS England, Making Data Count; checked against the published output of NHSRplotthedots (MIT), which
draws the same chart in R, but for one rule: Making Data Count counts six points of a trend, that package seven.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

LIMIT, NEAR = 2.66, 2.66 * 2 / 3
# a moving range beyond this many times their mean is left out of the mean of them (Wheeler's upper range limit)
SCREENED = 3.267
RUN, TREND = 7, 6


class Better(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Variation(StrEnum):
    """What a point, or the newest one, says."""

    COMMON = "common cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGHER = "special cause, higher"
    LOWER = "special cause, lower"


class Assurance(StrEnum):
    """What may be expected of a target while nothing changes."""

    PASSES = "consistently passes"
    FAILS = "consistently fails"
    EITHER = "hit and miss"


class Rule(StrEnum):
    """Why a point is no chance."""

    OUTSIDE = "outside the limits"
    RUN = "seven or more on one side of the mean"
    TREND = "six or more in a row, all rising or all falling"
    NEAR = "two of three close to a limit"


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean of a stretch of points and the limits around it, in the unit of the points."""

    mean: float
    low: float
    high: float
    near_low: float
    near_high: float


@dataclass(frozen=True, slots=True)
class Point:
    """One value with the limits it is held against, which rules it met, and what that means."""

    value: float
    limits: Limits
    rules: tuple[Rule, ...]
    variation: Variation


@dataclass(frozen=True, slots=True)
class Chart:
    """The points in the order given; what the newest says; what may be expected of the target."""

    points: tuple[Point, ...]
    variation: Variation
    assurance: Assurance | None


def chart(
    values: Sequence[float],
    *,
    better: Better,
    target: float | None = None,
    steps: Iterable[int] = (),
    baseline: int | None = None,
    screen: bool = True,
) -> Chart:
    """The XmR chart of values in order of time, none missing; raises ValueError on no values or a wrong step.

    steps: positions at which limits begin anew (a known change). baseline: the limits of each stretch come from its
    first so many points. screen: leave wild moving ranges out of the mean of them.
    """
    starts = sorted({0, *steps})
    if not values or not 0 <= starts[0] <= starts[-1] < len(values):
        raise ValueError("a chart needs values, and steps among them")
    points: list[Point] = []
    for start, end in pairwise([*starts, len(values)]):
        points += _stretch(values[start:end], better=better, baseline=baseline, screen=screen)
    return Chart(tuple(points), points[-1].variation, assurance(points[-1].limits, better=better, target=target))


def limits(values: Sequence[float], *, screen: bool = True) -> Limits:
    """The mean and limits of one stretch of values, in their unit; a single value has no width."""
    mean, ranges = fmean(values), [abs(after - before) for before, after in pairwise(values)]
    width = fmean(ranges) if ranges else 0.0
    if screen and width:
        width = fmean([one for one in ranges if one < SCREENED * width] or ranges)
    return Limits(mean, mean - LIMIT * width, mean + LIMIT * width, mean - NEAR * width, mean + NEAR * width)


def assurance(around: Limits, *, better: Better, target: float | None) -> Assurance | None:
    """Whether the target lies outside the limits, and on which side; None without a target or a better side."""
    if target is None or better is Better.NEITHER:
        return None
    if around.low <= target <= around.high:
        return Assurance.EITHER
    above = target > around.high
    return Assurance.FAILS if above == (better is Better.HIGHER) else Assurance.PASSES


def _stretch(values: Sequence[float], *, better: Better, baseline: int | None, screen: bool) -> list[Point]:
    around = limits(values[:baseline] if baseline else values, screen=screen)
    met: list[list[Rule]] = [[] for _ in values]
    for rule, positions in _met(values, around):
        for position in positions:
            if rule not in met[position]:
                met[position].append(rule)
    return [
        Point(value, around, tuple(rules), _meaning(value - around.mean, better) if rules else Variation.COMMON)
        for value, rules in zip(values, met, strict=True)
    ]


def _met(values: Sequence[float], around: Limits) -> Iterator[tuple[Rule, Iterable[int]]]:
    sides = [(value > around.mean) - (value < around.mean) for value in values]
    outside = [value > around.high or value < around.low for value in values]
    near = [
        not out and (value < around.near_low or value > around.near_high)
        for value, out in zip(values, outside, strict=True)
    ]
    yield Rule.OUTSIDE, [at for at, out in enumerate(outside) if out]
    for window in _windows(len(values), RUN):
        if abs(sum(sides[at] for at in window)) == RUN:
            yield Rule.RUN, window
    for window in _windows(len(values), TREND):
        ways = {(values[b] > values[a]) - (values[b] < values[a]) for a, b in pairwise(window)}
        if ways in ({1}, {-1}):
            yield Rule.TREND, window
    for window in _windows(len(values), 3):
        if sum(near[at] for at in window) >= 2 and abs(sum(sides[at] for at in window)) == 3:
            yield Rule.NEAR, [at for at in window if near[at]]


def _windows(length: int, width: int) -> Iterator[range]:
    return (range(start, start + width) for start in range(length - width + 1))


def _meaning(off: float, better: Better) -> Variation:
    if better is Better.NEITHER:
        return Variation.HIGHER if off > 0 else Variation.LOWER
    return Variation.IMPROVEMENT if (off > 0) == (better is Better.HIGHER) else Variation.CONCERN
