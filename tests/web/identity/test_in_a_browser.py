"""The custodian's pages in a real browser: they fit, they please axe, and a decision needs no mouse."""

import os
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from locality.access import actions
from locality.people.actions.numbers import corrected
from locality.people.models import Label, Pair
from locality.web import pages
from tests import factories as make
from tests.web.conftest import PASSWORD
from tests.web.test_pages_in_a_browser import CHROMIUM, DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GROWN = {"birth_on": date(1960, 3, 14), "birth_text": "1960-03-14", "nhs_number": ""}


@pytest.fixture
def chromium(monkeypatch):
    # Playwright runs a loop of its own in this thread, where Django would refuse to ask its database
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def pair() -> Pair:
    """Two people, the first of whom two sources know."""
    pages._names.clear()
    make.place()
    one = make.person("Hargreaves", "Peg", **GROWN)
    gp, circle = (make.patient(one, make.source(code)) for code in ("gp", "circle"))
    make.pair(gp, circle, state="match", weight=9.5, probability=0.998, asked_at=None)
    other = make.patient(make.person("Hargraves", "Peggy", **GROWN), make.source("acute"))
    desmond = make.practitioner("Desmond", "Clarke")
    make.role(desmond, "identity_custodian")
    actions.add_account(username=desmond.code, password=PASSWORD, practitioner=desmond, by=make.viewer())
    return make.pair(gp, other, cautions=["They may be twins."])


def signed_in(chromium, site: str, size: dict):
    page = chromium.new_context(viewport=size).new_page()
    page.goto(f"{site}/sign-in")
    page.fill("#username", "desmond-clarke")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{site}/")
    return page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_its_screen_keeps_the_policy_and_pleases_axe(chromium, live_server, pair, size):
    page = signed_in(chromium, live_server.url, size)
    wrong: list[tuple] = []
    page.on("console", lambda said: wrong.append((page.url, said.text)) if _unasked(said) else None)
    person = pair.first.links.get().person_id if pair.first.source.code == "gp" else pair.second.links.get().person_id
    ways = ["/", "/identity", "/identity/print", f"/identity/pair/{pair.pk}", f"/identity/person/{person}"]

    corrected(was=make.PEGGY_NUMBER, now="", kind="void", provenance="The national service", by=make.viewer())
    ways += ["/identity/decisions", "/identity/to-place", "/identity/numbers", f"/identity/person/{person}/number"]
    for way in ways:
        page.goto(f"{live_server.url}{way}")
        wrong += _wrong(page, size)
    page.goto(f"{live_server.url}/identity/person/{person}")
    page.check("#leaves")
    page.click("text=Split off the ticked records")
    wrong += _wrong(page, size)
    heading = page.locator("h1").inner_text()
    page.goto(f"{live_server.url}/identity/person/{person}")
    page.click("text=This person lived under another identity before")
    page.fill("#before", "Hargraves Peggy")
    page.click("text=Find it")
    wrong += _wrong(page, size)
    page.click("button.people__name >> nth=0")
    wrong += _wrong(page, size)
    page.click("button.nhsuk-button--warning")
    wrong += _wrong(page, size)

    assert wrong == []
    assert heading == "1 record would leave to a person of its own"
    assert page.locator(".nhsuk-error-summary li").count() == 3


def _unasked(said) -> bool:
    # a form that is sent back with what is wrong on it answers 422, which the browser notes as an error
    return said.type == "error" and "422" not in said.text


def _wrong(page, size: dict) -> list[tuple]:
    found = [(page.url, broken["id"], broken["nodes"][0]["html"]) for broken in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth") > size["width"]
    return [*found, *([(page.url, "is wider than the screen")] if wide else [])]


def test_a_decision_and_its_undoing_need_no_mouse(chromium, live_server, pair):
    page = signed_in(chromium, live_server.url, DESK)
    page.goto(f"{live_server.url}/identity/pair/{pair.pk}")

    page.focus("text=Go to the decision")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Two births stand in the register")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/identity")
    said = set(Label.objects.filter(withdrawn_at=None).values_list("answer", flat=True))
    page.focus(".undo button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/identity/pair/{pair.pk}")

    assert said == {"different"}
    assert Label.objects.filter(withdrawn_at=None).count() == 0
