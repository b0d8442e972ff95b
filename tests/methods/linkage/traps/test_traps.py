"""Pairs whose truth is known, written from the meaning and never from what the machine answers."""

from collections import Counter

import pytest

from tests.methods.linkage.traps import build, rows
from tests.methods.linkage.traps.conftest import TOLD


@pytest.fixture(scope="module")
def told() -> list[rows.Said]:
    found = [rows.said(trap) for trap in rows.traps()]
    TOLD[:] = found
    return found


def test_there_are_enough_pairs_of_every_truth_and_kind(told):
    truths = Counter(one.trap.truth for one in told)
    kinds = Counter(one.trap.kind for one in told)

    assert len(told) >= 500
    assert min(truths["different"], truths["same"]) >= 200
    assert truths["earlier"] >= 20
    assert len(kinds) >= 40


def test_no_two_pairs_are_the_same_pair():
    pairs = [str((one.kind, one.first, one.second)) for one in rows.traps()]

    assert [pair for pair, count in Counter(pairs).items() if count > 1] == []


def test_what_is_allowed_follows_from_the_truth():
    """Different people are never joined by the machine, earlier identities never asked about, one person is found."""
    may = {"different": {"possible", "low", "none"}, "earlier": {"low", "none"}, "same": {"match", "possible"}}

    assert [one.name for one in rows.traps() if not one.allowed <= may[one.truth]] == []


def test_different_people_are_never_joined_by_the_machine(told):
    assert [one.told for one in told if one.trap.truth == "different" and one.state == "match"] == []


def test_an_earlier_identity_is_never_joined_and_never_asked_about(told):
    assert [one.told for one in told if one.trap.truth == "earlier" and one.state in ("match", "possible")] == []


def test_nobody_is_asked_about_twins_and_others_of_clearly_another_name(told):
    assert [one.told for one in told if one.trap.truth == "different" and not one.right] == []


def test_one_person_is_found(told):
    assert [one.told for one in told if one.trap.truth == "same" and not one.right] == []


def test_the_built_traps_are_as_their_builder_makes_them():
    # written anew by `python -m tests.methods.linkage.traps.build`
    assert build.BUILT.read_text(encoding="utf-8") == build.text()


def test_the_page_about_linkage_shows_this_table(told):
    # written anew by `python -m tests.methods.linkage.traps.rows`
    assert rows.PAGE.read_text(encoding="utf-8") == rows.page_with(told)
