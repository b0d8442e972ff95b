from datetime import timedelta

import pytest

from locality.access.actions import open_record
from locality.access.models import Conflict
from locality.base import NotFound, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import inbox
from locality.neighbourhoods.actions.alert_tasks import FromAlert, make_task
from locality.neighbourhoods.actions.inbox_lists import list_inbox, list_recent
from locality.neighbourhoods.models import Alert
from locality.neighbourhoods.queries import inbox as queries
from locality.neighbourhoods.queries.inbox import Wanted
from locality.neighbourhoods.rules.inbox import AlertKind, AlertMoveNotAllowed, AlertState
from tests import factories as make
from tests.neighbourhoods.work import alert, as_viewer, colleague, known

pytestmark = pytest.mark.django_db


def kinds(rows) -> list[str]:
    return [one.kind for one in rows]


def test_deaths_come_first_then_what_happened_last():
    peggy = known()
    alert(peggy, kind=AlertKind.DIED, once="died", happened_at=make.ago(days=9))
    alert(peggy, kind=AlertKind.FELL, once="fell", happened_at=make.ago(days=2))
    alert(peggy, kind=AlertKind.ADMITTED, once="admitted", happened_at=make.ago(days=1))

    assert kinds(queries.told(viewer=make.viewer())) == ["died", "admitted", "fell"]
    assert queries.new_count(viewer=make.viewer()) == 3
    assert kinds(queries.told(viewer=make.viewer(), wanted=Wanted(kind=AlertKind.FELL))) == ["fell"]


def test_what_is_said_twice_is_told_once():
    peggy = known()

    rows = [alert(peggy), alert(peggy)]

    assert (rows[0].pk, Alert.objects.count()) == (rows[1].pk, 1)
    assert Event.objects.filter(what="alert.told").count() == 1


def test_another_team_sees_nothing_of_it():
    row = alert(known())

    assert queries.told(viewer=make.stranger(), wanted=Wanted(mine=False)) == []
    assert queries.new_count(viewer=make.stranger()) == 0
    for refused in (
        lambda: queries.alert(viewer=make.stranger(), alert_id=row.pk),
        lambda: inbox.take(alert=row.pk, by=make.stranger()),
        lambda: inbox.finish(alert=row.pk, words="Done", by=make.stranger()),
    ):
        with pytest.raises(NotFound):
            refused()


def test_new_is_what_was_told_since_one_looked_before():
    peggy = known()
    alert(peggy, once="before", by=make.viewer(at=make.ago(hours=5)))
    list_inbox(by=make.viewer(at=make.ago(hours=4)))
    alert(peggy, once="since", by=make.viewer(at=make.ago(hours=2)))

    found = list_inbox(by=make.viewer())
    again = list_inbox(by=make.viewer(at=make.AT + timedelta(minutes=20)))

    assert [(one.is_new, one.made_at) for one in found.rows] == [(True, make.ago(hours=2)), (False, make.ago(hours=5))]
    assert [one.is_new for one in again.rows] == [True, False]


def test_taken_it_has_an_owner_and_the_second_reads_who_was_first():
    row, sadia = alert(known()), as_viewer(colleague())

    inbox.take(alert=row.pk, by=sadia)

    assert queries.told(viewer=make.viewer()) == []
    [one] = queries.told(viewer=make.viewer(), wanted=Wanted(mine=False))
    assert (one.state, one.owner) == ("taken", "Sadia Rahman")
    with pytest.raises(AlertMoveNotAllowed, match="Sadia Rahman did that, Thu 5 Nov 2026, 09:40"):
        inbox.take(alert=row.pk, by=make.viewer())


def test_each_act_is_taken_back_to_what_was_before():
    row, nurse = alert(known()), make.viewer()

    inbox.take(alert=row.pk, by=nurse)
    inbox.finish(alert=row.pk, words="Rang the ward", by=nurse)
    inbox.reopen(alert=row.pk, by=nurse)
    was_taken = Alert.objects.get().state
    inbox.put_back(alert=row.pk, by=nurse)

    now = Alert.objects.get()
    assert (was_taken, now.state, now.owner_id) == ("taken", "new", None)
    assert list(now.history.order_by("at", "pk").values_list("what", flat=True)) == [
        "take",
        "finish",
        "reopen",
        "put_back",
    ]


def test_done_wants_words_and_is_told_for_a_week():
    row = alert(known())

    with pytest.raises(Refused, match="Say what you did about it"):
        inbox.finish(alert=row.pk, words="", by=make.viewer())
    inbox.finish(alert=row.pk, words="Rang the ward", by=make.viewer())

    [one] = queries.done_lately(viewer=make.viewer())
    assert (one.done_words, one.done_by) == ("Rang the ward", "Joanne Fielding")
    assert queries.done_lately(viewer=make.viewer(at=make.AT + timedelta(days=8))) == []


def test_handed_to_a_colleague_it_is_new_to_them():
    row, sadia = alert(known()), colleague()
    inbox.take(alert=row.pk, by=make.viewer())

    inbox.hand(alert=row.pk, owner=sadia.pk, why="On your round", by=make.viewer())

    now = Alert.objects.get()
    assert (now.state, now.owner_id, queries.new_count(viewer=as_viewer(sadia))) == ("new", sadia.pk, 1)
    assert queries.new_count(viewer=make.viewer()) == 0


def test_handed_to_nobody_of_another_team():
    row, ruth = alert(known()), colleague("Ruth", "Adler", code="hilltop")

    with pytest.raises(Refused, match="Ruth Adler does not work in that team"):
        inbox.hand(alert=row.pk, owner=ruth.pk, by=make.viewer())


def test_a_task_is_made_of_it_and_it_is_done():
    row = alert(known(), data_class="CLIN")

    made = make_task(alert=row.pk, new=FromAlert(title="Ring the ward", due_on=make.TODAY), by=make.viewer())

    now = Alert.objects.get()
    assert (made.person_id, made.team_id, made.about, made.about_id, made.data_class) == (
        row.person_id,
        row.team_id,
        "alert",
        row.pk,
        "CLIN",
    )
    assert (now.state, now.done_words) == (AlertState.DONE, "Made a task of it: Ring the ward")


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        alert(known(make.person(given=f"Given{number}", family=f"F{number}")), once=f"{number}")
    nurse = make.viewer()

    with django_assert_num_queries(1):
        assert len(queries.told(viewer=nurse)) == count
    # that they looked, the inbox, what was done, who was shown, and the transaction
    with django_assert_num_queries(6):
        list_inbox(by=nurse)


def test_whose_record_one_opened_lately_the_last_first_and_only_whom_one_may_still_open():
    peggy, derek, ann = known(), known(make.person("Shawcross", "Derek")), known(make.person("Lomas", "Ann"))
    nurse = make.viewer()
    for minutes, person in enumerate([derek, ann, peggy]):
        open_record(person_id=person.pk, by=make.viewer(at=make.AT + timedelta(minutes=minutes)))
    Conflict.objects.create(
        practitioner_id=nurse.id, person=ann, kind="family", starts_on=make.TODAY, made_at=make.AT, made_by=nurse.id
    )

    found = list_recent(by=nurse)

    assert [one.person for one in found] == [peggy, derek]
    assert queries.recent(viewer=make.stranger()) == []
    assert Event.objects.filter(what="recent.listed").count() == 2
