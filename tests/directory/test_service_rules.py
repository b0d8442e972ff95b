"""What the directory's words mean, as pure rules."""

import tomllib
from datetime import date, timedelta

import pytest

from locality.directory.pack import PACKS
from locality.directory.rules.services import (
    NeedSaid,
    access_said,
    capacity_words,
    checked_words,
    is_among,
    needs_meant,
    telling_words,
)

TODAY = date(2026, 11, 5)
DEBT = NeedSaid("debt", "Money and debt", ("rent arrears", "bailiff"))
FALLS = NeedSaid("falls", "Falls, strength and balance", ("fall",))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("I need help with rent arrears", ["debt"]),
        ("arrears of my rent", ["debt"]),
        ("bailiffs at the door", ["debt"]),
        ("baillif", []),
        ("she falls a lot", ["falls"]),
        ("rent", []),
        ("", []),
    ],
)
def test_a_need_is_meant_where_all_words_of_one_way_to_say_it_are_there(typed, meant):
    assert needs_meant(typed, [DEBT, FALLS]) == meant


@pytest.mark.parametrize(
    ("typed", "urgent"),
    [
        ("I want to die", True),
        ("My husband HITS me, every week", True),
        ("i don\u2019t want to live", True),
        ("I am scared of him", True),
        ("end of life care", False),
        ("my back hurts", False),
        ("food", False),
        ("", False),
    ],
)
def test_an_urgent_phrase_is_meant_only_as_it_stands(typed, urgent):
    assert is_among(["want to die", "hits me", "dont want to live", "scared of him", "end my life"], typed) == urgent


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my husband hits me", ["domestic-abuse"]),
        ("I am scared of my husband", ["domestic-abuse"]),
        ("I want to die", ["mood"]),
        ("I will kill myself", ["mood"]),
        ("my back hurts", []),
    ],
)
def test_burys_own_words_for_harm_mean_what_helps_against_it(typed, meant):
    needs = tomllib.loads((PACKS / "bury" / "needs.toml").read_text())["need"]

    assert needs_meant(typed, [NeedSaid(one["code"], one["name"], one["said_as"]) for one in needs]) == meant


def test_words_that_tell_nothing_are_left_out_unless_there_are_no_others():
    assert telling_words("I need help with the food") == ["food"]
    assert telling_words("help me") == ["help", "me"]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "1 day ago"),
        (59, "59 days ago"),
        (60, "1 month ago"),
        (430, "14 months ago"),
        (800, "2 years ago"),
    ],
)
def test_how_old_it_is_is_said_in_days_months_or_years(days, said):
    assert checked_words(assured_on=TODAY - timedelta(days=days), on=TODAY) == f"Last checked {said}"


def test_what_was_never_checked_says_so():
    assert checked_words(assured_on=None, on=TODAY) == "Never checked"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Wheelchair access to all rooms.", ["step-free"]),
        ("No wheelchair access.", []),
        ("There is a ramp. There is no hearing loop.", ["step-free"]),
        ("Induction loop; BSL on request", ["hearing-loop", "sign-language"]),
        ("Wheelchair access is limited to the ground floor", []),
        ("A tramp", []),
    ],
)
def test_access_is_taken_from_a_sentence_that_says_there_is_some(said, found):
    assert access_said(said) == found


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"state": "open", "places": 1}, "Has room now, 1 place"),
        ({"state": "waiting", "wait_days": 13}, "Has a waiting list, about 13 days"),
        (
            {"state": "waiting", "wait_days": 21, "assesses_first": True},
            "Has a waiting list, about 3 weeks, assesses first",
        ),
        ({"state": "closed", "places": 0}, "Takes nobody new now"),
    ],
)
def test_room_is_said_in_words(told, said):
    assert capacity_words(**{"wait_days": None, "places": None, "assesses_first": False, **told}) == said
