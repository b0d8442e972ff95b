"""Signed in, as the cast."""

import os

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import sync_playwright

from locality.access import actions
from locality.web import pages
from tests import factories as make

PASSWORD = "a long enough one"
CHROMIUM = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]


@pytest.fixture
def chromium(monkeypatch):
    # Playwright runs a loop of its own in this thread, where Django would refuse to ask its database
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(db):
    """Sign somebody in: their name, role and teams; gives back a browser of theirs."""

    def signed_in(given="Joanne", family="Fielding", *, roles=("clinician",), teams=("riverside",)) -> Client:
        pages._names.clear()
        make.place()
        who = make.practitioner(given, family)
        for code in roles:
            make.role(who, code)
        for code in teams:
            make.member(who, make.team(code))
        actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
        browser = Client()
        browser.post("/sign-in", {"username": who.code, "password": PASSWORD})
        return browser

    return signed_in


@pytest.fixture
def peggy(sign_in):
    """Peggy, whom the riverside team knows."""
    row = make.person()
    make.relationship(row)
    return row


@pytest.fixture
def joanne(sign_in, peggy):
    """Joanne of that team, signed in on the tests' own day."""
    with time_machine.travel(make.AT, tick=False):
        yield sign_in()
