"""Pairs into partners and clusters: judged by slow and obvious ways of doing the same."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from locality.methods.linkage.table_assigning import against_rivals, assign
from locality.methods.linkage.table_clusters import best_threshold, chance, cluster

LEFT, RIGHT = range(1, 5), range(11, 15)
weights = st.integers(-20, 40).map(float)
tables = st.dictionaries(st.tuples(st.sampled_from(LEFT), st.sampled_from(RIGHT)), weights, max_size=16)


def greatest(table: dict[tuple[int, int], float], least: float) -> float:
    """Try every way of giving partners."""
    return max(
        sum(max(table.get((left, right), least) - least, 0.0) for left, right in zip(LEFT, order, strict=True))
        for order in permutations(RIGHT)
    )


@given(tables)
def test_partners_are_given_for_the_most_weight_and_nobody_has_two(table):
    found = assign([(*pair, weight) for pair, weight in table.items()], -10.0)

    lefts, rights = [left for left, *_ in found], [right for _, right, _ in found]
    assert (len(lefts), len(rights)) == (len({*lefts}), len({*rights}))
    assert round(sum(weight + 10.0 for *_, weight in found), 6) == greatest(table, -10.0)


def test_a_rival_as_likely_leaves_a_pair_no_surer_than_not():
    pairs = [(1, 11, 20.0), (1, 12, 20.0)]

    weighed = against_rivals(assign(pairs, 0.0), pairs)

    assert [(left, right) for left, right, _ in weighed] == [(1, 11)]
    assert abs(weighed[0][2]) < 0.01


@given(st.permutations([(1, 2, 5.0), (2, 3, 4.0), (1, 3, -1.0), (4, 5, 9.0), (3, 4, -8.0), (6, 7, 0.5)]))
def test_the_order_of_pairs_does_not_matter(pairs):
    assert cluster(pairs, 0.0).members == ((1, 2, 3), (4, 5), (6, 7))


def test_one_likely_pair_does_not_chain_two_people_that_all_else_tells_apart():
    ours = [(one, other, 9.0) for one in (1, 2, 3) for other in (1, 2, 3) if one < other]
    theirs = [(one, other, 9.0) for one in (11, 12, 13) for other in (11, 12, 13) if one < other]
    across = [(one, other, -9.0) for one in (1, 2, 3) for other in (11, 12, 13) if (one, other) != (3, 11)]

    found = cluster([*ours, *theirs, *across, (3, 11, 2.0)], 0.0)

    assert found.members == ((1, 2, 3), (11, 12, 13))


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=30))
def test_the_threshold_is_where_the_expected_f1_is_best(bits):
    at = best_threshold(bits)

    every = sum(map(chance, bits))

    def expected(least: float) -> float:
        taken = [chance(one) for one in bits if one >= least]
        return 2 * sum(taken) / (len(taken) + every)

    assert expected(at - 1e-9) >= max(expected(one) for one in bits) - 1e-6
