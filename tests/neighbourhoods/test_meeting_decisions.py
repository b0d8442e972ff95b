"""Deciding of somebody in a meeting: carried out whole or not at all, with dissent, tasks and additions."""

from datetime import timedelta

import pytest

from locality.access.models import Relationship
from locality.base import NotFound, Overtaken, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import deciding
from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.actions.deciding import Disagreed, ToDo
from locality.neighbourhoods.models import Allocation, Candidate, Caseload, MeetingEntry, Task
from locality.neighbourhoods.queries import agenda as on_agenda
from locality.neighbourhoods.queries import meetings as queries
from locality.neighbourhoods.queries.yields import yields
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.caseload import CameFrom, OffReason
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
    sadia,
)

pytestmark = pytest.mark.django_db


def test_taken_on_they_are_on_the_caseload_with_a_coordinator_and_a_day():
    row = candidate("Put")
    opened()

    decided(item(row.person), Decision.TAKE_ON, words="Two falls", review_on=NEXT_MONTH, coordinator=nurse().id)

    on_it = Caseload.objects.get(person=row.person)
    assert (on_it.why, on_it.review_on, on_it.candidate) == ("Two falls", NEXT_MONTH, row)
    assert Allocation.objects.get(caseload=on_it).coordinator_id == nurse().id
    assert Candidate.objects.get(pk=row.pk).state == "taken on"
    assert item(row.person).caseload == on_it


def test_taken_on_it_is_kept_how_they_came_and_that_they_agreed():
    row = candidate("Put", came_from=CameFrom.NEWS, agreed=Agreed.NOT_ASKED)
    opened()

    decided(item(row.person), Decision.TAKE_ON, review_on=NEXT_MONTH, agreed=Agreed.AGREED)

    on = Caseload.objects.get()
    assert (on.came_from, on.agreed, on.lawful_basis) == ("news", "agreed", row.lawful_basis)


def test_not_taken_on_they_are_answered_and_the_reason_to_know_them_ends():
    row = candidate("Put")
    meeting = opened()
    decided(item(row.person), Decision.NOT_TAKE_ON, words="Her son does it all")
    while_open = on_agenda.line(viewer=sadia(), item_id=item(row.person).pk).decision

    actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    answered = Candidate.objects.get(pk=row.pk)
    assert (answered.state, answered.answer_why, while_open) == ("not taken on", "Her son does it all", "not take on")
    assert not Relationship.objects.filter(ended_at=None).exists()
    with pytest.raises(NotFound):
        on_agenda.line(viewer=sadia(), item_id=item(row.person).pk)


def test_kept_they_are_looked_at_again_on_the_day_that_was_said():
    row = looked_after("Due")
    opened()

    decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH, coordinator=nurse().id)

    row.refresh_from_db()
    assert row.review_on == NEXT_MONTH
    assert row.history.get(what="reviewed").became == NEXT_MONTH.isoformat()
    assert row.allocations.get().coordinator_id == nurse().id


def test_come_off_they_are_off_with_the_reason():
    row = looked_after("Due")
    opened()

    decided(item(row.person), Decision.COME_OFF, off_reason=OffReason.GOALS_MET, words="Walks to the shop again")

    row.refresh_from_db()
    assert (row.stage, row.off_reason, row.off_words) == ("off", "goals met", "Walks to the shop again")


def test_what_is_asked_for_becomes_tasks_of_the_item():
    row = looked_after("Due")
    opened()

    decided(
        item(row.person),
        Decision.KEEP,
        review_on=NEXT_MONTH,
        asked=[ToDo(title="Ring her daughter", due_on=NEXT_MONTH, owner=nurse().id)],
    )

    task = Task.objects.get()
    assert (task.title, task.owner_id, task.person) == ("Ring her daughter", nurse().id, row.person)
    assert (task.about, task.about_id, task.due_on) == ("meeting", item(row.person).pk, NEXT_MONTH)


@pytest.mark.parametrize(
    "wrong",
    [
        {"asked": [ToDo(title="Ring her", due_on=NEXT_MONTH), ToDo(title=" ", due_on=NEXT_MONTH)]},
        {"dissent": [Disagreed(who="Tom", words="")]},
        {"asked": [ToDo(title="Ring her", due_on=NEXT_MONTH, owner=make.SYSTEM_ID)]},
        {"coordinator": make.SYSTEM_ID},
    ],
)
def test_what_is_not_whole_leaves_nothing_half_done(wrong):
    row = candidate("Put")
    opened()

    with pytest.raises(Refused):
        decided(item(row.person), Decision.TAKE_ON, words="Falls", review_on=NEXT_MONTH, **wrong)

    assert (item(row.person).state, item(row.person).version) == ("waiting", 1)
    counts = [model.objects.count() for model in (Caseload, Task, MeetingEntry)]
    assert counts == [0, 0, 0]


def test_dissent_stands_beside_the_decision_with_whose_it_is():
    row = looked_after("Due")
    opened()

    decided(
        item(row.person),
        Decision.KEEP,
        review_on=NEXT_MONTH,
        said="She manages the stairs",
        dissent=[Disagreed(who="Tom Brierley", words="She fell last week")],
    )

    told = on_agenda.line(viewer=nurse(), item_id=item(row.person).pk)
    assert [one.words for one in told.said] == ["She manages the stairs"]
    assert [(one.whose, one.words) for one in told.dissent] == [("Tom Brierley", "She fell last week")]


def test_whoever_decides_on_an_old_page_is_told_who_wrote_and_then_goes_on():
    row = looked_after("Due")
    opened()
    seen = item(row.person)
    deciding.say(item_id=seen.pk, words="Her daughter cannot go on", by=nurse())

    with pytest.raises(Overtaken, match="Joanne Fielding, District nurse, Smallborough Hospitals wrote something"):
        decided(seen, Decision.KEEP, review_on=NEXT_MONTH)
    decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH, said="The team agrees")

    told = on_agenda.line(viewer=sadia(), item_id=seen.pk)
    assert [one.words for one in told.said] == ["Her daughter cannot go on", "The team agrees"]


def test_what_is_decided_is_added_to_and_not_decided_again():
    row = looked_after("Due")
    opened()
    decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH)

    with pytest.raises(Overtaken, match="It stands as they wrote it"):
        decided(item(row.person), Decision.COME_OFF, off_reason=OffReason.DIED)
    deciding.add_to_decided(
        item_id=item(row.person).pk,
        said="And her eyes are tested",
        dissent=[],
        asked=[ToDo(title="Book the optician", due_on=NEXT_MONTH)],
        by=nurse(),
    )

    told = on_agenda.line(viewer=sadia(), item_id=item(row.person).pk)
    assert (told.decision, [one.words for one in told.said]) == ("keep", ["And her eyes are tested"])
    assert [one.title for one in told.asked] == ["Book the optician"]


def test_nothing_is_decided_in_a_meeting_that_is_not_open():
    row = candidate("Put")
    meeting = opened()
    actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    with pytest.raises(Refused, match="This meeting is closed"):
        decided(item(row.person), Decision.NOT_TAKE_ON)
    with pytest.raises(Refused, match="This meeting is closed"):
        deciding.say(item_id=item(row.person).pk, words="More", by=sadia())


def test_closed_minutes_are_corrected_by_a_dated_addition():
    row = looked_after("Due")
    meeting = opened()
    decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH, said="She is 80")
    with pytest.raises(Refused, match="not closed yet"):
        deciding.add_after(item_id=item(row.person).pk, words="She is 81", by=sadia())
    actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    deciding.add_after(item_id=item(row.person).pk, words="She is 81", by=sadia())

    told = on_agenda.line(viewer=sadia(), item_id=item(row.person).pk)
    assert [one.words for one in told.said] == ["She is 80"]
    assert [(one.words, one.at) for one in told.additions] == [("She is 81", make.AT)]


def test_the_record_opens_for_the_meeting_by_its_own_word_and_purpose():
    row = looked_after("Due")
    meeting = opened()

    screen = deciding.open_screen(meeting_id=meeting.pk, by=sadia())

    line = Event.objects.get(what="meeting.person-opened")
    assert (screen.line.person, screen.grant.person) == (row.person, row.person)
    assert (line.person_id, line.about_id, line.purpose) == (row.person_id, screen.line.id, "meeting")


def test_the_screen_of_a_meeting_that_is_over_opens_and_names_nobody():
    looked_after("Due")
    meeting = opened()
    actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    screen = deciding.open_screen(meeting_id=meeting.pk, by=sadia())

    assert (screen.lines, screen.line, screen.grant) == ([], None, None)
    assert Event.objects.filter(what="meeting.person-opened").count() == 0


def test_what_was_typed_and_not_saved_is_written_down_when_the_meeting_goes_on():
    first, second = looked_after("First"), looked_after("Second")
    opened()

    deciding.turn_to(item_id=item(second.person).pk, leaving=item(first.person).pk, said="She is well", by=sadia())

    assert [one.words for one in on_agenda.line(viewer=sadia(), item_id=item(first.person).pk).said] == ["She is well"]


def test_another_team_opens_nobody_for_the_meeting():
    row = looked_after("Due")
    meeting = opened()

    with pytest.raises(NotFound):
        deciding.open_screen(meeting_id=meeting.pk, by=make.stranger())
    with pytest.raises(NotFound):
        deciding.say(item_id=item(row.person).pk, words="Hello", by=make.stranger())


def test_the_time_on_the_screen_is_counted_for_who_was_on_it():
    first, second = looked_after("First"), looked_after("Second")
    meeting = opened()
    on_screen = meeting.on_screen
    other = {first.person_id: second, second.person_id: first}[on_screen.person_id]

    deciding.turn_to(item_id=item(other.person).pk, by=sadia(at=make.AT + timedelta(minutes=4)))
    actions.close_meeting(meeting_id=meeting.pk, by=sadia(at=make.AT + timedelta(minutes=5)))

    on_screen.refresh_from_db()
    assert (on_screen.spent_seconds, item(other.person).spent_seconds) == (240, 60)


def test_what_came_of_the_meetings_is_counted_with_its_rows():
    row = looked_after("Due")
    meeting = opened()
    asked = [ToDo(title=title, due_on=NEXT_MONTH) for title in ("Done", "Not", "Open")]
    decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH, asked=asked)
    actions.close_meeting(meeting_id=meeting.pk, by=sadia())
    ended = {"ended_at": make.AT, "ended_by": nurse().id}
    Task.objects.filter(title="Done").update(state="done", helped="partly", **ended)
    Task.objects.filter(title="Not").update(state="not done", not_done_because="not in", **ended)

    told = yields(viewer=sadia(), since=make.TODAY, on=NEXT_MONTH + timedelta(days=1))
    none = yields(viewer=make.stranger(), since=make.TODAY, on=NEXT_MONTH)

    whole = told.whole
    assert (whole.people, whole.asked, whole.done, whole.not_done, whole.still_open, whole.late) == (1, 3, 1, 1, 1, 1)
    assert (whole.because, whole.helped, whole.not_said) == ({"not in": 1}, {"partly": 1}, 0)
    assert [(one.pk, of) for one, of in told.meetings] == [(meeting.pk, whole)]
    assert sorted(one.title for one in told.rows) == ["Done", "Not", "Open"]
    assert (none.meetings, none.rows) == ([], [])


@pytest.mark.parametrize("people", [1, 3])
def test_what_came_of_meetings_takes_three_queries(people, django_assert_num_queries):
    rows = [looked_after(f"Due{number}") for number in range(people)]
    meeting = opened()
    for row in rows:
        todo = [ToDo(title="Ring", due_on=NEXT_MONTH)]
        decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH, asked=todo)
    actions.close_meeting(meeting_id=meeting.pk, by=sadia())
    viewer = sadia()

    with django_assert_num_queries(3):
        told = yields(viewer=viewer, since=make.TODAY, on=make.TODAY)

    assert told.whole.asked == people


def test_what_meetings_said_of_a_person_stands_for_those_who_open_them(django_assert_num_queries):
    row = looked_after("Due")
    opened()
    decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH, words="Steady")
    grant = make.opened(row.person, nurse())

    with django_assert_num_queries(2):
        told = queries.of_person(grant=grant)

    assert [(one.team, one.decision, one.decision_words, one.review_on) for one in told] == [
        ("Riverside team", "keep", "Steady", NEXT_MONTH)
    ]


# ---- taken back


def test_come_off_by_a_slip_they_are_on_the_caseload_again_as_they_were_and_the_minutes_say_so():
    row = looked_after("Due", coordinator=nurse().id)
    opened()
    asked = [ToDo(title="Ring her", due_on=NEXT_MONTH)]
    decided(item(row.person), Decision.COME_OFF, off_reason=OffReason.DIED, words="Died", asked=asked)

    deciding.take_back(item_id=item(row.person).pk, by=sadia(at=make.AT + timedelta(minutes=5)))

    row.refresh_from_db()
    assert (row.off_at, row.allocations.get(ends_at=None).coordinator_id) == (None, nurse().id)
    assert (Task.objects.get().state, Task.objects.get().not_done_because) == ("not done", "asked by mistake")
    line = on_agenda.line(viewer=sadia(), item_id=item(row.person).pk)
    assert (line.state, line.decision, line.review_on, line.decided_at) == ("waiting", "", None, None)
    assert [one.words for one in line.said] == ["Taken back, and decided anew: \u201cCome off the caseload: Died\u201d"]
    decided(item(row.person), Decision.KEEP, review_on=NEXT_MONTH)
    assert item(row.person).decision == "keep"


def test_not_taken_on_by_a_slip_they_wait_for_the_team_again():
    row = candidate("Put")
    opened()
    decided(item(row.person), Decision.NOT_TAKE_ON, words="Her son does it all")

    deciding.take_back(item_id=item(row.person).pk, by=sadia(at=make.AT + timedelta(minutes=15)))

    row.refresh_from_db()
    assert (row.state, row.answered_at, row.relationship.ended_at) == ("waiting", None, None)
    assert item(row.person).state == "waiting"
    assert Event.objects.filter(what="meeting.decision-taken-back", person_id=row.person_id).count() == 1


@pytest.mark.parametrize(
    ("decision", "by", "minutes", "said"),
    [
        (Decision.INFORMATION, sadia, 16, "takes it back, for 15 minutes"),
        (Decision.INFORMATION, nurse, 1, "Only whoever wrote a decision takes it back"),
        (Decision.KEEP, sadia, 1, "is not taken back by a press"),
    ],
)
def test_what_is_too_late_anothers_or_not_to_be_undone_is_not_taken_back(decision, by, minutes, said):
    row = looked_after("Due")
    opened()
    decided(item(row.person), decision, review_on=NEXT_MONTH if decision == Decision.KEEP else None)

    with pytest.raises(Refused, match=said):
        deciding.take_back(item_id=item(row.person).pk, by=by(at=make.AT + timedelta(minutes=minutes)))

    assert item(row.person).decision == decision


def test_once_the_meeting_is_closed_nothing_is_taken_back():
    row = looked_after("Due")
    meeting = opened()
    decided(item(row.person), Decision.INFORMATION)
    actions.close_meeting(meeting_id=meeting.pk, by=sadia())

    with pytest.raises(Refused, match="closed"):
        deciding.take_back(item_id=item(row.person).pk, by=sadia())


def test_another_team_takes_nothing_back():
    row = looked_after("Due")
    opened()
    decided(item(row.person), Decision.INFORMATION)

    with pytest.raises(NotFound):
        deciding.take_back(item_id=item(row.person).pk, by=make.stranger())
