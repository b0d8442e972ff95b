"""Learning a sum of steps from a past whose truth is known."""

import numpy as np
import pytest

from locality.base import Refused
from locality.methods import local_model
from locality.methods.additive import Asked
from locality.methods.calibration import calibration
from locality.methods.local_model import Past, learn

ASKED = (
    Asked("admissions", "admissions last year", (1.0, 2.0)),
    Asked("age", "years of age", (5.0, 65.0, 80.0), rises=False),
    Asked("noise", "of no meaning", (1.0,)),
    Asked("falls_less", "more of it, less risk", (1.0,)),
)
PEOPLE = 8000


def past(seed=1, people=PEOPLE, *, unsaid=False):
    rng = np.random.default_rng(seed)
    columns = {
        "admissions": rng.poisson(0.5, people).astype(float),
        "age": rng.uniform(0, 95, people).round(),
        "noise": rng.integers(0, 2, people).astype(float),
        "falls_less": rng.integers(0, 2, people).astype(float),
    }
    odds = -2.5 + 0.8 * np.minimum(columns["admissions"], 2) - 0.5 * columns["falls_less"]
    odds += np.select([columns["age"] < 5, columns["age"] < 65, columns["age"] < 80], [0.8, 0.0, 0.7], 1.4)
    happened = (rng.random(people) < 1 / (1 + np.exp(-odds))).astype(float)
    if unsaid:
        columns["age"][rng.random(people) < 0.2] = np.nan
    return Past(np.arange(people), columns, happened)


@pytest.fixture(scope="module")
def learned():
    return learn(asked=ASKED, past=past(), outcome="an admission", seed=1)


def test_what_is_learned_is_what_is_true_within_what_chance_allows(learned):
    admissions, age = learned.parts[0].points, learned.parts[1].points

    assert np.diff(admissions) == pytest.approx([0.8, 0.8], abs=0.25)
    assert np.diff(age) == pytest.approx([-0.8, 0.7, 0.7], abs=0.3)
    assert np.ptp(learned.parts[2].points) < 0.15


def test_a_feature_that_may_only_raise_never_lowers(learned):
    rising = [part.points for part in learned.parts if part.asked.rises]

    assert [list(points) for points in rising] == [sorted(points) for points in rising]
    # in truth more of it means less: all that is left to say is nothing
    assert np.ptp(learned.parts[3].points) == 0


def test_the_average_person_of_the_past_has_no_points(learned):
    means = [one.adds(past().columns[one.asked.name]).mean() for one in learned.parts]

    assert means == pytest.approx([0.0] * len(means), abs=1e-9)


def test_on_other_people_as_many_come_as_were_foretold(learned):
    later = past(seed=2)

    found = calibration(chances=learned.chances(later.columns), happened=later.happened)

    # the intervals are of these people alone, and not of those it was learned from
    assert found.ratio.value == pytest.approx(1, abs=0.1)
    assert found.slope.value == pytest.approx(1, abs=0.1)


def test_the_points_are_the_whole_of_what_the_library_learned():
    here = past(unsaid=True)
    steps = local_model._steps(ASKED, here.columns)
    forest = local_model._fitted(ASKED, steps, here.happened, rounds=40, seed=1)

    taken = local_model._taken_out(forest, ASKED, steps, "an admission")

    assert taken.log_odds(here.columns) == pytest.approx(forest.decision_function(steps), abs=1e-9)


def test_the_same_past_and_seed_give_the_same_model_to_the_last_digit(learned):
    again = learn(asked=ASKED, past=past(), outcome="an admission", seed=1)

    assert again == learned


def test_a_value_that_was_never_missing_says_what_the_average_says_when_it_is(learned):
    assert [one.unsaid for one in learned.parts] == [0.0] * len(ASKED)


def test_a_person_of_two_days_is_in_one_fold_and_folds_are_of_one_size():
    people = np.asarray([*range(3000), *range(3000)])

    found = local_model.folds(people, seed=1)

    assert found[:3000].tolist() == found[3000:].tolist()
    assert np.bincount(found).tolist() == [2000, 2000, 2000]


def test_too_few_outcomes_are_refused_with_how_many_there_are():
    with pytest.raises(Refused, match="^There are [0-9]+ outcomes of 300 people to learn from, and fewer than 100"):
        learn(asked=ASKED, past=past(people=300), outcome="an admission", seed=1)
