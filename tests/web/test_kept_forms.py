"""What was sent too late, or before somebody proved again who they are: kept, told from others, never a secret."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from locality.access.models import Draft
from locality.journal.models import Event
from locality.web.sign_in.kept_about import FORMS
from tests import factories as make
from tests.proof.routes import routes
from tests.web.conftest import PASSWORD
from tests.web.test_sign_in_sessions import WORDS, now

pytestmark = pytest.mark.django_db


def token_of(browser: Client, way: str) -> dict[str, str]:
    found = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(way).content.decode())
    assert found, f"No form stands on {way}."
    return {"csrfmiddlewaretoken": found[1]}


@pytest.fixture
def browser(sign_in) -> Client:
    """Joanne, in a browser from which nothing is taken without the token of a page, as from any but a test's."""
    sign_in()
    browser = Client(enforce_csrf_checks=True)
    back_in(browser)
    return browser


def back_in(browser: Client) -> None:
    browser.post("/sign-in", {"username": "joanne-fielding", "password": PASSWORD} | token_of(browser, "/sign-in"))


def test_what_a_browser_sends_with_its_token_is_kept_without_it(browser):
    peggy, _ = make.peggy("gp")
    token = token_of(browser, "/find")

    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        typed = {"about": str(peggy.pk), "words": WORDS}
        answer = browser.post(f"/person/{peggy.pk}/conflict", typed | token)
    back_in(browser)
    offered = browser.get("/account/kept").content.decode()

    assert answer.url == "/sign-in?over=kept"
    assert f"<dd>{WORDS}</dd>" in offered
    assert token["csrfmiddlewaretoken"] not in offered


def test_a_form_with_a_postcode_is_kept(browser):
    typed = {"given": "Rosa", "family": "Lind", "postcode": "BL1 1AA", **token_of(browser, "/find")}

    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        browser.post("/add", typed)
    back_in(browser)

    assert "<dd>BL1 1AA</dd>" in browser.get("/account/kept").content.decode()


def test_what_is_typed_on_pages_of_ones_own_sign_in_is_not_kept_nor_said_to_be(browser):
    token = token_of(browser, "/find")

    with time_machine.travel(now() + timedelta(minutes=16)):
        for way, typed in (("password", {"new_password": "quite another passphrase"}), ("app", {"code": "123456"})):
            asked = browser.post(f"/account/{way}", typed | token)
            told = browser.get(asked.url).content.decode()
            assert ("What you sent is not kept" in told, "what you typed is kept" in told) == (True, False)
    with time_machine.travel(now() + timedelta(minutes=50)):
        assert browser.post("/account/app", {"code": "123456"} | token).url == "/sign-in?over=yes"

    assert Draft.objects.count() == 0


def test_each_kept_form_says_what_it_does_and_about_whom_where_that_still_opens(browser):
    peggy, _ = make.peggy("gp")
    stanley = make.person("Entwistle", "Stanley", nhs_number="")
    for person in (peggy, stanley):
        typed = {"about": str(person.pk), "reason": WORDS} | token_of(browser, "/find")
        with time_machine.travel(now() + timedelta(minutes=31), tick=False):
            browser.post(f"/person/{person.pk}/not-theirs/{peggy.pk}", typed)
        back_in(browser)

    offered = browser.get("/account/kept").content.decode()

    assert offered.count("Say that a line is about somebody else</h2>") == 2
    assert "About HARGREAVES, Margaret" in offered
    assert "About somebody whose record does not open to you now" in offered
    assert "ENTWISTLE" not in offered
    assert list(Event.objects.filter(what="record.opened").values_list("person_id", flat=True)) == [peggy.pk]


def test_a_concern_that_was_kept_says_neither_what_it_is_nor_about_whom_before_it_is_unfolded(browser):
    peggy, _ = make.peggy("gp")
    token = token_of(browser, "/find")
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        browser.post(f"/person/{peggy.pk}/concern", {"about": str(peggy.pk), "words": WORDS} | token)
    back_in(browser)

    card = browser.get("/account/kept").content.decode().split('class="card"')[1]

    outside, unfolded = card.split("Show what it says")
    assert ("concern" in outside, "HARGREAVES" in outside) == (False, False)
    assert ("Raise a safeguarding concern" in unfolded, "About HARGREAVES, Margaret" in unfolded) == (True, True)


def test_every_form_that_may_be_kept_has_its_words():
    views = {name: route.callback for name, route in routes().items() if route.callback.need.action not in NEVER_KEPT}

    assert {name for name, view in views.items() if "POST" in methods(view)} == FORMS.keys()


NEVER_KEPT = ("open", "account")


def methods(view) -> list[str]:
    """What a view answers, out of the guards around it."""
    while "request_method_list" not in view.__code__.co_freevars:
        view = view.__wrapped__
    return view.__closure__[view.__code__.co_freevars.index("request_method_list")].cell_contents


def test_a_staff_number_is_no_secret(browser):
    token = token_of(browser, "/find")

    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        answer = browser.post("/place/staff/add", {"given": "Rosa", "code": "N-2210"} | token)

    assert answer.url == "/sign-in?over=kept"
