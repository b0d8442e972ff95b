"""The directory in a real browser: its pages fit and please axe; what is found is opened, its room written down."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from locality.access import actions
from locality.directory.actions import services as keep
from locality.directory.models import ServiceCapacity
from locality.web import pages
from tests import factories as make
from tests.directory.offered import A_MILE, need, postcodes, service
from tests.web.browser import DESK, PHONE
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row():
    """A service that Joanne owns, never checked, with a report that waits."""
    pages._names.clear()
    nurse = make.practitioner()
    make.role(nurse)
    make.member(nurse, make.team())
    actions.add_account(username=nurse.code, password=PASSWORD, practitioner=nurse, by=make.viewer())
    postcodes()
    need("food")
    found = service("Lunch club", needs=["food"], at=A_MILE, assured_on=None, owner=nurse, open=[(1, "09:00", "12:00")])
    keep.report(service=found.pk, words="It is on Fridays now.", by=make.viewer())
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_help_is_found_near_a_postcode_and_its_room_written_down(live_server, chromium, row, size):
    page = chromium.new_context(viewport=size).new_page()
    page.goto(f"{live_server.url}/sign-in")
    page.fill("[name=username]", "joanne-fielding")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    found = {}

    def look(name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[name] = (wide, [one["id"] for one in Axe().run(page).response["violations"]])

    page.goto(f"{live_server.url}/directory")
    look("the search")
    page.fill("[name=words]", "hungry")
    page.fill("[name=near]", "ZZ1 1AA")
    page.get_by_role("button", name="Find help").click()
    look("what was found")
    address = page.url
    page.get_by_role("link", name="Lunch club").click()
    look("one service")
    page.get_by_text("Write down what you heard").click()
    page.get_by_label("Has a waiting list").check()
    page.get_by_label("Days to wait, about").fill("14")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("about 2 weeks").first.wait_for()
    page.get_by_role("link", name="Change it").click()
    look("changing it")

    assert {name: one for name, one in found.items() if one != (0, [])} == {}
    assert address == f"{live_server.url}/directory"
    assert ServiceCapacity.objects.get().wait_days == 14
