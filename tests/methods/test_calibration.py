"""Calibration against what is published and against scikit-learn, which shares no code with it."""

from math import inf

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from locality.methods.calibration import area, by_group, calibration, listed, log_odds_of, recalibration, tenths
from locality.methods.intervals import wilson

# 109 CT images by one reader, from 1 "definitely normal" to 5 "definitely abnormal"; Hanley and McNeil 1982, table I
NORMAL, ABNORMAL = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)


def drawn(people=4000, *, seed=1, level=0.0, spread=1.0):
    """Chances, and outcomes whose log-odds are level + spread x theirs."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(-1.5, 1.0, people)
    chances = 1 / (1 + np.exp(-odds))
    happened = (rng.random(people) < 1 / (1 + np.exp(-(level + spread * odds)))).astype(float)
    return chances, happened


def test_the_area_under_the_curve_of_hanley_and_mcneils_images_is_as_published():
    ratings = np.repeat(np.arange(1, 6), NORMAL).tolist() + np.repeat(np.arange(1, 6), ABNORMAL).tolist()
    abnormal = np.asarray([0.0] * sum(NORMAL) + [1.0] * sum(ABNORMAL))

    found = area(chances=np.asarray(ratings, dtype=float), happened=abnormal)

    error = (found.high - found.value) / 1.959963984540054 if found.high < 1 else found.value
    assert round(found.value, 3) == 0.893
    assert error == pytest.approx(0.032, abs=0.002)


def test_the_area_and_its_interval_are_delongs_as_written_out_pair_by_pair():
    chances, happened = drawn(300)
    chances = chances.round(2)  # with ties
    with_it, without = chances[happened == 1], chances[happened == 0]
    above = (with_it[:, None] > without[None, :]) + 0.5 * (with_it[:, None] == without[None, :])
    variance = above.mean(axis=1).var(ddof=1) / len(with_it) + above.mean(axis=0).var(ddof=1) / len(without)

    found = area(chances=chances, happened=happened)

    assert found.value == pytest.approx(above.mean(), abs=1e-12)
    assert found.value == pytest.approx(roc_auc_score(happened, chances), abs=1e-12)
    assert found.high - found.value == pytest.approx(1.959963984540054 * variance**0.5, abs=1e-12)


@pytest.mark.parametrize(("level", "spread"), [(0.0, 1.0), (0.4, 0.7), (-0.6, 1.3)])
def test_the_slope_is_what_scikit_learn_finds_and_its_interval_is_of_the_information(level, spread):
    chances, happened = drawn(level=level, spread=spread)
    odds = log_odds_of(chances)
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(odds[:, None], happened)
    rows = np.column_stack([np.ones(len(odds)), odds])
    said = other.predict_proba(odds[:, None])[:, 1]
    error = np.linalg.inv(rows.T @ (rows * (said * (1 - said))[:, None]))[1, 1] ** 0.5

    found = calibration(chances=chances, happened=happened)

    assert found.slope.value == pytest.approx(other.coef_[0, 0], abs=1e-5)
    assert found.slope.high - found.slope.low == pytest.approx(2 * 1.959963984540054 * error, rel=1e-4)


def test_the_intercept_is_the_level_at_which_as_many_are_expected_as_came():
    chances, happened = drawn(level=0.4)

    found = calibration(chances=chances, happened=happened)

    moved = 1 / (1 + np.exp(-(log_odds_of(chances) + found.intercept.value)))
    assert moved.sum() == pytest.approx(happened.sum(), abs=1e-6)
    assert found.intercept.low < 0.4 < found.intercept.high


def test_expected_over_observed_has_wilsons_interval_turned_round():
    chances, happened = np.full(200, 0.1), np.asarray([1.0] * 16 + [0.0] * 184)

    found = calibration(chances=chances, happened=happened)

    ends = wilson(count=16, of=200)
    assert (found.people, found.observed, found.expected) == (200, 16, pytest.approx(20))
    assert found.ratio.value == pytest.approx(1.25)
    assert (found.ratio.low, found.ratio.high) == pytest.approx((0.1 / ends.high, 0.1 / ends.low))
    assert found.slope is None


def test_a_group_without_an_outcome_has_a_least_ratio_and_no_more():
    found = calibration(chances=np.full(50, 0.1), happened=np.zeros(50))

    assert (found.ratio.value, found.ratio.high) == (inf, inf)
    assert found.ratio.low == pytest.approx(0.1 / wilson(count=0, of=50).high)
    assert (found.intercept, found.slope, found.area) == (None, None, None)


def test_intervals_of_a_right_model_hold_what_is_true_about_as_often_as_they_say():
    held = [calibration(chances=one, happened=so) for one, so in (drawn(1500, seed=seed) for seed in range(200))]

    slopes = sum(one.slope.low <= 1 <= one.slope.high for one in held)
    levels = sum(one.intercept.low <= 0 <= one.intercept.high for one in held)
    ratios = sum(one.ratio.low <= 1 <= one.ratio.high for one in held)
    # of 200, 190 are expected: four standard deviations either way, and not all, as from an interval too wide
    assert [held for held in (slopes, levels, ratios) if not 178 <= held <= 199] == []


def test_lists_are_counted_as_by_hand():
    chances = np.asarray([0.9, 0.1, 0.8, 0.3, 0.7, 0.2])
    happened = np.asarray([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])

    rows = listed(chances=chances, happened=happened, sizes=[1, 3, 100])

    assert [(one.size, one.predictive.count, one.captured.count, one.captured.of) for one in rows] == [
        (1, 1, 1, 3),
        (3, 2, 2, 3),
        (6, 3, 3, 3),
    ]
    assert [one.to_review for one in rows] == [1.0, 1.5, 2.0]


def test_a_list_that_finds_nobody_has_no_number_to_review():
    rows = listed(chances=np.asarray([0.9, 0.1]), happened=np.asarray([0.0, 1.0]), sizes=[1])

    assert (rows[0].predictive.count, rows[0].to_review) == (0, None)


def test_tenths_hold_everybody_once_lowest_first():
    chances, happened = drawn(1003)

    rows = tenths(chances=chances, happened=happened)

    assert sum(one.so.of for one in rows) == 1003
    assert sum(one.so.count for one in rows) == int(happened.sum())
    assert [one.said for one in rows] == sorted(one.said for one in rows)


def test_each_group_is_judged_by_its_own_people():
    chances, happened = drawn(1000)
    groups = np.asarray(["north", "south"] * 500)

    found = by_group(chances=chances, happened=happened, groups=groups)

    assert list(found) == ["north", "south"]
    assert found["south"] == calibration(chances=chances[1::2], happened=happened[1::2])


@pytest.mark.parametrize(("level", "spread", "kind"), [(0.0, 1.0, "none"), (0.5, 1.0, "intercept"), (0.0, 0.5, "both")])
def test_as_little_is_renewed_as_the_new_outcomes_ask_for(level, spread, kind):
    chances, happened = drawn(level=level, spread=spread)

    found = recalibration(log_odds=log_odds_of(chances), happened=happened)

    assert found.kind == kind
    assert found.intercept == pytest.approx(level, abs=0.15)
    assert found.slope == pytest.approx(spread, abs=0.1)


def test_without_outcomes_nothing_is_renewed():
    found = recalibration(log_odds=np.asarray([-1.0, 0.0]), happened=np.zeros(2))

    assert (found.kind, found.intercept, found.slope) == ("none", 0.0, 1.0)
