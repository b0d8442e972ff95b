"""A team's meeting on its pages: agenda, screen, minutes, what came of it; who may not see it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from locality.base.periods import day_of
from locality.neighbourhoods.actions import agenda, deciding
from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.models import Meeting, MeetingItem, MeetingSeries, Task
from tests import factories as make
from tests.neighbourhoods.meeting_world import candidate, looked_after, nurse, sadia, series

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(sign_in):
    found = sign_in("Sadia", "Rahman", roles=("care_coordinator",))
    nurse()
    return found


def now():
    """Pages read the clock: what they show is laid out for the day it is."""
    return timezone.now()


def todays() -> Meeting:
    on = day_of(now())
    series(weekday=on.weekday(), starts_on=on)
    return Meeting.objects.get(on=on)


def live() -> Meeting:
    return actions.open_meeting(meeting_id=todays().pk, by=sadia(at=now()))


def words(answer) -> str:
    told = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", told).split())


def due(given: str = "Due"):
    return looked_after(given, review_on=day_of(now()))


def test_the_list_says_first_when_my_team_meets(browser):
    todays()

    told = words(browser.get("/meeting"))

    assert "The Riverside team meets today at 10:00" in told
    assert "Thursday" not in told or day_of(now()).weekday() == 3


def test_without_a_meeting_the_page_says_how_to_begin(browser):
    told = words(browser.get("/meeting"))

    assert "No meeting of your teams is planned" in told
    assert "once somebody says how it meets" in told


def test_a_series_is_begun_on_its_page_and_a_slip_is_told(browser):
    sent = {"team": str(make.team().pk), "weekday": "2", "at": "10:00", "minutes": "60", "every_weeks": "1"}

    wrong = browser.post("/meeting/series", sent | {"at": "ten", "minutes": "5"})
    right = browser.post("/meeting/series", sent | {"where": "Upstairs"})

    assert wrong.status_code == 422
    assert "“ten” is not a time: type it as 10:00." in words(wrong)
    assert (right.status_code, MeetingSeries.objects.get().where_words) == (302, "Upstairs")


def test_the_agenda_is_drawn_ordered_and_somebody_left_out(browser):
    row = candidate("Put")
    meeting = todays()

    browser.post(f"/meeting/{meeting.pk}/draw")
    item = MeetingItem.objects.get()
    drawn = words(browser.get(f"/meeting/{meeting.pk}"))
    browser.post(f"/meeting/item/{item.pk}/arranged", {"what": "minutes", "minutes": "12"})
    browser.post(f"/meeting/item/{item.pk}/arranged", {"what": "leave", "why": "In hospital"})
    left = words(browser.get(f"/meeting/{meeting.pk}"))

    assert "1 person to talk about" in drawn
    assert "WALMSLEY, Put" in drawn
    assert "Fell twice" in drawn
    assert "Left out of this meeting WALMSLEY, Put" in left
    assert MeetingItem.objects.get(person=row.person).minutes == 12


def test_leaving_somebody_out_without_a_reason_is_refused(browser):
    candidate("Put")
    meeting = todays()
    browser.post(f"/meeting/{meeting.pk}/draw")
    item = MeetingItem.objects.get()

    answer = browser.post(f"/meeting/item/{item.pk}/arranged", {"what": "leave", "why": ""})

    assert (answer.status_code, "Say why they are left out" in words(answer)) == (409, True)


def test_somebody_is_brought_to_the_meeting_from_their_record(browser):
    row = looked_after("Later", review_on=day_of(now()) + timedelta(days=90))
    meeting = todays()
    address = f"/person/{row.person_id}/meeting"

    empty = browser.post(address, {"about": str(row.person_id), "meeting": str(meeting.pk), "why": ""})
    sent = browser.post(address, {"about": str(row.person_id), "meeting": str(meeting.pk), "why": "She fell"})

    assert (empty.status_code, sent.status_code) == (422, 302)
    assert MeetingItem.objects.get().why_words == "She fell"


def test_the_screen_shows_one_person_what_is_known_and_nobody_elses_name(browser):
    due("First")
    due("Second")
    meeting = live()

    told = words(browser.get(f"/meeting/{meeting.pk}/live"))

    assert "1 of 2" in told
    assert "0 minutes gone, 60 minutes left" in told
    assert sum(f"WHITAKER, {name}" in told for name in ("First", "Second")) == 1
    assert "What is known" in told


def test_a_decision_is_saved_with_its_task_and_the_page_says_so(browser):
    row = due()
    meeting = live()
    item = MeetingItem.objects.get()
    sent = {"do": "decide", "version": item.version, "decision": "keep", "weeks": "4", "said": "She walks again"}
    sent |= {"task_1": "Ring her daughter", "due_1": str(day_of(now()) + timedelta(days=7))}
    sent |= {"owner_1": str(nurse().id), "dissent_who_1": "Tom", "dissent_words_1": "Too soon"}

    answer = browser.post(f"/meeting/item/{item.pk}/written", sent)
    told = words(browser.get(f"/meeting/{meeting.pk}/live"))

    row.refresh_from_db()
    assert answer.status_code == 302
    assert row.review_on == day_of(now()) + timedelta(days=28)
    assert Task.objects.get().title == "Ring her daughter"
    assert "Decided: Kept on the caseload; looked at again" in told
    assert "Tom disagreed: Too soon" in told


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose what was decided"),
        ({"decision": "come off"}, "Say why they come off the caseload."),
        ({"decision": "keep"}, "Say when they are looked at again."),
        ({"decision": "keep", "weeks": "4", "task_1": "Ring her"}, "Say by when it is to be done."),
        ({"decision": "keep", "weeks": "4", "dissent_who_1": "Tom"}, "Say who disagreed, and why."),
        ({"decision": "keep", "weeks": "4", "coordinator": "nobody"}, "Choose one of those in the list."),
        ({"decision": "take on"}, "is not for somebody who is on the caseload"),
    ],
)
def test_what_is_not_whole_is_told_and_nothing_typed_is_lost(browser, sent, said):
    due()
    live()
    item = MeetingItem.objects.get()

    answer = browser.post(
        f"/meeting/item/{item.pk}/written",
        {"do": "decide", "version": item.version, "said": "She walks again", "words": "Because", **sent},
    )

    assert answer.status_code == 422
    assert said in words(answer)
    assert "She walks again</textarea>" in answer.content.decode()
    assert (MeetingItem.objects.get().state, Task.objects.count()) == ("waiting", 0)


def test_the_second_scribe_sees_what_was_written_and_keeps_what_they_typed(browser):
    due()
    live()
    item = MeetingItem.objects.get()
    deciding.say(item_id=item.pk, words="Her daughter cannot go on", by=nurse(at=now()))
    sent = {"do": "decide", "version": item.version, "decision": "keep", "weeks": "4", "said": "Mine"}

    first = browser.post(f"/meeting/item/{item.pk}/written", sent)
    told = words(first)
    again = re.search(r'name="version" value="(\d+)"', first.content.decode())[1]
    second = browser.post(f"/meeting/item/{item.pk}/written", sent | {"version": again})

    assert first.status_code == 422
    assert "Joanne Fielding, District nurse, Smallborough Hospitals wrote something at" in told
    assert "Her daughter cannot go on" in told
    assert "Mine</textarea>" in first.content.decode()
    assert (second.status_code, MeetingItem.objects.get().decision) == (302, "keep")


def test_going_on_writes_down_what_was_typed_and_asks_before_a_decision_is_lost(browser):
    due("First")
    due("Second")
    meeting = live()
    one, other = MeetingItem.objects.order_by("place")
    address = f"/meeting/item/{one.pk}/written"

    chosen = browser.post(address, {"to": str(other.pk), "version": 1, "decision": "keep", "said": "Well"})
    # as the page itself fills them in
    filled = {"weeks": "4", "due_1": str(day_of(now())), "owner_1": ""}
    gone = browser.post(address, filled | {"to": str(other.pk), "version": 1, "said": "Well"})

    meeting.refresh_from_db()
    assert (chosen.status_code, "not saved yet" in words(chosen)) == (422, True)
    assert (gone.status_code, meeting.on_screen, one.entries.get().words) == (302, other, "Well")


def test_closed_the_minutes_stand_and_are_added_to_with_a_date(browser):
    due("First")
    due("Second")
    meeting = live()
    one, other = MeetingItem.objects.order_by("place")
    browser.post(f"/meeting/item/{one.pk}/written", {"do": "decide", "version": 1, "decision": "keep", "weeks": "4"})
    browser.post(f"/meeting/{meeting.pk}/who", {"guest": "Ann Whittle", "guest_of": "Age UK"})
    closed = browser.post(f"/meeting/{meeting.pk}/closed")
    browser.post(f"/meeting/item/{one.pk}/added", {"words": "She is 81, not 80"})

    told = words(browser.get(f"/meeting/{meeting.pk}/minutes"))

    assert closed.url == f"/meeting/{meeting.pk}/minutes"
    assert "1 person talked about" in told
    assert "Ann Whittle (Age UK, guest)" in told
    assert f"1. WHITAKER, {one.person.given}" in told
    assert "She is 81, not 80" in told
    assert f"Not reached: they come to the next meeting WHITAKER, {other.person.given}" in told
    assert browser.get(f"/meeting/{meeting.pk}").url == f"/meeting/{meeting.pk}/minutes"


def test_a_coordinator_prints_no_minutes_and_a_nurse_does(browser, sign_in):
    due()
    meeting = live()

    refused = browser.get(f"/meeting/{meeting.pk}/minutes/print")
    printed = sign_in("Joan", "Firth").get(f"/meeting/{meeting.pk}/minutes/print")

    assert (refused.status_code, printed.status_code) == (403, 200)
    assert "It names people: shred it." in words(printed)


def test_what_came_of_meetings_is_told_with_its_rows(browser):
    due()
    meeting = live()
    item = MeetingItem.objects.get()
    sent = {"do": "decide", "version": 1, "decision": "keep", "weeks": "4", "task_1": "Ring her daughter"}
    browser.post(f"/meeting/item/{item.pk}/written", sent | {"due_1": str(day_of(now()))})
    browser.post(f"/meeting/{meeting.pk}/closed")
    Task.objects.update(state="done", helped="yes", ended_at=now(), ended_by=nurse().id)

    told = words(browser.get("/meeting/came-of?months=6"))

    assert "Of 1 thing that meetings asked for in 6 months, 1 is done, and 1 of them helped" in told
    assert "Ring her daughter" in told


def test_a_meeting_that_is_skipped_says_why(browser):
    meeting = todays()

    browser.post(f"/meeting/{meeting.pk}/skipped", {"why": "Bank holiday"})

    assert "Not held: Bank holiday" in words(browser.get("/meeting"))


def test_another_team_finds_none_of_it(browser, sign_in):
    due()
    meeting = live()
    item = MeetingItem.objects.get()
    ruth = sign_in("Ruth", "Adler", teams=("hilltop",))

    seen = [ruth.get(f"/meeting/{meeting.pk}{end}").status_code for end in ("", "/live", "/minutes", "/minutes/print")]
    sent = [
        ruth.post(
            f"/meeting/item/{item.pk}/{end}", {"what": "leave", "why": "-", "words": "-", "said": "-"}
        ).status_code
        for end in ("arranged", "written", "added")
    ]
    done = [
        ruth.post(f"/meeting/{meeting.pk}/{end}").status_code for end in ("closed", "draw", "opened", "skipped", "who")
    ]

    assert (seen, sent, done) == ([404] * 4, [404] * 3, [404] * 5)
    assert "WHITAKER" not in words(ruth.get("/meeting")) + words(ruth.get("/meeting/came-of"))


def test_a_role_that_takes_no_part_is_told_so(sign_in):
    answer = sign_in("Olwen", "Price", roles=("privacy_officer",)).get("/meeting")

    assert (answer.status_code, "takes no part in a team" in words(answer)) == (403, True)


@pytest.mark.parametrize("people", [1, 3])
def test_the_screen_takes_as_many_queries_however_many_are_on_the_agenda(browser, people, django_assert_num_queries):
    for number in range(people):
        due(f"Due{number}")
    meeting = live()
    browser.get(f"/meeting/{meeting.pk}/live")

    with django_assert_num_queries(23):
        answer = browser.get(f"/meeting/{meeting.pk}/live")

    assert answer.status_code == 200


@pytest.mark.parametrize("people", [1, 3])
def test_the_agenda_page_takes_as_many_queries_however_many_are_on_it(browser, people, django_assert_num_queries):
    for number in range(people):
        due(f"Due{number}")
    meeting = todays()
    agenda.draw_up(meeting_id=meeting.pk, by=sadia(at=now()))

    with django_assert_num_queries(15):
        answer = browser.get(f"/meeting/{meeting.pk}")

    assert words(answer).count("WHITAKER, Due") >= people


def test_a_decision_written_by_a_slip_is_taken_back_from_its_notice(browser):
    row = due()
    meeting = live()
    item = MeetingItem.objects.get(person=row.person)
    sent = {"do": "decide", "version": str(item.version), "decision": "come off", "off_reason": "died"}

    browser.post(f"/meeting/item/{item.pk}/written", sent)
    notice = browser.get(f"/meeting/{meeting.pk}/live").content.decode()
    browser.post(f"/meeting/item/{item.pk}/taken-back")
    told = words(browser.get(f"/meeting/{meeting.pk}/live"))

    assert "Written down: came off the caseload." in notice
    assert f'action="/meeting/item/{item.pk}/taken-back"' in notice
    assert "Taken back: nothing is decided of them." in told
    row.refresh_from_db()
    assert (row.off_at, MeetingItem.objects.get(pk=item.pk).state) == (None, "waiting")
