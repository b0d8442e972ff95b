"""Learning an additive model from a place's own past: boosted steps, each of one feature, that only rise where told to.

Friedman JH, Ann Stat 2001; 29: 1189-1232 (boosting); Lou Y, Caruana R, Gehrke J, KDD 2012 (one feature at a time, so
that the sum can be read). Learned by scikit-learn's HistGradientBoostingClassifier with interactions forbidden and
monotonic constraints; taken out of it as points on steps, so that what is kept needs no library to be applied.

How many rounds, and by how much they are over- or understated, is settled on people who were left out of the learning
(folds of people, never of rows: a person of two index days is in one fold). Judging happens elsewhere, on a later day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.base import Refused
from locality.methods.additive import Additive, Asked, Columns, Numbers, Part
from locality.methods.calibration import log_loss, recalibration

FOLDS = 3
ROUNDS, RATE = 200, 0.1
# no step says anything of fewer people than this: a thinner one is the noise of a few, and would tell of them
FEWEST = 100
FEWEST_EVENTS = 100
TOO_FEW = (
    "There are {events} outcomes of {people:,} people to learn from, and fewer than {fewest} teach nothing that would"
    " hold: use a published score until there are more."
)


@dataclass(frozen=True, slots=True)
class Past:
    """What was known of each person on some day, and what came: arrays of one length."""

    people: NDArray[Any]
    columns: Columns
    happened: Numbers


def together(pasts: Sequence[Past]) -> Past:
    """Several index days as one past; a person may be in it once a day."""
    names = pasts[0].columns.keys()
    return Past(
        people=np.concatenate([one.people for one in pasts]),
        columns={name: np.concatenate([one.columns[name] for one in pasts]) for name in names},
        happened=np.concatenate([one.happened for one in pasts]),
    )


def learn(*, asked: Sequence[Asked], past: Past, outcome: str, seed: int) -> Additive:
    """Learn the chance of an outcome; the same for the same words. Raises Refused where there is too little to learn.

    `base` and points are log-odds, centred so that the average person of the past has the points nought.
    """
    # its own pool of threads can only be held to one once it is loaded
    import sklearn.ensemble  # noqa: F401 -- loads the pool that is limited below
    from threadpoolctl import threadpool_limits

    events = int(past.happened.sum())
    if min(events, len(past.happened) - events) < FEWEST_EVENTS:
        raise Refused(TOO_FEW.format(events=events, people=len(past.happened), fewest=FEWEST_EVENTS))
    steps = _steps(asked, past.columns)
    # one thread: the sums are then taken in one order on any machine, and small trees gain nothing from more
    with threadpool_limits(limits=1):
        rounds, held_out = _rounds(asked, steps, past, seed=seed)
        learned = _fitted(asked, steps, past.happened, rounds=rounds, seed=seed)
        model = _taken_out(learned, asked, steps, outcome)
    shift = recalibration(log_odds=held_out, happened=past.happened)
    return model.moved(intercept=shift.intercept, slope=shift.slope)


def _steps(asked: Sequence[Asked], columns: Columns) -> Numbers:
    """Which step each value lies in, one column a feature; NaN where there is no value."""
    found = []
    for one in asked:
        values = columns[one.name]
        step = np.searchsorted(np.asarray(one.cuts), values, side="right").astype(np.float64)
        found.append(np.where(np.isnan(values), np.nan, step))
    return np.column_stack(found)


def _fitted(asked: Sequence[Asked], steps: Numbers, happened: Numbers, *, rounds: int, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        learning_rate=RATE,
        max_iter=rounds,
        max_leaf_nodes=4,
        min_samples_leaf=FEWEST,
        monotonic_cst=[int(one.rises) for one in asked],
        interaction_cst="no_interactions",
        early_stopping=False,
        random_state=seed,
    ).fit(steps, happened)


def _rounds(asked: Sequence[Asked], steps: Numbers, past: Past, *, seed: int) -> tuple[int, Numbers]:
    """After how many rounds those left out are foretold best, and their log-odds then."""
    fold = folds(past.people, seed=seed)
    told = np.empty((ROUNDS, len(steps)), dtype=np.float32)
    for number in range(FOLDS):
        out = fold == number
        learned = _fitted(asked, steps[~out], past.happened[~out], rounds=ROUNDS, seed=seed)
        for at, log_odds in enumerate(learned.staged_decision_function(steps[out])):
            told[at, out] = log_odds.ravel()
    losses = [log_loss(log_odds=one.astype(np.float64), happened=past.happened) for one in told]
    best = int(np.argmin(losses))
    return best + 1, told[best].astype(np.float64)


def folds(people: NDArray[Any], *, seed: int) -> NDArray[np.intp]:
    """Which fold each row is in: everybody in one, however many days they are seen on."""
    persons, place = np.unique(people, return_inverse=True)
    return np.random.default_rng(seed).permutation(len(persons))[place] % FOLDS


def _taken_out(learned: Any, asked: Sequence[Asked], steps: Numbers, outcome: str) -> Additive:
    """The points of every step: since no feature meets another, each is what moving that one feature alone changes."""
    plain = np.zeros((1, len(asked)))
    start = float(learned.decision_function(plain)[0])
    base, parts = start, []
    for at, one in enumerate(asked):
        rows = np.repeat(plain, len(one.cuts) + 2, axis=0)
        rows[:, at] = [*range(len(one.cuts) + 1), np.nan]
        raw = learned.decision_function(rows) - start
        here = np.where(np.isnan(steps[:, at]), len(one.cuts) + 1, steps[:, at]).astype(np.intp)
        mean = float(raw[here].mean())
        # of a value that was never missing nothing was learned: it then says what the average says
        unsaid = float(raw[-1]) - mean if np.isnan(steps[:, at]).any() else 0.0
        parts.append(Part(one, tuple(float(value) - mean for value in raw[:-1]), unsaid))
        base += mean
    return Additive(outcome=outcome, base=base, parts=tuple(parts))
