"""Funnel plots: how far an area may lie from the whole by chance alone, by how many people it has.

Spiegelhalter DJ, Stat Med 2005; 24: 1185-1202. Shares: normal limits, as PHEindicatormethods' published test table has
them. Rates: the exact Poisson limits turned round (Dover DC, Schopflocher DP, Popul Health Metr 2011; 9: 58), checked
against the same package's table of ratios. 95% and 99.8% of the areas lie within when only chance parts them.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from locality.methods.intervals import Interval
from locality.methods.rates import exact_count, poisson_above, solved

WARNING, ALARM = 0.95, 0.998


class Place(StrEnum):
    """Where an area lies in the funnel."""

    WITHIN = "as chance allows"
    HIGH = "higher than 95 in 100 would be by chance"
    LOW = "lower than 95 in 100 would be by chance"
    FAR_HIGH = "higher than 998 in 1,000 would be by chance"
    FAR_LOW = "lower than 998 in 1,000 would be by chance"


@dataclass(frozen=True, slots=True)
class Funnel:
    """The inner (95%) and the outer limits (99.8%) at one size."""

    inner: Interval
    outer: Interval


def share_limits(*, whole: float, of: float) -> Funnel:
    """Limits of a share for `of` people, where the whole place's share is `whole` (0 to 1); cut at 0 and 1."""
    spread = sqrt(whole * (1 - whole) / of)

    def around(confidence: float) -> Interval:
        width = NormalDist().inv_cdf((1 + confidence) / 2) * spread
        return Interval(max(0.0, whole - width), min(1.0, whole + width))

    return Funnel(around(WARNING), around(ALARM))


def ratio_limits(*, expected: float) -> Funnel:
    """Limits of observed over expected events, where `expected` are expected from the whole place's rate.

    The low limit is the count whose upper exact limit is what is expected, the high one the count whose lower is.
    """

    def around(confidence: float) -> Interval:
        tail = (1 - confidence) / 2
        most = expected + 12 * sqrt(expected + 1) + 30
        least = poisson_above(0, expected)
        # the fewer the events, the surer are more of them
        low = solved(lambda count: 1 - tail - poisson_above(count, expected), 0.0, most) if least > 1 - tail else 0.0
        high = solved(lambda count: tail - poisson_above(count - 1, expected), 0.0, most)
        return Interval(low / expected, high / expected)

    return Funnel(around(WARNING), around(ALARM))


def place_of_share(*, count: int, of: int, whole: float) -> Place:
    """Where an area's share lies."""
    return _place(count / of, share_limits(whole=whole, of=of))


def place_of_rate(*, events: float, expected: float) -> Place:
    """Where an area's events lie, by the exact limits of its count; both divided by the design effect, if any."""
    limits = {confidence: exact_count(count=events, confidence=confidence) for confidence in (WARNING, ALARM)}
    if limits[ALARM].low > expected:
        return Place.FAR_HIGH
    if limits[ALARM].high < expected:
        return Place.FAR_LOW
    if limits[WARNING].low > expected:
        return Place.HIGH
    return Place.LOW if limits[WARNING].high < expected else Place.WITHIN


def _place(value: float, funnel: Funnel) -> Place:
    if value > funnel.outer.high:
        return Place.FAR_HIGH
    if value < funnel.outer.low:
        return Place.FAR_LOW
    if value > funnel.inner.high:
        return Place.HIGH
    return Place.LOW if value < funnel.inner.low else Place.WITHIN
