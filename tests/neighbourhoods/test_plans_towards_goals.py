"""Actions tied to a goal: shown under it, kept in the history, and never telling of a goal that is hidden."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from locality.access.actions import seal
from locality.access.rules import Seal
from locality.base import Overtaken, Refused, system
from locality.base.ids import named_id
from locality.neighbourhoods.actions import plans
from locality.neighbourhoods.models import PlanPart, Task
from locality.neighbourhoods.queries import plans as queries
from locality.neighbourhoods.rules.plans import ActionState, Content, GoalState, PartKind, Who, Whose
from locality.neighbourhoods.rules.tasks import TaskState
from locality.people.actions import merge_people, undo_merge
from tests import factories as make
from tests.neighbourhoods.test_plans import GOAL, doing, herself, nurse, read, written

pytestmark = pytest.mark.django_db
NO_GOAL_OF_THEIRS = "is not in their plan any more, or it is not shown to you"


def tied(peggy, goal, **other):
    return written(peggy, PartKind.ACTION, doing(goal=goal.pk, **other))


def took_out(peggy, part, version=1):
    by = nurse()
    return plans.remove(part=part.pk, version=version, grant=make.opened(peggy, by), by=by)


def went(peggy, part, state, version=1, by=None):
    by = by or nurse()
    grant = make.opened(peggy, by)
    return plans.say_how_it_went(part=part.pk, state=state, version=version, grant=grant, by=by)


def undone(peggy, part, version):
    by = nurse()
    return plans.undo(part=part.pk, version=version, grant=make.opened(peggy, by), by=by)


def locked(peggy, part):
    seal(person_id=peggy.pk, thing=part.pk, kind=Seal.LOCKED, by=nurse())


def told(peggy, by=None) -> list[str]:
    """The goals' words as the actions of the plan and all of its history tell them."""
    actions = [one.towards.words for one in read(peggy, by).actions if one.towards]
    changes = queries.changes(grant=make.opened(peggy, by or nurse()))
    return [*actions, *(one.towards.words for one in changes if one.towards)]


def test_an_action_stands_under_its_goal_and_one_without_by_itself():
    peggy, _ = make.peggy("gp")
    stairs, chapel = written(peggy), written(peggy, content=replace(GOAL, words="Chapel"))
    tied(peggy, stairs)
    written(peggy, PartKind.ACTION, doing(words="Show Bernard the key"))

    plan = read(peggy)

    under = {line.part.content.words: [one.content.words for one in line.actions] for line in plan.goal_lines}
    assert under == {"Up my own stairs": ["Practise on the stairs"], "Chapel": []}
    assert [one.content.words for one in plan.besides] == ["Show Bernard the key"]
    assert (plan.goal_lines[1].part.id, len(plan.actions)) == (chapel.pk, 2)


def test_goals_that_are_over_stand_below_those_worked_towards():
    peggy, _ = make.peggy("gp")
    for words, state in (("A", GoalState.REACHED), ("B", GoalState.WORKING), ("C", GoalState.STOPPED), ("D", "partly")):
        written(peggy, content=replace(GOAL, words=words, state=state))

    assert [line.part.content.words for line in read(peggy).goal_lines] == ["B", "D", "A", "C"]


@pytest.mark.parametrize("of", ["another person", "nobody", "an action", "taken out"])
def test_an_action_is_towards_a_goal_of_their_own_plan_that_stands_in_it(of):
    peggy, _ = make.peggy("gp")
    other = make.person("Other", "Olive")
    make.relationship(other)
    goals = {
        "another person": written(other).pk,
        "nobody": named_id("nobody"),
        "an action": written(peggy, PartKind.ACTION, doing()).pk,
        "taken out": took_out(peggy, written(peggy)).pk,
    }
    count = PlanPart.objects.count()

    with pytest.raises(Refused, match=NO_GOAL_OF_THEIRS):
        written(peggy, PartKind.ACTION, doing(goal=goals[of]))
    assert PlanPart.objects.count() == count


@pytest.mark.parametrize(
    ("kind", "content"),
    [(PartKind.GOAL, GOAL), (PartKind.CONTINGENCY, Content(words="I fall", then_words="Wait", call_words="Ann"))],
)
def test_nothing_but_an_action_is_towards_a_goal(kind, content):
    peggy, _ = make.peggy("gp")
    goal = written(peggy)

    with pytest.raises(Refused, match="Only an action is towards a goal"):
        written(peggy, kind, replace(content, goal=goal.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanPart.objects.update(goal=goal.pk)


# ---- a goal that is hidden


def test_a_goal_that_is_hidden_is_told_by_no_action_and_no_history():
    peggy, _ = make.peggy("gp")
    goal = written(peggy, content=replace(GOAL, words="Leave him"))
    shown = written(peggy)
    part = tied(peggy, goal)
    written(peggy, PartKind.ACTION, doing(goal=shown.pk), part=part.pk, version=1)
    written(peggy, PartKind.ACTION, doing(goal=goal.pk), part=part.pk, version=2)
    before = told(peggy)

    locked(peggy, goal)

    action = read(peggy).actions[0]
    assert before == ["Leave him", "Leave him", "Up my own stairs", "Leave him"]
    assert told(peggy) == ["Up my own stairs"]
    assert (action.towards, action.content.goal, [one.id for one in read(peggy).besides]) == (None, None, [part.pk])
    assert queries.part(grant=make.opened(peggy, nurse()), part_id=part.pk).content.goal is None
    assert {one.content.goal for one in queries.changes(grant=make.opened(peggy, nurse()))} == {None, shown.pk}


def test_a_goal_that_is_hidden_is_not_to_be_chosen_and_the_refusal_is_that_of_one_that_is_not_there():
    peggy, _ = make.peggy("gp")
    goal = written(peggy)
    locked(peggy, goal)

    for chosen in (goal.pk, named_id("nobody")):
        with pytest.raises(Refused, match=NO_GOAL_OF_THEIRS):
            written(peggy, PartKind.ACTION, doing(goal=chosen))


def test_who_is_not_shown_the_goal_writes_the_action_on_and_leaves_it_towards_its_goal():
    peggy, _ = make.peggy("gp")
    goal = written(peggy)
    part = tied(peggy, goal)
    locked(peggy, goal)

    written(peggy, PartKind.ACTION, doing(words="Twice a day"), part=part.pk, version=1)
    went(peggy, part, ActionState.DONE, version=2)

    row = PlanPart.objects.get(pk=part.pk)
    assert (row.words, row.state, row.goal_id, row.version) == ("Twice a day", "done", goal.pk, 3)


# ---- goals come and go, and actions stay


def test_the_actions_of_a_goal_that_is_taken_out_stay_and_say_so_until_it_is_put_back():
    peggy, _ = make.peggy("gp")
    goal = written(peggy)
    part = tied(peggy, goal)

    took_out(peggy, goal)
    without = read(peggy)
    went(peggy, part, ActionState.DONE)
    undone(peggy, goal, 2)

    [action] = without.besides
    assert (without.goal_lines, action.towards.is_out) == ((), True)
    [line] = read(peggy).goal_lines
    assert [(one.state, one.towards.is_out) for one in line.actions] == [(ActionState.DONE, False)]


def test_the_actions_of_a_goal_that_is_reached_stay_under_it():
    peggy, _ = make.peggy("gp")
    goal = written(peggy)
    tied(peggy, goal)

    went(peggy, goal, GoalState.REACHED)

    [line] = read(peggy).goal_lines
    assert (line.is_over, [one.content.words for one in line.still_open]) == (True, ["Practise on the stairs"])


def test_an_action_is_given_another_goal_or_none_and_the_history_and_undoing_know():
    peggy, _ = make.peggy("gp")
    stairs, chapel = written(peggy), written(peggy, content=replace(GOAL, words="Chapel"))
    part = tied(peggy, stairs)
    for version, goal in ((1, chapel.pk), (2, None)):
        written(peggy, PartKind.ACTION, doing(goal=goal), part=part.pk, version=version)

    lines = queries.changes(grant=make.opened(peggy), part_id=part.pk)
    undone(peggy, part, 3)

    said = [one.towards.words if one.towards else "" for one in lines]
    assert said == ["", "Chapel", "Up my own stairs"]
    assert [one.towards.words for one in read(peggy).actions] == ["Chapel"]


def test_an_action_that_is_taken_out_and_put_back_is_towards_its_goal_again():
    peggy, _ = make.peggy("gp")
    part = tied(peggy, written(peggy))
    took_out(peggy, part)

    undone(peggy, part, 2)

    assert [one.towards.words for one in read(peggy).actions] == ["Up my own stairs"]


def test_who_chooses_a_goal_over_somebodys_newer_words_is_told():
    peggy, _ = make.peggy("gp")
    goal, part = written(peggy), written(peggy, PartKind.ACTION, doing())
    written(peggy, PartKind.ACTION, doing(words="Two steps"), part=part.pk, version=1)

    with pytest.raises(Overtaken):
        written(peggy, PartKind.ACTION, doing(goal=goal.pk), part=part.pk, version=1)
    assert PlanPart.objects.get(pk=part.pk).goal_id is None


def test_what_the_person_does_themselves_is_towards_any_goal_of_the_plan():
    peggy, _ = make.peggy("gp")
    goal = written(peggy, content=replace(GOAL, whose=Whose.PRACTITIONER))

    written(peggy, PartKind.ACTION, doing(goal=goal.pk), by=herself(peggy))

    [line] = read(peggy, herself(peggy)).goal_lines
    assert [one.content.words for one in line.actions] == ["Practise on the stairs"]


# ---- a team's task


def test_an_action_of_a_team_is_towards_a_goal_and_its_state_is_the_tasks():
    peggy, _ = make.peggy("gp")
    part = tied(peggy, written(peggy), who=Who.TEAM, team=make.team().pk)

    Task.objects.update(state=TaskState.DONE, ended_at=make.AT, ended_by=make.practitioner().pk)

    assert Task.objects.get().about_id == part.pk
    [line] = read(peggy).goal_lines
    assert [(one.state, one.is_task) for one in line.actions] == [(ActionState.DONE, True)]


def test_towards_which_goal_a_team_works_is_said_later_and_the_rest_stays_with_the_team():
    peggy, _ = make.peggy("gp")
    team = {"who": Who.TEAM, "team": make.team().pk}
    goal, part = written(peggy), written(peggy, PartKind.ACTION, doing(**team))

    written(peggy, PartKind.ACTION, doing(goal=goal.pk, **team), part=part.pk, version=1)
    with pytest.raises(Refused, match="task of the team"):
        written(peggy, PartKind.ACTION, doing(words="Else", **team), part=part.pk, version=2)
    undone(peggy, part, 2)

    assert (PlanPart.objects.get(pk=part.pk).goal_id, Task.objects.get().state) == (None, TaskState.REQUESTED)


# ---- people found to be one, and what it costs


def test_of_two_people_found_to_be_one_a_goal_of_either_is_theirs_and_apart_again_it_is_not_told():
    kept, alias = make.person("Hargreaves", "Peg"), make.person("Hargreaves", "Peggy")
    for person in (kept, alias):
        make.relationship(person)
    goal = written(alias)
    written(kept, PartKind.ABOUT_ME, Content(words="Biscuit", heading="matters"))
    merge = merge_people(kept=kept, alias=alias, reason="They said so", by=system(at=make.AT))

    tied(kept, goal)

    assert told(kept) == ["Up my own stairs", "Up my own stairs"]
    undo_merge(merge=merge, by=system(at=make.AT))
    assert (PlanPart.objects.get(kind=PartKind.ACTION).person, told(kept)) == (kept, [])


@pytest.mark.parametrize("count", [1, 3])
def test_goals_cost_no_query_on_the_plan_and_one_in_the_history(django_assert_num_queries, count):
    peggy, _ = make.peggy("gp")
    for number in range(count):
        goal = written(peggy, content=replace(GOAL, words=f"Goal {number}"))
        part = tied(peggy, goal)
    grant = make.opened(peggy)

    with django_assert_num_queries(6):
        assert len(queries.plan(grant=grant, at=make.AT).actions) == count
    with django_assert_num_queries(2):
        assert queries.part(grant=grant, part_id=part.pk).towards.words == f"Goal {count - 1}"
    with django_assert_num_queries(3):
        assert len(queries.changes(grant=grant)) == 2 * count
