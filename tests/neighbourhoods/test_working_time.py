"""Working time, right across both clock changes, weekends and bank holidays; and the clock of an answer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from locality.base.periods import LONDON
from locality.base.working_time import due_at, later, worked
from locality.directory.pack import PACKS
from locality.neighbourhoods.queries.referral_clocks import _read
from locality.neighbourhoods.rules.referrals import (
    HOURS,
    ReferralMove,
    ReferralState,
    Urgency,
    answer_due,
    is_overdue,
)

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("since", "hours", "due"),
    [
        ((2026, 11, 5, 9, 40), 4, (2026, 11, 5, 13, 40)),
        ((2026, 11, 5, 15, 0), 4, (2026, 11, 6, 11, 0)),
        ((2026, 11, 5, 7, 0), 8, (2026, 11, 5, 17, 0)),
        ((2026, 11, 6, 16, 0), 4, (2026, 11, 9, 12, 0)),  # over a weekend
        ((2026, 11, 7, 12, 0), 4, (2026, 11, 9, 13, 0)),  # sent on a Saturday
        ((2026, 12, 24, 16, 0), 4, (2026, 12, 29, 12, 0)),  # Christmas, and its substitute day
        ((2026, 10, 23, 16, 0), 4, (2026, 10, 26, 12, 0)),  # the clocks go back on the 25th
        ((2026, 3, 27, 16, 0), 4, (2026, 3, 30, 12, 0)),  # the clocks go forward on the 29th
    ],
)
def test_a_clock_in_working_time_runs_from_nine_to_five_on_working_days(since, hours, due):
    found = later(london(*since).astimezone(UTC), by=timedelta(hours=hours), holidays=CHRISTMAS)

    assert found == london(*due)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ((2026, 11, 5, 9, 0), (2026, 11, 5, 17, 0), 8),
        ((2026, 11, 5, 16, 0), (2026, 11, 9, 10, 0), 10),
        ((2026, 11, 7, 10, 0), (2026, 11, 8, 10, 0), 0),
        ((2026, 12, 24, 9, 0), (2026, 12, 29, 17, 0), 16),
        ((2026, 10, 23, 9, 0), (2026, 10, 26, 17, 0), 16),
    ],
)
def test_so_much_working_time_passed(since, until, hours):
    assert worked(london(*since), london(*until), holidays=CHRISTMAS) == timedelta(hours=hours)


def test_a_clock_that_stands_still_is_due_at_no_moment_and_goes_on_with_what_is_left():
    at = [london(2026, 11, 5, 9), london(2026, 11, 5, 11), london(2026, 11, 6, 9)]
    allowed = timedelta(hours=4)

    assert due_at([(at[0], True)], allowed=allowed, holidays=()) == london(2026, 11, 5, 13)
    assert due_at([(at[0], True), (at[1], False)], allowed=allowed, holidays=()) is None
    assert due_at([(at[0], True), (at[1], False), (at[2], True)], allowed=allowed, holidays=()) == london(
        2026, 11, 6, 11
    )


def test_what_was_late_before_more_was_asked_stays_late():
    turns = [(london(2026, 11, 5, 9), True), (london(2026, 11, 6, 9), False), (london(2026, 11, 6, 12), True)]

    assert due_at(turns, allowed=timedelta(hours=4), holidays=()) == london(2026, 11, 5, 13)


def test_the_clock_of_an_answer_is_told_by_what_happened_and_reopened_it_starts_afresh():
    told = [
        ("sent", london(2026, 11, 5, 9)),
        (ReferralMove.ASK_MORE, london(2026, 11, 5, 10)),
        (ReferralMove.ANSWER_MORE, london(2026, 11, 5, 15)),
    ]

    def due(*more):
        return answer_due([*told, *more], urgency=Urgency.URGENT, hours=HOURS, holidays=())

    assert due() == london(2026, 11, 6, 10)
    assert due((ReferralMove.DECLINE, london(2026, 11, 5, 16))) == london(2026, 11, 6, 10)
    assert due((ReferralMove.DECLINE, london(2026, 11, 5, 16)), (ReferralMove.REOPEN, london(2026, 11, 9, 9))) == (
        london(2026, 11, 9, 13)
    )


@pytest.mark.parametrize(
    ("state", "hour", "late"),
    [
        (ReferralState.SENT, 12, False),
        (ReferralState.SENT, 13, True),
        (ReferralState.MORE_ASKED, 14, False),
        (ReferralState.ACCEPTED, 14, False),
    ],
)
def test_only_what_waits_for_the_receiver_is_late(state, hour, late):
    by = london(2026, 11, 5, 13)

    assert is_overdue(state, answer_by=by, at=london(2026, 11, 5, hour)) is late


def test_the_pack_of_bury_says_the_hours_and_the_bank_holidays_of_three_years():
    told = _read(PACKS / "bury")

    assert told.hours == {Urgency.URGENT: 4, Urgency.SOON: 16, Urgency.ROUTINE: 40}
    assert sorted({one.year for one in told.holidays}) == [2026, 2027, 2028]
    assert {date(2026, 12, 25), date(2026, 12, 28), date(2027, 12, 27), date(2027, 12, 28)} <= told.holidays
    assert told.due(london(2026, 12, 24, 16), urgency=Urgency.URGENT) == london(2026, 12, 29, 12)
    assert (told.tells(london(2028, 1, 3)), told.tells(london(2029, 1, 3))) == (True, False)
