"""Whether a label says as much of one group's need as of another's: what is found, and what must not be."""

import numpy as np
import pytest

from locality.methods.intervals import CONFIDENCE
from locality.methods.label_bias import DISAGREE, FEWER, NONE, TOO_FEW, TOO_WEAK, _ratio, label_bias
from tests.methods.label_bias_made import BOROUGH, made

RUNS = 200
# a quarter of a borough: enough to tell in a test that everybody runs
SMALL = 60_000


def of(**asked):
    return {one.group: one for one in label_bias(**asked)}


def test_a_group_that_gets_in_less_at_equal_need_is_named_with_how_much_less():
    found = of(**made(1, people=SMALL, access=0.7))

    assert (found["fewer seen"].verdict, found["others"].verdict) == (FEWER, NONE)
    assert found["fewer seen"].ratio.low < 0.7 < found["fewer seen"].ratio.high
    assert found["fewer seen"].words.endswith("do not learn from it as it is.")


@pytest.mark.parametrize(
    "unlike",
    [{}, {"need": 1.4, "older": 5}, {"need": 0.75, "older": -8}],
    ids=["alike", "in greater need and older", "in lesser need and younger"],
)
def test_a_group_that_gets_in_alike_is_not_accused_whatever_its_need(unlike):
    found = of(**made(2, people=SMALL, **unlike))

    assert [one.verdict for one in found.values()] == [NONE, NONE]


def test_plain_adjustment_would_accuse_a_group_in_lesser_need():
    """Why the second set is there: what is seen of need through noise looks smaller than it is."""
    asked = made(3, people=SMALL, need=0.6)
    strata, (conditions, medicines) = asked["strata"], asked["practice"]
    cells = (strata * 7 + conditions) * 5 + medicines
    these, label = asked["groups"] == "fewer seen", asked["label"]
    many = np.bincount(cells[~these], minlength=cells.max() + 1)
    usual = np.bincount(cells[~these], weights=label[~these], minlength=cells.max() + 1) / np.maximum(many, 1)
    held = these & (many[cells] > 0)

    plain = label[held].sum() / usual[cells[held]].sum()
    found = of(**asked)["fewer seen"]

    assert plain < 0.85
    assert found.ratio.low < 1 < found.ratio.high
    assert found.verdict == NONE


def test_where_the_practice_writes_down_less_of_a_group_the_two_sets_disagree_aloud():
    found = of(**made(4, people=SMALL, access=0.7, recorded=0.5))

    assert found["fewer seen"].verdict == DISAGREE


def test_too_few_expected_outcomes_tell_nothing():
    found = of(**made(5, people=SMALL, access=0.7, share=0.003))

    assert found["fewer seen"].verdict == TOO_FEW


def test_measures_that_say_nothing_of_need_tell_nothing():
    asked = made(6, people=SMALL, access=0.7)
    rng = np.random.default_rng(6)
    asked["unbidden"] = [rng.integers(0, 3, SMALL)]

    assert of(**asked)["fewer seen"].verdict == TOO_WEAK


def test_a_stratum_that_only_the_group_is_in_is_left_out_of_what_is_compared():
    asked = made(7, people=SMALL)
    alone = np.flatnonzero(asked["groups"] == "fewer seen")[:100]
    asked["strata"][alone] = 999

    assert of(**asked)["fewer seen"].people == int((asked["groups"] == "fewer seen").sum()) - 100


def test_where_there_is_one_group_alone_nothing_can_be_told():
    asked = made(8, people=3000)
    asked["groups"] = np.full(3000, "everybody")

    found = of(**asked)["everybody"]

    assert (found.verdict, found.people, found.ratio) == (TOO_FEW, 3000, None)


@pytest.mark.parametrize("need", [1.5, -1.0], ids=["greater need", "lesser need"])
def test_the_interval_is_as_wide_as_figures_of_people_drawn_again_are_spread(need):
    rng, people = np.random.default_rng(4), 3_000
    these = rng.random(people) < 0.5
    needs = rng.normal(size=people) + np.where(these, need, 0)
    label = (rng.random(people) < np.clip(0.3 + 0.08 * needs, 0, 1)).astype(float)
    index, other = (needs + 0.5 * rng.normal(size=people) for _ in range(2))

    def asked(rows):
        return _ratio(label[rows], these[rows], np.zeros(people, int), index[rows], other[rows], sure=CONFIDENCE)[0]

    drawn = [np.log(asked(rng.integers(0, people, people)).value) for _ in range(1_500)]

    found = asked(np.arange(people))
    assert np.log(found.high / found.low) / 2 / 1.96 == pytest.approx(np.std(drawn), rel=0.05)


def test_of_measures_that_say_the_same_of_everybody_there_is_no_figure():
    rng = np.random.default_rng(4)
    label, these, nothing = rng.integers(0, 2, 100).astype(float), np.arange(100) < 50, np.zeros(100)

    assert _ratio(label, these, np.zeros(100, int), nothing, nothing, sure=CONFIDENCE)[0] is None


@pytest.mark.prove
@pytest.mark.parametrize(
    "unlike",
    [{}, {"need": 1.3, "older": 4}, {"need": 0.8, "older": -6}, {"share": 0.06}],
    ids=["equal need", "greater need", "lesser need", "a small group"],
)
def test_in_200_boroughs_injected_bias_is_found_and_nobody_is_accused_without_it(unlike):
    found = sum(_alarm(made(seed, people=BOROUGH, access=0.7, **unlike)) for seed in range(RUNS))
    false = sum(_alarm(made(RUNS + seed, people=BOROUGH, **unlike)) for seed in range(RUNS))

    assert (found >= 0.95 * RUNS, false <= 0.05 * RUNS) == (True, True), (found, false)


def _alarm(asked) -> bool:
    return any(one.verdict == FEWER for one in label_bias(**asked))
