"""The privacy officer's and the person's pages in a real browser: they fit, please axe; a review is three clicks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from locality.access import actions
from locality.access.actions import looking, open_record
from locality.access.actions.glass import break_glass
from locality.access.models import Override
from locality.base import Viewer, ViewerKind, system
from locality.base.ids import new_id
from locality.journal.actions import Found, keep_unusual, log
from locality.journal.models import Question, UnusualLook
from locality.people.models import Person
from locality.web import pages, session
from tests import factories as make
from tests.web.browser import DESK, PHONE, sign_in, wrong_on
from tests.web.conftest import PASSWORD
from tests.web.test_acting import right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def peggy():
    """Joanne looked at Peggy yesterday, Ruth broke the glass, machines wrote, Peggy asked."""
    pages._names.clear()
    make.place()
    at = timezone.now() - timedelta(days=1)
    person, _ = make.peggy("gp")
    ruth, priya = make.practitioner("Ruth", "Adler"), make.practitioner("Priya", "Nair", profession="Privacy officer")
    make.member(ruth, make.team("hilltop"))
    make.role(priya, "privacy_officer")
    actions.add_account(username=priya.code, password=PASSWORD, practitioner=priya, by=make.viewer())
    open_record(person_id=person.pk, by=make.viewer(at=at))
    open_record(person_id=person.pk, by=make.viewer(at=at), what="record.printed")
    stranger = make.viewer(given="Ruth", id=ruth.pk, at=at, teams=frozenset({make.team("hilltop").pk}))
    words = "She fell in the street outside and could not tell me her medicines."
    break_glass(person_id=person.pk, reason_code="emergency", words=words, by=stranger)
    open_record(person_id=person.pk, by=stranger)
    for _ in range(5):
        log(what="relationship.made", by=system(at=at), person=person.pk)
    found = {"person": str(person.pk), "bits": 22.1, "reasons": ["they live at the same postcode (1 in 900 looks)"]}
    keep_unusual(
        found=[Found(by=ruth.pk, on=at.date(), role="clinician", organisation=None, bits=22.1, looks=[found])], at=at
    )
    looking.ask(words="Why did she look?", looked_by=ruth.pk, looked_on=at.date(), by=herself(person, at=at))
    marked(person, of=ruth, by=make.viewer("privacy_officer", given="Priya", id=priya.pk, at=at))
    right(person, make.person("Lomas", "Ann", nhs_number=""))
    return person


def marked(person, *, of, by) -> None:
    """Every look is reviewed, one practitioner must not look, one may know the address, a line is locked."""
    Person.objects.filter(pk=person.pk).update(protected=True)
    actions.watch(person_id=person.pk, kind="public_figure", words="In the paper", by=by)
    actions.declare_conflict(practitioner=of.pk, person_id=person.pk, kind="family", words="Her aunt", by=by)
    until = {"starts_on": by.at.date(), "ends_on": by.at.date() + timedelta(days=30)}
    actions.grant_address(person_id=person.pk, practitioner=of.pk, words="She visits her", by=by, **until)
    actions.seal(person_id=person.pk, thing=new_id(), kind="locked", words="She told me", by=by)


def herself(person, *, at) -> Viewer:
    return Viewer(kind=ViewerKind.PERSON, id=person.pk, role="person", name="Margaret Hargreaves", at=at)


def tour(chromium, site: str, size: dict, ways: list[str], *, username: str = "") -> list[tuple]:
    page = chromium.new_context(viewport=size).new_page()
    wrong: list[tuple] = []
    page.on("console", lambda said: wrong.append((page.url, said.text)) if said.type == "error" else None)
    if username:
        sign_in(page, site, username)
        page.wait_for_url(f"{site}/privacy")
    return wrong + wrong_on(page, site, ways, size)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_privacy_officers_pages_fit_and_please_axe(chromium, live_server, peggy, size):
    ruth = make.practitioner("Ruth", "Adler").pk
    ways = [
        "/privacy",
        "/privacy/print",
        "/privacy/find",
        f"/privacy/person/{peggy.pk}",
        f"/privacy/person/{peggy.pk}/kept",
        "/privacy/kept",
        "/privacy/acting",
        f"/person/{peggy.pk}/address",
        f"/privacy/practitioner/{ruth}",
        f"/privacy/question/{Question.objects.get().pk}",
        f"/privacy/unusual/{UnusualLook.objects.get().pk}",
        f"/privacy/glass/{Override.objects.get().pk}",
    ]

    assert tour(chromium, live_server.url, size, ways, username="priya-nair") == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_persons_pages_fit_and_please_axe(chromium, live_server, peggy, size, monkeypatch):
    monkeypatch.setattr(session, "viewer_of", lambda _request, *, at: herself(peggy, at=at))
    ways = ["/me/who-looked", "/me/who-looked/print", "/me/who-looked/ask", "/me/who-looked/ask?on=2026-11-05"]

    assert tour(chromium, live_server.url, size, ways) == []


def test_broken_glass_is_reviewed_in_three_clicks(chromium, live_server, peggy):
    page = chromium.new_context(viewport=DESK).new_page()
    sign_in(page, live_server.url, "priya-nair")

    page.click("section[aria-labelledby=glass] a")
    page.click("text=Appropriate >> nth=0")
    page.click("text=Put it away")
    page.wait_for_url(f"{live_server.url}/privacy")

    assert (Override.objects.get().verdict, Override.objects.get().reviewed_by) == (
        "appropriate",
        make.practitioner("Priya", "Nair").pk,
    )
    assert "opening without" not in page.locator("h1").inner_text()
