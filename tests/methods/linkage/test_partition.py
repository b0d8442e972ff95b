"""Patients into people: the same whatever the order, and never against what people have said."""

from hypothesis import given, settings
from hypothesis import strategies as st

from locality.methods.linkage.partition import (
    CONTRADICTS,
    LABELS_CROSS,
    POSSIBLE,
    RIVAL,
    TOO_MANY,
    TWO_NUMBERS,
    Alarm,
    Asked,
    Edge,
    partition,
)

SOME = range(9)
COUPLES = st.tuples(st.sampled_from(SOME), st.sampled_from(SOME)).filter(lambda two: two[0] < two[1])
EDGES = st.lists(
    st.builds(
        lambda two, weight, state, certain, contradicts: Edge(
            *two, weight, state, certain and state == "match", contradicts
        ),
        COUPLES,
        st.integers(0, 30).map(float),
        st.sampled_from(["match", "match", "possible"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=16,
    unique_by=lambda edge: (edge.first, edge.second),
)
NUMBERS = st.dictionaries(st.sampled_from(SOME), st.sampled_from(["1", "2"]))
FEW = st.lists(COUPLES, max_size=3, unique=True)


def apart(odd):
    """Even and odd patients contradict each other, where `odd`."""
    return lambda x, y: odd and (x + y) % 2 == 1


@settings(max_examples=300, deadline=None)
@given(EDGES, FEW, FEW, FEW, NUMBERS, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_in_which_anything_comes_makes_no_difference(edges, same, different, earlier, numbers, odd, rng):
    def shuffled(values):
        return rng.sample(list(values), len(values))

    wanted = partition(
        SOME, edges, same=same, different=different, apart=earlier, numbers=numbers, contradict=apart(odd), limit=5
    )
    turned = [
        Edge(one.second, one.first, one.weight, one.state, one.certain, one.contradicts) if rng.random() < 0.5 else one
        for one in shuffled(edges)
    ]

    found = partition(
        shuffled(SOME),
        turned,
        same=shuffled(same),
        different=shuffled(different),
        apart=shuffled(earlier),
        numbers=dict(shuffled(numbers.items())),
        contradict=apart(odd),
        limit=5,
    )

    assert found == wanted


@settings(max_examples=300, deadline=None)
@given(EDGES, FEW, FEW, NUMBERS, st.booleans())
def test_what_hangs_together_comes_out_alone_as_it_does_within_the_whole(edges, same, different, numbers, odd):
    told = {"numbers": numbers, "contradict": apart(odd), "limit": 5}
    whole = partition(SOME, edges, same=same, different=different, **told)

    parts = [
        partition(
            part,
            [one for one in edges if one.first in part],
            same=[one for one in same if one[0] in part],
            different=[one for one in different if one[0] in part],
            **told,
        )
        for part in components([*((one.first, one.second) for one in edges), *same, *different])
    ]

    assert sorted(cluster for part in parts for cluster in part.clusters) == list(whole.clusters)
    assert sorted((one.first, one.second, one.word) for part in parts for one in part.asked) == [
        (one.first, one.second, one.word) for one in whole.asked
    ]


def components(couples):
    of = {one: {one} for one in SOME}
    for a, b in couples:
        both = of[a] | of[b]
        for one in both:
            of[one] = both
    return {frozenset(one) for one in of.values()}


@settings(max_examples=200, deadline=None)
@given(EDGES, FEW, FEW, FEW, NUMBERS)
def test_nobody_is_joined_against_a_label_an_earlier_identity_or_two_numbers(edges, same, different, earlier, numbers):
    found = partition(SOME, edges, same=same, different=different, apart=earlier, numbers=numbers)

    of = {one: cluster for cluster in found.clusters for one in cluster}
    assert [one for one in [*different, *earlier] if of[one[0]] is of[one[1]]] == []
    if not same:
        assert [one for one in found.clusters if len({numbers[each] for each in one if each in numbers}) > 1] == []
    assert sorted(one for cluster in found.clusters for one in cluster) == list(SOME)


@settings(max_examples=200, deadline=None)
@given(EDGES, FEW, FEW)
def test_nobody_is_asked_about_an_earlier_identity_or_what_is_decided(edges, different, earlier):
    found = partition(SOME, edges, different=different, apart=earlier)

    of = {one: cluster for cluster in found.clusters for one in cluster}
    decided = {frozenset((of[a], of[b])) for a, b in [*different, *earlier]}
    assert [one for one in found.asked if frozenset((of[one.first], of[one.second])) in decided] == []


def test_the_likeliest_pairs_are_joined_first():
    found = partition([1, 2, 3], [Edge(1, 2, 20.0), Edge(2, 3, 30.0)], numbers={1: "a", 3: "b"})

    assert found.clusters == ((1,), (2, 3))
    assert found.asked == (Asked(1, 2, TWO_NUMBERS),)


def test_what_is_certain_comes_before_what_is_only_likely():
    found = partition([1, 2, 3], [Edge(1, 2, 20.0, certain=True), Edge(2, 3, 30.0)], numbers={1: "a", 3: "b"})

    assert found.clusters == ((1, 2), (3,))


def test_what_people_said_comes_before_everything():
    found = partition([1, 2], [Edge(1, 2, 40.0, certain=True)], different=[(1, 2)])
    joined = partition([1, 2], [], same=[(2, 1)], numbers={1: "a", 2: "b"})

    assert (found.clusters, found.asked) == (((1,), (2,)), ())
    assert joined.clusters == ((1, 2),)


def test_a_split_is_never_rejoined_through_a_third():
    found = partition([1, 2, 3], [Edge(1, 3, 30.0), Edge(2, 3, 20.0)], different=[(1, 2)])

    assert (found.clusters, found.asked) == (((1, 3), (2,)), ())


def test_labels_that_cross_are_alarmed_and_the_parting_stands():
    found = partition([1, 2, 3], [], same=[(1, 2), (2, 3)], different=[(1, 3)])

    assert found.clusters == ((1, 2), (3,))
    assert found.alarms == (Alarm(LABELS_CROSS, (2, 3)),)


def test_a_second_as_likely_that_cannot_also_be_right_is_asked():
    found = partition([1, 2, 3], [Edge(1, 2, 20.0), Edge(1, 3, 18.0)], contradict=lambda x, y: {x, y} == {2, 3})

    assert found.clusters == ((1,), (2,), (3,))
    assert found.asked == (Asked(1, 2, RIVAL), Asked(1, 3, RIVAL))


def test_a_second_far_less_likely_is_no_rival():
    found = partition([1, 2, 3], [Edge(1, 2, 20.0), Edge(1, 3, 15.0)], contradict=lambda x, y: {x, y} == {2, 3})

    assert found.clusters == ((1, 2), (3,))
    assert found.asked == (Asked(1, 3, CONTRADICTS),)


def test_possible_pairs_are_asked_once_for_two_clusters_by_the_likeliest():
    edges = [Edge(1, 2, 30.0), Edge(2, 3, 4.0, "possible"), Edge(1, 3, 3.0, "possible")]

    found = partition([1, 2, 3], edges)

    assert (found.clusters, found.asked) == (((1, 2), (3,)), (Asked(2, 3, POSSIBLE),))


def test_a_crowd_is_not_made_one_person_and_is_alarmed():
    edges = [Edge(a, a + 1, 30.0 - a / 10) for a in range(9)]

    found = partition(range(10), edges, limit=4)

    assert max(len(one) for one in found.clusters) == 4
    assert {alarm.word for alarm in found.alarms} == {TOO_MANY}
