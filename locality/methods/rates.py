"""Counts and rates with their intervals, crude and directly standardised for age.

Byar's limits: Breslow NE, Day NE, Statistical Methods in Cancer Research II, IARC 1987, p. 69. Exact limits of a count:
Garwood F, Biometrika 1936; 28: 437-442. Standardised rates: Dobson AJ et al, Stat Med 1991; 10: 457-462, as the
Office for Health Improvement and Disparities publishes them; none is told of fewer than 10 events (Morris JK et al,
Popul Health Metr 2018; 16: 19). Weights: European Standard Population 2013, Eurostat, Revision of the European Standard
Population, 2013. Checked against the table of exact limits behind PHEindicatormethods' funnels of ratios, and Byar's
against what is published of how close it comes to them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, inf, lgamma, log, sqrt
from statistics import NormalDist

from locality.methods.intervals import CONFIDENCE, HALVINGS, Interval

# a directly standardised rate of fewer events is not told
LEAST_EVENTS = 10
# European Standard Population 2013: the age each band begins with, and its people of 100,000
STANDARD_2013 = {
    0: 5000, 5: 5500, 10: 5500, 15: 5500, 20: 6000, 25: 6000, 30: 6500, 35: 7000, 40: 7000, 45: 7000,
    50: 7000, 55: 6500, 60: 6000, 65: 5500, 70: 5000, 75: 4000, 80: 2500, 85: 1500, 90: 1000,
}  # fmt: skip
TERMS, ENOUGH = 10_000, 1e-15


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a year for each `per` people, and where the true rate may lie."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """One band of age: what happened, over how many years of people's lives, and its weight in the standard."""

    events: float
    years: float
    weight: float


def byar(*, count: float, confidence: float = CONFIDENCE) -> Interval:
    """Byar's limits for a count of events; raises ValueError on a negative one."""
    if count < 0:
        raise ValueError("a count is not less than nought")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return Interval(max(0.0, low), more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3)


def exact_count(*, count: float, confidence: float = CONFIDENCE) -> Interval:
    """Garwood's exact limits for a count of events, by halving."""
    tail = (1 - confidence) / 2
    most = count + 12 * sqrt(count + 1) + 30
    low = solved(lambda mean: poisson_above(count - 1, mean) - tail, 0.0, most) if count else 0.0
    return Interval(low, solved(lambda mean: poisson_above(count, mean) - (1 - tail), 0.0, most))


def rate(*, events: float, years: float, per: float = 100_000, confidence: float = CONFIDENCE) -> Rate | None:
    """Events for each `per` years of people's lives, with Byar's limits; None over no years."""
    if years <= 0:
        return None
    around = byar(count=events, confidence=confidence)
    return Rate(per * events / years, per * around.low / years, per * around.high / years)


def standardised(
    strata: Iterable[Stratum], *, per: float = 100_000, confidence: float = CONFIDENCE, least: float = LEAST_EVENTS
) -> Rate | None:
    """The rate the place would have with the standard's ages, with Dobson's limits.

    None below `least` events, of none at all, and where a band of the standard has nobody in it.
    """
    held = list(strata)
    events = sum(one.events for one in held)
    if not events or events < least or any(one.years <= 0 for one in held):
        return None
    weights = sum(one.weight for one in held)
    value = sum(one.weight * one.events / one.years for one in held) / weights
    variance = sum(one.weight**2 * one.events / one.years**2 for one in held) / weights**2
    around, scale = byar(count=events, confidence=confidence), sqrt(variance / events)
    return Rate(
        per * value, per * (value + scale * (around.low - events)), per * (value + scale * (around.high - events))
    )


def poisson_above(count: float, mean: float) -> float:
    """The chance of more than `count` events where `mean` are expected; also between whole numbers.

    The regularised incomplete gamma function P(count + 1, mean). NIST Digital Library, 8.11.4 and 8.9.2.
    """
    a, x = count + 1, mean
    if x <= 0:
        return 0.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for step in range(1, TERMS):
            term *= x / (a + step)
            total += term
            if term < total * ENOUGH:
                break
        return front * total
    # Lentz's way to sum a continued fraction from its head
    b = x + 1 - a
    c, d = inf, 1 / b
    total = d
    for step in range(1, TERMS):
        top = -step * (step - a)
        b += 2
        d = 1 / (top * d + b)
        c = b + top / c
        total *= c * d
        if abs(c * d - 1) < ENOUGH:
            break
    return 1 - front * total


def solved(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function comes to nought between low and high, by halving."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
