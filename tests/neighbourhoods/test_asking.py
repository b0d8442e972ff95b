import pytest

from locality.access.models import Conflict
from locality.base import NotFound, Refused
from locality.neighbourhoods.actions import asking, tasks
from locality.neighbourhoods.actions import inbox as inbox_actions
from locality.neighbourhoods.models import Alert, Task
from locality.neighbourhoods.queries import inbox
from locality.neighbourhoods.queries import tasks as queries
from locality.neighbourhoods.rules.tasks import Helped, MoveNotAllowed, TaskMove
from tests import factories as make
from tests.neighbourhoods.work import alert, as_viewer, colleague, known, task

pytestmark = pytest.mark.django_db


def test_asked_to_help_a_colleague_is_told_and_it_stays_whose_it_is():
    nurse, sadia = make.viewer(), colleague()
    row = task(known(), owner=nurse.id)

    asking.ask_help(task=row.pk, of=sadia.pk, words="Two of us to lift", by=nurse)

    told = Alert.objects.get()
    assert (told.owner_id, told.words) == (
        sadia.pk,
        "Joanne Fielding asks you to help: Check her blood pressure (Two of us to lift)",
    )
    assert Task.objects.get().owner_id == nurse.id
    [one] = queries.to_do(viewer=as_viewer(sadia))
    assert one.asks_me


def test_answered_it_is_asked_no_longer_and_whoever_asked_is_told():
    nurse, sadia = make.viewer(), colleague()
    row = task(known(), owner=nurse.id)
    ask = asking.ask_help(task=row.pk, of=sadia.pk, words="Two of us to lift", by=nurse)

    asking.answer(ask=ask.pk, words="At two o'clock", by=as_viewer(sadia))

    assert queries.to_do(viewer=as_viewer(sadia)) == []
    assert Alert.objects.get(owner=nurse.id).words == "Sadia Rahman answered: At two o'clock"
    with pytest.raises(Refused, match=r"Sadia Rahman answered this already, Thu 5 Nov 2026, 09:40"):
        asking.answer(ask=ask.pk, words="No", by=nurse)


def test_reminded_is_whoever_it_waits_for_and_nobody_of_themselves():
    sadia = colleague()
    row = task(known(), owner=sadia.pk)

    asking.remind(task=row.pk, by=make.viewer())

    assert Alert.objects.get().owner_id == sadia.pk
    with pytest.raises(Refused, match="It waits for you yourself"):
        asking.remind(task=row.pk, by=as_viewer(sadia))


def test_a_task_of_nobodys_reminds_the_team():
    row = task(None, title="Order dressings")

    asking.remind(task=row.pk, words="None left", by=make.viewer())

    told = Alert.objects.get()
    assert (told.owner_id, told.person_id, told.words) == (
        None,
        None,
        "Joanne Fielding reminds you: Order dressings (None left)",
    )


def test_help_is_asked_with_words_of_somebody_who_works_there_while_it_is_open():
    row, ruth, sadia = task(known()), colleague("Ruth", "Adler", code="hilltop"), colleague()

    with pytest.raises(Refused, match="Say what you need help with"):
        asking.ask_help(task=row.pk, of=sadia.pk, words=" ", by=make.viewer())
    with pytest.raises(Refused, match="Ruth Adler does not work in that team"):
        asking.ask_help(task=row.pk, of=ruth.pk, words="Lift", by=make.viewer())
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=make.viewer())
    with pytest.raises(MoveNotAllowed):
        asking.ask_help(task=row.pk, of=sadia.pk, words="Lift", by=make.viewer())


def test_whether_it_helped_is_said_once_it_is_over():
    row = task(known())

    with pytest.raises(Refused, match="It is not over yet"):
        asking.say_helped(task=row.pk, helped=Helped.YES, by=make.viewer())
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=make.viewer())
    asking.say_helped(task=row.pk, helped=Helped.NO, words="Still falls", by=make.viewer())

    one = queries.task(viewer=make.viewer(), task_id=row.pk)
    assert (one.task.helped, one.steps[0].what, one.steps[0].why) == ("no", "helped", "Still falls")


def test_another_team_neither_asks_nor_answers():
    nurse, sadia = make.viewer(), colleague()
    row = task(known(), owner=nurse.id)
    ask = asking.ask_help(task=row.pk, of=sadia.pk, words="Lift", by=nurse)

    for refused in (
        lambda: asking.ask_help(task=row.pk, of=sadia.pk, words="Lift", by=make.stranger()),
        lambda: asking.remind(task=row.pk, by=make.stranger()),
        lambda: asking.answer(ask=ask.pk, words="Yes", by=make.stranger()),
        lambda: asking.say_helped(task=row.pk, helped=Helped.YES, by=make.stranger()),
    ):
        with pytest.raises(NotFound):
            refused()


def test_once_answered_or_over_nobody_is_asked_or_reminded_any_longer():
    nurse, sadia = make.viewer(), colleague()
    row, other = task(known(), owner=nurse.id), task(None, title="Order dressings", owner=sadia.pk)
    ask = asking.ask_help(task=row.pk, of=sadia.pk, words="Two of us to lift", by=nurse)
    asking.remind(task=other.pk, by=nurse)

    asking.answer(ask=ask.pk, words="Yes", by=as_viewer(sadia))
    after_answer = inbox.new_count(viewer=as_viewer(sadia))
    tasks.move(task=other.pk, move=TaskMove.FINISH, by=as_viewer(sadia))

    assert (after_answer, inbox.new_count(viewer=as_viewer(sadia))) == (1, 0)
    told = Alert.objects.filter(owner=sadia.pk).order_by("made_at", "pk")
    assert list(told.values_list("done_words", flat=True)) == ["Yes", "The task is done"]


def test_whoever_must_not_look_at_somebody_is_given_nothing_about_them_and_nobody_is_told_why():
    peggy, nurse, sadia = known(), make.viewer(), colleague()
    Conflict.objects.create(
        practitioner=sadia, person=peggy, kind="family", starts_on=make.TODAY, made_at=make.AT, made_by=nurse.id
    )
    row, told = task(peggy, owner=nurse.id), alert(peggy)

    for given in (
        lambda: task(peggy, owner=sadia.pk),
        lambda: tasks.hand_over(task=row.pk, team=row.team_id, owner=sadia.pk, by=nurse),
        lambda: asking.ask_help(task=row.pk, of=sadia.pk, words="Lift", by=nurse),
        lambda: inbox_actions.hand(alert=told.pk, owner=sadia.pk, by=nurse),
    ):
        with pytest.raises(Refused, match=r"^Sadia Rahman cannot be given this: choose somebody else"):
            given()
    assert (Task.objects.get().owner_id, Alert.objects.get().owner_id) == (nurse.id, None)


def test_ended_by_mistake_what_was_asked_is_asked_again():
    nurse, sadia = make.viewer(), as_viewer(colleague())
    row = task(known(), owner=sadia.id)
    asking.remind(task=row.pk, words="Today", by=nurse)
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=sadia)

    tasks.move(task=row.pk, move=TaskMove.REOPEN, by=sadia)

    assert inbox.new_count(viewer=sadia) == 1
