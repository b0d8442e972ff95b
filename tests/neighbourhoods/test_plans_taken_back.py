"""Undoing an action of the plan: what it asked of a team goes with it, unless the team has seen to it since."""

from dataclasses import replace
from datetime import timedelta

import pytest

from locality.base import Refused
from locality.neighbourhoods.actions import asking, plans, tasks
from locality.neighbourhoods.models import PlanPart, Task
from locality.neighbourhoods.rules.plans import ActionState, PartKind, Who
from locality.neighbourhoods.rules.tasks import NotDone, TaskMove, TaskState
from tests import factories as make
from tests.neighbourhoods.test_plans import doing, nurse, read, written

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(minutes=5)


def asked_of_the_team(peggy):
    part = written(peggy, PartKind.ACTION, doing(who=Who.TEAM, team=make.team().pk))
    return part, Task.objects.get()


def taken_back(peggy, part, version, at=LATER, by=None):
    by = replace(by or nurse(), at=at)
    return plans.undo(part=part.pk, version=version, grant=make.opened(peggy, by), by=by)


def test_an_action_that_is_taken_back_takes_the_teams_task_with_it():
    peggy, _ = make.peggy("gp")
    part, task = asked_of_the_team(peggy)

    taken_back(peggy, part, 1)

    task.refresh_from_db()
    assert (task.state, task.not_done_because, task.outcome) == (
        TaskState.NOT_DONE, NotDone.MISTAKE, "It was taken back out of the plan",
    )  # fmt: skip
    assert read(peggy).actions == ()


def test_an_action_that_is_put_back_is_asked_of_the_team_again_and_can_be_taken_back_again():
    peggy, _ = make.peggy("gp")
    part, task = asked_of_the_team(peggy)
    taken_back(peggy, part, 1)

    taken_back(peggy, part, 2, at=LATER + timedelta(minutes=1))
    task.refresh_from_db()
    asked = (task.state, task.ended_at, [one.state for one in read(peggy).actions])
    taken_back(peggy, part, 3, at=LATER + timedelta(minutes=2))

    task.refresh_from_db()
    assert asked == (TaskState.REQUESTED, None, [ActionState.OPEN])
    assert (task.state, read(peggy).actions) == (TaskState.NOT_DONE, ())
    assert list(task.history.order_by("at").values_list("what", flat=True)) == [
        "asked", "not done", "opened again", "not done",
    ]  # fmt: skip


@pytest.mark.parametrize("move", [TaskMove.START, TaskMove.FINISH])
def test_what_the_team_has_seen_to_since_is_not_taken_back_and_who_did_is_told(move):
    peggy, _ = make.peggy("gp")
    part, task = asked_of_the_team(peggy)
    joanne = nurse()
    tasks.move(task=task.pk, move=move, by=replace(joanne, at=LATER))

    with pytest.raises(Refused, match=f"{make.practitioner().name} of the team has seen to this since"):
        taken_back(peggy, part, 1, at=LATER + timedelta(minutes=1))

    assert (PlanPart.objects.get().removed_at, PlanPart.objects.get().version) == (None, 1)
    assert Task.objects.get().state == (TaskState.STARTED if move == TaskMove.START else TaskState.DONE)


def test_a_reminder_is_no_work_on_what_is_taken_back():
    peggy, _ = make.peggy("gp")
    part, task = asked_of_the_team(peggy)
    asking.remind(task=task.pk, by=replace(nurse(), at=LATER))

    taken_back(peggy, part, 1, at=LATER + timedelta(minutes=1))

    assert Task.objects.get().state == TaskState.NOT_DONE


def test_what_the_team_does_after_all_stays_theirs_when_the_action_is_put_back():
    peggy, _ = make.peggy("gp")
    part, task = asked_of_the_team(peggy)
    taken_back(peggy, part, 1)
    for minute, move in enumerate((TaskMove.REOPEN, TaskMove.FINISH), 1):
        tasks.move(task=task.pk, move=move, by=replace(nurse(), at=LATER + timedelta(minutes=minute)))

    taken_back(peggy, part, 2, at=LATER + timedelta(minutes=9))

    assert [one.state for one in read(peggy).actions] == [ActionState.DONE]


def test_what_was_taken_out_and_put_back_with_its_task_left_alone_leaves_it_alone_when_undone():
    peggy, _ = make.peggy("gp")
    part, _ = asked_of_the_team(peggy)
    by = replace(nurse(), at=LATER)
    plans.remove(part=part.pk, version=1, grant=make.opened(peggy, by), by=by)
    taken_back(peggy, part, 2, at=LATER + timedelta(minutes=1))

    taken_back(peggy, part, 3, at=LATER + timedelta(minutes=2))

    assert (Task.objects.get().state, read(peggy).actions) == (TaskState.REQUESTED, ())


def test_done_that_is_taken_back_is_to_do_again():
    peggy, _ = make.peggy("gp")
    action, by = written(peggy, PartKind.ACTION, doing()), nurse()
    plans.say_how_it_went(part=action.pk, state=ActionState.DONE, version=1, grant=make.opened(peggy, by), by=by)

    taken_back(peggy, action, 2)

    assert [one.state for one in read(peggy).actions] == [ActionState.OPEN]
