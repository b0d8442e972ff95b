"""What holds of the place on a day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.base import Refused
from locality.directory.rules import (
    Freshness,
    agreement_in_force,
    answering,
    code_of,
    holds,
    is_open,
    opening_of,
    overlap,
    postcode,
    responsible,
    standing,
    state_of_source,
    why_intake_stops,
    why_not_sent,
)

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 4, 1), date(2026, 11, 21)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "on", "does"),
    [
        (FIRST, None, date(2026, 3, 31), False),
        (FIRST, None, FIRST, True),
        (FIRST, LAST, date(2026, 11, 20), True),
        (FIRST, LAST, LAST, False),
        (None, LAST, date(1900, 1, 1), True),
        (None, None, LAST, True),
        (FIRST, FIRST, FIRST, False),
    ],
)
def test_what_ends_today_is_over_and_an_unknown_first_day_is_long_ago(starts_on, ends_on, on, does):
    assert holds(starts_on=starts_on, ends_on=ends_on, on=on) is does


SPANS = [
    (date(2026, 1, first), date(2026, 1, last) if last else None)
    for first, last in product(range(1, 6), (None, *range(1, 7)))
    if last is None or first <= last
]


@given(one=st.sampled_from(SPANS), other=st.sampled_from(SPANS))
def test_two_spans_overlap_when_some_day_is_in_both(one, other):
    days = [date(2026, 1, day) for day in range(1, 10)]
    shared = [
        day
        for day in days
        if holds(starts_on=one[0], ends_on=one[1], on=day) and holds(starts_on=other[0], ends_on=other[1], on=day)
    ]

    assert overlap(one, other) is bool(shared)


@pytest.mark.parametrize(
    ("hours_ago", "every_hours", "state"),
    [
        (None, 24, Freshness.NEVER),
        (None, None, Freshness.NEVER),
        (24, 24, Freshness.OK),
        (25, 24, Freshness.LATE),
        (72, 24, Freshness.LATE),
        (73, 24, Freshness.SILENT),
        (-1, 24, Freshness.OK),
        (10_000, None, Freshness.OK),
    ],
)
def test_a_source_is_late_after_one_missed_sending_and_silent_after_three(hours_ago, every_hours, state):
    last_at = None if hours_ago is None else AT - timedelta(hours=hours_ago)

    assert state_of_source(last_at=last_at, every_hours=every_hours, at=AT) is state


@pytest.mark.parametrize(
    ("connected", "purpose", "starts_on", "ends_on", "sentence"),
    [
        (True, "care", FIRST, None, None),
        (True, "care", FIRST, date(2026, 11, 22), None),
        (
            True,
            "care",
            FIRST,
            LAST,
            "The sharing agreement with Persona ended on 21 November 2026: nothing is taken in until it is renewed.",
        ),
        (
            True,
            "care",
            date(2026, 12, 1),
            None,
            "The sharing agreement with Persona begins on 1 December 2026: nothing is taken in before it.",
        ),
        (True, "", FIRST, None, "There is no sharing agreement with Persona: nothing is taken in from it."),
        (True, "care", None, None, "There is no sharing agreement with Persona: nothing is taken in from it."),
        (False, "care", FIRST, None, "Persona is not connected: nothing is taken in from it."),
    ],
)
def test_intake_stops_without_an_agreement_in_force_and_says_why(connected, purpose, starts_on, ends_on, sentence):
    said = why_intake_stops(
        name="Persona", connected=connected, purpose=purpose, starts_on=starts_on, ends_on=ends_on, on=LAST
    )

    assert said == sentence
    in_force = agreement_in_force(purpose=purpose, starts_on=starts_on, ends_on=ends_on, on=LAST)
    assert (sentence is None) is (connected and in_force)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("BL9 0NJ", "BL9 0NJ"),
        (" bl90nj ", "BL9 0NJ"),
        ("m2 6\t2sp", "M26 2SP"),
        ("sw1a1aa", "SW1A 1AA"),
        ("BL9", None),
        ("", None),
        ("0NJ", None),
        ("BL9 0N1", None),
        ("BL9 0NJ\nX", None),
    ],
)
def test_a_postcode_is_known_in_any_spacing_and_case(words, kept):
    assert postcode(words) == kept


def test_a_code_is_kept_small_and_anything_else_is_refused_in_words():
    assert code_of(" Amy-Oak ") == "amy-oak"
    with pytest.raises(Refused, match="'amy oak' is not a code: small letters, digits and hyphens"):
        code_of("amy oak")


A, B, C, D = (UUID(int=number) for number in range(1, 5))


@pytest.mark.parametrize(
    ("followed_by", "over", "found"),
    [
        ({}, set(), [A]),
        ({}, {A}, []),
        ({A: [B]}, set(), [A]),
        ({A: [B]}, {A}, [B]),
        ({A: [B, C]}, {A}, [B, C]),
        ({A: [B, C], B: [D]}, {A, B}, [C, D]),
        ({A: [B, C], B: [D], C: [D]}, {A, B, C}, [D]),
        ({A: [B], B: [A]}, {A, B}, []),
    ],
)
def test_whoever_followed_stands_where_an_organisation_stood(followed_by, over, found):
    assert standing(organisation=A, followed_by=followed_by, over=over) == found


@pytest.mark.parametrize(
    ("ways", "residence", "registration", "found"),
    [
        (["residence", "registration"], "uphill", "downhill", ("residence", "uphill")),
        (["residence", "registration"], None, "downhill", ("registration", "downhill")),
        (["residence", "registration"], None, None, None),
        (["registration", "residence"], "uphill", "downhill", ("registration", "downhill")),
        (["registration", "residence"], "uphill", None, ("residence", "uphill")),
        (["residence"], None, "downhill", None),
        (["registration"], "uphill", None, None),
    ],
)
def test_the_first_way_of_the_places_rule_that_leads_somewhere_decides(ways, residence, registration, found):
    assert responsible(ways=ways, residence=residence, registration=registration) == found


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("09:00-17:30", "09:00-17:30"),
        ("09:00-13:00;14:00-18:00", "09:00-13:00, 14:00-18:00"),
        ("09:00-13:00,14:00-18:00", "09:00-13:00, 14:00-18:00"),
        ("CLOSED", "closed"),
        ("00:00-24:00", "00:00-24:00"),
        ("17:30-09:00", None),
        ("14:00-18:00, 09:00-13:00", None),
        ("09:00-13:00, 13:00-18:00", None),
        ("9-5", None),
        ("closed, 09:00-13:00", None),
        ("24:00-24:00", None),
    ],
)
def test_a_days_opening_is_kept_in_one_form(words, kept):
    assert opening_of(words) == kept


@pytest.mark.parametrize(
    ("opening", "at", "open_"),
    [
        ("09:00-13:00, 14:00-18:00", time(8, 59), False),
        ("09:00-13:00, 14:00-18:00", time(9, 0), True),
        ("09:00-13:00, 14:00-18:00", time(12, 59, 59), True),
        ("09:00-13:00, 14:00-18:00", time(13, 0), False),
        ("09:00-13:00, 14:00-18:00", time(17, 59), True),
        ("00:00-24:00", time(23, 59), True),
        ("closed", time(12, 0), False),
        ("", time(12, 0), None),
    ],
)
def test_what_closes_at_one_is_closed_at_one_and_what_nobody_knows_stays_unknown(opening, at, open_):
    assert is_open(opening=opening, at=at) is open_


# ---- what a sender's agreement says that it sends


@pytest.mark.parametrize(
    ("sends", "formats", "trial", "type", "why"),
    [
        (["Patient", "Encounter"], ["fhir"], False, "Encounter", None),
        (
            ["Patient", "Encounter"],
            ["fhir"],
            False,
            "Observation",
            "The sharing agreement with Small Hospital does not say that it sends Observation: nothing of that type is "
            "taken in.",
        ),
        (
            [],
            ["fhir"],
            False,
            "Patient",
            "The sharing agreement with Small Hospital does not say what it sends: nothing is taken in before it does.",
        ),
        # files tried by hand are under no agreement
        ([], ["fhir"], True, "Claim", None),
        (["Patient"], ["fhir"], True, "Patient", None),
        (
            ["Patient"],
            ["fhir"],
            True,
            "Claim",
            "The sharing agreement with Small Hospital does not say that it sends Claim: nothing of that type is taken "
            "in.",
        ),
        # a line or message is kept as it was written beside what was read from it
        (["Patient"], ["csv"], False, "Binary", None),
        (["Patient"], ["fhir", "hl7v2"], False, "Binary", None),
        (
            ["Patient"],
            ["fhir"],
            False,
            "Binary",
            "The sharing agreement with Small Hospital does not say that it sends Binary: nothing of that type is "
            "taken in.",
        ),
    ],
)
def test_what_an_agreement_does_not_name_is_not_taken_in(sends, formats, trial, type, why):
    assert why_not_sent(name="Small Hospital", sends=sends, formats=formats, trial=trial, type=type) == why


# ---- finding by words


TOLD = {"oak": "oak amy nurse p1", "ash": "ash ben nurse p2", "elm": "elm cy gp p7", "yew": "birch-yew di porter p9"}


@pytest.mark.parametrize(
    ("words", "found", "read_as"),
    [
        ([], ["oak", "ash", "elm", "yew"], ""),
        (["nurse"], ["oak", "ash"], ""),
        (["nurse", "ben"], ["ash"], ""),
        (["nurze", "ben"], ["ash"], "nurse ben"),
        (["gp", "amy"], [], ""),
        (["xylophone"], [], ""),
        (["nurze", "elm"], [], ""),
        (["birhc"], ["yew"], "birch"),
    ],
)
def test_words_are_looked_for_and_then_words_like_them(words, found, read_as):
    assert answering(TOLD, words=words) == (found, read_as)
