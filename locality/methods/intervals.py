"""Intervals for shares and for the ratio of two shares.

Wilson EB, J Am Stat Assoc 1927; 22: 209-212. Clopper CJ, Pearson ES, Biometrika 1934; 26: 404-413. Koopman PAR,
Biometrics 1984; 40: 513-517. Rao JNK, Scott AJ, Biometrics 1992; 48: 577-585. Checked against the tables of
Newcombe RG, Stat Med 1998; 17: 857-872, Koopman's own example, and Weil's litters as Rao and Scott counted them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
# halvings and terms after which a double gains nothing
HALVINGS, TERMS, ENOUGH = 200, 10_000, 1e-15


@dataclass(frozen=True, slots=True)
class Interval:
    """From low to high, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and where the true share may lie."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself; none of nothing."""
        return self.count / self.of if self.of else None


def wilson(*, count: float, of: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval for a share; all of 0 to 1 where nothing was counted."""
    if not of:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    width = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # none and all are exact: rounding must not leave a crumb
    return Interval(max(0.0, middle - width) if count else 0.0, min(1.0, middle + width) if count < of else 1.0)


def exact(*, count: float, of: float, confidence: float = CONFIDENCE) -> Interval:
    """Clopper and Pearson's interval for a share: never narrower than it says, so for claims close to 0 or 1."""
    if not of:
        return Interval(0.0, 1.0)
    tail = (1 - confidence) / 2
    low = _solved(lambda x: _beta(count, of - count + 1, x) - tail, 0.0, 1.0) if count else 0.0
    high = _solved(lambda x: _beta(count + 1, of - count, x) - (1 - tail), 0.0, 1.0) if count < of else 1.0
    return Interval(low, high)


def design_effect(clusters: Iterable[tuple[int, int]]) -> float:
    """By how much a share's variance is more than if each count stood alone; `clusters`: (count, of) of each.

    Rao and Scott's variance inflation, from the ratio estimator. 1 where it cannot be told; never below 1.
    """
    held = [(count, of) for count, of in clusters if of]
    total, counted = sum(of for _, of in held), sum(count for count, _ in held)
    if len(held) < 2 or not 0 < counted < total:
        return 1.0
    share = counted / total
    spread = sum((count - of * share) ** 2 for count, of in held)
    variance = len(held) / (len(held) - 1) * spread / total**2
    return max(1.0, variance / (share * (1 - share) / total))


def share(*, count: int, of: int, effect: float = 1.0, confidence: float = CONFIDENCE) -> Share:
    """A share with its Wilson interval; `effect` is the design effect of what is counted in clusters."""
    held = wilson(count=count / effect, of=of / effect, confidence=confidence)
    return Share(count, of, held.low, held.high)


def surely(*, count: int, of: int, effect: float = 1.0, confidence: float = CONFIDENCE) -> Share:
    """A share with its exact interval."""
    held = exact(count=count / effect, of=of / effect, confidence=confidence)
    return Share(count, of, held.low, held.high)


def ratio(*, count: float, of: float, other_count: float, other_of: float, confidence: float = CONFIDENCE) -> Interval:
    """Koopman's score interval for one share over another; holds with no counts at all on either side."""
    if not of or not other_of or not (count or other_count):
        return Interval(0.0, inf)
    most = NormalDist().inv_cdf((1 + confidence) / 2) ** 2

    def beyond(power: float) -> float:
        return _koopman(exp(power), count, of, other_count, other_of) - most

    here = log((count or 0.5) / of) - log((other_count or 0.5) / other_of)
    low = exp(_solved(beyond, here, here - 60)) if count else 0.0
    high = exp(_solved(beyond, here, here + 60)) if other_count else inf
    return Interval(low, high)


def _koopman(times: float, count: float, of: float, other_count: float, other_of: float) -> float:
    """Pearson's chi-squared of both counts when one share is held at `times` the other."""
    b = of * times + count + other_of + other_count * times
    both = (of + other_of) * times
    held = (b - sqrt(max(0.0, b * b - 4 * both * (count + other_count)))) / (2 * both)
    return _chi_squared(count, of, min(1.0, held * times)) + _chi_squared(other_count, other_of, min(1.0, held))


def _chi_squared(count: float, of: float, held: float) -> float:
    off, spread = count - of * held, of * held * (1 - held)
    # at none and at all a share has no spread: either it is just what was counted, or it cannot be
    if spread < ENOUGH * of:
        return 0.0 if abs(off) < ENOUGH * of * of else inf
    return off * off / spread


def _solved(function: Callable[[float], float], inside: float, outside: float) -> float:
    """Where a function that is at most nought inside comes to be above it, by halving."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if middle in (inside, outside):
            break
        if function(middle) <= 0:
            inside = middle
        else:
            outside = middle
    return inside


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function. NIST Digital Library of Mathematical Functions, 8.17.22."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    # Lentz's way to sum a continued fraction from its head
    tiny = 1e-300
    total, c, d = 1.0, 1.0, 0.0
    for term in range(TERMS):
        m = term // 2
        if term == 0:
            top = 1.0
        elif term % 2:
            top = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            top = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + top * d) or tiny)
        c = (1 + top / c) or tiny
        total *= c * d
        if abs(c * d - 1) < ENOUGH:
            break
    return front * (total - 1)
