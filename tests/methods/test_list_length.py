"""What a list of each length is worth."""

import pytest

from locality.methods.list_length import AtLength, at_lengths


def test_value_capture_and_number_to_review_at_each_length():
    happened = [True, True, False, True, False, False, False, False, False, False]

    found = at_lengths(happened=happened, events=6, lengths=[2, 4, 10])

    assert [(one.length, one.hits, one.value, one.captured, one.to_review) for one in found] == [
        (2, 2, 1.0, 2 / 6, 1.0),
        (4, 3, 0.75, 0.5, 4 / 3),
        (10, 3, 0.3, 0.5, 10 / 3),
    ]


def test_a_length_beyond_the_list_is_the_whole_list_once():
    found = at_lengths(happened=[True, False, False], events=2, lengths=[2, 5, 50])

    assert [one.length for one in found] == [2, 3]


def test_an_empty_list_has_no_length():
    assert at_lengths(happened=[], events=4, lengths=[10]) == []


def test_nobody_on_the_list_nobody_to_meet():
    assert AtLength(length=5, hits=0, events=0).captured is None
    assert AtLength(length=5, hits=0, events=3).to_review is None


def test_more_on_the_list_than_in_all_cannot_be():
    with pytest.raises(ValueError, match="more people on the list"):
        at_lengths(happened=[True, True], events=1, lengths=[2])
