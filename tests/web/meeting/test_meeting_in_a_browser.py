"""The meeting in a real browser: its pages fit and please axe; it is run by keyboard, and without scripts."""

import pytest
from django.utils import timezone

from locality.access import actions as access
from locality.base.periods import day_of
from locality.neighbourhoods.models import Meeting, MeetingItem, Task
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.meeting_world import candidate, looked_after, nurse, sadia, series
from tests.web.browser import DESK, PHONE, signed_in, unasked, wrong_of
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def meeting() -> Meeting:
    """Today's, with somebody put forward, somebody due, and the coordinator who signs in."""
    pages._names.clear()
    make.place()
    who = make.practitioner("Sadia", "Rahman")
    make.role(who, "care_coordinator")
    access.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    sadia(), nurse()
    on = day_of(timezone.now())
    series(weekday=on.weekday(), starts_on=on)
    row = looked_after("Due", review_on=on, at_risk="Her daughter is in hospital")
    make.patient(row.person, make.source("gp"))
    candidate("Put")
    return Meeting.objects.get(on=on)


def press(page, key: str) -> None:
    page.keyboard.press(key)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_its_screen_keeps_the_policy_and_pleases_axe(chromium, live_server, meeting, size):
    page = signed_in(chromium, live_server.url, "sadia-rahman", size)
    wrong: list[tuple] = []
    page.on("console", lambda said: wrong.append((page.url, said.text)) if unasked(said) else None)
    at = f"{live_server.url}/meeting/{meeting.pk}"

    for way in ("/meeting", "/meeting/series", "/meeting/came-of"):
        page.goto(f"{live_server.url}{way}")
        wrong += wrong_of(page, size)
    page.goto(at)
    page.click("text=Bring the agenda up to date")
    wrong += wrong_of(page, size)
    page.click("text=Open the meeting")
    page.click("#keys summary")
    wrong += wrong_of(page, size)
    page.click("text=Save the decision")
    wrong += wrong_of(page, size)
    page.check("[value=keep]")
    page.fill("#task_1", "Ring her daughter")
    page.click("text=Somebody disagrees")
    wrong += wrong_of(page, size)
    page.fill("#dissent_who_1", "Tom Brierley")
    page.fill("#dissent_words_1", "Too soon")
    page.click("text=Save the decision")
    page.wait_for_selector(".minutes__decision")
    wrong += wrong_of(page, size)
    page.goto(f"{at}/minutes")
    wrong += wrong_of(page, size)
    page.goto(f"{at}/live")
    page.click("text=Close the meeting")
    page.click("button.nhsuk-button--warning")
    page.wait_for_url(f"{at}/minutes")
    wrong += wrong_of(page, size)
    page.goto(f"{live_server.url}/meeting/came-of")
    wrong += wrong_of(page, size)
    page.goto(f"{live_server.url}/person/{MeetingItem.objects.first().person_id}/meeting")
    wrong += wrong_of(page, size)

    assert wrong == []
    assert Task.objects.get().title == "Ring her daughter"


def test_a_meeting_is_run_by_keyboard_alone(chromium, live_server, meeting):
    page = signed_in(chromium, live_server.url, "sadia-rahman", DESK)
    page.goto(f"{live_server.url}/meeting/{meeting.pk}")
    page.focus("text=Open the meeting")
    press(page, "Enter")
    page.wait_for_url("**/live")
    first = page.locator("h1").inner_text()

    press(page, "w")
    page.keyboard.type("next to nothing is known: n, p and d are letters here")
    press(page, "Escape")
    press(page, "d")
    press(page, "Space")
    press(page, "a")
    page.keyboard.type("Ring her daughter")
    press(page, "Control+Enter")
    page.wait_for_selector(".minutes__decision")
    # the heading says what was decided by now: only another one is another person's
    decided = page.locator("h1").inner_text()
    press(page, "n")
    page.wait_for_function("decided => document.querySelector('h1').innerText !== decided", arg=decided)
    second = page.locator("h1").inner_text()
    press(page, "?")
    keys = page.locator("#keys").get_attribute("open")
    press(page, "k")
    at = page.evaluate("document.activeElement.id")

    item = MeetingItem.objects.get(state="discussed")
    assert (first, second) == ("Due: their care may break down", "Put: put forward to the team")
    assert item.entries.get().words == "next to nothing is known: n, p and d are letters here"
    assert (item.decision, Task.objects.get().title) == ("keep", "Ring her daughter")
    assert (keys, at) == ("", "known-title")


def test_tab_comes_to_everything_and_out_again(chromium, live_server, meeting):
    page = signed_in(chromium, live_server.url, "sadia-rahman", DESK)
    page.goto(f"{live_server.url}/meeting/{meeting.pk}")
    page.click("text=Open the meeting")
    page.wait_for_url("**/live")
    seen = []

    for _ in range(120):
        press(page, "Tab")
        seen.append(page.evaluate("document.activeElement.name || document.activeElement.innerText || 'the end'"))
        if seen[-1] == "the end" or "Help" in seen[-1]:
            break

    assert {"said", "decision", "words", "task_1", "owner_1", "due_1", "do", "Keys"} <= set(seen)
    assert "Help" in seen[-1]


def test_keys_that_are_switched_off_do_nothing(chromium, live_server, meeting):
    page = signed_in(chromium, live_server.url, "sadia-rahman", DESK)
    page.goto(f"{live_server.url}/meeting/{meeting.pk}")
    page.click("text=Open the meeting")
    page.click("#keys summary")
    page.uncheck("#keys-on")
    page.reload()

    press(page, "w")

    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_without_scripts_a_meeting_is_run_all_the_same(chromium, live_server, meeting):
    page = signed_in(chromium, live_server.url, "sadia-rahman", PHONE, java_script_enabled=False)
    page.goto(f"{live_server.url}/meeting/{meeting.pk}")
    page.click("text=Open the meeting")
    page.fill("#said", "She is tired")
    page.click("button:has-text('Next person')")
    second = page.locator("h1").inner_text()
    page.click("button:has-text('Previous person')")
    page.check("[value=keep]")
    page.fill("#task_1", "Ring her daughter")
    # Enter in a field saves, and never turns the page
    page.press("#task_1", "Enter")

    assert second == "Put: put forward to the team"
    assert page.locator(".minutes__decision").count() == 1
    assert MeetingItem.objects.get(state="discussed").entries.get().words == "She is tired"
