"""A link worker's pages and classes in a real browser: they fit, please axe; a contact is written on a telephone."""

from datetime import time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from locality.access import actions
from locality.neighbourhoods.actions import support
from locality.neighbourhoods.models import SupportContact
from locality.neighbourhoods.rules.wellbeing import Question
from locality.web import pages
from tests import factories as make
from tests.neighbourhoods.support_world import a_class, begun, coming, invited, offered, service, somebody, worker
from tests.neighbourhoods.work import known
from tests.web.browser import DESK, PHONE
from tests.web.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def laid_out():
    """Peggy is supported and comes to a class that met yesterday; Ada waits for a place."""
    pages._names.clear()
    make.place()
    now = timezone.now()
    lorraine, nurse = worker(at=now), make.viewer(at=now)
    who = make.practitioner("Lorraine", "Pike")
    make.role(who, "link_worker")
    make.member(who, make.team())
    actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    peggy = known()
    row = begun(peggy, by=lorraine, next_on=now.date())
    support.note_need(support=row.pk, need="loneliness", words="Nobody calls", by=lorraine)
    offered(row, service=service().pk, by=lorraine, wait="Room on Thursdays")
    for days, score in ((60, 3), (0, 6)):
        answers = dict.fromkeys(Question, score)
        support.note_answers(support=row.pk, answers=answers, on=now.date() - timedelta(days=days), by=lorraine)
    yesterday = now.date() - timedelta(days=1)
    course = a_class(by=nurse, places=1, first_on=yesterday, at=time(10, 0))
    for place in invited(course, peggy, somebody("Adamson"), by=make.viewer(at=now - timedelta(days=3))):
        coming(place, by=make.viewer(at=now - timedelta(days=3)))
    return row, course


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_fit_please_axe_and_a_contact_is_two_choices_and_a_press(live_server, chromium, laid_out, size):
    row, course = laid_out
    page = chromium.new_context(viewport=size).new_page()
    page.goto(f"{live_server.url}/sign-in")
    page.fill("[name=username]", "lorraine-pike")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    place, session = course.people.get(person=row.person), course.sessions.order_by("starts_at")[0]
    found = {}

    of_person = (f"/person/{row.person_id}/support", f"/person/{row.person_id}/class")
    of_class = (f"/classes/{course.pk}", f"/classes/meeting/{session.pk}", f"/classes/place/{place.pk}")
    for address in ("/support", "/support/outcomes", "/classes", "/classes/new", *of_person, *of_class):
        found[address] = _seen(page, live_server.url + address)
    found["one"] = _seen(page, f"{live_server.url}/support/{row.pk}")
    page.select_option("#way", "phone")
    page.select_option("#reached", "yes")
    page.get_by_role("button", name="Write it down").click()

    assert {address: told for address, told in found.items() if told != (0, [])} == {}
    assert (SupportContact.objects.get().way, page.get_by_role("button", name="Undo").count()) == ("phone", 1)


def _seen(page, address: str) -> tuple[int, list[str]]:
    """By how much a page is too wide, and what axe says of it, with everything that folds lying open."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide, [one["id"] for one in Axe().run(page).response["violations"]]
