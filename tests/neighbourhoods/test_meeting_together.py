"""Two scribes, two who open or draw up one meeting at the same moment: one wins, the other is told, nothing is lost."""

import pytest

from locality.neighbourhoods.actions import agenda, deciding
from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.models import Caseload, Meeting, MeetingEntry, MeetingItem, Task
from locality.neighbourhoods.queries import agenda as on_agenda
from locality.neighbourhoods.rules.meetings import Decision
from tests import factories as make
from tests.neighbourhoods.meeting_world import (
    NEXT_MONTH,
    candidate,
    decided,
    item,
    looked_after,
    nurse,
    opened,
    planned,
    sadia,
)
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def test_of_two_scribes_who_decide_at_once_one_is_kept_and_the_other_sees_by_whom():
    row = candidate("Put")
    opened()
    seen = item(row.person)
    joanne, asked = nurse(), [deciding.ToDo(title="Visit her", due_on=NEXT_MONTH)]

    first, second = while_the_first_is_not_done(
        lambda: decided(seen, Decision.TAKE_ON, words="Falls", review_on=NEXT_MONTH, asked=asked),
        lambda: decided(seen, Decision.NOT_TAKE_ON, words="Manages", said="Her son helps", asked=asked, by=joanne),
    )

    told = on_agenda.line(viewer=joanne, item_id=seen.pk)
    assert (told.decision, first.pk) == ("take on", seen.pk)
    assert second.startswith("Sadia Rahman, District nurse, Smallborough Hospitals wrote the decision down at 09:40.")
    assert (Caseload.objects.count(), Task.objects.count(), MeetingEntry.objects.count()) == (1, 1, 0)


def test_of_two_who_write_what_is_said_both_are_kept():
    row = looked_after("Due")
    opened()
    joanne, by, pk = nurse(), sadia(), item(row.person).pk

    while_the_first_is_not_done(
        lambda: deciding.say(item_id=pk, words="She is tired", by=by),
        lambda: deciding.say(item_id=pk, words="She sleeps badly", by=joanne),
    )

    assert sorted(MeetingEntry.objects.values_list("words", flat=True)) == ["She is tired", "She sleeps badly"]
    assert item(row.person).version == 3


def test_of_two_who_open_a_meeting_the_second_is_told():
    candidate("Put")
    meeting, by, joanne = planned(), sadia(), nurse()

    first, second = while_the_first_is_not_done(
        lambda: actions.open_meeting(meeting_id=meeting.pk, by=by),
        lambda: actions.open_meeting(meeting_id=meeting.pk, by=joanne),
    )

    assert (first.chair_id, second) == (by.id, "This meeting is live already, so nothing was changed.")


def test_of_two_who_draw_up_an_agenda_nobody_is_on_it_twice():
    row = candidate("Put")
    meeting, by, joanne = planned(), sadia(), nurse()

    first, second = while_the_first_is_not_done(
        lambda: agenda.draw_up(meeting_id=meeting.pk, by=by),
        lambda: agenda.draw_up(meeting_id=meeting.pk, by=joanne),
    )

    assert (first, second) == (1, 0)
    assert MeetingItem.objects.get().person == row.person


def test_of_two_who_plan_ahead_each_day_is_planned_once():
    planned()
    Meeting.objects.exclude(on=make.TODAY).delete()
    by, joanne = sadia(), nurse()

    while_the_first_is_not_done(lambda: actions.plan_ahead(by=by), lambda: actions.plan_ahead(by=joanne))

    assert Meeting.objects.count() == 13


def test_whoever_closes_while_somebody_decides_waits_and_loses_nothing():
    row = looked_after("Due")
    meeting, by, joanne = opened(), sadia(), nurse()
    seen = item(row.person)

    _, closed = while_the_first_is_not_done(
        lambda: decided(seen, Decision.KEEP, review_on=NEXT_MONTH, by=joanne),
        lambda: actions.close_meeting(meeting_id=meeting.pk, by=by),
    )

    assert (closed.state, item(row.person).state) == ("closed", "discussed")
