"""The person's own pages and the pages for everybody, in a real browser: they fit, please axe, and need no script."""

import pytest
from playwright.sync_api import Page

from locality.access import actions
from locality.neighbourhoods.models import Correction
from locality.web import pages
from tests import factories as make
from tests.web.browser import DESK, PHONE, signed_in, wrong_of, wrong_on
from tests.web.conftest import PASSWORD
from tests.web.test_mine_pages import message, referral
from tests.web.test_public_pages import opens, service, site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINE = ["/me", "/me/messages", "/me/sharing", "/me/put-right", "/me/put-right/ask", "/me/print"]
MINE += ["/me/plan", "/me/plan/plain", "/me/plan/history", "/me/notes", "/me/who-looked", "/me/who-looked/print"]


@pytest.fixture
def peggy():
    """Peggy with something of everything, and a nurse of her team."""
    pages._names.clear()
    make.place()
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="c1"), data_class="SUM")
    message(person)
    referral(person)
    opens(site("PH1", "High Street Pharmacy", address="5 High Street", phone="0161 496 0123"))
    service("lunch", "Lunch club", description="A hot meal and company", is_free=True)
    nurse = make.practitioner()
    make.role(nurse)
    make.member(nurse, make.team())
    for name, whose in (("peggy", {"person": person}), ("nurse", {"practitioner": nurse})):
        actions.add_account(username=name, password=PASSWORD, by=make.viewer(), **whose)
    return person


def without_scripts(chromium, site: str, size: dict) -> Page:
    page = chromium.new_context(viewport=size, java_script_enabled=False).new_page()
    page.goto(f"{site}/find-help")
    return page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_something_wrong_goes_from_her_page_to_the_nurses_and_back_and_every_page_pleases(
    chromium, live_server, peggy, size
):
    herself = signed_in(chromium, live_server.url, "peggy", size)
    nurse = signed_in(chromium, live_server.url, "nurse", size)
    wrong = wrong_on(herself, live_server.url, MINE, size)

    herself.goto(f"{live_server.url}/me/record")
    herself.click("text=Asthma")
    herself.click("text=This is wrong")
    herself.fill("#wrong", "I never had it")
    herself.click("main form[action$='ask'] button")
    herself.wait_for_url("**/me/put-right")
    nurse.goto(f"{live_server.url}/put-right")
    wrong += wrong_of(nurse, size)
    nurse.click("main ol a")
    nurse.check("input[value=accept]")
    nurse.fill("#words", "We asked your practice to change it")
    wrong += wrong_of(nurse, size)
    nurse.click("main form[action$='answer'] button")
    nurse.wait_for_selector("text=Answered: they read it on their page.")
    herself.reload()

    assert "We asked your practice to change it" in herself.locator("main").inner_text()
    assert Correction.objects.get().state == "accepted"
    assert wrong + wrong_of(herself, size) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_larger_letters_still_fit(chromium, live_server, peggy, size):
    herself = signed_in(chromium, live_server.url, "peggy", size)
    herself.goto(f"{live_server.url}/me")
    before = herself.locator("h1").bounding_box()["height"]

    herself.click("text=Larger letters")
    herself.wait_for_selector("text=Smaller letters")

    assert herself.locator("h1").bounding_box()["height"] > before
    assert wrong_on(herself, live_server.url, MINE, size) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_everybody_finds_help_without_scripts_and_no_postcode_stands_in_an_address(chromium, live_server, peggy, size):
    page = without_scripts(chromium, live_server.url, size)

    page.fill("#words", "lunch")
    page.fill("#near", "M26 2SP")
    page.click("main button[type=submit]")
    found = page.locator("main").inner_text()
    page.click("a:has-text('Lunch club')")
    one = page.locator("main").inner_text()
    page.click("text=Pharmacies today")
    page.fill("#near", "M26 2SP")
    page.click("main button[type=submit]")

    assert ("1 service that may help" in found, "Run by" in one) == (True, True)
    assert "High Street Pharmacy" in page.locator("main").inner_text()
    assert page.url == f"{live_server.url}/pharmacies"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_for_everybody_fit_and_please_axe(chromium, live_server, peggy, size):
    page = chromium.new_context(viewport=size).new_page()
    wrong = wrong_on(page, live_server.url, ["/find-help", "/pharmacies", "/how-it-works"], size)

    page.goto(f"{live_server.url}/find-help")
    page.fill("#words", "lunch")
    page.click("main button[type=submit]")
    page.wait_for_selector("text=1 service that may help")
    wrong += wrong_of(page, size)
    page.click("a:has-text('Lunch club')")
    page.wait_for_selector("text=Run by")

    assert wrong + wrong_of(page, size) == []
