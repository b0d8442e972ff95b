"""Whether an outcome that is counted says as much of one group's need as of another's.

A label such as "was admitted" counts who got through a door, not who needed to. Where one group gets through it less
often at equal need, a model that learns the label learns to overlook them, and is well calibrated while it does so:
Obermeyer Z et al, Science 2019; 366: 447-453; Paulus JK, Kent DM, NPJ Digit Med 2020; 3: 99. **No look at labels and
scores alone can tell this from lesser need.** It takes measures of need that do not go through that door, and the
assumption, which must be said aloud because it cannot be tested here: *at equal need each group has as many of these
measures as another*. Two sets of them are asked, that different people write down for different reasons: say what the
practice holds (long-term conditions, medicines), and what comes unbidden (deaths, calls at night).

For each group against everyone else, within strata of age and sex: how many labels would be expected if a label meant
the same need in this group. What a set says of need is put in units of the label (logistic, learned from everyone
else). Such an index is need seen through noise, so that a difference between groups looks smaller than it is, and
plain adjustment accuses groups in lesser need and clears those in greater. The other set mends it, as in errors in
variables: its noise is another, so the ratio of covariances tells by how much the first falls short (Fuller WA,
Measurement Error Models, 1987, section 1.4; Carroll RJ et al, Measurement Error in Nonlinear Models, 2006, chapter 6).
The idea of use against need among groups: Ben-Shlomo Y, Chaturvedi N, J Epidemiol Community Health 1995; 49: 200-204.

An alarm needs all three: the whole interval (widened for so many groups) of counted over expected below `LEAST`; the
figure itself below it too with the two sets changing places; and the two not at odds. A difference of a few percent is
not called a bias, since no measure of need is that equal. All is relative: if every group is kept out alike, nothing
shows; if one gets in too easily, the others stand lower beside it. If the practice writes down less of a group that
also gets in less, the first set hides it, and only the second, or their quarrel ("measures disagree"), can show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.methods.calibration import Estimate, logistic
from locality.methods.intervals import CONFIDENCE

Numbers = NDArray[np.float64]
Codes = NDArray[np.intp]
# fewer labels than nine tenths of what equal need would lead to
LEAST = 0.9
FEWEST_EXPECTED = 50
# the two sets must go together at least so many standard errors clearly, or neither can mend the other
CLEARLY = 5.0
# keeps a step that nobody with the outcome is on from running away; about a quarter of a person's weight
RIDGE = 0.25

FEWER, NONE, DISAGREE, TOO_FEW, TOO_WEAK = "fewer", "no sign", "measures disagree", "too few", "too weak"
WORDS = {
    FEWER: "The outcome counts fewer of this group than equal need would lead to: do not learn from it as it is.",
    NONE: "No sign that the outcome counts less of this group's need.",
    DISAGREE: "The two sets of measures of need say different things of this group: nothing can be concluded.",
    TOO_FEW: "Too few outcomes are expected in this group to tell.",
    TOO_WEAK: "The measures of need go together too little to tell.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One group: labels counted over those that equal need would lead to, by the first set and by the second."""

    group: str
    people: int
    counted: int
    expected: float
    ratio: Estimate | None
    other: Estimate | None
    verdict: str

    @property
    def words(self) -> str:
        """The verdict as a sentence."""
        return WORDS[self.verdict]


def label_bias(
    *,
    label: Numbers,
    groups: NDArray[Any],
    strata: Codes,
    practice: Sequence[Codes],
    unbidden: Sequence[Codes],
    confidence: float = CONFIDENCE,
) -> list[Finding]:
    """Judge the label (0 or 1 a person) for each group; `strata` numbers age and sex together.

    `practice` and `unbidden`: the two sets, each of measures in whole steps from 0. Intervals hold for all groups
    together (Bonferroni).
    """
    names = sorted({str(one) for one in groups})
    sure = 1 - (1 - confidence) / max(1, len(names))
    return [
        _finding(name, groups == name, label, strata, (list(practice), list(unbidden)), sure=sure) for name in names
    ]


def _finding(
    name: str, these: NDArray[np.bool_], label: Numbers, strata: Codes, sets: tuple[list[Codes], ...], *, sure: float
) -> Finding:
    # a stratum without anybody else has nothing to be held against
    alike = np.isin(strata, np.unique(strata[~these]))
    if not (these & alike).any():
        return Finding(name, int(these.sum()), int(label[these].sum()), 0.0, None, None, TOO_FEW)
    these, label, strata = these[alike], label[alike], _numbered(strata[alike])
    first, second = (_index(label, these, strata, [one[alike] for one in measures]) for measures in sets)
    ratio, expected, clear = _ratio(label, these, strata, first, second, sure=sure)
    other, _, other_clear = _ratio(label, these, strata, second, first, sure=sure)
    return Finding(
        group=name,
        people=int(these.sum()),
        counted=int(label[these].sum()),
        expected=expected,
        ratio=ratio,
        other=other,
        verdict=_verdict(ratio, other, expected, min(clear, other_clear)),
    )


def _verdict(ratio: Estimate | None, other: Estimate | None, expected: float, clear: float) -> str:
    if expected < FEWEST_EXPECTED:
        return TOO_FEW
    if clear < CLEARLY or ratio is None or other is None:
        return TOO_WEAK
    if ratio.high < other.low or other.high < ratio.low:
        return DISAGREE
    return FEWER if ratio.high < LEAST and other.value < LEAST else NONE


def _numbered(codes: Codes) -> Codes:
    return np.unique(codes, return_inverse=True)[1]


def _index(label: Numbers, these: NDArray[np.bool_], strata: Codes, measures: list[Codes]) -> Numbers:
    """What measures say of need, as the chance of the label among everyone else: additive, in log-odds."""
    # everybody of one cell is foretold the same: so few rows stand for a borough
    cells, place = _cells([strata, *measures])
    columns = np.column_stack([np.ones(len(cells)), *(_steps(one) for one in cells.T)])
    many = np.bincount(place[~these], minlength=len(cells)).astype(float)
    so = np.bincount(place[~these], weights=label[~these], minlength=len(cells))
    found, _ = logistic(columns, so.astype(float), of=many, ridge=RIDGE)
    chances = 1 / (1 + np.exp(-(columns @ found)))
    return chances[place]


def _cells(codes: list[Codes]) -> tuple[Codes, Codes]:
    """The combinations that there are, and which one each person is of."""
    number = np.zeros(len(codes[0]), dtype=np.int64)
    for one in codes:
        number = number * (int(one.max()) + 1) + one
    _, first, place = np.unique(number, return_index=True, return_inverse=True)
    return np.column_stack([one[first] for one in codes]), place


def _steps(codes: Codes) -> Numbers:
    """A column for each value but the lowest."""
    return (codes[:, None] == np.unique(codes)[None, 1:]).astype(float)


def _ratio(
    label: Numbers, these: NDArray[np.bool_], strata: Codes, index: Numbers, other: Numbers, *, sure: float
) -> tuple[Estimate | None, float, float]:
    """Counted over expected, how many were expected, and how clearly the two indices go together."""
    many = int(strata.max()) + 1
    rest = ~these
    here, there = (np.bincount(strata[one], minlength=many) for one in (these, rest))

    def mean(values: Numbers) -> Numbers:
        return (np.bincount(strata[rest], weights=values[rest], minlength=many) / np.maximum(there, 1))[strata]

    off, off_other, usual = index - mean(index), other - mean(other), mean(label)
    together = float((off[rest] * off_other[rest]).sum())
    clear = together / sqrt(float(((off[rest] * off_other[rest]) ** 2).sum()) or 1.0)
    mended = float((label[rest] * off_other[rest]).sum()) / together if together else 0.0
    shift = float(off[these].sum())
    expected = float(usual[these].sum()) + mended * shift
    counted = float(label[these].sum())
    if expected <= 0 or counted <= 0 or not together:
        return None, expected, clear
    ratio = counted / expected
    # by how much it varies: who is in the group, who is not, and how well the mending is known
    left = label[rest] - usual[rest] - mended * off[rest]
    own = label[these] - ratio * (usual[these] + mended * off[these])
    reach = here[strata[rest]] / there[strata[rest]]
    # both by what is usual beside the group and by the mending, more labels of one more person mean more expected
    moved = left * (reach + shift / together * off_other[rest])
    variance = float((own**2).sum()) + ratio**2 * float((moved**2).sum())
    width = NormalDist().inv_cdf((1 + sure) / 2) * sqrt(variance) / expected / ratio
    return Estimate(ratio, exp(log(ratio) - width), exp(log(ratio) + width)), expected, clear
