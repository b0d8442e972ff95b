"""What goes by itself. The claims are table 6.1 of Efron and Hastie, Computer Age Statistical Inference, 2016."""

import random

import pytest

from locality.methods.regression_to_the_mean import Fall, expected_fall, foretold, gamma, robbins

CLAIMS = {0: 7840, 1: 1317, 2: 239, 3: 42, 4: 14, 5: 4, 6: 4, 7: 1}


def test_robbins_formula_gives_the_published_figures():
    assert [round(robbins(CLAIMS, had), 3) for had in range(7)] == [0.168, 0.363, 0.527, 1.333, 1.429, 6.0, 1.75]


def test_the_gamma_prior_lies_near_the_published_fit():
    """Published by maximum likelihood: 0.164, 0.398, 0.633; ours is by moments."""
    assert [gamma(CLAIMS, had) for had in range(3)] == pytest.approx([0.164, 0.398, 0.633], abs=0.05)


def test_where_all_spread_is_chance_everybody_is_expected_to_have_the_mean():
    """A Poisson count of mean 1, rounded to people."""
    alike = {0: 36788, 1: 36788, 2: 18394, 3: 6131, 4: 1533, 5: 307, 6: 51, 7: 7, 8: 1}

    assert expected_fall(alike, at_least=4).gamma == pytest.approx(1.0, abs=0.01)


def test_a_drawn_list_falls_by_what_was_foretold():
    rng = random.Random(6)
    risks = [rng.gammavariate(0.5, 0.8) for _ in range(60_000)]
    years = [[sum(1 for _ in poisson(rng, risk)) for risk in risks] for _ in range(2)]
    people = {had: years[0].count(had) for had in range(max(years[0]) + 1)}

    fall = expected_fall(people, at_least=3)

    after = [then for now, then in zip(*years, strict=True) if now >= 3]
    assert fall.people == len(after)
    assert fall.robbins == pytest.approx(sum(after) / len(after), rel=0.06)
    assert fall.gamma == pytest.approx(sum(after) / len(after), rel=0.06)


def poisson(rng, mean):
    waited = rng.expovariate(1)
    while waited < mean:
        yield waited
        waited += rng.expovariate(1)


def test_an_empty_list_has_no_fall():
    assert expected_fall(CLAIMS, at_least=8) is None


def test_of_numbers_that_nobody_had_the_formula_leaves_nothing_out():
    assert expected_fall({0: 500, 20: 1, 22: 1, 25: 1}, at_least=20).robbins == pytest.approx(47 / 3)


def test_of_a_list_chosen_otherwise_each_is_foretold_by_what_they_had():
    assert foretold(CLAIMS, {0: 3, 2: 1}) == pytest.approx((3 * gamma(CLAIMS, 0) + gamma(CLAIMS, 2)) / 4)
    with pytest.raises(ValueError, match="nobody is on the list"):
        foretold(CLAIMS, {})


def test_the_fall_is_the_share_of_events_that_goes():
    assert Fall(people=10, now=4.0, robbins=1.5, gamma=1.0).expected == 0.75


def test_nobody_counted_is_a_mistake():
    with pytest.raises(ValueError, match="nobody was counted"):
        gamma({}, 2)
