from datetime import date, timedelta
from uuid import UUID

import pytest

from locality.access.actions import open_record
from locality.access.models import Conflict
from locality.access.queries import openable
from locality.base import NotFound, Overtaken, Refused
from locality.journal.models import Event
from locality.neighbourhoods.actions import tasks
from locality.neighbourhoods.actions.task_lists import list_tasks
from locality.neighbourhoods.actions.tasks import Came, Changed, NewTask
from locality.neighbourhoods.models import Alert, Task, TaskHistory
from locality.neighbourhoods.queries import tasks as queries
from locality.neighbourhoods.queries.tasks import Asked
from locality.neighbourhoods.rules.tasks import (
    Bucket,
    Helped,
    MoveNotAllowed,
    NotDone,
    Priority,
    TaskMove,
    bucket,
    may_take,
)
from tests import factories as make
from tests.neighbourhoods.work import as_viewer, colleague, known, task

pytestmark = pytest.mark.django_db
ABSENT = UUID("00000000-0000-4000-8000-000000000000")


def titles(rows) -> list[str]:
    return [one.title for one in rows]


def later(minutes: int, given: str = "Joanne"):
    return make.viewer(given=given, at=make.AT + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("days", "stands"),
    [
        (-1, Bucket.OVERDUE),
        (0, Bucket.TODAY),
        (1, Bucket.SOON),
        (7, Bucket.SOON),
        (8, Bucket.LATER),
    ],
)
def test_a_task_stands_where_its_day_puts_it(days, stands):
    assert bucket(due_on=make.TODAY + timedelta(days=days), on=make.TODAY) == stands


@pytest.mark.parametrize(
    ("needs", "skills", "may"),
    [
        ("", {"wounds"}, True),
        ("wounds", None, True),
        ("wounds", {"wounds"}, True),
        ("wounds", set(), False),
    ],
)
def test_what_needs_a_skill_is_given_to_whoever_has_it_once_skills_are_kept(needs, skills, may):
    assert may_take(needs=needs, skills=skills) is may


def test_my_list_is_mine_and_what_nobody_of_my_team_has_yet_by_day_and_time():
    peggy, sadia = known(), colleague()
    for title, days, at in [("later", 9, None), ("afternoon", 0, "14:00"), ("no time", 0, None), ("overdue", -2, None)]:
        task(peggy, title=title, due_on=make.TODAY + timedelta(days=days), due_time=at)
    task(peggy, title="morning", due_time="09:00", owner=make.practitioner().pk)
    task(peggy, title="Sadia's", owner=sadia.pk)

    assert titles(queries.to_do(viewer=make.viewer())) == ["overdue", "morning", "afternoon", "no time", "later"]
    assert len(queries.to_do(viewer=make.viewer(), asked=Asked(mine=False))) == 6
    assert queries.due_count(viewer=make.viewer()) == 4


def test_the_list_is_searched_within_and_narrowed():
    peggy = known()
    task(peggy, title="Bloods", priority=Priority.NOW)
    task(None, title="Order dressings", due_on=make.TODAY - timedelta(days=1))
    found = {
        "hargreaves": ["Bloods"],
        "DRESSINGS order": ["Order dressings"],
        "bloods dressings": [],
    }

    assert {words: titles(queries.to_do(viewer=make.viewer(), asked=Asked(words=words))) for words in found} == found
    assert titles(queries.to_do(viewer=make.viewer(), asked=Asked(due=Bucket.OVERDUE))) == ["Order dressings"]
    assert titles(queries.to_do(viewer=make.viewer(), asked=Asked(priority=Priority.NOW))) == ["Bloods"]
    assert titles(queries.to_do(viewer=make.viewer(), asked=Asked(team=make.team("hilltop").pk))) == []


def test_another_team_neither_lists_nor_opens_nor_moves_it():
    row = task(known())
    ruth = make.stranger()

    assert queries.to_do(viewer=ruth, asked=Asked(mine=False)) == []
    assert queries.due_count(viewer=ruth) == 0
    assert queries.of_things(viewer=ruth, ids=[ABSENT]) == {ABSENT: []}
    for refused in (
        lambda: queries.task(viewer=ruth, task_id=row.pk),
        lambda: tasks.move(task=row.pk, move=TaskMove.FINISH, by=ruth),
        lambda: tasks.take(task=row.pk, by=ruth),
        lambda: tasks.hand_over(task=row.pk, team=row.team_id, owner=None, by=ruth),
    ):
        with pytest.raises(NotFound):
            refused()
    assert Task.objects.get().state == "requested"


def test_whoever_must_not_look_at_somebody_has_no_task_about_them():
    peggy = known()
    task(peggy)
    nurse = make.viewer()
    Conflict.objects.create(
        practitioner_id=nurse.id, person=peggy, kind="family", starts_on=make.TODAY, made_at=make.AT, made_by=nurse.id
    )

    assert queries.to_do(viewer=nurse) == []


def test_about_somebody_whom_the_team_may_not_know_it_is_on_no_list():
    task(make.person())
    task(None, title="Order dressings")

    assert titles(queries.to_do(viewer=make.viewer())) == ["Order dressings"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries, count):
    for number in range(count):
        person = known(make.person(given=f"Given{number}", family=f"F{number}"))
        task(person, owner=make.practitioner().pk)
    nurse = make.viewer()

    with django_assert_num_queries(1):
        assert len(queries.to_do(viewer=nurse)) == count
    # the list, what ended today, who was shown, and the transaction
    with django_assert_num_queries(5):
        list_tasks(by=nurse)


def test_everybody_on_the_list_is_written_down_as_shown():
    peggy = known()
    task(peggy)
    task(peggy)

    list_tasks(by=make.viewer())

    assert list(Event.objects.filter(what="task.listed").order_by("pk").values_list("person_id", flat=True)) == [
        peggy.pk
    ]


def test_done_in_one_press_it_is_whoevers_pressed_and_says_what_came_of_it():
    row = task(known())

    tasks.move(task=row.pk, move=TaskMove.FINISH, came=Came(outcome="130/80"), by=make.viewer())

    row.refresh_from_db()
    assert (row.state, row.owner_id, row.outcome, row.ended_by) == ("done", make.viewer().id, "130/80", row.owner_id)
    assert list(Event.objects.filter(about_id=row.pk).order_by("pk").values_list("what", flat=True)) == [
        "task.asked",
        "task.finish",
    ]
    assert titles(queries.ended_today(viewer=make.viewer())) == ["Check her blood pressure"]


def test_not_done_says_why():
    row = task(known())

    with pytest.raises(Refused, match="Say why it was not done"):
        tasks.move(task=row.pk, move=TaskMove.LEAVE, by=make.viewer())
    tasks.move(task=row.pk, move=TaskMove.LEAVE, came=Came(because=NotDone.NO_TIME), by=make.viewer())

    row.refresh_from_db()
    assert (row.state, row.not_done_because) == ("not done", "no time")


def test_pressed_by_mistake_it_stands_as_it_stood():
    row = task(known())
    tasks.move(task=row.pk, move=TaskMove.FINISH, came=Came(outcome="130/80"), by=later(10))

    tasks.move(task=row.pk, move=TaskMove.REOPEN, by=later(12))

    row.refresh_from_db()
    assert (row.state, row.owner_id, row.outcome, row.queued_at) == ("requested", None, "", make.AT)


def test_opened_again_the_next_day_it_begins_to_wait_anew():
    row = task(known())
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=later(10))
    tomorrow = later(24 * 60)

    tasks.move(task=row.pk, move=TaskMove.REOPEN, by=tomorrow)

    row.refresh_from_db()
    assert (row.queued_at, row.owner_id) == (tomorrow.at, make.viewer().id)


def test_done_twice_the_second_reads_who_was_first():
    row = task(known())
    sadia = as_viewer(colleague())
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=sadia)

    with pytest.raises(MoveNotAllowed) as refused:
        tasks.move(task=row.pk, move=TaskMove.FINISH, by=make.viewer())

    said = "This task is done already, so nothing was changed. Sadia Rahman said so, Thu 5 Nov 2026, 09:40."
    assert str(refused.value) == said


def changed(**other) -> Changed:
    told = {"title": "Bloods", "words": "", "priority": Priority.SOON, "due_on": make.TODAY + timedelta(days=3)}
    return Changed(**(told | other))


def test_a_change_keeps_since_when_it_waits_and_what_it_said_before():
    row = task(known())

    tasks.change(task=row.pk, version=1, changed=changed(), by=later(60))

    row.refresh_from_db()
    assert (row.title, row.priority, row.due_on, row.version, row.queued_at) == (
        "Bloods",
        2,
        date(2026, 11, 8),
        2,
        make.AT,
    )
    last = TaskHistory.objects.get(what="changed")
    assert last.was == "title: Check her blood pressure; priority: routine; due: 5 November 2026"


def test_who_changes_a_stale_copy_reads_who_changed_it_and_nothing_is_overwritten():
    row = task(known())
    tasks.change(task=row.pk, version=1, changed=changed(), by=as_viewer(colleague()))

    with pytest.raises(Overtaken, match=r"^Sadia Rahman changed this task .*changed, 5 November 2026 at 09:40"):
        tasks.change(task=row.pk, version=1, changed=changed(title="Weigh her"), by=make.viewer())

    assert Task.objects.get().title == "Bloods"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"title": " "}, "Say what is to be done"),
        ({"title": "x" * 201}, "longer than 200"),
        ({"from_on": make.TODAY + timedelta(days=9)}, "due before it may begin"),
    ],
)
def test_what_does_not_make_sense_is_refused(other, said):
    row = task(known())

    with pytest.raises(Refused, match=said):
        tasks.change(task=row.pk, version=1, changed=changed(**other), by=make.viewer())


def test_handed_to_a_colleague_it_is_theirs_they_are_told_and_it_waits_as_long():
    row = task(known())
    sadia = colleague()

    tasks.hand_over(task=row.pk, team=row.team_id, owner=sadia.pk, why="I am off", by=later(30))

    row.refresh_from_db()
    told = Alert.objects.get()
    assert (row.owner_id, row.queued_at) == (sadia.pk, make.AT)
    assert (told.owner_id, told.kind, told.about_id) == (sadia.pk, "asked", row.pk)
    assert told.words == "Joanne Fielding handed over to you: Check her blood pressure (I am off)"


def test_nobody_is_given_a_task_in_a_team_where_they_do_not_work():
    row = task(known())
    ruth = colleague("Ruth", "Adler", code="hilltop")

    with pytest.raises(Refused, match="Ruth Adler does not work in that team today"):
        tasks.hand_over(task=row.pk, team=row.team_id, owner=ruth.pk, by=make.viewer())


def test_handed_to_another_team_it_may_know_the_person_until_it_is_done_and_both_are_told():
    peggy = known()
    row, ruth = task(peggy), make.stranger()

    tasks.hand_over(task=row.pk, team=make.team("hilltop").pk, owner=None, why="Yours", by=later(30))

    assert titles(queries.to_do(viewer=ruth)) == ["Check her blood pressure"]
    assert queries.to_do(viewer=make.viewer()) == []
    assert Task.objects.get().queued_at == later(30).at
    assert list(Alert.objects.values_list("team__code", "words")) == [
        ("hilltop", "Joanne Fielding handed over to you: Check her blood pressure (Yours)")
    ]

    tasks.move(task=row.pk, move=TaskMove.FINISH, by=ruth)

    tomorrow = make.TODAY + timedelta(days=1)
    assert openable(viewer=ruth, person_ids=[peggy.pk], on=make.TODAY) == {peggy.pk}
    assert openable(viewer=ruth, person_ids=[peggy.pk], on=tomorrow) == set()
    assert Alert.objects.get(team__code="riverside").words == "Check her blood pressure: it was done by Ruth Fielding"


def test_the_reason_stays_while_another_task_stands_on_it():
    peggy, hilltop, ruth = known(), make.team("hilltop"), make.stranger()
    rows = [task(peggy, title=title) for title in ("One", "Two")]
    for row in rows:
        tasks.hand_over(task=row.pk, team=hilltop.pk, owner=None, by=make.viewer())

    tasks.move(task=rows[0].pk, move=TaskMove.FINISH, by=ruth)

    assert openable(viewer=ruth, person_ids=[peggy.pk], on=make.TODAY + timedelta(days=1)) == {peggy.pk}


def test_a_reason_of_the_teams_own_outlives_the_task():
    peggy, ruth = known(), make.stranger()
    known(peggy, code="hilltop")
    row = task(peggy)
    tasks.hand_over(task=row.pk, team=make.team("hilltop").pk, owner=None, by=make.viewer())

    tasks.move(task=row.pk, move=TaskMove.FINISH, by=ruth)

    assert openable(viewer=ruth, person_ids=[peggy.pk], on=make.TODAY + timedelta(days=1)) == {peggy.pk}


def test_opened_again_after_it_was_handed_the_team_may_know_them_again():
    peggy, ruth = known(), make.stranger()
    row = task(peggy)
    tasks.hand_over(task=row.pk, team=make.team("hilltop").pk, owner=None, by=make.viewer())
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=ruth)

    tasks.move(task=row.pk, move=TaskMove.REOPEN, by=ruth)

    assert openable(viewer=ruth, person_ids=[peggy.pk], on=make.TODAY + timedelta(days=40)) == {peggy.pk}


def test_asked_of_another_team_about_somebody_they_may_know_them_and_are_told():
    peggy = known()
    grant = open_record(person_id=peggy.pk, by=make.viewer())
    new = NewTask(
        title="Fit a rail", team=make.team("hilltop").pk, due_on=make.TODAY, sender=make.organisation().pk,
        person=peggy.pk,
    )  # fmt: skip

    tasks.ask_about(new=new, grant=grant, by=make.viewer())

    assert titles(queries.to_do(viewer=make.stranger())) == ["Fit a rail"]
    assert Alert.objects.get().words == "Joanne Fielding asks your team: Fit a rail"


def test_about_nobody_it_is_asked_of_a_team_of_ones_own_alone():
    new = NewTask(title="Rota", team=make.team("hilltop").pk, due_on=make.TODAY, sender=make.organisation().pk)

    with pytest.raises(Refused, match="You are not in that team"):
        tasks.ask_of_team(new=new, by=make.viewer())
    assert tasks.ask_of_team(new=new, by=make.stranger()).person_id is None


def test_the_person_page_reads_what_any_team_is_to_do_and_what_was_lately():
    peggy = known()
    known(peggy, code="hilltop")
    task(peggy, title="Theirs", team=make.team("hilltop").pk, due_on=make.TODAY + timedelta(days=2))
    done, long_ago = task(peggy, title="Done"), task(peggy, title="Long ago", by=later(-60 * 24 * 40))
    tasks.move(task=done.pk, move=TaskMove.FINISH, by=make.viewer())
    tasks.move(task=long_ago.pk, move=TaskMove.FINISH, by=later(-60 * 24 * 39))
    task(known(make.person("Shawcross", "Derek")), title="Somebody else's")
    grant = open_record(person_id=peggy.pk, by=make.viewer())

    assert titles(queries.of_person(grant=grant)) == ["Theirs", "Done"]


def test_what_came_of_a_thing_is_told_by_thing_with_whether_it_helped():
    peggy = known()
    row = task(peggy, about="meeting", about_id=ABSENT)
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=make.viewer())
    from locality.neighbourhoods.actions.asking import say_helped

    say_helped(task=row.pk, helped=Helped.PARTLY, by=make.viewer())

    [one] = queries.of_things(viewer=make.viewer(), ids=[ABSENT])[ABSENT]
    assert (one.state, one.helped, one.is_open) == ("done", "partly", False)
