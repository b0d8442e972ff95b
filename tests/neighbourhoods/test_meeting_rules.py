"""When a team meets, who comes first, how many fit, and what may be decided of whom."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from locality.base import Refused
from locality.neighbourhoods.rules.meetings import (
    DAY_IS_OVER,
    SAY_WHEN,
    SAY_WHY,
    SAY_WHY_OFF,
    Decision,
    Ready,
    Rhythm,
    Why,
    check_decision,
    days_of,
    fitting,
    in_order,
    may_meet,
    moment_of,
    not_this_time,
    one_a_person,
)
from tests import factories as make

THURSDAY, TODAY = 3, date(2026, 11, 5)


def days(rhythm: Rhythm, *, first: date = TODAY, until: date = date(2026, 12, 4)) -> list[int]:
    return [one.timetuple().tm_yday - TODAY.timetuple().tm_yday for one in days_of(rhythm, first=first, until=until)]


def test_a_weekly_meeting_is_on_its_day_each_week():
    assert days(Rhythm(weekday=THURSDAY, every_weeks=1, starts_on=TODAY)) == [0, 7, 14, 21, 28]


def test_a_fortnightly_meeting_keeps_its_weeks_whenever_it_is_asked():
    rhythm = Rhythm(weekday=THURSDAY, every_weeks=2, starts_on=date(2026, 10, 29))

    assert days(rhythm) == [7, 21]
    assert days(rhythm, first=date(2026, 11, 13)) == [21]


def test_it_begins_on_the_first_such_day_and_the_day_it_ends_is_already_over():
    rhythm = Rhythm(weekday=0, every_weeks=1, starts_on=TODAY, ends_on=date(2026, 11, 23))

    assert days(rhythm) == [4, 11]


def test_ten_o_clock_is_ten_o_clock_before_and_after_the_clocks_change():
    summer, winter = moment_of(date(2026, 10, 22), time(10)), moment_of(date(2026, 10, 29), time(10))

    assert (summer, winter) == (datetime(2026, 10, 22, 9, tzinfo=UTC), datetime(2026, 10, 29, 10, tzinfo=UTC))


def ready(number: int, why: Why, *, since: date = TODAY, **other) -> Ready:
    return Ready(person=UUID(int=number), why=why, since=since, **other)


def numbers(told: list[Ready]) -> list[int]:
    return [one.person.int for one in told]


def test_care_at_risk_comes_first_and_then_whoever_waited_over():
    told = [ready(5, Why.REVIEW), ready(4, Why.CANDIDATE), ready(3, Why.NOMINATED), ready(2, Why.CARRIED_OVER)]

    assert numbers(in_order([*told, ready(1, Why.AT_RISK)])) == [1, 2, 3, 4, 5]


def test_of_those_alike_whoever_waited_over_most_then_is_most_urgent_then_waits_longest_comes_first():
    told = [
        ready(4, Why.REVIEW),
        ready(3, Why.REVIEW, since=date(2026, 10, 1)),
        ready(2, Why.REVIEW, priority=1),
        ready(1, Why.REVIEW, times_carried=1),
    ]

    assert numbers(in_order(told)) == [1, 2, 3, 4]


def test_whoever_waits_for_two_reasons_comes_once_for_the_one_that_comes_first():
    told = one_a_person([ready(1, Why.REVIEW), ready(1, Why.AT_RISK), ready(2, Why.CANDIDATE)])

    assert sorted((one.person.int, one.why) for one in told) == [(1, Why.AT_RISK), (2, Why.CANDIDATE)]


def test_nobody_is_overtaken_by_somebody_shorter():
    assert fitting([10, 10, 10, 2], length=30) == [True, True, False, False]
    assert fitting([], length=30) == []


def test_who_does_not_fit_is_told_why():
    assert not_this_time(before=2, minutes=20, length=30) == (
        "2 people before them take 20 of 25 minutes. If the meeting does not get to them, they come first next time, "
        "after care at risk."
    )


LATER = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("decision", "on_caseload", "other", "words"),
    [
        (Decision.TAKE_ON, False, {"words": "Falls", "review_on": LATER}, ""),
        (Decision.TAKE_ON, False, {"review_on": LATER}, SAY_WHY),
        (Decision.TAKE_ON, False, {"words": "Falls"}, SAY_WHEN),
        (Decision.TAKE_ON, False, {"words": "Falls", "review_on": TODAY}, DAY_IS_OVER),
        (Decision.TAKE_ON, True, {}, "\u201cTake on to the caseload\u201d is not for somebody who is on the caseload."),
        (Decision.NOT_TAKE_ON, False, {}, SAY_WHY),
        (Decision.NOT_TAKE_ON, False, {"words": "Manages well"}, ""),
        (Decision.KEEP, True, {"review_on": LATER}, ""),
        (Decision.KEEP, True, {}, SAY_WHEN),
        (Decision.COME_OFF, True, {}, SAY_WHY_OFF),
        (Decision.COME_OFF, True, {"off_reason": "goals met"}, ""),
        (Decision.INFORMATION, True, {}, ""),
        (
            Decision.INFORMATION,
            False,
            {},
            "\u201cFor information only\u201d is not for somebody who is not on the caseload.",
        ),
        (Decision.COME_BACK, True, {}, ""),
        (Decision.COME_BACK, False, {}, ""),
    ],
)
def test_a_decision_fits_whom_it_is_about_and_says_all_it_must(decision, on_caseload, other, words):
    told = {"words": "", "review_on": None, "off_reason": "", "on": TODAY} | other
    said = ""

    try:
        check_decision(decision, on_caseload=on_caseload, **told)
    except Refused as refused:
        said = str(refused)

    assert said == words


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("clinician", True),
        ("social_worker", True),
        ("safeguarding_lead", True),
        ("care_coordinator", True),
        ("care_home", True),
        ("link_worker", True),
        ("privacy_officer", False),
        ("identity_custodian", False),
        ("analyst", False),
        ("board", False),
        ("administrator", False),
    ],
)
def test_who_writes_in_records_takes_part_in_the_meeting(db, role, may):
    assert may_meet(make.viewer(role)) is may
