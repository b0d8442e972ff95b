"""Planning, opening and closing a meeting: who is on its agenda, whom the team may know, who moves on."""

from datetime import date, timedelta

import pytest
from django.db.models import F

from locality.access.models import Relationship
from locality.access.queries import openable
from locality.base import NoAccess, NotFound, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import agenda
from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.models import Caseload, Meeting, MeetingItem
from locality.neighbourhoods.queries import agenda as on_agenda
from locality.neighbourhoods.queries import meetings as queries
from locality.neighbourhoods.rules.meetings import AHEAD_WEEKS, Came, Decision, ItemState
from locality.people.models import Person
from locality.watch.meeting import planning
from locality.web.meeting import forms
from tests import factories as make
from tests.neighbourhoods.meeting_world import (
    candidate,
    decided,
    item,
    looked_after,
    nurse,
    opened,
    planned,
    sadia,
    series,
)

pytestmark = pytest.mark.django_db


def names(meeting: Meeting) -> list[str]:
    rows = MeetingItem.objects.filter(meeting=meeting).exclude(state=ItemState.LEFT_OUT)
    return [row.person.given for row in rows.order_by("place").select_related("person")]


def test_a_series_makes_the_meetings_of_a_quarter_and_is_safe_to_repeat():
    series()

    again = actions.plan_ahead(by=sadia())

    days = list(Meeting.objects.order_by("on").values_list("on", flat=True))
    assert days == [make.TODAY + timedelta(weeks=week) for week in range(AHEAD_WEEKS)]
    assert again == 0


def test_a_first_day_in_the_past_makes_no_meeting_that_was():
    series(starts_on=make.TODAY - timedelta(weeks=9), every_weeks=2)

    days = list(Meeting.objects.order_by("on").values_list("on", flat=True))
    # every second week, counted from the first
    assert (days[0], days[1]) == (make.TODAY + timedelta(weeks=1), make.TODAY + timedelta(weeks=3))


def test_what_is_open_stands_before_what_was_not_held():
    meeting = opened()
    before = Meeting.objects.create(
        series=meeting.series, team=meeting.team, on=make.TODAY - timedelta(weeks=1), minutes=60,
        starts_at=meeting.starts_at - timedelta(weeks=1), made_at=make.AT, made_by=sadia().id,
    )  # fmt: skip

    told = [one.meeting.pk for one in queries.to_come(viewer=sadia())]

    assert told[:2] == [meeting.pk, before.pk]


def test_drawn_up_again_while_it_is_open_the_order_stays_and_who_is_new_comes_last():
    for given in ("Ann", "Ben", "Cyn"):
        looked_after(given)
    meeting = opened()
    first = MeetingItem.objects.get(meeting=meeting, place=1)
    decided(first, Decision.KEEP, review_on=make.TODAY + timedelta(days=28))
    before = names(meeting)
    looked_after("Dot")

    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    assert names(meeting) == [*before, "Dot"]


def test_put_back_they_have_a_place_of_their_own():
    for given in ("Ann", "Ben", "Cyn"):
        looked_after(given)
    meeting = opened()
    second = MeetingItem.objects.get(meeting=meeting, place=2)
    agenda.leave_out(item_id=second.pk, why="In hospital", by=sadia())
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    agenda.put_back(item_id=second.pk, by=sadia())

    places = list(MeetingItem.objects.filter(meeting=meeting).values_list("place", flat=True))
    assert sorted(places) == sorted(set(places))


@pytest.mark.parametrize("held", [True, False], ids=["closed", "skipped"])
def test_whom_somebody_brought_and_who_was_left_out_comes_again(held):
    row = looked_after("Ann", review_on=make.TODAY + timedelta(days=90))
    meeting = planned()
    grant = make.opened(row.person, nurse())
    brought = agenda.bring(grant=grant, meeting_id=meeting.pk, why="She fell", by=nurse())
    agenda.leave_out(item_id=brought.pk, why="In hospital", by=sadia())

    if held:
        actions.open_meeting(meeting_id=meeting.pk, by=sadia())
        actions.close_meeting(meeting_id=meeting.pk, by=sadia())
    else:
        actions.skip(meeting_id=meeting.pk, why="Snow", by=sadia())

    after = Meeting.objects.get(on=make.TODAY + timedelta(weeks=1))
    [again] = MeetingItem.objects.filter(meeting=after)
    assert (again.person_id, again.why_words, again.times_carried) == (row.person_id, "She fell", 1)


def test_a_meeting_with_two_who_were_found_to_be_one_is_closed():
    one, other = looked_after("Ann"), looked_after("Anne")
    meeting = opened()
    Person.objects.filter(pk=other.person_id).update(merged_into=one.person)

    closed = actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    after = Meeting.objects.get(on=make.TODAY + timedelta(weeks=1))
    agenda.draw_up(meeting_id=after.pk, by=sadia())
    assert closed.state == "closed"
    assert [row.person_id for row in MeetingItem.objects.filter(meeting=after)] == [one.person_id]


def test_of_whom_nothing_is_said_whether_they_came_stays_as_somebody_else_said_it():
    joanne, meeting = nurse(), opened()
    actions.say_who_came(meeting_id=meeting.pk, came={str(joanne.id): Came.CAME}, by=sadia())
    older = {f"came-{joanne.id}": "invited", f"was-{joanne.id}": "invited", f"came-{sadia().id}": "apologies"}

    actions.say_who_came(meeting_id=meeting.pk, came=forms.came(older), by=sadia())

    assert [one.state for one in queries.attendance(meeting=meeting)] == ["came", "apologies"]


def test_the_background_work_makes_what_is_missing():
    series()
    Meeting.objects.exclude(on=make.TODAY).delete()

    planning(now=lambda: make.AT)()

    assert Meeting.objects.count() == AHEAD_WEEKS
    assert Event.objects.get(what="meeting.planned").detail == {"new": AHEAD_WEEKS - 1}


def test_only_one_of_the_team_says_how_it_meets():
    with pytest.raises(NoAccess):
        actions.begin_series(
            new=actions.NewSeries(
                team=make.team("hilltop").pk, weekday=3, at=actions.time(10), minutes=60, starts_on=make.TODAY
            ),
            by=sadia(),
        )


def test_an_agenda_is_drawn_from_all_who_wait_in_their_order():
    looked_after("Due")
    looked_after("Risk", review_on=make.TODAY + timedelta(days=90), at_risk="Her daughter is in hospital")
    looked_after("Later", review_on=make.TODAY + timedelta(days=90))
    candidate("Put")
    meeting = planned()

    new = agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    again = agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    assert (new, again) == (3, 0)
    assert names(meeting) == ["Risk", "Put", "Due"]


def test_of_reviews_due_the_most_urgent_comes_first():
    looked_after("Routine", review_on=make.TODAY - timedelta(days=9))
    looked_after("Soon", priority=2)
    meeting = planned()

    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    assert names(meeting) == ["Soon", "Routine"]


def test_what_does_not_fit_is_shown_with_its_reason():
    for number in range(7):
        candidate(f"Put{number}")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    told = on_agenda.lines(viewer=sadia(), meeting=meeting)

    assert [one.fits for one in told] == [True] * 6 + [False]
    assert told[6].why_not.startswith("6 people before them take 48 of 55 minutes.")


def test_care_that_came_to_be_at_risk_since_comes_first():
    row = looked_after("Due")
    candidate("Put")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    Caseload.objects.filter(pk=row.pk).update(at_risk="Her daughter is in hospital")

    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    assert names(meeting) == ["Due", "Put"]
    assert item(row.person).why_words == "Her daughter is in hospital"


def test_the_coordinators_order_is_kept_and_who_is_new_comes_last():
    first, second = candidate("First"), candidate("Second")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    was = names(meeting)

    agenda.move(item_id=item({"First": first, "Second": second}[was[1]].person).pk, earlier=True, by=sadia())
    looked_after("Risk", at_risk="Her daughter is in hospital")
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    assert names(meeting) == [was[1], was[0], "Risk"]


def test_whoever_is_left_out_is_so_with_a_reason_and_still_waits():
    row = candidate("Put")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    with pytest.raises(Refused, match="Say why"):
        agenda.leave_out(item_id=item(row.person).pk, why=" ", by=sadia())

    agenda.leave_out(item_id=item(row.person).pk, why="Her practice sees her first", by=sadia())
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    left_out = names(meeting)
    agenda.put_back(item_id=item(row.person).pk, by=sadia())

    assert (left_out, names(meeting)) == ([], ["Put"])


def test_whom_a_member_brings_is_put_forward_where_the_team_does_not_look_after_them():
    known = make.person()
    make.relationship(known, organisation=make.organisation("RSB"), kind="registered_practice")
    meeting = planned()
    colleague = sadia()

    before = openable(viewer=make.viewer(organisation=None), person_ids=[known.pk], on=make.TODAY)
    row = agenda.bring(grant=make.opened(known, nurse()), meeting_id=meeting.pk, why="She fell twice", by=nurse())
    told = on_agenda.line(viewer=colleague, item_id=row.pk)

    assert (before, told.person, told.why) == (set(), known, "nominated")
    assert told.why_words == "She fell twice (Joanne Fielding)"
    with pytest.raises(Refused, match="already"):
        agenda.bring(grant=make.opened(known, nurse()), meeting_id=meeting.pk, why="Again", by=nurse())


def test_opened_it_lets_the_team_know_those_on_the_agenda_for_the_day_and_closed_no_longer():
    row = candidate("Put", data_class="WORK")
    meeting = opened()
    during = Relationship.objects.get(kind="meeting")

    actions.close_meeting(meeting_id=meeting.pk, by=sadia(at=make.AT + timedelta(hours=1)))
    after = Relationship.objects.get(kind="meeting")

    assert (during.person, during.team, during.starts_on) == (row.person, make.team(), make.TODAY)
    assert (during.ends_on, during.ended_at) == (make.TODAY + timedelta(days=1), None)
    assert (after.ends_on, after.ended_reason) == (make.TODAY, "The meeting was closed")


def test_a_meeting_is_opened_on_its_own_day_once():
    meeting = planned()
    tomorrow = sadia(at=make.AT + timedelta(days=1))
    with pytest.raises(Refused, match="another day"):
        actions.open_meeting(meeting_id=meeting.pk, by=tomorrow)

    actions.open_meeting(meeting_id=meeting.pk, by=sadia())

    with pytest.raises(Refused, match="live already"):
        actions.open_meeting(meeting_id=meeting.pk, by=nurse())
    assert Meeting.objects.get(pk=meeting.pk).chair_id == sadia().id


def test_who_was_not_reached_moves_on_and_comes_first_next_time():
    late, reached = candidate("Late"), candidate("Reached")
    meeting = opened()
    decided(item(reached.person), Decision.NOT_TAKE_ON)

    actions.close_meeting(meeting_id=meeting.pk, by=sadia())
    after = Meeting.objects.get(on=make.TODAY + timedelta(days=7))
    candidate("New")
    agenda.draw_up(meeting_id=after.pk, by=sadia())

    carried = MeetingItem.objects.get(meeting=after, person=late.person)
    assert item(late.person).state == ItemState.MOVED_ON
    assert (carried.why, carried.times_carried, carried.carried_from) == ("carried over", 1, item(late.person))
    assert names(after) == ["Late", "New"]


def test_who_shall_come_back_is_on_the_next_agenda_too():
    row = looked_after("Due")
    meeting = opened()
    decided(item(row.person), Decision.COME_BACK, words="When her scan is back")

    actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    carried = MeetingItem.objects.get(person=row.person, meeting__on=make.TODAY + timedelta(days=7))
    assert (carried.why, carried.why_words) == ("carried over", "When her scan is back")


def test_who_was_carried_into_a_meeting_that_is_skipped_waits_for_the_one_after():
    row = candidate("Put")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    with pytest.raises(Refused, match="Say why"):
        actions.skip(meeting_id=meeting.pk, why="", by=sadia())

    actions.skip(meeting_id=meeting.pk, why="Bank holiday", by=sadia())

    carried = MeetingItem.objects.get(person=row.person, state=ItemState.WAITING)
    assert carried.meeting.on == make.TODAY + timedelta(days=7)


def test_where_no_meeting_follows_nobody_is_lost_who_waits():
    row = candidate("Put")
    series(ends_on=make.TODAY + timedelta(days=1))
    only = Meeting.objects.get()
    actions.open_meeting(meeting_id=only.pk, by=sadia())
    actions.close_meeting(meeting_id=only.pk, by=sadia())

    series(starts_on=make.TODAY + timedelta(days=2))
    later = Meeting.objects.order_by("on").last()
    agenda.draw_up(meeting_id=later.pk, by=sadia())

    assert MeetingItem.objects.get(meeting=later, person=row.person).why == "carried over"


def test_a_series_that_ends_leaves_no_meeting_planned_after():
    row = series()

    actions.end_series(series_id=row.pk, ends_on=make.TODAY + timedelta(days=10), by=sadia())

    states = dict(Meeting.objects.values_list("on", "state"))
    assert [day for day, state in states.items() if state == "planned"] == [
        make.TODAY,
        make.TODAY + timedelta(days=7),
    ]


def test_who_came_is_said_of_the_team_and_of_guests_by_name():
    joanne = nurse()
    meeting = opened()
    guest = actions.add_guest(meeting_id=meeting.pk, name="Ann Whittle", of="Age UK", by=sadia())
    with pytest.raises(Refused, match="Say who the guest is"):
        actions.add_guest(meeting_id=meeting.pk, name="Ann", of="", by=sadia())

    actions.say_who_came(
        meeting_id=meeting.pk, came={str(joanne.id): Came.APOLOGIES, str(guest.pk): Came.CAME}, by=sadia()
    )

    told = [(one.name, one.state, one.guest) for one in queries.attendance(meeting=meeting)]
    assert told == [
        ("Joanne Fielding", "apologies", False),
        ("Sadia Rahman", "came", False),
        ("Ann Whittle", "came", True),
    ]


def test_a_closed_meetings_agenda_and_attendance_stay_as_they_were():
    row = candidate("Put")
    meeting = opened()
    actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    with pytest.raises(Refused):
        agenda.leave_out(item_id=item(row.person).pk, why="Late", by=sadia())
    with pytest.raises(Refused):
        actions.add_guest(meeting_id=meeting.pk, name="Ann", of="Age UK", by=sadia())
    with pytest.raises(Refused):
        agenda.draw_up(meeting_id=meeting.pk, by=sadia())


def test_another_teams_meeting_is_not_there():
    meeting, row = planned(), candidate("Put")
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    for by in (make.stranger(), make.viewer("privacy_officer")):
        with pytest.raises(NotFound):
            queries.meeting(viewer=by, meeting_id=meeting.pk)
        with pytest.raises(NotFound):
            on_agenda.line(viewer=by, item_id=item(row.person).pk)
        assert queries.to_come(viewer=by) == []


def test_the_list_counts_those_whom_the_viewer_may_know(django_assert_num_queries):
    row = candidate("Put")
    candidate("Hidden")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    Relationship.objects.exclude(person=row.person).update(ends_on=F("starts_on"))

    told = {one.meeting.on: one.people for one in queries.to_come(viewer=sadia())}

    assert told[make.TODAY] == 1


@pytest.mark.parametrize("people", [1, 3])
def test_the_agenda_takes_as_many_queries_however_many_are_on_it(people, django_assert_num_queries):
    for number in range(people):
        candidate(f"Put{number}")
        looked_after(f"Due{number}")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())
    viewer = sadia()

    with django_assert_num_queries(7):
        told = on_agenda.lines(viewer=viewer, meeting=meeting)

    assert len(told) == 2 * people


def test_everybody_on_the_agenda_is_written_down_as_shown():
    row = candidate("Put")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    agenda.list_agenda(meeting=meeting, by=sadia())

    assert list(Event.objects.filter(what="meeting.listed").values_list("person_id", flat=True)) == [row.person_id]


def test_the_home_page_gets_the_open_meeting_else_the_next():
    meeting = planned()
    before = queries.next_of(viewer=sadia())
    tomorrow = queries.next_of(viewer=sadia(at=make.AT + timedelta(days=1)))
    actions.open_meeting(meeting_id=meeting.pk, by=sadia())

    live = queries.next_of(viewer=sadia(at=make.AT + timedelta(days=1)))

    assert [one.meeting.on for one in (before, tomorrow, live)] == [make.TODAY, date(2026, 11, 12), make.TODAY]
    assert queries.next_of(viewer=make.stranger()) is None


def test_why_somebody_was_put_forward_is_told_only_to_whom_it_opens():
    row = candidate("Put", data_class="SENS")
    meeting = planned()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia())

    told = {one.role: on_agenda.line(viewer=one, item_id=item(row.person).pk).why_words for one in (sadia(), nurse())}

    assert told == {"care_coordinator": "", "clinician": "Fell twice (Joanne Fielding)"}


def test_a_meeting_nobody_closed_lets_nobody_be_known_the_day_after():
    row = candidate("Put")
    opened()
    Relationship.objects.filter(kind="referral").update(ends_on=F("starts_on"))

    during = openable(viewer=sadia(), person_ids=[row.person_id], on=make.TODAY)
    after = openable(viewer=sadia(), person_ids=[row.person_id], on=make.TODAY + timedelta(days=1))

    assert (during, after) == ({row.person_id}, set())
