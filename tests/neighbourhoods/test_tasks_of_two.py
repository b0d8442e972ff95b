"""A task between two: who is named when one comes second, what is asked once it has moved, who covers for whom."""

from datetime import timedelta

import pytest

from locality.base import Overtaken, Refused
from locality.neighbourhoods.actions import asking, inbox, tasks
from locality.neighbourhoods.actions.tasks import Changed
from locality.neighbourhoods.models import Absence, Alert, SkillHeld
from locality.neighbourhoods.queries import inbox as inboxes
from locality.neighbourhoods.queries import tasks as queries
from locality.neighbourhoods.queries.tasks import Asked
from locality.neighbourhoods.rules.staffing import Skill
from locality.neighbourhoods.rules.tasks import Helped, LacksSkill, MoveNotAllowed, Priority, TaskMove
from locality.people.actions.merging import merge_people
from tests import factories as make
from tests.neighbourhoods.work import alert, as_viewer, colleague, known, task

pytestmark = pytest.mark.django_db


def at(minutes: int, who=None):
    when = make.AT + timedelta(minutes=minutes)
    return as_viewer(who, at=when) if who is not None else make.viewer(at=when)


def says(title: str) -> Changed:
    return Changed(title=title, words="", priority=Priority.ROUTINE, due_on=make.TODAY)


# ---- who was first


def test_whoever_comes_second_to_a_done_task_reads_who_did_it_not_who_said_since_that_it_helped():
    row, tom = task(known()), colleague("Tom", "Bell")
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=at(1, tom))
    asking.say_helped(task=row.pk, helped=Helped.YES, by=at(5))

    with pytest.raises(MoveNotAllowed, match=r"Tom Bell said so, Thu 5 Nov 2026, 09:41"):
        tasks.move(task=row.pk, move=TaskMove.FINISH, by=at(6))


def test_whoever_changes_a_stale_copy_reads_who_changed_it_not_who_reminded_since():
    row, tom = task(known()), colleague("Tom", "Bell")
    tasks.change(task=row.pk, version=row.version, changed=says("Weigh her"), by=at(1, tom))
    asking.remind(task=row.pk, by=at(5))

    with pytest.raises(Overtaken, match=r"Tom Bell changed this task .*\(changed, 5 November 2026 at 09:41\)"):
        tasks.change(task=row.pk, version=row.version, changed=says("Bloods"), by=at(6))


def test_whoever_takes_what_a_colleague_has_reads_whose_it_is_and_since_when():
    row, tom = task(known()), colleague("Tom", "Bell")
    tasks.take(task=row.pk, by=at(1, tom))
    asking.remind(task=row.pk, by=at(5))

    with pytest.raises(Refused, match=r"Tom Bell does it since Thu 5 Nov 2026, 09:41"):
        tasks.take(task=row.pk, by=at(6))

    row.refresh_from_db()
    assert row.owner_id == tom.pk
    assert tasks.take(task=row.pk, by=at(7, tom)).owner_id == tom.pk


# ---- undo in an inbox


def test_undo_of_what_one_did_does_not_take_back_what_a_colleague_did_since():
    row, tom = alert(known()), colleague("Tom", "Bell")
    inbox.take(alert=row.pk, by=at(1))
    inbox.finish(alert=row.pk, words="Rang the ward", by=at(2, tom))

    with pytest.raises(Refused, match=r"done already.*Tom Bell did that, Thu 5 Nov 2026, 09:42"):
        inbox.put_back(alert=row.pk, own=True, by=at(3))
    with pytest.raises(Refused, match="Tom Bell did that"):
        inbox.reopen(alert=row.pk, own=True, by=at(3))

    assert Alert.objects.get().state == "done"
    assert inbox.reopen(alert=row.pk, own=True, by=at(4, tom)).state == "taken"


# ---- asked, and handed on


def test_what_a_team_was_asked_about_a_task_is_settled_when_another_team_has_it():
    peggy, tom = known(), colleague("Tom", "Bell")
    known(peggy, code="hilltop")
    row = task(peggy)
    asking.ask_help(task=row.pk, of=tom.pk, words="Could you lift?", by=at(1))

    tasks.hand_over(task=row.pk, team=make.team("hilltop").pk, owner=None, by=at(2))

    asked = Alert.objects.get(team=make.team())
    assert (asked.state, asked.done_words) == ("done", f"Handed to the {make.team('hilltop').name}")
    assert Alert.objects.get(team=make.team("hilltop")).state == "new"


def test_what_was_settled_by_a_press_that_is_taken_back_is_asked_again_of_every_team():
    peggy, tom = known(), colleague("Tom", "Bell")
    row = task(peggy)
    asking.ask_help(task=row.pk, of=tom.pk, words="Could you lift?", by=at(1))
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=at(2))
    settled = Alert.objects.get().state

    tasks.move(task=row.pk, move=TaskMove.REOPEN, by=at(3))

    assert (settled, Alert.objects.get().state) == ("done", "new")


# ---- who covers


def away(who, *, cover, days: int = 3, **other):
    told = {"starts_on": make.TODAY, "ends_on": make.TODAY + timedelta(days=days), "made_at": make.AT}
    return Absence.objects.create(practitioner=who, cover_id=cover.id, made_by=cover.id, **(told | other))


def test_whoever_covers_finds_the_work_of_who_is_away_on_their_own_lists_and_counts():
    peggy, tom, joanne = known(), colleague("Tom", "Bell"), make.viewer()
    task(peggy, owner=tom.pk)
    alert(peggy, owner=tom.pk)
    before = (queries.to_do(viewer=joanne), queries.due_count(viewer=joanne), inboxes.new_count(viewer=joanne))

    away(tom, cover=joanne)

    [todo], [told] = queries.to_do(viewer=joanne), inboxes.told(viewer=joanne)
    assert before == ([], 0, 0)
    assert (todo.owner, todo.is_covered, told.is_covered) == ("Tom Bell", True, True)
    assert (queries.due_count(viewer=joanne), inboxes.new_count(viewer=joanne)) == (1, 1)


def test_nobody_finds_the_work_of_who_is_here_again_or_of_whom_a_colleague_covers():
    peggy, tom, joanne = known(), colleague("Tom", "Bell"), make.viewer()
    task(peggy, owner=tom.pk)
    row = away(tom, cover=joanne)
    sadia = as_viewer(colleague())

    assert queries.to_do(viewer=sadia) == []
    row.taken_back_at, row.taken_back_by = make.AT, joanne.id
    row.save()
    assert queries.to_do(viewer=joanne) == []
    away(tom, cover=joanne, starts_on=make.TODAY + timedelta(days=1))
    assert queries.to_do(viewer=joanne) == []


def test_covering_for_somebody_of_another_team_opens_none_of_its_work():
    ruth = colleague("Ruth", "Adler", code="hilltop")
    known(peggy := make.person(), code="hilltop")
    task(peggy, owner=ruth.pk, team=make.team("hilltop").pk, by=make.stranger())

    away(ruth, cover=make.viewer())

    assert queries.to_do(viewer=make.viewer()) == []


# ---- what it needs


def trained(who, skill=Skill.WOUND) -> None:
    SkillHeld.objects.create(
        practitioner_id=who, skill=skill, gained_on=make.TODAY, made_at=make.AT, made_by=make.viewer().id
    )


def test_a_team_that_keeps_no_skills_asks_for_none_though_another_team_does():
    ruth = colleague("Ruth", "Adler", code="hilltop")
    trained(ruth.pk)
    row = task(known(), needs_skill=Skill.WOUND)

    assert tasks.take(task=row.pk, by=make.viewer()).owner_id == make.viewer().id


def test_whoever_sets_to_what_nobody_has_must_be_trained_in_what_it_needs():
    tom = colleague("Tom", "Bell")
    trained(tom.pk)
    row = task(known(), needs_skill=Skill.WOUND)

    with pytest.raises(LacksSkill, match="needs .wound care., which"):
        tasks.move(task=row.pk, move=TaskMove.FINISH, by=make.viewer())

    assert tasks.move(task=row.pk, move=TaskMove.FINISH, by=as_viewer(tom)).owner_id == tom.pk


# ---- what is told of it


def test_a_search_finds_who_was_merged_as_they_are_called_today_and_not_as_the_alias_was():
    peggy, margret = known(), known(make.person("Oldname", "Margret"))
    task(margret, title="Bloods")
    merge_people(kept=peggy, alias=margret, reason="The same", by=make.viewer())

    found = {
        word: [one.title for one in queries.to_do(viewer=make.viewer(), asked=Asked(words=word))]
        for word in ("hargreaves", "Oldname", "peggy", "blood", "Hargreaves bloods")
    }

    assert found == {
        "hargreaves": ["Bloods"],
        "Oldname": [],
        "peggy": ["Bloods"],
        "blood": ["Bloods"],
        "Hargreaves bloods": ["Bloods"],
    }


def test_the_history_of_a_change_reads_as_words():
    row = task(known())

    tasks.change(
        task=row.pk,
        version=row.version,
        changed=Changed(
            title=row.title, words="", priority=Priority.NOW, due_on=make.TODAY + timedelta(days=1), due_time=None
        ),
        by=make.viewer(),
    )

    last = queries.task(viewer=make.viewer(), task_id=row.pk).steps[0]
    assert (last.was, last.became) == (
        "priority: routine; due: 5 November 2026",
        "priority: today; due: 6 November 2026",
    )


def test_what_is_left_to_do_for_somebody_is_counted_as_the_viewer_may_see_it():
    peggy = known()
    task(peggy)
    told = {"person_ids": [peggy.pk], "team": make.team().pk}

    assert queries.open_for(viewer=make.viewer(), **told) == 1
    assert queries.open_for(viewer=make.viewer("analyst"), **told) == 0
