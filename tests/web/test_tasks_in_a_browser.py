"""What is to do and the inbox in a real browser: they fit, please axe; a task is done in one press, and taken back."""

import pytest
from django.utils import timezone

from locality.access import actions
from locality.neighbourhoods.models import Task
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.work import alert, colleague, known, task
from tests.web.browser import DESK, PHONE, signed_in, wrong_on
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    page = signed_in(chromium, live_server.url, "joanne-fielding", size)

    told = alert_address(live_server, page)
    ways = ["/tasks", f"/tasks/{row.pk}", "/tasks/new", f"/person/{row.person_id}/task", "/inbox", told]
    wrong = wrong_on(page, live_server.url, ways, size)
    page.goto(f"{live_server.url}/tasks")
    line = page.locator(f"#task-{row.pk}")
    line.get_by_role("button", name="Done").click()
    line.get_by_role("button", name="Undo").wait_for()
    was = Task.objects.get(pk=row.pk).state
    line.get_by_role("button", name="Undo").click()
    line.get_by_role("button", name="Done").wait_for()

    assert wrong == []
    assert (was, Task.objects.get(pk=row.pk).state, page.url) == ("done", "requested", f"{live_server.url}/tasks")


def alert_address(live_server, page) -> str:
    page.goto(f"{live_server.url}/inbox")
    return page.locator(".todo__title a").first.get_attribute("href")
