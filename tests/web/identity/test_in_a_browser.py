"""The custodian's pages in a real browser: they fit, they please axe, and a decision needs no mouse."""

from datetime import date

import pytest

from locality.access import actions
from locality.people.actions.numbers import corrected
from locality.people.models import Label, Pair
from locality.web import pages
from tests import factories as make
from tests.web.browser import DESK, PHONE, signed_in, unasked, wrong_of
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GROWN = {"birth_on": date(1960, 3, 14), "birth_text": "1960-03-14", "nhs_number": ""}


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


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_its_screen_keeps_the_policy_and_pleases_axe(chromium, live_server, pair, size):
    page = signed_in(chromium, live_server.url, "desmond-clarke", size)
    wrong: list[tuple] = []
    page.on("console", lambda said: wrong.append((page.url, said.text)) if unasked(said) else None)
    person = pair.first.links.get().person_id if pair.first.source.code == "gp" else pair.second.links.get().person_id
    ways = ["/", "/identity", "/identity/print", f"/identity/pair/{pair.pk}", f"/identity/person/{person}"]

    corrected(was=make.PEGGY_NUMBER, now="", kind="void", provenance="The national service", by=make.viewer())
    ways += ["/identity/decisions", "/identity/to-place", "/identity/numbers", f"/identity/person/{person}/number"]
    for way in ways:
        page.goto(f"{live_server.url}{way}")
        wrong += wrong_of(page, size)
    page.goto(f"{live_server.url}/identity/person/{person}")
    page.check("#leaves")
    page.click("text=Split off the ticked records")
    wrong += wrong_of(page, size)
    heading = page.locator("h1").inner_text()
    page.goto(f"{live_server.url}/identity/person/{person}")
    page.click("text=This person lived under another identity before")
    page.fill("#before", "Hargraves Peggy")
    page.click("text=Find it")
    wrong += wrong_of(page, size)
    page.click("button.people__name >> nth=0")
    wrong += wrong_of(page, size)
    page.click("button.nhsuk-button--warning")
    wrong += wrong_of(page, size)

    assert wrong == []
    assert heading == "1 record would leave to a person of its own"
    assert page.locator(".nhsuk-error-summary li").count() == 3


def test_a_decision_and_its_undoing_need_no_mouse(chromium, live_server, pair):
    page = signed_in(chromium, live_server.url, "desmond-clarke", DESK)
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
