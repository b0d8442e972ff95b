"""Precision, recall and calibration, counted by hand on clusters small enough to count."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.methods.agreement import agreement, brier, counted, missed_ratio, reliability
from locality.methods.intervals import ratio

# Manning, Raghavan and Schuetze 2008, figure 16.4: three clusters of crosses, circles and diamonds
MANNING = ["xxxxxo", "xooood", "xxddd"]


def laid_out(clusters: list[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Truth and cluster of each letter."""
    names = [
        (f"{number}.{place}", letter, number) for number, row in enumerate(clusters) for place, letter in enumerate(row)
    ]
    return {name: letter for name, letter, _ in names}, {name: number for name, _, number in names}


def test_precision_recall_and_f1_of_a_published_clustering():
    truth, found = laid_out(MANNING)

    got = agreement(list(counted(truth=truth, found=found, asked=[]).values()))

    assert (got.precision.count, got.precision.of) == (20, 40)
    assert (got.recall.count, got.recall.of) == (20, 44)
    assert round(got.f1.value, 3) == 0.476


def test_a_question_whose_answer_is_yes_reaches_every_pair_behind_it():
    truth = dict.fromkeys(["gp", "ward", "clinic"], "Peggy") | {"stan": "Stan"}
    found = {"gp": 1, "ward": 1, "clinic": 2, "stan": 3}

    peggy = counted(truth=truth, found=found, asked=[("ward", "clinic"), ("clinic", "stan")])["Peggy"]

    assert (peggy.wanted, peggy.joined, peggy.reached, peggy.missed, peggy.false) == (3, 1, 3, 0, 0)


def test_a_question_about_two_people_reaches_nobody():
    truth, found = {"a": "Ann", "b": "Ann", "c": "Cy"}, {"a": 1, "b": 2, "c": 3}

    ann = counted(truth=truth, found=found, asked=[("a", "c"), ("c", "b")])["Ann"]

    assert (ann.reached, ann.missed) == (0, 1)


def test_a_false_join_is_counted_once_for_all_and_once_for_each():
    truth, found = {"a": "Ann", "b": "Ann", "c": "Cy"}, {"a": 1, "b": 1, "c": 1}
    held = counted(truth=truth, found=found, asked=[])

    got = agreement(list(held.values()))

    assert (held["Ann"].false, held["Cy"].false) == (2, 2)
    assert (got.precision.count, got.precision.of) == (1, 3)
    assert (got.apart.count, got.apart.of) == (0, 2)


def test_whoever_has_no_truth_or_no_cluster_is_left_out():
    held = counted(truth={"a": "Ann", "b": "Ann"}, found={"a": 1, "z": 1}, asked=[("a", "z"), ("a", "b")])

    assert [(one.patients, one.wanted, one.false) for one in held.values()] == [(1, 0, 0)]


def test_people_with_one_patient_have_nothing_to_miss():
    got = agreement(list(counted(truth={"a": "Ann"}, found={"a": 1}, asked=[]).values()))

    assert (got.people, got.whole.of, got.recall.value, got.precision.value) == (1, 0, None, None)


def test_a_group_missed_twice_as_often_is_told_with_its_interval():
    these = agreement(list(counted(**missing(20, of=1000)).values()))
    others = agreement(list(counted(**missing(10, of=1000)).values()))

    held = missed_ratio(these, others)

    alone = ratio(count=20, of=1000, other_count=10, other_of=1000)
    assert [held.low, held.high] == pytest.approx([alone.low, alone.high], rel=0.001)
    assert held.low < 2 < held.high


def missing(apart: int, *, of: int) -> dict:
    """So many people of two patients each, of whom some are not joined."""
    truth = {(person, side): person for person in range(of) for side in "ab"}
    found = {(person, side): (person, side if person < apart else "") for person, side in truth}
    return {"truth": truth, "found": found, "asked": []}


def test_the_bands_say_what_was_said_and_what_was_so():
    pairs = [(0.0, False), (0.05, False), (0.9, True), (0.94, False), (0.95, True), (1.0, True), (1.0, True)]

    bands = reliability(pairs, bands=(0, 0.5, 0.85, 0.95, 1))

    told = [(one.low, one.high, round(one.said, 3), one.so.count, one.so.of) for one in bands]
    assert told == [(0, 0.5, 0.025, 0, 2), (0.85, 0.95, 0.92, 1, 2), (0.95, 1, 0.983, 3, 3)]
    assert brier(pairs) == pytest.approx((0.05**2 + 0.1**2 + 0.94**2 + 0.05**2) / 7)


def test_of_no_pairs_there_is_no_calibration():
    assert (reliability([]), brier([])) == ([], None)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=40))
def test_counting_from_crossings_is_counting_every_pair(drawn):
    truth = {number: person for number, (person, _) in enumerate(drawn)}
    found = {number: cluster for number, (_, cluster) in enumerate(drawn)}
    pairs = [(one, other) for one in truth for other in truth if one < other]
    same = {pair for pair in pairs if truth[pair[0]] == truth[pair[1]]}
    together = {pair for pair in pairs if found[pair[0]] == found[pair[1]]}

    got = agreement(list(counted(truth=truth, found=found, asked=[]).values()))

    assert (got.precision.count, got.precision.of) == (len(same & together), len(together))
    assert (got.recall.count, got.recall.of) == (len(same & together), len(same))
    assert got.patients == len(drawn)
    assert len(pairs) == comb(len(drawn), 2)
