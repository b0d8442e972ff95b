"""Whether chances that were told came true: over all, in groups, and at the top of a list.

Cox DR, Biometrika 1958; 45: 562-565 (intercept and slope); Van Calster B et al, BMC Medicine 2019; 17: 230 (what to
report); DeLong ER et al, Biometrics 1988; 44: 837-845, in the quick form of Sun X, Xu W, IEEE Signal Process Lett 2014;
21: 1389-1393 (the area under the curve and its interval); Vergouwe Y et al, Stat Med 2017; 36: 4529-4539 (how much of a
model to renew for a new place or year). Checked against the images of Hanley JA, McNeil BJ, Radiology 1982; 143: 29-36,
and against scikit-learn, which shares no code with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import erfc, exp, inf, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.methods.intervals import CONFIDENCE, Share, share, wilson

Numbers = NDArray[np.float64]
TURNS, CLOSE, LONGEST_STEP = 60, 1e-10, 4.0
# with fewer outcomes a slope is noise with an interval
FEWEST_FOR_SLOPE = 20
# a chance of just 0 or 1 has no log-odds
EDGE = 1e-9
UNSURE = 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and where it may lie."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was foretold of so many people, against what came.

    `ratio` is expected over observed; `intercept` nought and `slope` 1 are best. None where too few outcomes tell it.
    """

    people: int
    observed: int
    expected: float
    ratio: Estimate | None
    intercept: Estimate | None
    slope: Estimate | None
    area: Estimate | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The highest so many of a list: how many are right, how many of all are on it, how many are read for one."""

    size: int
    predictive: Share
    captured: Share
    to_review: float | None


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What log-odds become: intercept + slope x log-odds; `kind` is none, intercept or both."""

    kind: str
    intercept: float
    slope: float


def calibration(*, chances: Numbers, happened: Numbers, confidence: float = CONFIDENCE) -> Calibration:
    """How well chances (0 to 1) foretold what happened (0 or 1), with intervals."""
    people, observed, expected = len(chances), int(happened.sum()), float(chances.sum())
    both = 0 < observed < people
    enough = min(observed, people - observed) >= FEWEST_FOR_SLOPE
    odds = log_odds_of(chances)
    return Calibration(
        people=people,
        observed=observed,
        expected=expected,
        ratio=_ratio(expected, observed, people, confidence) if people else None,
        intercept=_intercept(odds, happened, confidence) if both else None,
        slope=_slope(odds, happened, confidence) if enough else None,
        area=area(chances=chances, happened=happened, confidence=confidence) if both else None,
    )


def log_odds_of(chances: Numbers) -> Numbers:
    """Log-odds of chances."""
    held = np.clip(chances, EDGE, 1 - EDGE)
    return np.log(held / (1 - held))


def log_loss(*, log_odds: Numbers, happened: Numbers) -> float:
    """The mean surprise, in natural units: less is better."""
    return float(np.mean(np.logaddexp(0, log_odds) - happened * log_odds))


def _ratio(expected: float, observed: int, people: int, confidence: float) -> Estimate:
    ends = wilson(count=observed, of=people, confidence=confidence)
    high = expected / (ends.low * people) if ends.low else inf
    return Estimate(expected / observed if observed else inf, expected / (ends.high * people), high)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _intercept(odds: Numbers, happened: Numbers, confidence: float) -> Estimate:
    """By how much all log-odds are too low, the slope held at 1."""
    found, spread = logistic(np.ones((len(odds), 1)), happened, offset=odds)
    return _estimate(found[0], spread[0], confidence)


def _slope(odds: Numbers, happened: Numbers, confidence: float) -> Estimate | None:
    if float(np.ptp(odds)) < CLOSE:
        return None
    found, spread = logistic(np.column_stack([np.ones(len(odds)), odds]), happened)
    return _estimate(found[1], spread[1], confidence)


def _estimate(value: float, error: float, confidence: float) -> Estimate:
    z = _z(confidence)
    return Estimate(float(value), float(value - z * error), float(value + z * error))


def logistic(
    columns: Numbers, so: Numbers, *, of: Numbers | None = None, offset: Numbers | None = None, ridge: float = 0.0
) -> tuple[Numbers, Numbers]:
    """Maximum likelihood by Newton's steps, and the standard errors; `so` of `of` in each row, one of each by itself.

    `ridge` pulls each coefficient towards nought as that much information would.
    """
    many = np.ones(len(columns)) if of is None else of
    known = np.zeros(len(columns)) if offset is None else offset
    found = np.zeros(columns.shape[1])
    for _ in range(TURNS):
        chances = 1 / (1 + np.exp(-(known + columns @ found)))
        information = columns.T @ (columns * (many * chances * (1 - chances))[:, None])
        information += ridge * np.eye(len(found))
        step = np.linalg.solve(information, columns.T @ (so - many * chances) - ridge * found)
        # a step too far would leave where the curve is round
        found = found + step * min(1.0, LONGEST_STEP / max(CLOSE, float(np.abs(step).max())))
        if np.abs(step).max() < CLOSE:
            break
    return found, np.sqrt(np.diag(np.linalg.inv(information)))


def area(*, chances: Numbers, happened: Numbers, confidence: float = CONFIDENCE) -> Estimate:
    """The area under the curve: how often somebody with the outcome stands above somebody without; DeLong's interval.

    Needs at least one of either; ties count half.
    """
    with_it, without = chances[happened == 1], chances[happened == 0]
    m, n = len(with_it), len(without)
    everyone, of_with, of_without = (
        _midranks(np.concatenate([with_it, without])),
        _midranks(with_it),
        _midranks(without),
    )
    above = (everyone[:m] - of_with) / n
    below = 1 - (everyone[m:] - of_without) / m
    value = float(above.mean())
    variance = (above.var(ddof=1) / m if m > 1 else 0.0) + (below.var(ddof=1) / n if n > 1 else 0.0)
    spread = _z(confidence) * sqrt(variance)
    return Estimate(value, max(0.0, value - spread), min(1.0, value + spread))


def _midranks(values: Numbers) -> Numbers:
    """The place of each value from 1, ties sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def listed(*, chances: Numbers, happened: Numbers, sizes: Iterable[int]) -> list[Listed]:
    """What lists of these sizes come to, the highest chances first; of equal ones those that stand first."""
    order = np.argsort(-chances, kind="stable")
    found = np.concatenate([[0], np.cumsum(happened[order])]).astype(int)
    rows = []
    for size in sorted({min(size, len(chances)) for size in sizes if size > 0}):
        right = int(found[size])
        rows.append(
            Listed(
                size=size,
                predictive=share(count=right, of=size),
                captured=share(count=right, of=int(found[-1])),
                to_review=size / right if right else None,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of people by what was foretold: what was said of them, and what came."""

    said: float
    so: Share


def tenths(*, chances: Numbers, happened: Numbers, parts: int = 10) -> list[Tenth]:
    """People in equal parts by chance, lowest first."""
    order = np.argsort(chances, kind="stable")
    return [
        Tenth(float(chances[one].mean()), share(count=int(happened[one].sum()), of=len(one)))
        for one in np.array_split(order, parts)
        if len(one)
    ]


def by_group(
    *, chances: Numbers, happened: Numbers, groups: NDArray[Any], confidence: float = CONFIDENCE
) -> dict[str, Calibration]:
    """The same figures of each group of people, by its name."""
    names: Sequence[str] = sorted({str(one) for one in groups})
    return {
        name: calibration(chances=chances[groups == name], happened=happened[groups == name], confidence=confidence)
        for name in names
    }


def recalibration(*, log_odds: Numbers, happened: Numbers) -> Recalibration:
    """What a new place or year needs of an old model: nothing, another level, or another level and spread.

    Vergouwe's closed test: the least renewal that the new outcomes do not speak against at the level of 5%.
    """
    if not 0 < happened.sum() < len(happened):
        return Recalibration("none", 0.0, 1.0)
    ones = np.ones((len(log_odds), 1))
    level, _ = logistic(ones, happened, offset=log_odds)
    steps = Recalibration("none", 0.0, 1.0), Recalibration("intercept", float(level[0]), 1.0)
    if min(happened.sum(), len(happened) - happened.sum()) < FEWEST_FOR_SLOPE or np.ptp(log_odds) < CLOSE:
        return steps[1] if _gain(steps[0], steps[1], log_odds, happened, free=1) < UNSURE else steps[0]
    found, _ = logistic(np.column_stack([ones, log_odds]), happened)
    both = Recalibration("both", float(found[0]), float(found[1]))
    if _gain(steps[0], both, log_odds, happened, free=2) >= UNSURE:
        return steps[0]
    return steps[1] if _gain(steps[1], both, log_odds, happened, free=1) >= UNSURE else both


def _gain(less: Recalibration, more: Recalibration, odds: Numbers, happened: Numbers, *, free: int) -> float:
    """How likely so much better a fit is by chance alone: the likelihood-ratio test with 1 or 2 degrees of freedom."""
    losses = [
        log_loss(log_odds=one.intercept + one.slope * odds, happened=happened) * len(odds) for one in (less, more)
    ]
    twice = max(0.0, 2 * (losses[0] - losses[1]))
    return exp(-twice / 2) if free == 2 else erfc(sqrt(twice / 2))
