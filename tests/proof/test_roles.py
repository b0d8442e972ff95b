"""Every role, every relationship, every route: the answer stands in a table typed here.

The crawl asks for all of them, so that its answers are held against this table (test_crawl.py).
"""

import tomllib
from pathlib import Path

import locality
from tests.proof import expected, routes
from tests.proof.routes import Ask

CARERS = {"clinician", "social_worker", "safeguarding_lead", "care_coordinator", "care_home", "link_worker"}
FINDERS = CARERS | {"privacy_officer", "identity_custodian"}
EVERYBODY = FINDERS | {"analyst", "board", "administrator"}
CUSTODIAN, ADMINISTRATOR, OFFICER = {"identity_custodian"}, {"administrator"}, {"privacy_officer"}
FIGURES = {"identity_custodian", "analyst", "administrator"}
REVIEWERS = {"clinician", "social_worker", "care_coordinator"}
# to whom a page opens that is about nobody in particular; to everybody else in any role it is refused
OPENS: dict[str, set[str]] = {
    **dict.fromkeys(["home", "find", "place", "neighbourhood", "organisations", "organisation", "team"], EVERYBODY),
    **dict.fromkeys(["practitioner", "my_access", "concerns"], EVERYBODY),
    **dict.fromkeys(["privacy", "privacy_print", "privacy_find", "privacy_practitioner", "privacy_kept"], OFFICER),
    **dict.fromkeys(["privacy_question", "privacy_override", "privacy_unusual", "privacy_opt_outs"], OFFICER),
    "privacy_acting": OFFICER,
    "add": {"clinician", "social_worker", "care_coordinator", "link_worker"},
    **dict.fromkeys(["sources", "quarantine", "quarantine_original"], ADMINISTRATOR),
    **dict.fromkeys(["staff", "staff_print", "staff_add", "staff_upload", "staff_member"], ADMINISTRATOR),
    "staff_sign_in": ADMINISTRATOR,
    **dict.fromkeys(["identity", "identity_print", "identity_decisions", "identity_to_place"], CUSTODIAN),
    "identity_numbers": CUSTODIAN,
    "linkage_quality": FIGURES,
    "finding": REVIEWERS,
    "finding_print": {"clinician", "social_worker"},
    **dict.fromkeys(
        ["finding_runs", "finding_run", "finding_funnel", "finding_lengths"], REVIEWERS | {"analyst", "board"}
    ),
    "finding_candidates": EVERYBODY,
    **dict.fromkeys(
        ["measures", "measures_table", "measure", "measure_published", "cohorts"], REVIEWERS | {"analyst", "board"}
    ),
}
# about a person, for whoever may open them; by role alone
OPENED = {"person", "person_print", "timeline", "document", "original", "attachment", "not_hers", "consent"}
OPENED |= {"concern_raise", "seal", "nominate"}
# about a person whom the viewer may open, in these roles alone
NAMES_PROXIES = {"clinician", "social_worker", "safeguarding_lead"}
OPENED_TO = {"release": {"clinician", "safeguarding_lead"}, "proxy_find": NAMES_PROXIES, "proxy_form": NAMES_PROXIES}
BY_ROLE = {
    "confirm_person": FINDERS,
    **dict.fromkeys(["identity_person", "identity_number"], CUSTODIAN),
    **dict.fromkeys(["privacy_person", "privacy_marks"], OFFICER),
    "break_glass": {"clinician", "social_worker", "safeguarding_lead"},
}
# what anybody may ask for, signed in or not; and what whoever is signed in may, of whatever kind: it is their own
OPEN_TO_ALL = {"help": 200, "sign_in": 200, "with_passkey": 200, "forgotten": 200, "second_factor": 302}
OPEN_TO_ALL |= {"new_password": 404, "sign_on": 404, "sign_on_back": 404}
OWN = {"account": 200, "add_app": 200, "add_passkey": 200, "password": 200, "prove": 200}
ALONE_OPEN = {"choose_role", "sign_out", "follow_link"}
# the person's own pages: to staff they are not there, and staff's pages are not there for the person
OF_THE_PERSON = {"me_who_looked", "me_who_looked_print", "me_ask", "me_record", "me_acting", "me_line", "me_file"}
# a concern is its leads', and in part its raiser's: to everybody else, its cause among them, it is not there
CONCERN = {"concern", "concern_print"}
RAISED_BY = {"concern": "clinician", "concern of long ago": "clinician", "concern of another": "social_worker"}
# who may know where somebody lives is for the privacy officer, and for leads who may open the record
ADDRESS = {"address"}
# somebody on a list: for whoever reviews it; to others who review, and not for that team, they are not there
LISTED = {"finding_person"}
# what is there only after something else was done, or of which nothing is held here
ELSEWHERE = {"staff_leave", "staff_refused", "linkage_quality_table", "identity_pair", "app_picture", "kept"}
ELSEWHERE |= {"measure_months", "measure_groups", "cohort"}
# of pages that are typed here; what others add is added by them
TYPED = OPENS.keys() | OPENED | OPENED_TO.keys() | BY_ROLE.keys() | ELSEWHERE | routes.CHANGES | routes.LOOKS
TYPED |= LISTED | OPEN_TO_ALL.keys() | OWN.keys() | OF_THE_PERSON | CONCERN | ADDRESS
RELATIONS = ("own", "referred", "visited", "ended", "elsewhere", "unknown")


def test_the_proof_takes_every_role_and_relation_from_the_tables_themselves(world):
    """The file is read as it stands, not through the code: who is added there and not here fails."""
    told = tomllib.loads((Path(locality.__file__).parent / "access" / "rules" / "tables.toml").read_text("utf-8"))
    roles = told["roles"].keys() - {"columns", "person", "proxy"}
    relations = {name.replace("_", " ") for name in told["relations"].keys() - {"columns", "self", "proxy"}}

    assert (expected.ROLE.keys(), EVERYBODY) == (roles, roles)
    assert {one.role for one in world.lookers.values()} - {""} == roles | {"person", "proxy"}
    assert expected.RELATION.keys() == relations
    assert {world.people[key].relation for key in RELATIONS} == relations
    assert told["roles"]["columns"].split() == expected.CLASSES


def test_every_route_stands_in_the_table():
    assert sorted(routes.routes().keys() - TYPED) == [], "Type in tests/proof/test_roles.py to whom it opens."


def due(world, looker, one: Ask) -> int | None:
    """What a page that is only opened must answer one viewer; nothing where the table says nothing of it."""
    everybodys = OPEN_TO_ALL | OWN
    if one.route in everybodys:
        return everybodys[one.route]
    if one.route in OF_THE_PERSON:
        return 404 if looker.person is None else None if one.route in ("me_line", "me_file") else 200
    if one.route in ELSEWHERE | ALONE_OPEN:
        return None
    if one.route == "home" and (looker.person is not None or looker.key == "privacy_officer"):
        return 302
    return 404 if looker.person is not None else _of_staff(world, looker, one)


def _of_staff(world, looker, one: Ask) -> int | None:
    if one.route in CONCERN:
        raised = looker.key == RAISED_BY[next(key for key in RAISED_BY if world.ids[key] == one.kwargs["concern_id"])]
        return 200 if looker.key == "safeguarding_lead" or raised and one.route == "concern" else 404
    if one.route in LISTED:
        return 403 if looker.role not in REVIEWERS else 404 if looker.key == "stranger" else 200
    by_role = OPENS | BY_ROLE
    if one.route in by_role:
        return 200 if looker.role in by_role[one.route] else 403
    if one.route in ADDRESS and looker.role != "safeguarding_lead":
        return 200 if looker.role in OFFICER else 403
    if one.route not in OPENED | OPENED_TO.keys() | ADDRESS:
        return None
    if looker.role not in OPENED_TO.get(one.route, EVERYBODY):
        return 403
    key = next(key for key in RELATIONS if world.people[key].person == one.person)
    if not expected.may_open(looker, world, key):
        return 403
    return 200 if "thing" not in one.kwargs else None


def test_what_is_open_to_all_is_what_stands_here():
    found = {name for name, route in routes.routes().items() if route.callback.need.action == "open"}

    assert found == OPEN_TO_ALL.keys() | ALONE_OPEN
