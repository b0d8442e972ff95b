"""Plotting the dots. The published output is that of NHSRplotthedots (tests/testthat/_snaps/ptd_spc.md, MIT), which
draws twenty numbers of R: set.seed(123); rnorm(20)."""

import pytest

from locality.methods.spc import Assurance, Better, Rule, Variation, chart, limits

PUBLISHED = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285,
    -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716,
    0.70135590, -0.47279141,
]  # fmt: skip
STEADY = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13]


@pytest.mark.parametrize(
    ("values", "published"),
    [
        (PUBLISHED, (0.142, -3.01, 3.29)),
        (PUBLISHED[:10], (0.0746, -2.60, 2.75)),
        (PUBLISHED[10:], (0.209, -3.28, 3.70)),
    ],
)
def test_the_mean_and_the_limits_are_the_published_ones(values, published):
    around = limits(values)

    assert (around.mean, around.low, around.high) == pytest.approx(published, rel=5e-3)


def test_the_published_series_is_common_cause_and_hits_and_misses_its_target():
    drawn = chart(PUBLISHED, better=Better.HIGHER, target=0.5)

    assert ({one.variation for one in drawn.points}, drawn.assurance) == ({Variation.COMMON}, Assurance.EITHER)


def test_a_wild_step_does_not_widen_the_limits_that_should_show_it():
    wild = [*PUBLISHED[:14], 10, *PUBLISHED[15:]]

    kept, screened = limits(wild, screen=False), limits(wild)

    assert kept.mean == screened.mean
    assert screened.high - screened.low < (kept.high - kept.low) / 1.3


def rules_of(values, better=Better.HIGHER):
    return [one.rules for one in chart(values, better=better).points]


def test_a_point_outside_the_limits_is_no_chance():
    assert [at for at, rules in enumerate(rules_of([*STEADY, 30])) if Rule.OUTSIDE in rules] == [12]


def test_seven_on_one_side_are_no_chance_and_six_are():
    above = [12.1, 12.6, 12.2, 12.7, 12.3, 12.5, 12.4]

    six, seven = (
        [Rule.RUN in one.rules for one in chart([*STEADY, 10, *more], better=Better.HIGHER, baseline=12).points]
        for more in (above[:6], above)
    )

    assert ([at for at, met in enumerate(six) if met], [at for at, met in enumerate(seven) if met]) == (
        [],
        [13, 14, 15, 16, 17, 18, 19],
    )


def test_six_rising_points_are_a_trend_and_five_are_not():
    five, six = [30, 10, 30, 10, 15, 16, 17, 18, 12, 30], [30, 10, 30, 10, 15, 16, 17, 18, 19, 12, 30]

    assert [at for at, rules in enumerate(rules_of(five)) if Rule.TREND in rules] == []
    assert [at for at, rules in enumerate(rules_of(six)) if Rule.TREND in rules] == [3, 4, 5, 6, 7, 8]


def test_two_close_to_opposite_limits_are_chance_as_published():
    """The case of NHSRplotthedots, tests/testthat/test-ptd_spc_standard.R."""
    drawn = chart([*[1, -1] * 7, 5.5, -5.5], better=Better.HIGHER)

    assert [one.variation for one in drawn.points[-2:]] == [Variation.COMMON, Variation.COMMON]


def test_two_of_three_close_to_one_limit_are_no_chance():
    drawn = chart([*[1, -1] * 12, 4.8, 1, 4.8], better=Better.LOWER)

    assert [one.rules for one in drawn.points[-3:]] == [(Rule.NEAR,), (), (Rule.NEAR,)]


@pytest.mark.parametrize(
    ("better", "meaning"),
    [(Better.HIGHER, Variation.IMPROVEMENT), (Better.LOWER, Variation.CONCERN), (Better.NEITHER, Variation.HIGHER)],
)
def test_what_a_high_point_means_depends_on_which_way_is_better(better, meaning):
    assert chart([*STEADY, 30], better=better).variation == meaning


@pytest.mark.parametrize(
    ("better", "target", "said"),
    [
        (Better.HIGHER, 40, Assurance.FAILS),
        (Better.HIGHER, 1, Assurance.PASSES),
        (Better.LOWER, 40, Assurance.PASSES),
        (Better.LOWER, 1, Assurance.FAILS),
        (Better.LOWER, 11, Assurance.EITHER),
        (Better.NEITHER, 11, None),
        (Better.HIGHER, None, None),
    ],
)
def test_a_target_outside_the_limits_is_surely_met_or_surely_missed(better, target, said):
    assert chart(STEADY, better=better, target=target).assurance == said


def test_a_known_step_begins_the_limits_anew():
    drawn = chart([*STEADY, *(value + 50 for value in STEADY)], better=Better.HIGHER, steps=[12])

    assert drawn.points[0].limits.mean + 50 == drawn.points[-1].limits.mean
    assert {one.variation for one in drawn.points} == {Variation.COMMON}


def test_a_baseline_fixes_the_limits_by_its_first_points():
    drawn = chart([*STEADY, 14, 14, 14], better=Better.HIGHER, baseline=12)

    assert drawn.points[-1].limits == limits(STEADY)


@pytest.mark.parametrize(("values", "steps"), [([], []), ([1, 2], [2]), ([1, 2], [-1])])
def test_nothing_to_draw_and_a_step_beyond_the_end_are_mistakes(values, steps):
    with pytest.raises(ValueError, match="needs values"):
        chart(values, better=Better.HIGHER, steps=steps)
