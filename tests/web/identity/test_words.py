"""Doubts and evidence in words, and letters that differ marked."""

from datetime import timedelta

import pytest

from locality.methods.linkage.model import Step
from locality.people.queries.decisions import Pace
from locality.people.queries.evidence import Evidence
from locality.web.identity import words
from locality.web.identity.marks import line


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("Hargreaves", "Hargraves", (["Hargr", "[e]", "aves"], ["Hargraves"], "1 letter differs")),
        ("Ellie Mae", "Ella May", (["Ell", "[ie]", " Ma", "[e]"], ["Ell", "[a]", " Ma", "[y]"], "3 letters differ")),
        ("999 000 0018", "999 000 0026", (["999 000 00", "[18]"], ["999 000 00", "[26]"], "2 figures differ")),
        ("Anna", "ANNA", (["Anna"], ["ANNA"], "the same but for capitals")),
        ("Zoë", "Zoe", (["Zo", "[ë]"], ["Zo", "[e]"], "1 letter differs")),
        ("Strauß-Ash", "STRAUSS-ASH", (["Strau", "[ß]", "-Ash"], ["STRAU", "[SS]", "-ASH"], "2 letters differ")),
        ("Xu", "Li", (["[Xu]"], ["[Li]"], "different")),
        ("Anna", "", (["Anna"], ["not said"], "only the left says")),
        ("Anna", "Anna", (["Anna"], ["Anna"], "the same")),
    ],
)
def test_letters_that_differ_are_marked_and_said(left, right, shown):
    found = line("Name", left, right)

    sides = [[f"[{part.text}]" if part.differs else part.text for part in side] for side in (found.one, found.other)]
    assert (*sides, found.words) == shown


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        (13.2, ("+13.2", "very strong evidence for")),
        (4.0, ("+4.0", "strong evidence for")),
        (1.5, ("+1.5", "some evidence for")),
        (0.2, ("+0.2", "hardly any evidence for")),
        (-7.3, ("\u22127.3", "strong evidence against")),
    ],
)
def test_evidence_is_said_with_its_size_and_its_side(bits, said):
    assert (words.bits_words(bits), words.strength(bits)) == said


def test_each_bar_begins_where_the_last_one_ended():
    steps = (Step("beforehand", "", -10.0), Step("name", "", 15.0), Step("sex", "", -1.0))

    drawn = words.waterfall(Evidence(steps=steps, weight=4.0, probability=0.94))

    # from -10 to +5, on 200: nought lies at two thirds
    assert [(bar.x, bar.width, bar.kind) for bar in drawn.bars] == [
        (0.0, 133.3, "against"),
        (0.0, 200.0, "for"),
        (186.7, 13.3, "against"),
    ]
    assert (drawn.zero, drawn.total, drawn.likely) == (133.3, "+4.0", "94 in 100")


@pytest.mark.parametrize(
    ("probability", "said"), [(0.859, "85 in 100"), (0.9949, "99 in 100"), (0.9999, "more than 99 in 100")]
)
def test_likelihood_is_rounded_down(probability, said):
    assert words.likelihood(probability) == said


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (Pace(in_7_days=0, in_30_days=0, median=None), "None was decided in the last 30 days."),
        (
            Pace(in_7_days=5, in_30_days=12, median=timedelta(hours=50)),
            "5 decided in the last 7 days, 12 in 30 days; half of them within 2 days.",
        ),
        (Pace(in_7_days=1, in_30_days=1, median=None), "1 decided in the last 7 days, 1 in 30 days."),
    ],
)
def test_the_pace_is_said_in_a_sentence(pace, said):
    assert words.pace_words(pace) == said


@pytest.mark.parametrize(
    ("waited", "said"),
    [
        (timedelta(minutes=20), "less than an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_how_long_is_said_in_hours_then_days(waited, said):
    assert words.waited_words(waited) == said
