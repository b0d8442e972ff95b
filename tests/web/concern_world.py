"""Who is in the concerns' own world: Peggy, whoever is concerned, the leads, and those who must not know."""

from django.test import Client

from locality.access import actions
from locality.base.ids import named_id
from locality.directory.models import Safeguarding, Team
from locality.web import pages
from tests import factories as make

PASSWORD = "a long enough one"
RING = "the safeguarding team, 0161 496 0998"
# unlike anything else on any page
SECRET = "Xylophone bruise"
WHO = "Zebedee Quill, the nephew"


def council_team(**other) -> Team:
    return make.team(
        "safeguarding", name="Council safeguarding", lead_organisation=make.organisation("council"), **other
    )


def deputy_team() -> Team:
    return make.team("deputy", name="Hospital safeguarding", lead_organisation=make.organisation("RSB"))


def routes(*whose: str) -> None:
    for code in whose or ("adults", "children"):
        told = {"place": make.place(), "code": code, "team": council_team(), "deputy": deputy_team(), "ring": RING}
        Safeguarding.objects.create(id=named_id("safeguarding", code), **told, **make.ORIGIN)


def lead(given="Gwen", family="Lacey", *, team: Team | None = None, role="safeguarding_lead", by="council"):
    """A safeguarding lead, of the council's team unless told otherwise."""
    who = make.practitioner(given, family, employer=make.organisation(by))
    make.role(who, role)
    make.member(who, team or council_team())
    return who


def browser_of(who) -> Client:
    pages._names.clear()
    if not make.Account.objects.filter(username=who.code).exists():
        actions.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    browser = Client()
    browser.post("/sign-in", {"username": who.code, "password": PASSWORD})
    return browser


def typed(person, **other) -> dict[str, str]:
    return {
        "about": str(person.pk),
        "form": "0190f0aa-0000-7000-8000-000000000009",
        "danger": "no",
        "words": f"{SECRET} on her arm",
        "seen": "This morning about 9",
        "knows": "yes",
        "cause": "family",
        "cause_words": WHO,
    } | other
