"""What was sent too late, or before somebody proved again who they are: kept, told from others, never a secret."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from locality.access.models import Draft
from tests import factories as make
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
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert browser.post("/account/app", {"code": "123456"} | token).url == "/sign-in?over=yes"

    assert Draft.objects.count() == 0


def test_a_staff_number_is_no_secret(browser):
    token = token_of(browser, "/find")

    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        answer = browser.post("/place/staff/add", {"given": "Rosa", "code": "N-2210"} | token)

    assert answer.url == "/sign-in?over=kept"
