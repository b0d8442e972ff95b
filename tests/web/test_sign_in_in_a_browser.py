"""Signing in in a real browser, with a passkey of a virtual authenticator and an app that shows codes."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from locality.access import actions
from locality.access.actions.factors import pyotp
from locality.access.models import Account, Draft, Factor, Session
from locality.access.sessions import SEEN, SessionStore
from locality.web import pages
from tests import factories as make
from tests.web.browser import DESK, PHONE, sign_in
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(live_server, settings) -> str:
    settings.LOCALITY_URL = live_server.url
    pages._names.clear()
    make.place()
    for given, family, code in (("Sam", "Whitaker", "administrator"), ("Ruth", "Adler", "clinician")):
        who = make.practitioner(given, family)
        make.role(who, code)
        actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    return live_server.url


def with_password(page: Page, site: str) -> None:
    sign_in(page, site, "sam-whitaker")


def new_page(chromium, size: dict = DESK, options: dict = AUTHENTICATOR) -> Page:
    page = chromium.new_context(viewport=size).new_page()
    page.goto("about:blank")
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def add_passkey(page: Page, site: str) -> None:
    page.goto(f"{site}/account/passkey")
    page.fill("#name", "Ward key")
    page.click("button:has-text('Add it')")
    page.wait_for_selector(".codes li")


def test_a_passkey_is_added_and_lets_in_as_second_factor_and_alone(chromium, site):
    page = new_page(chromium)
    with_password(page, site)
    page.wait_for_url(f"{site}/")
    add_passkey(page, site)
    assert page.locator(".codes li").count() == 10

    page.click("button:has-text('Sign out')")
    page.wait_for_url(f"{site}/sign-in")
    with_password(page, site)
    page.wait_for_url(f"{site}/sign-in/second-factor")
    page.click("button:has-text('Use your passkey')")
    page.wait_for_url(f"{site}/")

    page.click("button:has-text('Sign out')")
    page.wait_for_url(f"{site}/sign-in")
    page.goto(f"{site}/sign-in/passkey")
    page.click("button:has-text('Use your passkey')")
    page.wait_for_url(f"{site}/")

    assert Factor.objects.get().count > 1


def test_a_passkey_that_nobody_held_lets_nobody_in(chromium, site):
    """The authenticator does not check who holds it: the browser refuses, and there is another way."""
    page = new_page(chromium)
    with_password(page, site)
    page.wait_for_url(f"{site}/")
    page.context.new_cdp_session(page)
    other = new_page(chromium, options=AUTHENTICATOR | {"isUserVerified": False})
    add_passkey(page, site)

    other.goto(f"{site}/sign-in/passkey")
    other.click("button:has-text('Use your passkey')")
    other.wait_for_selector("text=Nothing came of it")

    assert other.url == f"{site}/sign-in/passkey"


def test_a_copied_passkey_whose_count_went_back_is_refused(chromium, site):
    page = new_page(chromium)
    with_password(page, site)
    page.wait_for_url(f"{site}/")
    add_passkey(page, site)
    Factor.objects.update(count=10**6)

    page.goto(f"{site}/account/prove")
    page.click("button:has-text('Use your passkey')")
    page.wait_for_selector(".nhsuk-error-summary")

    assert "seems to have been copied" in page.inner_text(".nhsuk-error-summary")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_was_typed_into_a_form_for_too_long_waits_and_is_sent_after_signing_in_again(chromium, site, size):
    page = new_page(chromium, size)
    sign_in(page, site, "ruth-adler")
    page.goto(f"{site}/add")
    page.fill("#family", "Lind")
    page.fill("#postcode", "BL1 1AA")
    too_late()

    page.click("main button[type=submit]")
    page.wait_for_url(f"{site}/sign-in?over=kept")
    wrong = faults(page, size)
    sign_in(page, None, "ruth-adler")
    page.wait_for_url(f"{site}/account/kept")
    told = page.inner_text("main")
    wrong += faults(page, size)
    page.click("text=Send it now")
    page.wait_for_url(f"{site}/add")

    assert ("Add a person" in told, "BL1 1AA" in told) == (True, True)
    assert page.input_value("#postcode") == "BL1 1AA"
    assert Draft.objects.count() == 0
    assert wrong == []


def too_late() -> None:
    """Every session has idled for too long."""
    for row in Session.objects.all():
        store = SessionStore(session_key=row.session_key)
        store[SEEN] = (timezone.now() - timedelta(minutes=31)).isoformat()
        store.save()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_signing_in_fits_its_screen_keeps_the_policy_and_pleases_axe(chromium, site, size):
    page = new_page(chromium, size)
    wrong: list[tuple] = []
    page.on("console", lambda said: wrong.append((page.url, said.text)) if "Policy" in said.text else None)
    for way in ("/sign-in", "/sign-in?over=kept", "/sign-in/forgotten", "/sign-in/passkey", "/sign-in/new-password"):
        page.goto(f"{site}{way}")
        wrong += faults(page, size)
    with_password(page, site)
    page.wait_for_url(f"{site}/")
    add_passkey(page, site)
    wrong += faults(page, size)
    page.goto(f"{site}/account/app")
    page.click("summary")
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 100
    secret = page.inner_text(".secret").replace(" ", "")
    wrong += faults(page, size)
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("button:has-text('Add it')")
    page.wait_for_url(f"{site}/account")
    ruth = make.practitioner("Ruth", "Adler").pk
    for way in ("/account", "/account/password", "/account/prove", f"/place/staff/{ruth}/sign-in"):
        page.goto(f"{site}{way}")
        wrong += faults(page, size)
    page.click("text=Make an invitation")
    wrong += faults(page, size)
    page.goto(page.inner_text("code.secret"))
    wrong += faults(page, size)
    with_password(page, site)
    page.wait_for_url(f"{site}/sign-in/second-factor")
    page.fill("#code", "000000")
    page.click("button:has-text('Go on')")
    page.wait_for_selector(".nhsuk-error-summary")
    wrong += faults(page, size)

    assert wrong == []
    assert Account.objects.count() == 2


def faults(page: Page, size: dict) -> list[tuple]:
    found = [(page.url, broken["id"], broken["nodes"][0]["html"]) for broken in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth") > size["width"]
    return [*found, *([(page.url, "is wider than the screen")] if wide else [])]
