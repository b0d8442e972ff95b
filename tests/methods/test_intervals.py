"""Intervals, against the published tables that they are known by."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.methods.intervals import Interval, Share, design_effect, exact, ratio, share, surely, wilson

# Newcombe 1998, table I: count, of, method 3 (score), method 5 (exact)
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
# Weil 1970, as Rao and Scott 1992 count them: pups alive at 21 days, of those alive at 4, litter by litter
CONTROL = "13/13 12/12 9/9 9/9 8/8 8/8 12/13 11/12 9/10 9/10 8/9 11/13 4/5 5/7 7/10 7/10"
TREATED = "12/12 11/11 10/10 9/9 10/11 9/10 9/10 8/9 8/9 4/5 7/9 4/7 5/10 3/6 3/10 0/7"


def rounded(held: Interval) -> tuple[float, float]:
    return round(held.low, 4), round(held.high, 4)


def litters(text: str) -> list[tuple[int, int]]:
    return [(int(count), int(of)) for count, of in (pair.split("/") for pair in text.split())]


@pytest.mark.parametrize(("count", "of", "by_score", "exactly"), NEWCOMBE)
def test_the_intervals_of_a_share_are_those_of_newcombes_table(count, of, by_score, exactly):
    assert (rounded(wilson(count=count, of=of)), rounded(exact(count=count, of=of))) == (by_score, exactly)


def test_the_ratio_of_koopmans_own_example():
    held = ratio(count=36, of=40, other_count=16, other_of=80)

    assert (round(held.low, 2), round(held.high, 2)) == (2.94, 7.15)


@pytest.mark.parametrize(("told", "effect"), [(CONTROL, 1.232495), (TREATED, 3.952861)])
def test_the_design_effect_of_weils_litters(told, effect):
    assert round(design_effect(litters(told)), 6) == effect


def test_of_nothing_nothing_is_known():
    nothing = wilson(count=0, of=0), exact(count=0, of=0), ratio(count=0, of=0, other_count=1, other_of=9)

    assert nothing == (Interval(0, 1), Interval(0, 1), Interval(0, inf))
    assert share(count=0, of=0).value is None


def test_none_on_one_side_leaves_that_end_of_the_ratio_open():
    none_here = ratio(count=0, of=400, other_count=3, other_of=900)
    none_there = ratio(count=5, of=400, other_count=0, other_of=900)
    none_at_all = ratio(count=0, of=400, other_count=0, other_of=900)

    assert (none_here.low, round(none_here.high, 3)) == (0, 2.869)
    assert (round(none_there.low, 3), none_there.high) == (2.936, inf)
    assert none_at_all == Interval(0, inf)


def test_all_on_both_sides_is_a_ratio_about_one():
    held = ratio(count=40, of=40, other_count=80, other_of=80)

    assert held.low < 1 < held.high


def test_what_goes_together_counts_for_less():
    alone, together = share(count=90, of=100), share(count=90, of=100, effect=4)

    assert alone == Share(90, 100, *(wilson(count=90, of=100).low, wilson(count=90, of=100).high))
    assert (together.low, together.high) == (wilson(count=22.5, of=25).low, wilson(count=22.5, of=25).high)


def test_one_cluster_or_one_answer_tells_no_design_effect():
    assert [design_effect(held) for held in ([], [(3, 9)], [(0, 4), (0, 5)], [(4, 4), (5, 5)])] == [1, 1, 1, 1]


def test_a_third_of_a_million_is_no_trouble():
    held = surely(count=299_999, of=300_000)

    assert (round(held.low, 9), round(held.high, 9)) == (0.999981428, 0.999999916)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_exact_interval_holds_the_share_and_is_the_wider_where_it_matters(drawn):
    count, of = drawn
    held = exact(count=count, of=of)

    assert 0 <= held.low <= count / of <= held.high <= 1
    assert wilson(count=count, of=of).low <= count / of <= wilson(count=count, of=of).high


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 300), st.integers(0, 300))
def test_a_ratio_turned_round_is_its_inverse(of, other_of, count, other_count):
    count, other_count = min(count, of), min(other_count, other_of)
    held = ratio(count=count, of=of, other_count=other_count, other_of=other_of)
    turned = ratio(count=other_count, of=other_of, other_count=count, other_of=of)

    assert [turned.low, turned.high] == pytest.approx([inverse(held.high), inverse(held.low)], rel=1e-6, abs=1e-12)


def inverse(number: float) -> float:
    return 1 / number if number else inf
