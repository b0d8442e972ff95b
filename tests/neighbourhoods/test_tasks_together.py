"""Two of one team who press at the same moment: one is first, and the other reads who it was."""

import pytest

from locality.neighbourhoods.actions import asking, inbox, tasks
from locality.neighbourhoods.actions.tasks import Changed
from locality.neighbourhoods.models import Alert, AlertHistory, Task, TaskHistory
from locality.neighbourhoods.rules.tasks import Priority, TaskMove
from tests import factories as make
from tests.neighbourhoods.work import alert, as_viewer, colleague, known, task
from tests.population.test_reviewing_together import while_the_first_is_not_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def test_of_two_who_press_done_at_once_the_second_reads_who_did_it_and_when():
    row, sadia, nurse = task(known()), as_viewer(colleague()), make.viewer()

    _, second = while_the_first_is_not_done(
        lambda: tasks.move(task=row.pk, move=TaskMove.FINISH, by=sadia),
        lambda: tasks.move(task=row.pk, move=TaskMove.FINISH, by=nurse),
    )

    assert second == ("This task is done already, so nothing was changed. Sadia Rahman said so, Thu 5 Nov 2026, 09:40.")
    assert (Task.objects.get().ended_by, TaskHistory.objects.filter(what="done").count()) == (sadia.id, 1)


def test_of_two_who_change_one_task_at_once_the_seconds_is_not_written_over_the_firsts():
    row, sadia, nurse = task(known()), as_viewer(colleague()), make.viewer()

    def changed(title):
        return Changed(title=title, words="", priority=Priority.ROUTINE, due_on=make.TODAY)

    _, second = while_the_first_is_not_done(
        lambda: tasks.change(task=row.pk, version=1, changed=changed("Hers"), by=sadia),
        lambda: tasks.change(task=row.pk, version=1, changed=changed("Mine"), by=nurse),
    )

    assert second.startswith("Sadia Rahman changed this task while you had it open")
    assert Task.objects.get().title == "Hers"


def test_of_two_who_take_one_alert_at_once_it_is_the_firsts():
    row, sadia, nurse = alert(known()), as_viewer(colleague()), make.viewer()

    _, second = while_the_first_is_not_done(
        lambda: inbox.take(alert=row.pk, by=sadia), lambda: inbox.take(alert=row.pk, by=nurse)
    )

    assert second == "This is taken already, so nothing was changed. Sadia Rahman did that, Thu 5 Nov 2026, 09:40."
    assert (Alert.objects.get().owner_id, AlertHistory.objects.count()) == (sadia.id, 1)


def test_of_two_who_answer_at_once_the_second_reads_who_was_first():
    nurse, sadia, omar = make.viewer(), as_viewer(colleague()), as_viewer(colleague("Omar", "Aziz"))
    row = task(known(), owner=nurse.id)
    ask = asking.ask_help(task=row.pk, of=sadia.id, words="Lift", by=nurse)

    _, second = while_the_first_is_not_done(
        lambda: asking.answer(ask=ask.pk, words="Yes", by=sadia),
        lambda: asking.answer(ask=ask.pk, words="No", by=omar),
    )

    assert second == "Sadia Rahman answered this already, Thu 5 Nov 2026, 09:40."
