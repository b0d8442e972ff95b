"""Every role, every relationship, every route: the answer stands in a table typed here.

The crawl asks for all of them, so that its answers are held against this table (test_crawl.py).
"""

import tomllib
from pathlib import Path

import pytest
from django.db import transaction

import locality
from tests.proof import expected, routes
from tests.proof.crawl import ask
from tests.proof.listed import OF_THE_TEAM
from tests.proof.routes import Ask
from tests.proof.sweeping import everything_held

CARERS = {"clinician", "social_worker", "safeguarding_lead", "care_coordinator", "care_home", "link_worker"}
FINDERS = CARERS | {"privacy_officer", "identity_custodian"}
EVERYBODY = FINDERS | {"analyst", "board", "administrator"}
CUSTODIAN, ADMINISTRATOR, OFFICER = {"identity_custodian"}, {"administrator"}, {"privacy_officer"}
FIGURES = {"identity_custodian", "analyst", "administrator"}
TAKE_AWAY = {"clinician", "social_worker", "safeguarding_lead"}
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
    **dict.fromkeys(["referrals_received", "referral_original", "referral_dismiss"], ADMINISTRATOR),
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
    **dict.fromkeys(["team_at_work", "caseload"], EVERYBODY),
    "caseload_print": {"clinician", "social_worker", "safeguarding_lead"},
    **dict.fromkeys(["tasks", "inbox", "corrections"], EVERYBODY),
    "task_new": CARERS,
    "outbox": EVERYBODY,
    "referrals": EVERYBODY,
    **dict.fromkeys(["referrals_print", "referrals_table"], TAKE_AWAY),
    **dict.fromkeys(["support", "classes"], EVERYBODY),
    **dict.fromkeys(["support_outcomes", "class_new"], CARERS),
    **dict.fromkeys(["tasks_print", "tasks_pack"], TAKE_AWAY),
    **dict.fromkeys(["meetings", "meeting_series", "meeting_came_of"], CARERS),
    "team_assessments": EVERYBODY,
    **dict.fromkeys(["directory", "service"], EVERYBODY),
    "service_change": ADMINISTRATOR,
    **dict.fromkeys(["transfers", "transfer", "transfer_print"], {"administrator", "board", "care_coordinator"}),
    "transfer_new": ADMINISTRATOR,
    **dict.fromkeys(
        ["measures", "measures_table", "measure", "measure_published", "cohorts"], REVIEWERS | {"analyst", "board"}
    ),
    **dict.fromkeys(
        ["picture", "picture_topic", "neighbourhood_picture"],
        REVIEWERS | {"link_worker", "analyst", "board", "administrator"},
    ),
}
# about a person, for whoever may open them; by role alone
OPENED = {"person", "person_print", "timeline", "document", "original", "attachment", "not_hers", "consent"}
OPENED |= {"concern_raise", "seal", "nominate", "person_task", "meeting_bring", "refer"}
OPENED |= {"plan", "plan_print", "plan_plain", "plan_history", "assessments"}
OPENED |= {"note", "notes", "notes_print", "family", "contact_add"}
OPENED |= {"message_write"}
OPENED |= {"support_begin", "person_class"}
# what is written of one person, by its own id: of whoever is asked about it mostly is not
OF_A_NOTE = {"note_opened", "note_correct", "note_another", "note_file", "contact"}
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
OPEN_TO_ALL |= {"new_password": 404, "sign_on": 404, "sign_on_back": 404, "referral_by_link": 404}
OPEN_TO_ALL |= dict.fromkeys(["public_help", "public_service", "public_pharmacies", "public_how"], 200)
OPEN_TO_ALL |= {"new_password": 404, "sign_on": 404, "sign_on_back": 404}
OWN = {"account": 200, "add_app": 200, "add_passkey": 200, "password": 200, "prove": 200}
ALONE_OPEN = {"choose_role", "sign_out", "follow_link", "referral_follow"}
# the person's own pages: to staff they are not there, and staff's pages are not there for the person
OF_THE_PERSON = {"me_who_looked", "me_who_looked_print", "me_ask", "me_record", "me_acting", "me_line", "me_file"}
OF_THE_PERSON |= {"me_plan", "me_plan_plain", "me_plan_history"}
# to whoever sees social care whole; whoever sees it as a line, or not at all, does not open it
ASSESSMENT = {"assessment", "assessment_print"}
OF_THE_PERSON |= {"me_notes", "me_note_file"}
OF_THE_PERSON |= {"me_home", "me_print", "me_messages", "me_sharing", "me_corrections", "me_correct"}
# a concern is its leads', and in part its raiser's: to everybody else, its cause among them, it is not there
CONCERN = {"concern", "concern_print"}
RAISED_BY = {"concern": "clinician", "concern of long ago": "clinician", "concern of another": "social_worker"}
# who may know where somebody lives is for the privacy officer, and for leads who may open the record
ADDRESS = {"address"}
# somebody on a list: for whoever reviews it; to others who review, and not for that team, they are not there
LISTED = {"finding_person"}
# somebody whom a team looks after, or who waits for it: for whoever of it may see its work
OF_A_TEAM = {"caseload_place", "caseload_candidate"}
# what a team keeps of itself: for its coordinator; to another team it is not there
KEPT_BY_A_TEAM = {"team_keep"}
# a team's work: for those of it whose role sees such; to everybody else it is not there
WORK = {"task", "alert", "referral", "referral_message", "correction", "class", "class_door"}
# what a team wrote to somebody: as its work
WORK |= {"message", "message_letter"}
# somebody whom a team supports, or who comes to its class
OF_A_SUPPORT = {"support_one", "class_place"}
# a team's meeting: for whoever of it writes in records, on paper for fewer; to another team it is not there
MEETING = {"meeting", "meeting_live", "meeting_minutes", "meeting_minutes_print"}
PRINTS_MINUTES = {"clinician", "social_worker", "safeguarding_lead"}
# what is there only after something else was done, or of which nothing is held here
ELSEWHERE = {"staff_leave", "staff_refused", "linkage_quality_table", "identity_pair", "app_picture", "kept"}
ELSEWHERE |= {"transfer_undo", "transfer_people"}
ELSEWHERE |= {"measure_months", "measure_groups", "cohort", "picture_table", "neighbourhood_table"}
# of pages that are typed here; what others add is added by them
TYPED = OPENS.keys() | OPENED | OPENED_TO.keys() | BY_ROLE.keys() | ELSEWHERE | routes.CHANGES | routes.LOOKS
TYPED |= (
    OF_A_SUPPORT | LISTED | WORK | OF_A_TEAM | KEPT_BY_A_TEAM | MEETING | CONCERN | ADDRESS | ASSESSMENT | OF_A_NOTE
)
TYPED |= OPEN_TO_ALL.keys() | OWN.keys() | OF_THE_PERSON
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
        return 404 if looker.person is None else None if one.route in ("me_line", "me_file", "me_note_file") else 200
    if one.route in ELSEWHERE | ALONE_OPEN:
        return None
    if one.route == "home" and (looker.person is not None or looker.key == "privacy_officer"):
        return 302
    if looker.person is None and one.route in ASSESSMENT:
        return _of_assessment(world, looker, one)
    return 404 if looker.person is not None else _of_staff(world, looker, one)


def _of_staff(world, looker, one: Ask) -> int | None:
    if one.route in CONCERN | WORK | OF_A_SUPPORT | LISTED | OF_A_TEAM | KEPT_BY_A_TEAM | MEETING:
        return _of_desks(world, looker, one)
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


def _of_desks(world, looker, one: Ask) -> int:
    """What is there for whoever it waits for alone."""
    if one.route in WORK and looker.key in OF_THE_TEAM:
        return 403 if one.route == "referral_message" and looker.role not in TAKE_AWAY else 200
    if one.route in OF_A_SUPPORT:
        own = {world.ids["support of own"], world.ids["place of own"]}
        return 200 if looker.key in OF_THE_TEAM and own & set(one.kwargs.values()) else 404
    if one.route in WORK:
        return 404
    if one.route in LISTED | MEETING:
        may = REVIEWERS if one.route in LISTED else PRINTS_MINUTES if one.route == "meeting_minutes_print" else CARERS
        return 403 if looker.role not in may else 404 if looker.key == "stranger" else 200
    if one.route in CONCERN:
        raised = looker.key == RAISED_BY[next(key for key in RAISED_BY if world.ids[key] == one.kwargs["concern_id"])]
        return 200 if looker.key == "safeguarding_lead" or raised and one.route == "concern" else 404
    return _of_a_team(looker, one.route)


def _of_a_team(looker, route: str) -> int:
    if looker.key == "stranger":
        return 404
    if route in OF_A_TEAM:
        return 200 if looker.role in CARERS else 404
    return 200 if looker.role == "care_coordinator" else 403


def _of_assessment(world, looker, one: Ask) -> int:
    """There is one, of "own"."""
    key = next(key for key in world.people if world.people[key].person == one.person)
    if not expected.may_open(looker, world, key):
        # of an earlier identity nobody is told that it is there, once their role opens records at all
        return 404 if key == "before" else 403
    if key != "own":
        return 404
    return {"P": 200, "R": 403}.get(expected.ceiling(looker, world, key, "SOC"), 404)


def test_what_is_open_to_all_is_what_stands_here():
    found = {name for name, route in routes.routes().items() if route.callback.need.action == "open"}

    assert found == OPEN_TO_ALL.keys() | ALONE_OPEN


def test_nobody_comes_in_or_changes_anything_without_signing_in(world):
    shut = routes.routes().keys() - OPEN_TO_ALL.keys() - ALONE_OPEN
    asks = [*routes.reached(world, keys=["own"], lines_of=[]), *routes.changing(world)]
    asks = [one for one in (*asks, *routes.forms_that_look(world, ["own"])) if one.route in shut]
    before, wrong = everything_held(), []

    for one in asks:
        answer = ask(world.lookers["nobody"], one)
        if answer.status_code != 302 or not answer["Location"].startswith("/sign-in"):
            wrong.append(f"{answer.status_code}: {one}")

    assert {one.route for one in asks} == shut
    assert wrong == []
    assert everything_held() == before


LEADS = {"safeguarding_lead"}
# who may send each form that changes something; to everybody else of staff it is refused, and nothing is changed
SENDS: dict[str, set[str]] = {
    **dict.fromkeys(["identity_say", "identity_take_back", "identity_place"], CUSTODIAN),
    **dict.fromkeys(["identity_number_settle", "identity_number_back"], CUSTODIAN),
    **dict.fromkeys(["retry", "staff_add", "staff_move", "staff_role", "staff_role_end", "staff_leave"], ADMINISTRATOR),
    **dict.fromkeys(["staff_undo", "staff_upload", "staff_sign_in_change", "referrals_retry"], ADMINISTRATOR),
    **dict.fromkeys(["referral_dismiss", "referral_put_back"], ADMINISTRATOR),
    **dict.fromkeys(["watch_made", "watch_ended", "conflict_made", "conflict_ended", "seal_ended"], OFFICER),
    "privacy_proxy_ended": OFFICER,
    **dict.fromkeys(["task_new", "task_move", "task_undo", "task_take", "task_change", "task_hand"], CARERS),
    **dict.fromkeys(["refer", "referral_move", "referral_undo", "referral_unsent", "referral_link"], CARERS),
    **dict.fromkeys(["task_help", "task_remind", "task_answer", "task_helped"], CARERS),
    **dict.fromkeys(["alert_take", "alert_finish", "alert_undo", "alert_hand", "alert_task"], CARERS),
    **dict.fromkeys(["correction_answer", "correction_undo"], CARERS),
    **dict.fromkeys(["address_granted", "address_ended"], OFFICER | LEADS),
    **dict.fromkeys(["concern_acknowledge", "concern_close", "concern_put_back", "concern_reopen"], LEADS),
    **dict.fromkeys(["caseload_change", "caseload_back", "candidate_answer", "candidate_wait"], CARERS),
    # of themselves, whoever works in a team says when; of others its coordinator does
    "team_change": EVERYBODY,
    "team_week": {"care_coordinator", "clinician"},
    **dict.fromkeys(["finding_review", "finding_undo", "cohort_mine"], REVIEWERS),
    **dict.fromkeys(["release_decided", "release_taken_back"], {"clinician", "safeguarding_lead"}),
    **dict.fromkeys(["proxy_made"], NAMES_PROXIES),
    **dict.fromkeys(["me_act_for", "me_proxy_ended"], set()),
    **dict.fromkeys(["me_plan_write", "me_plan_confirm", "me_plan_went", "me_plan_undo"], set()),
    **dict.fromkeys(["me_text", "me_message_answer", "me_object", "me_object_no_more"], set()),
    **dict.fromkeys(["me_correct", "me_correction_withdraw"], set()),
    "break_glass": {"clinician", "social_worker", "safeguarding_lead"},
    **dict.fromkeys(
        ["meeting_series", "meeting_series_ended", "meeting_draw", "meeting_skipped", "meeting_who"], CARERS
    ),
    **dict.fromkeys(["meeting_opened", "meeting_closed", "meeting_arranged", "meeting_written"], CARERS),
    **dict.fromkeys(["meeting_added", "meeting_taken_back"], CARERS),
    **dict.fromkeys(["service_room", "service_report"], EVERYBODY),
    # by whoever keeps that service: of the lookers none is its owner or works for whoever offers it
    **dict.fromkeys(["service_answer", "service_change", "service_assure"], ADMINISTRATOR),
    **dict.fromkeys(["service_close", "service_reopen"], ADMINISTRATOR),
    **dict.fromkeys(["message_posted", "message_withdraw", "message_retry", "message_answered"], CARERS),
    # services that move
    **dict.fromkeys(["transfer_new", "transfer_change", "transfer_start", "transfer_along"], ADMINISTRATOR),
    **dict.fromkeys(["transfer_undo", "transfer_withdraw"], ADMINISTRATOR),
    **dict.fromkeys(
        ["transfer_agree", "transfer_sign", "transfer_people"], {"administrator", "board", "care_coordinator"}
    ),
    # support and classes
    **dict.fromkeys(["support_need", "support_need_settled", "support_contact", "support_contact_undo"], CARERS),
    **dict.fromkeys(["support_offer", "support_offer_moved", "support_wellbeing", "support_tell"], CARERS),
    **dict.fromkeys(
        ["support_hand", "support_finish", "support_reopen", "class_new", "class_places", "class_invite"], CARERS
    ),
    **dict.fromkeys(["class_place_moved", "class_attended", "class_cancelled", "class_put_back"], CARERS),
    "class_measured": CARERS,
    "class_changed": CARERS,
    "support_belongs": CARERS,
}
# sent by whoever may open the person; by whoever did what it ends, or themselves alone; by anybody, of themselves
SENT_IN_A_RECORD = {"objection", "objection_withdrawn", "proxy_ended", "not_hers", "hers_after_all", "seal", "unseal"}
SENT_IN_A_RECORD |= {"person_task", "message_write"}
SENT_IN_A_RECORD |= {"support_begin", "person_class"}
SENT_IN_A_RECORD |= {"plan_write", "plan_confirm", "plan_went", "plan_remove", "plan_undo"}
SENT_IN_A_RECORD |= {"assessment_begin", "assessment_answer", "assessment_finish", "assessment_add"}
SENT_OF_ONES_OWN = {"close_glass", "concern_withdraw", "conflict", "make_codes", "remove_factor", "end_session"}
SENT_BY_THE_PERSON = {
    "me_act_for",
    "me_proxy_ended",
    "me_plan_write",
    "me_plan_confirm",
    "me_plan_went",
    "me_plan_undo",
}
SENT_BY_THE_PERSON |= {"me_text", "me_message_answer", "me_object", "me_object_no_more"}
SENT_BY_THE_PERSON |= {"me_correct", "me_correction_withdraw"}
SENT_OF_ONES_OWN |= {"sign_out_everywhere", "send_kept", "drop_kept", "note_draft_dropped"}
SENT_IN_A_RECORD |= {"note", "note_draft", "note_after_all", "contact_add", "contact_take"}
SENT_IN_A_RECORD |= {"key_safe_kept", "key_safe_ended"}


def test_whoever_may_not_send_a_form_is_refused_and_changes_nothing(world):
    assert SENDS.keys() | SENT_IN_A_RECORD | SENT_OF_ONES_OWN == routes.CHANGES - OPEN_TO_ALL.keys() - ALONE_OPEN
    before, wrong = everything_held(), []

    for key, looker in world.lookers.items():
        for one in routes.changing(world) if looker.role else []:
            if one.route in SENT_OF_ONES_OWN | OPEN_TO_ALL.keys() | ALONE_OPEN or _sends(world, looker, one.route):
                continue
            answer = ask(looker, one)
            if answer.status_code not in (403, 404):
                wrong.append(f"{answer.status_code} to {key}: {one}")

    assert wrong == []
    assert {table for table, rows in everything_held().items() if rows != before[table]} == set()


def _sends(world, looker, route: str) -> bool:
    if route in SENT_IN_A_RECORD:
        # the privacy officer opens again what the person had sealed, and no record
        opens_again = route == "unseal" and looker.role in OFFICER
        return looker.role in EVERYBODY and (opens_again or expected.may_open(looker, world, "own"))
    return looker.role in SENDS[route] if looker.role in EVERYBODY else route in SENT_BY_THE_PERSON


@pytest.mark.parametrize("key", sorted(EVERYBODY))
def test_whoever_may_send_a_form_is_not_refused_for_their_role(world, key):
    looker = world.lookers[key]
    wrong = []

    for one in routes.changing(world):
        if looker.role in SENDS.get(one.route, set()):
            with transaction.atomic():
                answer = ask(looker, one)
                transaction.set_rollback(True)
            if answer.status_code == 403:
                wrong.append(str(one))

    assert wrong == []
