"""The outbox in a real browser: its pages fit and please axe; a message is written, seen, sent and taken back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from locality.access import actions
from locality.neighbourhoods.models import Message
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.outbox_world import letter_to, peggy
from tests.web.browser import DESK, PHONE
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def row():
    """A letter of Joanne's to Peggy that waits to be posted."""
    pages._names.clear()
    make.place()
    nurse = make.practitioner()
    make.role(nurse)
    make.member(nurse, make.team())
    actions.add_account(username=nurse.code, password=PASSWORD, practitioner=nurse, by=make.viewer())
    return letter_to(peggy(), by=make.viewer(at=timezone.now()))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_fit_please_axe_and_a_message_is_written_and_taken_back(live_server, chromium, row, size):
    page = chromium.new_context(viewport=size).new_page()
    page.goto(f"{live_server.url}/sign-in")
    page.fill("[name=username]", "joanne-fielding")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    found, here = {}, f"/person/{row.person_id}/message"

    def look(name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[name] = (wide, [one["id"] for one in Axe().run(page).response["violations"]])

    for address in ("/outbox", f"/outbox/{row.pk}", f"/outbox/{row.pk}/letter", here):
        page.goto(live_server.url + address)
        look(address)
    page.goto(f"{live_server.url}{here}?to=person.{row.person_id}&template=own")
    page.get_by_role("button", name="See what goes").click()
    look("what is missing")
    page.fill("[name=subject]", "Our visit")
    page.fill("[name=body]", "Monday at ten.")
    page.get_by_role("button", name="See what goes").click()
    look("what goes")
    page.get_by_role("button", name="Send it").click()
    page.wait_for_url("**/outbox/*")
    sent = Message.objects.exclude(pk=row.pk).get()
    was = sent.state
    page.locator(".undo button").first.click()
    page.get_by_text("Taken back: it does not go.").wait_for()

    sent.refresh_from_db()
    assert {name: one for name, one in found.items() if one != (0, [])} == {}
    assert (was, sent.state) == ("waiting", "withdrawn")
