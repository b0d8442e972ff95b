"""Counts by which nobody is picked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from locality.methods.small_numbers import safe_count


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (14_118, 14_120), (208_002, 208_000)],
)
def test_few_are_hidden_and_many_are_rounded(count, told):
    assert safe_count(count) == told


@given(some.integers(min_value=8, max_value=10**7))
def test_what_is_told_is_a_multiple_of_five_at_most_two_away(count):
    told = safe_count(count)

    assert told is not None
    assert (told % 5, abs(told - count) <= 2) == (0, True)


def test_fewer_than_nobody_is_a_mistake():
    with pytest.raises(ValueError, match="less than nought"):
        safe_count(-1)
