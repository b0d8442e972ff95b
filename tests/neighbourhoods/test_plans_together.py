"""Two who write in one plan at the same moment: one is kept, and the other reads both."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from locality.base import Overtaken
from locality.neighbourhoods.actions import assessments, plans, tasks
from locality.neighbourhoods.models import Answer, Assessment, Plan, PlanPart, PlanPartHistory, Task
from locality.neighbourhoods.rules.assessments import FormKind
from locality.neighbourhoods.rules.plans import PartKind, Who
from locality.neighbourhoods.rules.tasks import TaskMove
from tests import factories as make
from tests.neighbourhoods.test_assessments import ABLE, UNABLE, begun, worker
from tests.neighbourhoods.test_plans import GOAL, MATTERS, doing, nurse, written
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def at_once(*deeds):
    """What each returns, begun at one moment on connections of their own."""
    start = Barrier(len(deeds))

    def done(deed):
        try:
            start.wait()
            return deed()
        except Overtaken:
            return "reads both"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(done, deeds))


def test_of_two_who_save_over_the_same_version_one_is_kept_and_the_other_reads_both():
    peggy, _ = make.peggy("gp")
    part, joanne, marcus = written(peggy), nurse(), worker()

    ends = at_once(
        lambda: written(peggy, content=replace(GOAL, words="Hers"), by=joanne, part=part.pk, version=1).words,
        lambda: written(peggy, content=replace(GOAL, words="His"), by=marcus, part=part.pk, version=1).words,
    )

    assert sorted(ends) in (["Hers", "reads both"], ["His", "reads both"])
    assert PlanPart.objects.get().words == next(one for one in ends if one != "reads both")
    assert list(PlanPartHistory.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_the_second_waits_for_the_first_and_is_told():
    peggy, _ = make.peggy("gp")
    part, joanne, marcus = written(peggy), nurse(), worker()

    ends = while_the_first_is_not_done(
        lambda: written(peggy, content=replace(GOAL, words="Hers"), by=joanne, part=part.pk, version=1).words,
        lambda: written(peggy, content=replace(GOAL, words="His"), by=marcus, part=part.pk, version=1).words,
    )

    assert ends == ["Hers", "Somebody changed this while you wrote. Nothing is lost: read both, and choose."]


def test_of_two_who_write_the_first_words_there_is_one_plan_and_one_heading():
    peggy, _ = make.peggy("gp")
    joanne, marcus = nurse(), worker()

    ends = at_once(
        lambda: written(peggy, PartKind.ABOUT_ME, replace(MATTERS, words="Hers"), by=joanne).words,
        lambda: written(peggy, PartKind.ABOUT_ME, replace(MATTERS, words="His"), by=marcus).words,
    )

    assert sorted(ends) in (["Hers", "reads both"], ["His", "reads both"])
    assert (Plan.objects.count(), PlanPart.objects.count()) == (1, 1)


def test_of_two_who_answer_one_question_one_is_kept_and_the_other_reads_both():
    peggy, _ = make.peggy("gp")
    row, marcus, joanne = begun(peggy), worker(), nurse()

    def answer(said, by):
        grant = make.opened(peggy, by)
        return assessments.answer(
            assessment=row.pk, given={"nutrition": assessments.Given(said=said)}, grant=grant, by=by
        )

    ends = at_once(lambda: answer(UNABLE, marcus), lambda: answer(ABLE, joanne))

    assert sorted(ends, key=str) == [1, "reads both"]
    assert Answer.objects.count() == 1


def test_of_two_who_begin_the_same_form_both_are_in_one_draft():
    peggy, _ = make.peggy("gp")
    marcus, joanne = worker(), nurse()

    ends = at_once(*(lambda by=by: begun(peggy, FormKind.ADULT, by).pk for by in (marcus, joanne)))

    assert ends[0] == ends[1] == Assessment.objects.get().pk


def test_an_action_is_not_taken_back_while_the_team_says_that_it_is_done():
    peggy, _ = make.peggy("gp")
    part = written(peggy, PartKind.ACTION, doing(who=Who.TEAM, team=make.team().pk))
    task, later = Task.objects.get(), replace(nurse(), at=make.AT + timedelta(minutes=5))
    grant = make.opened(peggy, later)

    done, told = while_the_first_is_not_done(
        lambda: tasks.move(task=task.pk, move=TaskMove.FINISH, by=later).state,
        lambda: plans.undo(part=part.pk, version=1, grant=grant, by=later),
    )

    assert (done, told.startswith(f"{make.practitioner().name} of the team has seen to this since")) == ("done", True)
    assert (Task.objects.get().state, PlanPart.objects.get().removed_at) == ("done", None)
