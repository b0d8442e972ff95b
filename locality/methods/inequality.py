"""How unequally something lies between groups ordered from the most to the least deprived.

Slope and relative index of inequality: Mackenbach JP, Kunst AE, Soc Sci Med 1997; 44: 757-771; weighted by people, as
the Office for Health Improvement and Disparities fits it (PHEindicatormethods, phe_sii). Concentration index of grouped
figures: Wagstaff A, Paci P, van Doorslaer E, Soc Sci Med 1991; 33: 545-557; O'Donnell O et al, Analyzing Health Equity
Using Household Survey Data, World Bank 2008, chapter 8.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from locality.methods.intervals import CONFIDENCE

FEWEST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """One group in its order: its people, the figure of it, and the standard error of that figure where known."""

    people: float
    value: float
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Slope:
    """The figure at the least deprived end less that at the most deprived, in its unit, with limits; the ratio of both.

    Below nought where the most deprived have more.
    """

    index: float
    low: float | None
    high: float | None
    relative: float | None


def slope_index(groups: Sequence[Group], *, confidence: float = CONFIDENCE) -> Slope:
    """Slope and relative index of groups ordered from the most deprived; raises ValueError on fewer than three.

    The relative index: the figure at the most deprived end over that at the least, None where that is not above nought.
    """
    if len(groups) < FEWEST_GROUPS or any(one.people <= 0 for one in groups):
        raise ValueError("a slope needs three groups with people in them")
    total = sum(one.people for one in groups)
    shares = [one.people / total for one in groups]
    ranks, below = [], 0.0
    for share in shares:
        ranks.append(below + share / 2)
        below += share
    middle = sum(share * rank for share, rank in zip(shares, ranks, strict=True))
    mean = sum(share * one.value for share, one in zip(shares, groups, strict=True))
    spread = sum(share * (rank - middle) ** 2 for share, rank in zip(shares, ranks, strict=True))
    pulls = [share * (rank - middle) / spread for share, rank in zip(shares, ranks, strict=True)]
    index = sum(pull * one.value for pull, one in zip(pulls, groups, strict=True))
    most, least = mean - index * middle, mean + index * (1 - middle)
    width = _width(pulls, groups, confidence)
    low, high = (None, None) if width is None else (index - width, index + width)
    return Slope(index, low, high, most / least if least > 0 else None)


def _width(pulls: Sequence[float], groups: Sequence[Group], confidence: float) -> float | None:
    """Half the interval: the slope is a sum of the groups' figures, whose errors are known."""
    errors = [one.error for one in groups]
    if any(error is None for error in errors):
        return None
    variance = sum((pull * (error or 0.0)) ** 2 for pull, error in zip(pulls, errors, strict=True))
    return NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(variance)


def concentration_index(groups: Sequence[Group]) -> float:
    """From -1 (the most deprived have it all) to 1; nought where it is shared equally or there is none.

    groups: ordered from the most deprived; the value is a rate or a share, not a total.
    """
    people = sum(one.people for one in groups)
    amount = sum(one.people * one.value for one in groups)
    if not amount:
        return 0.0
    index = before_people = before_amount = 0.0
    for one in groups:
        after_people = before_people + one.people / people
        after_amount = before_amount + one.people * one.value / amount
        index += before_people * after_amount - after_people * before_amount
        before_people, before_amount = after_people, after_amount
    return index
