"""A referral in a real browser, from whom to ask to what came of it; and by a link, without scripts. All please axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from locality.access import actions
from locality.neighbourhoods.models import Message, Referral
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.referral_world import befriending
from tests.neighbourhoods.work import known
from tests.web.browser import DESK, PHONE
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def peggy():
    """Peggy, whom Joanne's team knows; Tom works in another team."""
    pages._names.clear()
    make.place()
    for given, code in (("Joanne", "riverside"), ("Tom", "hilltop")):
        who = make.practitioner(given)
        make.role(who)
        make.member(who, make.team(code))
        actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    befriending()
    return known()


def signed_in(live_server, chromium, username, size):
    page = chromium.new_context(viewport=size).new_page()
    page.goto(f"{live_server.url}/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def faults(page) -> tuple[int, list[str]]:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide, [one["id"] for one in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_first_word_to_the_outcome(live_server, chromium, peggy, size):
    asks, found = signed_in(live_server, chromium, "joanne-fielding", size), {}
    asks.goto(f"{live_server.url}/person/{peggy.pk}/refer")
    found["to"] = faults(asks)
    asks.get_by_role("link", name="Hilltop team").click()
    asks.get_by_role("button", name="Send to Hilltop team").click()
    found["new, with what is wrong"] = faults(asks)
    asks.fill("[name=asked]", "A rail on the stairs")
    asks.get_by_label("They were asked and agreed").check()
    asks.get_by_role("button", name="Send to Hilltop team").click()
    found["sent"] = faults(asks)
    asks.goto(f"{live_server.url}/referrals?of=sent")
    found["list"] = faults(asks)

    answers = signed_in(live_server, chromium, "tom-fielding", size)
    answers.goto(f"{live_server.url}/referrals")
    answers.get_by_role("link", name="A rail on the stairs").click()
    answers.get_by_role("button", name="Accept").click()
    answers.get_by_text("Say what came of it").click()
    answers.get_by_label("What came of it", exact=True).select_option("met")
    answers.get_by_role("button", name="It is over").click()
    found["over"] = faults(answers)

    assert {name: one for name, one in found.items() if one != (0, [])} == {}
    assert (Referral.objects.get().state, Referral.objects.get().outcome) == ("done", "met")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_by_a_link_without_scripts_a_charity_says_no_and_why(live_server, chromium, peggy, settings, size):
    settings.LOCALITY_URL = live_server.url
    asks = signed_in(live_server, chromium, "joanne-fielding", size)
    asks.goto(f"{live_server.url}/person/{peggy.pk}/refer?to=service.{befriending().pk}")
    asks.fill("[name=asked]", "Somebody to have tea with")
    asks.get_by_label("They were asked and agreed").check()
    asks.get_by_role("button", name="Send to Befriending at home").click()
    link = re.search(r"http://\S+/referral/link/\S+", Message.objects.get().secret)[0]

    charity = chromium.new_context(viewport=size, java_script_enabled=False).new_page()
    charity.goto(link)
    address, heading = charity.url, charity.locator("h1").inner_text()
    looked = chromium.new_context(viewport=size).new_page()
    looked.goto(link)
    seen = faults(looked)
    charity.get_by_text("No, because ...").click()
    charity.get_by_label("Why").select_option("no capacity")
    charity.get_by_role("button", name="Say no").click()

    assert (address, heading) == (f"{live_server.url}/referral/by-link", "Riverside team asks you to help Peggy")
    assert seen == (0, [])
    assert charity.locator("h1").inner_text() == "Thank you"
    assert (Referral.objects.get().state, Referral.objects.get().declined) == ("declined", "no capacity")
    assert timezone.now() > Referral.objects.get().ended_at
