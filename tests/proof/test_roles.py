"""Every role, every relationship, every route: the answer stands in a table typed here."""

import pytest

from tests.proof import expected, routes
from tests.proof.crawl import ask
from tests.proof.routes import Ask

CARERS = {"clinician", "social_worker", "safeguarding_lead", "care_coordinator", "care_home", "link_worker"}
FINDERS = CARERS | {"privacy_officer", "identity_custodian"}
EVERYBODY = FINDERS | {"analyst", "board", "administrator"}
CUSTODIAN, ADMINISTRATOR = {"identity_custodian"}, {"administrator"}
FIGURES = {"identity_custodian", "analyst", "administrator"}
# to whom a page opens that is about nobody in particular; to everybody else in any role it is refused
OPENS: dict[str, set[str]] = {
    **dict.fromkeys(["home", "find", "place", "neighbourhood", "organisations", "organisation", "team"], EVERYBODY),
    **dict.fromkeys(["practitioner", "my_access", "help", "sign_in", "choose_role"], EVERYBODY),
    "add": {"clinician", "social_worker", "care_coordinator", "link_worker"},
    **dict.fromkeys(["sources", "quarantine", "quarantine_original"], ADMINISTRATOR),
    **dict.fromkeys(["staff", "staff_print", "staff_add", "staff_upload", "staff_member"], ADMINISTRATOR),
    **dict.fromkeys(["identity", "identity_print", "identity_decisions", "identity_to_place"], CUSTODIAN),
    "linkage_quality": FIGURES,
}
# about a person, for whoever may open them; by role alone
OPENED = {"person", "person_print", "timeline", "document", "original", "attachment", "not_hers", "consent"}
BY_ROLE = {
    "confirm_person": FINDERS,
    "identity_person": CUSTODIAN,
    "break_glass": {"clinician", "social_worker", "safeguarding_lead"},
}
# what is there only after something else was done, or of which nothing is held here
ELSEWHERE = {"staff_leave", "staff_refused", "linkage_quality_table", "identity_pair"}
# of pages that are typed here; what others add is added by them
TYPED = OPENS.keys() | OPENED | BY_ROLE.keys() | ELSEWHERE | routes.CHANGES | routes.LOOKS
RELATIONS = ("own", "referred", "visited", "ended", "elsewhere", "unknown")


def test_every_route_stands_in_the_table():
    assert sorted(routes.routes().keys() - TYPED) == [], "Type in tests/proof/test_roles.py to whom it opens."


@pytest.mark.parametrize("key", sorted(EVERYBODY | {"stranger"}))
def test_every_role_has_the_answer_of_the_table_on_every_route(world, key):
    looker, wrong = world.lookers[key], []

    for one in routes.reached(world, keys=list(RELATIONS), lines_of=[]):
        due = _due(world, looker, one)
        if due is not None and (got := ask(looker, one).status_code) != due:
            wrong.append(f"{got}, not {due}: {one}")

    assert wrong == []


def _due(world, looker, one: Ask) -> int | None:
    if one.route in OPENS:
        return 200 if looker.role in OPENS[one.route] else 403
    if one.route in BY_ROLE:
        return 200 if looker.role in BY_ROLE[one.route] else 403
    if one.route not in OPENED:
        return None
    key = next(key for key in RELATIONS if world.people[key].person == one.person)
    if not expected.may_open(looker, world, key):
        return 403
    return 200 if "thing" not in one.kwargs else None


@pytest.mark.parametrize("name", sorted(TYPED - {"sign_in", "help", "sign_out", "choose_role"} - ELSEWHERE))
def test_nobody_comes_in_without_signing_in(world, name):
    found = [one for one in routes.reached(world, keys=["own"], lines_of=[]) if one.route == name]

    answers = {ask(world.lookers["nobody"], one).status_code for one in found}

    assert answers <= {302}
