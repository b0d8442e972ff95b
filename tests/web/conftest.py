"""Signed in, as the cast."""

import pytest
from django.test import Client

from locality.access import actions
from locality.web import pages
from tests import factories as make

PASSWORD = "a long enough one"


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
