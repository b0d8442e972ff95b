"""What is to do, and the inbox: one press, taken back, with scripts and without; never shown to whoever must not."""

import re
from datetime import datetime, timedelta
from html import unescape
from importlib.metadata import version
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.template import engines

from locality.access.actions import open_record
from locality.access.models import Account
from locality.config import signing
from locality.journal.models import Event
from locality.neighbourhoods.actions import asking, inbox, tasks
from locality.neighbourhoods.models import Absence, Alert, Task, TaskAsk
from locality.neighbourhoods.queries import tasks as queries
from locality.neighbourhoods.rules.pack import is_whole
from locality.neighbourhoods.rules.tasks import TaskMove
from tests import factories as make
from tests.neighbourhoods.work import alert, as_viewer, colleague, known, task

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
LIST_QUERIES, ONE_QUERIES, INBOX_QUERIES = 8, 21, 14


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(make.AT):
        yield


def words(answer) -> str:
    page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(page).split())


def test_the_list_says_what_is_due_today_and_what_is_overdue(sign_in):
    peggy = known()
    task(peggy, title="Bloods")
    task(peggy, title="Ring the ward", due_on=make.TODAY - timedelta(days=1))

    page = words(sign_in().get("/tasks"))

    assert "1 thing to do today, 1 overdue" in page
    assert page.index("Ring the ward") < page.index("Bloods")
    assert 'HARGREAVES, Margaret (likes "Peggy") 84 years, female' in page


def test_a_list_tells_no_more_of_somebody_than_a_name_age_and_sex(sign_in):
    peggy = known()
    task(peggy)

    page = words(sign_in().get("/tasks"))

    assert [one for one in (peggy.nhs_number, "999 000 0018", peggy.address, peggy.postcode) if one in page] == []


def test_done_in_one_press_without_scripts_and_taken_back(sign_in):
    row, nurse = task(known()), sign_in()

    back = nurse.post(f"/tasks/{row.pk}/move", {"move": "finish"}, follow=True)
    row.refresh_from_db()
    was = row.state
    nurse.post(f"/tasks/{row.pk}/undo")

    row.refresh_from_db()
    assert (back.redirect_chain, was, row.state) == ([("/tasks", 302)], "done", "requested")
    assert f'action="/tasks/{row.pk}/undo"' in back.content.decode()


def test_done_in_one_press_with_scripts_is_one_line_with_its_undo(sign_in):
    row, nurse = task(known()), sign_in()

    line = nurse.post(f"/tasks/{row.pk}/move", {"move": "finish"}, headers=PART)

    assert line.content.decode().strip().startswith(f'<li class="todo__one todo__one--over" id="task-{row.pk}">')
    assert "Done. Undo" in words(line)


@pytest.mark.parametrize("headers", [{}, PART])
def test_the_second_of_two_reads_who_did_it(sign_in, headers):
    row, nurse = task(known(), by=make.viewer(at=make.ago(hours=2))), sign_in()
    tasks.move(task=row.pk, move=TaskMove.FINISH, by=as_viewer(colleague(), at=make.ago(minutes=2)))

    answer = nurse.post(f"/tasks/{row.pk}/move", {"move": "finish"}, headers=headers)

    assert "Sadia Rahman said so, Thu 5 Nov 2026, 09:38." in words(answer)
    assert Event.objects.filter(what="page.task_move", outcome="refused").count() == 1


def test_not_done_without_a_reason_is_asked_for_at_its_field(sign_in):
    row, nurse = task(known()), sign_in()

    answer = nurse.post(f"/tasks/{row.pk}/move", {"move": "leave", "back": "task"})

    assert answer.status_code == 422
    assert "Choose why it was not done." in words(answer)
    nurse.post(f"/tasks/{row.pk}/move", {"move": "leave", "because": "no time", "outcome": "Clinic ran over"})
    row.refresh_from_db()
    assert (row.state, row.not_done_because, row.outcome) == ("not done", "no time", "Clinic ran over")


def test_what_narrows_the_list_is_kept_and_what_was_searched_for_is_not(sign_in):
    task(known(), title="Bloods", owner=colleague().pk)
    nurse = sign_in()

    nurse.get("/tasks?of=team&words=nobody")

    assert "Bloods" in words(nurse.get("/tasks"))
    assert "Bloods" not in words(nurse.get("/tasks?of=mine"))
    assert "Bloods" not in words(nurse.get("/tasks"))


def test_a_stale_copy_changes_nothing_and_says_who_changed_it(sign_in):
    row, nurse = task(known()), sign_in()
    told = {"title": "Hers", "due_on": "2026-11-08", "priority": "2", "version": "1"}
    nurse.post(f"/tasks/{row.pk}/change", told)

    answer = nurse.post(f"/tasks/{row.pk}/change", told | {"title": "Mine"})

    assert answer.status_code == 422
    assert "Joanne Fielding changed this task while you had it open" in words(answer)
    assert Task.objects.get().title == "Hers"
    assert 'name="version" value="2"' in answer.content.decode()


def test_handed_over_asked_reminded_answered_and_whether_it_helped(sign_in):
    nurse, sadia = sign_in(), colleague()
    row, at = task(known(), owner=make.practitioner().pk), f"{make.team().pk}.{sadia.pk}"

    nurse.post(f"/tasks/{row.pk}/help", {"of": at, "help_words": "Two to lift"})
    asked = TaskAsk.objects.get()
    nurse.post(f"/tasks/{row.pk}/ask/{asked.pk}", {"answer": "Never mind"})
    nurse.post(f"/tasks/{row.pk}/hand", {"to": at, "why": "I am off"})
    nurse.post(f"/tasks/{row.pk}/remind", {"remind_words": "Today"})
    nurse.post(f"/tasks/{row.pk}/move", {"move": "finish"})
    nurse.post(f"/tasks/{row.pk}/helped", {"helped": "yes"})

    row.refresh_from_db()
    told = list(row.history.order_by("at", "pk").values_list("what", flat=True))
    assert told == ["asked", "asked for help", "answered", "handed over", "reminded", "done", "helped"]
    assert (row.owner_id, row.helped, Alert.objects.filter(owner=sadia.pk).count()) == (sadia.pk, "yes", 3)


def test_asked_for_somebody_it_carries_whom_it_is_about(sign_in):
    peggy, nurse = known(), sign_in()
    told = {"title": "Bloods", "to": str(make.team().pk), "due_on": "2026-11-06", "due_time": "14:30"}

    refused = nurse.post(f"/person/{peggy.pk}/task", told)
    nurse.post(f"/person/{peggy.pk}/task", told | {"about": str(peggy.pk)})

    row = Task.objects.get()
    assert (refused.status_code, row.person_id, row.owner_id, f"{row.due_time:%H:%M}") == (409, peggy.pk, None, "14:30")


def test_a_day_before_which_it_may_not_begin_outlives_a_change_of_the_rest(sign_in):
    row, nurse = task(known(), from_on=make.TODAY, due_on=make.TODAY + timedelta(days=3)), sign_in()
    page = nurse.get(f"/tasks/{row.pk}").content.decode()
    told = {"title": "Weigh her", "due_on": "2026-11-08", "version": "1"}

    late = nurse.post(f"/tasks/{row.pk}/change", told | {"from_on": "2026-11-09"})
    nurse.post(f"/tasks/{row.pk}/change", told | {"from_on": "2026-11-05"})

    row.refresh_from_db()
    assert 'name="from_on" type="date" value="2026-11-05"' in page
    # the footer's own, and not the task's
    assert f"Version {version('locality')}." in page
    assert (late.status_code, row.from_on, row.title) == (422, make.TODAY, "Weigh her")


def test_asked_of_the_team_about_nobody(sign_in):
    nurse = sign_in()

    empty = nurse.post("/tasks/new", {"to": str(make.team().pk)})
    nurse.post("/tasks/new", {"title": "Order dressings", "to": str(make.team().pk), "due_on": "6/11/2026"})

    assert empty.status_code == 422
    assert "Say what is to be done." in words(empty)
    assert Task.objects.get().person_id is None


def test_another_team_finds_nothing_at_any_of_its_addresses(sign_in):
    peggy = known()
    row, told = task(peggy), alert(peggy)
    ask = asking.remind(task=row.pk, by=make.viewer(given="Olga"))
    ruth = sign_in("Ruth", "Adler", teams=("hilltop",))
    ways = ("move", "undo", "take", "change", "hand", "help", "remind", "helped", f"ask/{ask.pk}")
    given = {"move": "finish", "title": "x", "due_on": "2026-11-06", "version": "1", "helped": "yes", "answer": "No"}
    given |= {"done_words": "x", "to": str(make.team("hilltop").pk), "of": "-", "help_words": "x"}

    looks = [ruth.get(f"/tasks/{row.pk}").status_code, ruth.get(f"/inbox/{told.pk}").status_code]
    sent = [ruth.post(f"/tasks/{row.pk}/{way}", given).status_code for way in ways]
    sent += [
        ruth.post(f"/inbox/{told.pk}/{way}", given).status_code for way in ("take", "done", "undo", "hand", "task")
    ]

    assert set(looks + sent) == {404}
    assert "Check her blood pressure" not in words(ruth.get("/tasks?of=team"))
    assert "Admitted to Smallborough" not in words(ruth.get("/inbox?of=team&kind="))
    assert (Task.objects.get().version, Alert.objects.get(pk=told.pk).state) == (1, "new")


def test_the_inbox_is_taken_done_taken_back_and_made_a_task_of(sign_in):
    row, nurse = alert(known()), sign_in()

    page = words(nurse.get("/inbox"))
    nurse.post(f"/inbox/{row.pk}/take")
    nurse.post(f"/inbox/{row.pk}/undo")
    empty = nurse.post(f"/inbox/{row.pk}/done", {"done_words": ""})
    nurse.post(f"/inbox/{row.pk}/done", {"done_words": "Rang the ward"})
    done = Alert.objects.get().done_words
    nurse.post(f"/inbox/{row.pk}/undo")
    nurse.post(f"/inbox/{row.pk}/task", {"title": "Visit her", "task_to": str(make.team().pk), "due_on": "2026-11-06"})

    assert "1 thing to see to" in page
    assert (empty.status_code, done, Task.objects.get().about_id) == (422, "Rang the ward", row.pk)
    assert Alert.objects.get().state == "done"


def test_handed_on_in_the_inbox_it_is_the_colleagues(sign_in):
    row, nurse, sadia = alert(known()), sign_in(), colleague()

    nurse.post(f"/inbox/{row.pk}/hand", {"to": f"{make.team().pk}.{sadia.pk}"})

    assert Alert.objects.get().owner_id == sadia.pk


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(sign_in, django_assert_num_queries, count):
    nurse = sign_in()
    for number in range(count):
        person = known(make.person(given=f"Given{number}", family=f"F{number}"))
        row = task(person, owner=make.practitioner().pk)
        alert(person, once=f"{number}")
    nurse.get("/tasks")

    with django_assert_num_queries(LIST_QUERIES):
        nurse.get("/tasks")
    with django_assert_num_queries(ONE_QUERIES):
        nurse.get(f"/tasks/{row.pk}")
    with django_assert_num_queries(INBOX_QUERIES):
        nurse.get("/inbox")


def test_the_person_page_is_given_what_is_to_do_and_what_was_done_lately_as_lines():
    peggy = known()
    done = task(peggy, title="Bloods")
    tasks.move(task=done.pk, move=TaskMove.FINISH, by=make.viewer())
    task(peggy, title="Weigh her", due_on=make.TODAY - timedelta(days=1))
    found = queries.of_person(grant=open_record(person_id=peggy.pk, by=make.viewer()))
    template = "{% from 'components/tasks.jinja' import task_lines %}{{ task_lines(found, most=1) }}"

    html = engines["jinja2"].env.from_string(template).render(found=found)

    told = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert told == "Overdue Weigh her by Wed 4 Nov 2026; nobody yet, Riverside team 1 more thing to do or done lately."


# ---- paper and the pack


@pytest.fixture
def key(monkeypatch, tmp_path):
    """The place's own, which signs packs."""
    found = signing.signing(tmp_path, make=True)
    monkeypatch.setattr(settings, "PACK_KEY", lambda: found)
    return found


@pytest.fixture
def proved(sign_in, key):
    """Joanne, who showed her second factor just now."""
    browser = sign_in()
    browser.session_key = key
    make.app(Account.objects.get(username="joanne-fielding"))
    browser.post("/account/prove", {"code": make.code_of_app(make.AT)})
    return browser


@pytest.mark.parametrize("address", ["/tasks/pack", "/tasks/print"])
def test_what_is_taken_away_asks_again_who_it_is_after_a_quarter_of_an_hour(sign_in, key, address):
    task(known())
    nurse = sign_in()

    with time_machine.travel(make.AT + timedelta(minutes=16)):
        answer = nurse.get(address)

    assert (answer.status_code, answer.url) == (302, "/account/prove")


def test_where_second_factors_are_asked_for_nothing_leaves_without_one(sign_in, key, settings):
    task(known())
    nurse = sign_in()
    settings.SECOND_FACTOR = True

    answer = nurse.get("/tasks/pack")

    assert (answer.status_code, answer.url) == (302, "/account")
    assert Event.objects.filter(what="pack.made").count() == 0


def test_without_a_key_that_signs_it_nobodys_name_leaves(sign_in, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "PACK_KEY", lambda: signing.signing(tmp_path))
    task(known())

    answer = sign_in().get("/tasks/pack")

    assert answer.status_code == 409
    assert Event.objects.filter(what="pack.made").count() == 0


@pytest.mark.parametrize("address", ["/tasks/pack", "/tasks/print"])
def test_a_coordinator_takes_no_list_of_people_away(sign_in, key, address):
    task(known())

    assert sign_in("Sadia", "Rahman", roles=("care_coordinator",)).get(address).status_code == 403


def test_the_pack_holds_what_one_needs_signed_and_each_in_it_is_written_down(proved, key):
    peggy, _ = make.peggy("gp")
    task(peggy, due_time="09:30")
    task(peggy, title="In a week", due_on=make.TODAY + timedelta(days=7))

    answer = proved.get("/tasks/pack")

    file, page = answer.content, words(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="day-pack-2026-11-05-0940.html"'
    for told in ("HARGREAVES, Margaret", "999 000 0018", "7 Weaver's Fold", "0161 496 0127", "09:30 Check her blood"):
        assert told in page
    assert "Valid until Fri 6 Nov 2026, 00:00" in page
    assert "In a week" not in page
    assert is_whole(file, verify=key.verify)
    assert not is_whole(file.replace(b"09:30", b"10:30"), verify=key.verify)
    assert list(Event.objects.filter(what="pack.made").values_list("person_id", flat=True)) == [peggy.pk]


def test_a_protected_address_is_in_no_pack_whoever_may_know_it(proved):
    peggy = make.person(protected=True)
    known(peggy)
    task(peggy)

    page = words(proved.get("/tasks/pack"))

    assert "this address is protected" in page
    assert [one for one in ("Weaver", "ZZ1", "0161 496 0127") if one in page] == []


def test_on_paper_everybody_named_is_written_down_as_printed(proved):
    peggy = known()
    task(peggy)

    page = words(proved.get("/tasks/print"))

    assert "It names people: shred it." in page
    assert list(Event.objects.filter(what="task.printed").values_list("person_id", flat=True)) == [peggy.pk]


def test_what_a_list_was_narrowed_to_before_is_missing_in_no_pack(proved):
    peggy, _ = make.peggy("gp")
    task(peggy, title="Bloods")
    proved.get("/tasks?of=mine&due=overdue&priority=1")

    assert "Bloods" in words(proved.get("/tasks/pack"))


def test_paper_says_what_it_was_narrowed_to(proved):
    task(known(), title="Bloods")

    page = words(proved.get(f"/tasks/print?of=team&due=today&priority=3&team={make.team().pk}&words=blood"))
    whole = words(proved.get("/tasks/print?of=team"))

    of = f"with “blood” in it, today, of priority “routine”, of the {make.team().name}."
    assert f"Not the whole list: only what is {of}" in page
    assert "Not the whole list" not in whole


# ---- who was first


def test_i_do_it_pressed_second_says_whose_it_is_with_scripts_and_without(sign_in):
    row, tom, nurse = task(known()), colleague("Tom", "Bell"), sign_in()
    tasks.take(task=row.pk, by=as_viewer(tom))

    line = nurse.post(f"/tasks/{row.pk}/take", headers=PART)
    back = nurse.post(f"/tasks/{row.pk}/take", follow=True)

    assert (line.status_code, back.status_code) == (200, 200)
    assert "Tom Bell does it since Thu 5 Nov 2026, 09:40" in words(line)
    assert "Tom Bell does it since Thu 5 Nov 2026, 09:40" in words(back)
    assert "I do it" not in words(nurse.get(f"/tasks/{row.pk}"))


def test_undo_in_the_inbox_takes_back_ones_own_act_alone(sign_in):
    row, tom, nurse = alert(known()), colleague("Tom", "Bell"), sign_in()
    taken = nurse.post(f"/inbox/{row.pk}/take", follow=True).content.decode()
    inbox.finish(alert=row.pk, words="Rang the ward", by=as_viewer(tom, at=make.AT + timedelta(minutes=1)))

    back = nurse.post(f"/inbox/{row.pk}/undo?of=take", follow=True)

    assert f'action="/inbox/{row.pk}/undo?of=take"' in taken
    assert "This is done already, so nothing was changed. Tom Bell did that" in words(back)
    assert Alert.objects.get().state == "done"


def test_the_lists_say_for_whom_one_covers(sign_in):
    peggy, tom, nurse = known(), colleague("Tom", "Bell"), sign_in()
    task(peggy, owner=tom.pk)
    alert(peggy, owner=tom.pk)
    day = {"starts_on": make.TODAY, "ends_on": make.TODAY + timedelta(days=1), "made_at": make.AT}
    joanne = Account.objects.get(username="joanne-fielding").practitioner_id
    Absence.objects.create(practitioner=tom, cover_id=joanne, made_by=joanne, **day)

    assert "For Tom Bell, whom you cover" in words(nurse.get("/tasks"))
    assert "For Tom Bell, whom you cover" in words(nurse.get("/inbox"))


# ---- what it needs, and the day


def test_what_a_task_needs_is_chosen_and_told_in_words(sign_in):
    nurse = sign_in()
    sent = {"title": "Change the dressing", "to": str(make.team().pk), "due_on": "2026-11-05", "needs": "wound-care"}

    nurse.post("/tasks/new", sent)

    row = Task.objects.get()
    assert row.needs_skill == "wound-care"
    assert "needs wound care" in words(nurse.get("/tasks"))
    assert "It needs wound care" in words(nurse.get(f"/tasks/{row.pk}"))


def test_not_before_goes_by_the_day_here_and_not_by_the_days_of_utc(sign_in):
    task(None, from_on=make.TODAY + timedelta(days=200), due_on=make.TODAY + timedelta(days=200))
    midnight = datetime(2027, 5, 24, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    assert make.TODAY + timedelta(days=200) == midnight.date()

    with time_machine.travel(midnight):
        page = words(sign_in().get("/tasks"))

    assert "Check her blood pressure" in page
    assert "not before" not in page


def test_home_links_its_numbers_to_the_lists_they_count(sign_in):
    task(known())

    page = sign_in().get("/").content.decode()

    assert 'href="/tasks?of=mine"' in page
    assert 'href="/inbox?of=mine&amp;state=new"' in page
