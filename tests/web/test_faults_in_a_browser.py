"""Forms that were sent with something missing, and lists of several pages, in a real browser: they fit, please axe."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from locality.access import actions
from locality.access.actions import keeping, looking
from locality.access.models import Conflict, Override, Watch
from locality.base.ids import new_id
from locality.journal.actions import ask
from locality.journal.models import Question, UnusualLook
from locality.population.models import Found as OnAList
from locality.record.models import Resource
from locality.record.queries import concerns
from locality.web import pages
from tests import factories as make
from tests.population.finding_world import build
from tests.web.browser import DESK, PHONE, wrong_of
from tests.web.concern_world import browser_of, lead, routes, typed
from tests.web.conftest import PASSWORD
from tests.web.test_acting import right
from tests.web.test_people_to_review import browser as reviewer
from tests.web.test_people_to_review import listed
from tests.web.test_privacy_in_a_browser import peggy as looked_at

__all__ = ["looked_at"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


# those links of the summary that lead to nothing that takes focus
NOWHERE = """
links => links.filter(one => {
    const at = document.getElementById(one.hash.slice(1));
    if (at) at.focus();
    return !at || document.activeElement !== at;
}).map(one => one.hash)
"""


def client_of(given: str, role: str, *, team: str = "") -> Client:
    """Somebody of the staff, signed in."""
    pages._names.clear()
    make.place()
    who = make.practitioner(given, "Adler")
    make.role(who, role)
    if team:
        make.member(who, make.team(team))
    actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    client = Client()
    client.post("/sign-in", {"username": who.code, "password": PASSWORD})
    return client


def page_of(chromium, site: str, client: Client, size: dict) -> Page:
    """A page of a browser in which this client is signed in."""
    context = chromium.new_context(viewport=size)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context.new_page()


def sent(page: Page, address: str, size: dict, *, action: str = "", open_first: str = "") -> list[tuple]:
    """What is wrong with a page after its form was sent as it stands."""
    page.goto(address)
    if open_first:
        page.click(open_first)
    page.locator(f"main form[method=post]{f'[action*={action!r}]' if action else ''} button[type=submit]").first.click()
    page.wait_for_selector(".nhsuk-error-summary")
    leads = page.eval_on_selector_all(".nhsuk-error-summary a", NOWHERE)
    page.evaluate("scrollTo(0, 0)")
    return [*wrong_of(page, size), *((page.url, f"{one} takes no focus") for one in leads)]


@BOTH
def test_forms_about_a_person(chromium, live_server, size):
    person, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Bruises seen", id="c2"), data_class="SAFE")
    row = make.resource(gp, make.problem("Asthma", id="c1"))
    ann = make.person("Lomas", "Ann", nhs_number="")
    one = right(person, ann)
    about, site = f"/person/{person.pk}", live_server.url
    ruth = page_of(chromium, site, client_of("Ruth", "clinician", team="hilltop"), size)
    nadia = page_of(chromium, site, client_of("Nadia", "safeguarding_lead", team="riverside"), size)
    safe = Resource.objects.get(title="Bruises seen").thing

    wrong = sent(ruth, f"{site}{about}/break-glass", size)
    wrong += sent(nadia, f"{site}{about}/consent", size, action="/objection")
    wrong += sent(nadia, f"{site}{about}/consent", size, action=str(one.pk), open_first="text=End this")
    wrong += sent(nadia, f"{site}{about}/acting", size)
    wrong += sent(nadia, f"{site}{about}/acting/{ann.pk}", size)
    wrong += sent(nadia, f"{site}{about}/seal/{row.thing}", size)
    wrong += sent(nadia, f"{site}{about}/release", size, action=str(safe), open_first="summary:has-text('Decide')")

    assert wrong == []


@BOTH
def test_forms_of_ones_own(chromium, live_server, size):
    site, peggy = live_server.url, make.person()
    client = client_of("Ruth", "clinician", team="hilltop")
    actions.add_account(username="peggy", password=PASSWORD, person=peggy, by=make.viewer())
    one = right(peggy, make.person("Lomas", "Ann", nhs_number=""))
    ruth = page_of(chromium, site, client, size)
    herself = Client()
    herself.post("/sign-in", {"username": "peggy", "password": PASSWORD})

    wrong = sent(ruth, f"{site}/account/password", size)
    wrong += sent(ruth, f"{site}/account/app", size)
    wrong += sent(ruth, f"{site}/account/prove", size)
    wrong += sent(chromium.new_context(viewport=size).new_page(), f"{site}/sign-in", size)
    acting = page_of(chromium, site, herself, size)
    wrong += sent(acting, f"{site}/me/acting", size, action=str(one.pk), open_first="text=End this now")

    assert wrong == []


@BOTH
def test_reviews_and_lists_of_the_privacy_officer(chromium, live_server, looked_at, size, monkeypatch):
    monkeypatch.setattr(looking, "MOST_WAITING", 1)
    monkeypatch.setattr(keeping, "MOST_LISTED", 1)
    site, client = live_server.url, Client()
    client.post("/sign-in", {"username": "priya-nair", "password": PASSWORD})
    ask(person=looked_at.pk, words="And why then?", looked_by=None, looked_on=None, by=make.viewer())
    told = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": new_id(), "reason": "In the paper"}
    for number in range(2):
        other = make.person("Somebody", f"Number{number}", nhs_number="")
        Watch.objects.create(person=other, kind="staff", **told)
        Conflict.objects.create(person=other, practitioner=make.practitioner(), kind="family", **told)
    page, wrong = page_of(chromium, site, client, size), []

    for way in ("/privacy", "/privacy/print", "/privacy/kept?watches=2&conflicts=2"):
        page.goto(f"{site}{way}")
        wrong += wrong_of(page, size)
    wrong += sent(page, f"{site}/privacy/glass/{Override.objects.get().pk}", size)
    wrong += sent(page, f"{site}/privacy/unusual/{UnusualLook.objects.get().pk}", size)
    wrong += sent(page, f"{site}/privacy/question/{Question.objects.first().pk}", size)

    assert wrong == []


@BOTH
def test_concerns_of_several_pages(chromium, live_server, size, monkeypatch):
    monkeypatch.setattr(concerns, "MOST_SHOWN", 2)
    monkeypatch.setattr(concerns, "MOST_DONE", 2)
    make.place()
    routes()
    gwen, (person, _) = browser_of(lead()), make.peggy("gp")
    nurse = client_of("Ruth", "clinician", team="riverside")
    for _ in range(5):
        nurse.post(f"/person/{person.pk}/concern", typed(person, form=str(new_id())))
    wrong = []

    for client, way in ((gwen, "/concerns?waiting=2"), (nurse, "/concerns?receipts=2")):
        page = page_of(chromium, live_server.url, client, size)
        page.goto(f"{live_server.url}{way}")
        assert "3 to 4 of 5" in page.inner_text("main")
        wrong += wrong_of(page, size)

    assert wrong == []


@BOTH
def test_an_answer_for_somebody_on_a_list(chromium, live_server, size, tmp_path):
    place = build(tmp_path, room=5)
    listed(place, "ann")
    page = page_of(chromium, live_server.url, reviewer(), size)
    found = OnAList.objects.get().pk

    page.goto(f"{live_server.url}/finding")
    page.click("summary:has-text('Decline')")
    page.click("button:has-text('Decline for this reason')")
    page.wait_for_selector(".nhsuk-error-summary")
    wrong = wrong_of(page, size)

    assert page.url == f"{live_server.url}/finding/{found}/review"
    assert page.locator("#words").is_visible()
    assert wrong == []
