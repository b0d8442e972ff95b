"""A service that moves, in a real browser: an administrator and two sides, each on a screen; fits, pleases axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from locality.access import actions
from locality.neighbourhoods.models import Transfer
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.transfer_world import at_work, northmoor
from tests.web.browser import DESK, PHONE
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def account(given: str, code: str, **other) -> str:
    who = make.practitioner(given, "Frost", **other)
    make.role(who, code)
    return actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer()).username


def as_somebody(live_server, chromium, username, size):
    page = chromium.new_context(viewport=size).new_page()
    page.goto(f"{live_server.url}/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_service_moves_from_plan_to_both_signatures_and_every_page_fits_and_pleases_axe(live_server, chromium, size):
    pages._names.clear()
    at_work()
    people = {
        "sam": account("Sam", "administrator"),
        "olive": account("Olive", "board"),
        "nadia": account("Nadia", "board", employer=northmoor()),
    }
    sam, olive, nadia = (as_somebody(live_server, chromium, username, size) for username in people.values())
    found, today = {}, timezone.localdate().isoformat()

    def look(name, page):
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[name] = (max(wide, 0), [one["id"] for one in Axe().run(page).response["violations"]])

    sam.goto(f"{live_server.url}/place/moves")
    look("nothing moves", sam)
    sam.get_by_role("link", name="Plan a move").first.click()
    look("from whom", sam)
    sam.select_option("[name=from]", "RSB")
    sam.get_by_role("button", name="Go on").click()
    sam.get_by_label("Riverside team").check()
    sam.get_by_label("Nursing").check()
    sam.select_option("[name=to]", "NOR")
    sam.fill("[name=on]", today)
    sam.fill("[name=why]", "Community services join one trust")
    look("what moves", sam)
    sam.get_by_role("button", name="Plan it").click()
    look("the plan", sam)
    for page, step in ((olive, "olive agrees"), (nadia, "nadia agrees")):
        page.goto(sam.url)
        look(step, page)
        page.get_by_role("button", name="We agree to this plan").click()
    sam.reload()
    sam.get_by_role("button", name="Move it now").click()
    look("moved", sam)
    sam.get_by_role("link", name="Undo it").click()
    look("undoing", sam)
    sam.get_by_role("link", name="No, leave it moved").click()
    for page in (olive, nadia):
        page.reload()
        page.get_by_role("button", name="We sign: all of it is there").click()
    look("signed", nadia)
    nadia.goto(f"{sam.url}/print")
    look("on paper", nadia)
    nadia.goto(f"{live_server.url}/place/moves")
    look("the list", nadia)

    assert {name: one for name, one in found.items() if one != (0, [])} == {}
    assert Transfer.objects.get().state == "signed"
