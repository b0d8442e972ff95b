"""Inequality between groups in order.

No published worked figure of the slope index is at hand in a form that can be read; it is held against cases that can
be worked through by hand, and against the line that least squares draws."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from locality.methods.inequality import Group, concentration_index, slope_index


def fifths(*values, error=None):
    return [Group(100, value, error) for value in values]


def test_a_straight_line_between_equal_fifths_gives_its_own_ends():
    """Values on a line from 60 at rank 0 to 40 at rank 1."""
    slope = slope_index(fifths(58, 54, 50, 46, 42))

    assert (slope.index, slope.relative) == pytest.approx((-20, 1.5))


def test_least_squares_draws_a_flatter_line_when_the_middle_is_parted_in_two_of_the_same_figure():
    whole = slope_index([Group(100, 50), Group(200, 40), Group(100, 30)])
    parted = slope_index([Group(100, 50), Group(100, 40), Group(100, 40), Group(100, 30)])

    # by hand: ranks of 1/8, 1/2 and 7/8, and of 1/8, 3/8, 5/8 and 7/8
    assert (whole.index, parted.index) == (pytest.approx(-80 / 3), pytest.approx(-24.0))


def test_an_error_of_one_group_widens_by_how_much_that_group_pulls():
    """With equal fifths the ends pull 1 each on the slope, the next 1/2 each."""
    slope = slope_index(fifths(58, 54, 50, 46, 42, error=2.0))

    width = 1.959964 * 2.0 * (1 + 0.25 + 0 + 0.25 + 1) ** 0.5
    assert (slope.low, slope.high) == pytest.approx((-20 - width, -20 + width), rel=1e-6)


def test_without_errors_there_are_no_limits():
    slope = slope_index(fifths(3, 2, 1))

    assert (slope.low, slope.high) == (None, None)


@pytest.mark.parametrize("groups", [fifths(1, 2), [Group(1, 2), Group(0, 2), Group(3, 4)]])
def test_a_slope_needs_three_groups_with_people(groups):
    with pytest.raises(ValueError, match="three groups"):
        slope_index(groups)


@given(some.lists(some.tuples(some.integers(1, 500), some.floats(0, 90)), min_size=3, max_size=10))
def test_the_slope_is_that_of_weighted_least_squares(drawn):
    groups = [Group(people, value) for people, value in drawn]

    total, below, ranks = sum(one.people for one in groups), 0, []
    for one in groups:
        ranks.append((below + one.people / 2) / total)
        below += one.people
    w = [one.people for one in groups]
    sums = {
        (a, b): sum(n * rank**a * one.value**b for n, rank, one in zip(w, ranks, groups, strict=True))
        for a, b in [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]
    }
    expected = (sums[0, 0] * sums[1, 1] - sums[1, 0] * sums[0, 1]) / (sums[0, 0] * sums[2, 0] - sums[1, 0] ** 2)
    assert slope_index(groups).index == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_what_is_shared_equally_is_not_concentrated():
    assert concentration_index(fifths(7, 7, 7, 7, 7)) == pytest.approx(0)


def test_what_the_most_deprived_fifth_has_alone_is_concentrated_as_far_as_fifths_can_be():
    assert concentration_index(fifths(1, 0, 0, 0, 0)) == pytest.approx(-0.8)


def test_of_nothing_nobody_has_more():
    assert concentration_index(fifths(0, 0, 0)) == 0.0


def test_the_index_is_twice_the_covariance_with_rank_over_the_mean():
    """The other definition of it (O'Donnell 2008, equation 8.3), for groups of unlike size."""
    groups = [Group(30, 15.5), Group(29, 14.9), Group(27, 12.5), Group(25, 9.1), Group(20, 5.4)]

    total, below, covariance = 131, 0, 0.0
    mean = sum(one.people * one.value for one in groups) / total
    for one in groups:
        rank = (below + one.people / 2) / total
        covariance += one.people / total * (one.value - mean) * (rank - 0.5)
        below += one.people
    assert concentration_index(groups) == pytest.approx(2 * covariance / mean)
