"""What is to do and the inbox in a real browser: they fit, please axe; a task is done in one press, and taken back."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import sync_playwright

from locality.access import actions
from locality.neighbourhoods.models import Task
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.work import alert, colleague, known, task
from tests.web.conftest import PASSWORD
from tests.web.test_pages_in_a_browser import CHROMIUM, DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chromium(monkeypatch):
    # Playwright runs a loop of its own in this thread, where Django would refuse to ask its database
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def row():
    """Joanne's task about Peggy, one of nobody's, and something told; Sadia works there too."""
    pages._names.clear()
    make.place()
    nurse, now = make.practitioner(), timezone.now()
    make.role(nurse)
    make.member(nurse, make.team())
    colleague()
    actions.add_account(username=nurse.code, password=PASSWORD, practitioner=nurse, by=make.viewer())
    peggy, by = known(), make.viewer(at=now)
    alert(peggy, by=by, happened_at=now)
    task(None, title="Order dressings", due_on=now.date(), by=by)
    return task(peggy, owner=nurse.pk, due_on=now.date(), by=by)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_fit_please_axe_and_done_is_one_press(live_server, chromium, row, size):
    page = chromium.new_context(viewport=size).new_page()
    page.goto(f"{live_server.url}/sign-in")
    page.fill("[name=username]", "joanne-fielding")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    found = {}

    told = alert_address(live_server, page)
    for address in ("/tasks", f"/tasks/{row.pk}", "/tasks/new", f"/person/{row.person_id}/task", "/inbox", told):
        page.goto(live_server.url + address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[address] = (wide, [one["id"] for one in Axe().run(page).response["violations"]])
    page.goto(f"{live_server.url}/tasks")
    line = page.locator(f"#task-{row.pk}")
    line.get_by_role("button", name="Done").click()
    line.get_by_role("button", name="Undo").wait_for()
    was = Task.objects.get(pk=row.pk).state
    line.get_by_role("button", name="Undo").click()
    line.get_by_role("button", name="Done").wait_for()

    assert {address: one for address, one in found.items() if one != (0, [])} == {}
    assert (was, Task.objects.get(pk=row.pk).state, page.url) == ("done", "requested", f"{live_server.url}/tasks")


def alert_address(live_server, page) -> str:
    page.goto(f"{live_server.url}/inbox")
    return page.locator(".todo__title a").first.get_attribute("href")
