"""A need met, in a real browser, from the first word to what came of it.

A practice refers, a link worker takes it up and asks a charity, which has a link and nothing else. The person and her
daughter read what comes, a social worker sees it on her page, and the practice hears what came of it. Anybody finds
the same help without signing in and without scripts. Every page on the way fits its screen and pleases axe.
"""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page

from locality.access import actions
from locality.access.models import Proxy
from locality.access.rules import RelationKind
from locality.base import SYSTEM_ID
from locality.base.periods import day_of
from locality.directory.actions.services import index_services
from locality.neighbourhoods.models import Message, Referral, Support
from locality.watch.posting import sending
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.referral_world import befriending
from tests.web.browser import DESK, PHONE, signed_in, wrong_of, wrong_on
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _works_here(given: str, family: str, *, role: str, at: str, in_team: bool = True) -> None:
    who = make.practitioner(given, family, employer=make.organisation(at))
    make.role(who, role)
    if in_team:
        make.member(who, make.team())
    actions.add_account(username=given.lower(), password=PASSWORD, practitioner=who, by=make.viewer())


@pytest.fixture
def peggy(settings, live_server):
    """Peggy and her daughter sign in for themselves; of those who help, only her practice and her team know her."""
    pages._names.clear()
    place = make.place()
    settings.LOCALITY_URL = live_server.url
    person, ann = make.person(), make.person("Lomas", "Ann", nhs_number="")
    mill = make.organisation("MILL", kind="practice")
    make.relationship(person, kind=RelationKind.REGISTERED_PRACTICE, team=None, organisation=mill)
    make.relationship(person)
    right = {"kind": "chosen", "reason": "She asked her to", "starts_on": date(2026, 1, 1), "made_by": SYSTEM_ID}
    Proxy.objects.create(person=person, proxy=ann, made_at=make.AT, **right)
    for name, whose in (("peggy", person), ("ann", ann)):
        actions.add_account(username=name, password=PASSWORD, person=whose, by=make.viewer())
    _works_here("Helen", "Marsden", role="clinician", at="MILL", in_team=False)
    _works_here("Lorraine", "Pike", role="link_worker", at="circle")
    _works_here("Marcus", "Obi", role="social_worker", at="council")
    befriending(is_public=True, description="Company over a cup of tea", is_free=True)
    index_services(place=place.pk)
    return person


def the_public_finds_the_same_help(chromium, site: str) -> None:
    page = chromium.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{site}/find-help")
    page.fill("#words", "befreinding")
    page.click("main button[type=submit]")
    assert "Befriending at home" in page.locator("main").inner_text()


def the_practice_refers(page: Page, site: str, person: str) -> list[tuple]:
    page.goto(f"{site}{person}/refer?q=riverside")
    wrong = wrong_of(page, DESK)
    page.get_by_role("link", name="Riverside team").click()
    page.fill("[name=asked]", "Somebody to talk to")
    page.fill("[name=need]", "loneliness")
    page.fill("[name=wanted]", "Company on the days when Ann works")
    page.get_by_label("They were asked and agreed").check()
    wrong += wrong_of(page, DESK)
    page.get_by_role("button", name="Send to Riverside team").click()
    page.wait_for_url("**/referrals/**")
    return wrong + wrong_of(page, DESK)


def the_link_worker_takes_it_up(page: Page, site: str, person: str) -> list[tuple]:
    wrong = wrong_on(page, site, ["/", "/referrals"], PHONE)
    page.get_by_role("link", name="Somebody to talk to").click()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_selector("text=Say what came of it")
    wrong += wrong_of(page, PHONE)
    page.goto(f"{site}/support")
    wrong += wrong_of(page, PHONE)
    page.goto(f"{site}{person}/support?referral={Referral.objects.get().pk}")
    page.fill("[name=why]", "Nobody calls when Ann works")
    page.get_by_label("They were asked and agreed").check()
    wrong += wrong_of(page, PHONE)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/support/**")
    return wrong + wrong_of(page, PHONE)


def she_asks_a_charity(page: Page, site: str, person: str) -> list[tuple]:
    page.goto(f"{site}{person}/refer?to=service.{befriending().pk}")
    page.fill("[name=asked]", "Tea and talk on Thursdays")
    page.get_by_label("They were asked and agreed").check()
    wrong = wrong_of(page, PHONE)
    page.get_by_role("button", name="Send to Befriending at home").click()
    page.wait_for_url("**/referrals/**")
    # what waits goes at the next turn of the background work, as in earnest
    sending(now=lambda: timezone.now() + timedelta(minutes=2))()
    return wrong


def the_charity_answers_by_its_link(page: Page) -> list[tuple]:
    [letter] = mail.outbox
    page.goto(re.search(r"http://\S+/referral/link/\S+", letter.body)[0])
    wrong = wrong_of(page, PHONE)
    page.get_by_role("button", name="Yes, we will").click()
    page.get_by_text("Say when you meet").click()
    page.fill("[name=booked_on]", (day_of(timezone.now()) + timedelta(days=3)).isoformat())
    page.fill("[name=booked_time]", "14:00")
    page.fill("[name=where]", "At your home")
    page.get_by_role("button", name="Say so").click()
    page.wait_for_selector("text=Booked")
    return wrong + wrong_of(page, PHONE)


def what_came_of_it(page: Page) -> list[tuple]:
    page.get_by_text("Say what came of it").click()
    page.get_by_label("What came of it", exact=True).select_option("met")
    page.get_by_role("button", name="It is over").click()
    page.wait_for_selector("h1:has-text('Thank you')")
    return wrong_of(page, PHONE)


def the_link_worker_tells_the_practice(page: Page, site: str) -> list[tuple]:
    page.goto(f"{site}/support/{Support.objects.get().pk}")
    page.select_option("#way", "phone")
    page.select_option("#reached", "yes")
    page.get_by_role("button", name="Write it down").click()
    page.locator("summary:has-text('Tell the practice')").click()
    page.fill("[name=told_words]", "Tea on Thursdays, and she looks forward to it")
    page.get_by_role("button", name="Read what goes").click()
    page.get_by_role("button", name="Send it").click()
    page.goto(f"{site}/referrals/{Referral.objects.get(asked='Somebody to talk to').pk}")
    page.get_by_text("Say what came of it").click()
    page.get_by_label("What came of it", exact=True).select_option("met")
    page.get_by_role("button", name="It is over").click()
    page.wait_for_selector("text=What was wanted came about")
    return wrong_of(page, PHONE)


def test_a_need_from_the_first_word_to_what_came_of_it(chromium, live_server, peggy):
    site, person = live_server.url, f"/person/{peggy.pk}"
    the_public_finds_the_same_help(chromium, site)

    gp, lorraine = (signed_in(chromium, site, *who) for who in (("helen", DESK), ("lorraine", PHONE)))
    wrong = the_practice_refers(gp, site, person)
    wrong += the_link_worker_takes_it_up(lorraine, site, person)
    wrong += she_asks_a_charity(lorraine, site, person)
    charity = chromium.new_context(viewport=PHONE).new_page()
    wrong += the_charity_answers_by_its_link(charity)

    herself = signed_in(chromium, site, "peggy", PHONE)
    wrong += wrong_on(herself, site, ["/me"], PHONE)
    daughter = signed_in(chromium, site, "ann", DESK)
    daughter.goto(f"{site}/me/acting")
    daughter.click(f"button[name=person][value='{peggy.pk}']")
    wrong += wrong_on(daughter, site, ["/me"], DESK)
    social_worker = signed_in(chromium, site, "marcus", DESK)
    wrong += wrong_on(social_worker, site, [person], DESK)
    booked = [one.locator("main").inner_text() for one in (herself, daughter, social_worker)]

    wrong += what_came_of_it(charity)
    wrong += the_link_worker_tells_the_practice(lorraine, site)
    wrong += wrong_on(gp, site, ["/referrals?of=sent"], DESK)

    assert wrong == []
    assert ["At your home" in booked[0], "Befriending at home" in booked[1], "Tea and talk" in booked[2]] == [True] * 3
    assert "what was wanted came about" in gp.locator("main").inner_text()
    assert sorted(Referral.objects.values_list("state", "outcome")) == [("done", "met"), ("done", "met")]
    assert Message.objects.filter(channel="practice", about="support").count() == 1
