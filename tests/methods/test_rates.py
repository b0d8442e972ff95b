"""Rates and their limits, held against published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from locality.methods.rates import STANDARD_2013, Rate, Stratum, byar, exact_count, poisson_above, rate, standardised

# count, and its exact 95% and 99.8% limits: PHEindicatormethods, tests/testthat/testdata_funnel_ratio_outputs.csv
EXACT = [
    (1, 0.025317898, 5.571644585, 0.001000547, 9.233410143),
    (2, 0.242209467, 7.224687515, 0.04540199, 11.22886836),
    (5, 1.623486324, 11.6683331, 0.739371928, 16.45474478),
    (10, 4.795387629, 18.39035799, 2.960519925, 24.13397235),
    (20, 12.21651877, 30.88838097, 8.958211233, 38.04188668),
    (55, 41.4335243, 71.59006222, 34.89470271, 81.99762083),
    (100, 81.36400699, 121.6268111, 71.92139974, 134.9243187),
    (716, 664.5083011, 770.4222128, 636.1521174, 802.60414),
]


@pytest.mark.parametrize(("count", "low", "high", "far_low", "far_high"), EXACT)
def test_exact_limits_are_the_published_ones(count, low, high, far_low, far_high):
    near, far = exact_count(count=count), exact_count(count=count, confidence=0.998)

    assert (near.low, near.high, far.low, far.high) == pytest.approx((low, high, far_low, far_high), rel=1e-4)


@pytest.mark.parametrize("count", [10, 12, 20, 55, 100, 716, 5000])
def test_byars_limits_lie_within_a_fifth_of_a_percent_of_the_exact_ones_from_ten_up(count):
    """As published: OHID, Technical guide: confidence intervals, 2018, appendix 1."""
    ours, exact = byar(count=count), exact_count(count=count)

    assert (ours.low, ours.high) == pytest.approx((exact.low, exact.high), rel=0.002)


def test_nothing_counted_has_a_high_limit_only():
    assert (byar(count=0).low, byar(count=0).high) == pytest.approx((0, 3.69), abs=0.04)


def test_fewer_than_none_is_a_mistake():
    with pytest.raises(ValueError, match="less than nought"):
        byar(count=-1)


def test_a_rate_is_told_for_each_100_000_a_year():
    assert rate(events=100, years=50_000) == Rate(200, *(pytest.approx(2 * one, rel=1e-4) for one in (81.362, 121.628)))


def test_there_is_no_rate_over_no_years():
    assert rate(events=0, years=0) is None


def test_the_standard_population_is_that_of_europe_2013():
    """Its bands add up to 100,000, and 19,500 of them are 65 and over."""
    assert (sum(STANDARD_2013.values()), sum(people for age, people in STANDARD_2013.items() if age >= 65)) == (
        100_000,
        19_500,
    )


def test_with_one_band_the_standardised_rate_is_the_crude_one_with_byars_limits():
    crude, alone = rate(events=65, years=8_000), standardised([Stratum(65, 8_000, 5_000)])

    assert (alone.value, alone.low, alone.high) == pytest.approx((crude.value, crude.low, crude.high))


def test_a_place_with_more_old_people_has_the_same_standardised_rate_when_every_age_is_alike():
    young_place = [Stratum(10, 10_000, 6_000), Stratum(50, 5_000, 4_000)]
    old_place = [Stratum(5, 5_000, 6_000), Stratum(200, 20_000, 4_000)]

    # 6/10 of 100 and 4/10 of 1,000 for each 100,000
    assert (standardised(young_place).value, standardised(old_place).value) == pytest.approx((460, 460))


def test_dobsons_limits_follow_his_formula():
    """y + sqrt(var / O) x (limit of O - O), worked through by hand for two bands: no published table is at hand."""
    told = standardised([Stratum(10, 1_000, 3), Stratum(30, 1_500, 1)], per=1)

    variance = (3**2 * 10 / 1_000**2 + 1**2 * 30 / 1_500**2) / 4**2
    scale = (variance / 40) ** 0.5
    assert told.value == pytest.approx((3 * 0.01 + 0.02) / 4)
    assert told.low == pytest.approx(told.value + scale * (byar(count=40).low - 40))
    assert told.high == pytest.approx(told.value + scale * (byar(count=40).high - 40))


@pytest.mark.parametrize("strata", [[Stratum(9, 100, 1)], [Stratum(20, 100, 1), Stratum(0, 0, 1)]])
def test_too_few_events_or_a_band_with_nobody_gives_no_standardised_rate(strata):
    assert standardised(strata) is None


@given(some.integers(0, 300), some.floats(0.01, 400))
def test_the_chance_of_more_is_what_summing_term_by_term_gives(count, mean):
    term = chance = 2.718281828459045**-mean
    for k in range(1, count + 1):
        term *= mean / k
        chance += term

    assert poisson_above(count, mean) == pytest.approx(1 - chance, abs=1e-9)
