"""What a kept form is and about whom, so that of several none is sent to the wrong person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import Resolver404, resolve

from locality.access import wall
from locality.access.actions import open_record, show
from locality.access.queries.whom import KEPT_APART, redacted, whoever
from locality.access.rules import may_decide_identity, may_review
from locality.base import NoAccess, NotFound, Refused, Viewer, ViewerKind
from locality.neighbourhoods.actions.caseload_lists import open_candidate, open_place
from locality.neighbourhoods.actions.corrections import open_correction
from locality.neighbourhoods.queries import courses, inbox, outbox, referrals, tasks
from locality.neighbourhoods.queries import support as supports
from locality.population.actions.reviewing import open_person
from locality.record.actions.concerns import open_concern
from locality.record.queries.concerns import Full
from locality.web.drafts import Kept
from locality.web.words import age, family_first, nhs_number

# what each form does, by the name of its address; its page says it as a question, and is not at hand here
FORMS = {
    "find": "Find a person",
    "add": "Add a person",
    "open_person": "Open a record",
    "break_glass": "Break the glass",
    "close_glass": "Close what breaking the glass opened",
    "objection": "Write down an objection",
    "objection_withdrawn": "Take back an objection",
    "proxy_find": "Find somebody to act for a person",
    "proxy_made": "Name somebody who acts for a person",
    "proxy_ended": "End somebody's acting for a person",
    "release_decided": "Decide whether a person may read a line",
    "release_taken_back": "Take back that a person may read a line",
    "conflict": "Say that you know a person",
    "address_granted": "Let somebody know a protected address",
    "address_ended": "Let somebody know a protected address no longer",
    "seal": "Seal a line",
    "unseal": "Open a sealed line again",
    "not_hers": "Say that a line is about somebody else",
    "hers_after_all": "Say that a line is theirs after all",
    "concern_raise": "Raise a safeguarding concern",
    "concern_acknowledge": "Acknowledge a concern",
    "concern_close": "Close a concern",
    "concern_withdraw": "Take back a concern",
    "concern_put_back": "Say that a concern is not acknowledged after all",
    "concern_reopen": "Open a closed concern again",
    "plan_write": "Write in a person\u2019s plan",
    "plan_confirm": "Confirm what was sent for a plan",
    "plan_went": "Say how far an action of a plan is",
    "plan_remove": "Take something out of a plan",
    "plan_undo": "Undo a change to a plan",
    "me_plan_write": "Write in your plan",
    "me_plan_confirm": "Confirm what was sent for your plan",
    "me_plan_went": "Say what became of an action",
    "me_plan_undo": "Undo a change to your plan",
    "assessment_begin": "Begin an assessment",
    "assessment_answer": "Answer questions of an assessment",
    "assessment_finish": "Decide on an assessment",
    "assessment_add": "Add to an assessment",
    "nominate": "Put somebody forward for more support",
    "finding_review": "Answer for somebody on a list",
    "finding_undo": "Take back an answer for somebody on a list",
    "task_new": "Ask your team for something to be done",
    "person_task": "Ask for something to be done for a person",
    "task_move": "Say what became of something to do",
    "task_undo": "Say that something is to do after all",
    "task_take": "Take something to do on yourself",
    "task_change": "Change something that is to do",
    "task_hand": "Hand over something to do",
    "task_help": "Ask a colleague to help",
    "task_remind": "Remind a colleague",
    "task_answer": "Answer a colleague",
    "task_helped": "Say whether it helped",
    "alert_take": "See to something in the inbox",
    "alert_finish": "Say what was done about something in the inbox",
    "alert_undo": "Take back what was done in the inbox",
    "alert_hand": "Hand on something in the inbox",
    "alert_task": "Make a task of something in the inbox",
    "message_write": "Write a message about a person",
    "message_posted": "Say that a letter was posted",
    "message_withdraw": "Take back a message",
    "message_retry": "Let a message go again",
    "message_answered": "Write down what was answered to a message",
    "refer": "Refer somebody to a team or service",
    "referral_move": "Answer a referral, or say what became of it",
    "referral_undo": "Take back what you said of a referral",
    "referral_unsent": "Take back a referral",
    "referral_link": "Send a link by which a referral is answered",
    "meeting_series": "Say how a team meets",
    "meeting_series_ended": "Say that a team meets so no more",
    "meeting_draw": "Draw up a meeting's agenda",
    "meeting_skipped": "Say that a meeting is not held",
    "meeting_who": "Say who came to a meeting",
    "meeting_opened": "Open a meeting",
    "meeting_closed": "Close a meeting",
    "meeting_arranged": "Change the agenda of a meeting",
    "meeting_written": "Write down what a meeting said and decided",
    "meeting_added": "Add to the minutes of a meeting",
    "meeting_taken_back": "Take back what was just decided of somebody in a meeting",
    "meeting_bring": "Bring somebody to a meeting",
    "note": "Write a note",
    "note_draft": "A note that you were writing",
    "note_draft_dropped": "Start a note afresh",
    "note_correct": "Correct a note",
    "note_another": "Say that a note is about somebody else",
    "note_after_all": "Say that a note is about them after all",
    "contact_add": "Write down somebody close",
    "contact_take": "Keep here somebody close whom others sent",
    "contact": "Change what is kept of somebody close",
    "key_safe": "Ask how one comes in",
    "key_safe_kept": "Write down a key safe",
    "key_safe_ended": "Take a key safe away",
    "staff_add": "Add one of the staff",
    "staff_upload": "Add staff from a list",
    "staff_move": "Change somebody's teams",
    "staff_role": "Give somebody a role",
    "staff_role_end": "End a role of somebody's",
    "staff_leave": "Write down that somebody leaves",
    "staff_sign_in_change": "Change how somebody signs in",
    "staff_undo": "Undo a change to the staff",
    "transfer_new": "Plan the move of a service",
    "transfer_change": "Change the plan to move a service",
    "transfer_agree": "Agree to the move of a service",
    "transfer_start": "Move a service",
    "transfer_along": "Take along what came since a service moved",
    "transfer_sign": "Sign the move of a service",
    "transfer_undo": "Undo the move of a service",
    "transfer_people": "Write to the people of a service that moved",
    "transfer_withdraw": "Withdraw the plan to move a service",
    "retry": "Try again what was refused from a source",
    "referrals_retry": "Try again the referrals of a source that were refused",
    "referral_dismiss": "Dismiss a referral that was refused",
    "referral_put_back": "Put back a referral that was dismissed",
    "identity_say": "Say whether two records are one person",
    "identity_take_back": "Take back whether two records are one person",
    "identity_number": "Correct an NHS number",
    "identity_number_settle": "Settle a corrected NHS number",
    "identity_number_back": "Take back a corrected NHS number",
    "identity_apart": "Write down an earlier identity",
    "identity_place": "Sort a note between two people",
    "identity_split": "Part one person into two",
    "identity_join": "Join two people into one",
    "me_text": "Change the size of the letters",
    "me_message_answer": "Answer a message",
    "me_object": "Say no to something being shared",
    "me_object_no_more": "Share something again",
    "me_correct": "Ask for something to be put right",
    "me_correction_withdraw": "Take back what you asked to be put right",
    "correction_answer": "Answer what somebody asked to be put right",
    "correction_undo": "Take back an answer to what somebody asked to be put right",
    "me_ask": "Ask the privacy officer",
    "me_act_for": "Choose whom you act for",
    "me_proxy_ended": "End somebody's acting for you",
    "caseload_change": "Change how a team looks after somebody",
    "caseload_back": "Put somebody back on a caseload",
    "candidate_answer": "Answer for somebody who was put forward to a team",
    "candidate_wait": "Let somebody wait for a team's answer again",
    "team_change": "Change a team's posts, training or days away",
    "team_week": "Write down somebody's usual week",
    "cohort_mine": "See who of a cohort are yours",
    "directory": "Find a service",
    "outbox": "Search what was written",
    "referrals": "Search the referrals",
    "service_room": "Say what room a service has",
    "service_report": "Say that something in the directory is wrong",
    "service_answer": "Answer that something in the directory is wrong",
    "service_change": "Change what stands of a service",
    "service_assure": "Say that a service was checked",
    "service_close": "Say that a service is there no more",
    "service_reopen": "Say that a service is there after all",
    "support_begin": "Begin to support somebody",
    "support_belongs": "Say that a referral belongs to a support",
    "support_need": "Write down what somebody needs help with",
    "support_need_settled": "Say whether a need is met",
    "support_contact": "Write down that you met",
    "support_contact_undo": "Take back that you met",
    "support_offer": "Write down what was offered",
    "support_offer_moved": "Say how it stands with an offer",
    "support_wellbeing": "Write down how somebody says they are",
    "support_tell": "Tell the practice and the referrer",
    "support_hand": "Hand over a support",
    "support_finish": "End a support",
    "support_reopen": "Go on with a support",
    "class_new": "Make a class",
    "person_class": "Invite somebody to a class",
    "class_places": "Change how many places a class has",
    "class_changed": "Say otherwise what a class is called, or where it meets",
    "class_invite": "Invite people to a class",
    "class_place_moved": "Say whether somebody comes to a class",
    "class_attended": "Say who came to a class",
    "class_cancelled": "Cancel a meeting of a class",
    "class_put_back": "Say that a meeting is held after all",
    "class_measured": "Write down what was measured at a class",
    "privacy_acting": "Find who acts for whom",
    "privacy_proxy_ended": "End somebody's acting for a person",
    "privacy_find": "Find whose audit to read",
    "watch_made": "Review every look at a person",
    "watch_ended": "Review looks at a person no longer",
    "conflict_made": "Close a record to one of the staff",
    "conflict_ended": "Let one of the staff look again",
    "seal_ended": "Open a sealed line again",
    "privacy_question": "Answer a question about a look",
    "privacy_override": "Review an opening of a record",
    "privacy_unusual": "Review an unusual look",
}
UNKNOWN = "A form of this place"
NOT_OPEN = "about somebody whose record does not open to you now"


def heading(form: Kept, *, viewer: Viewer | None) -> tuple[str, str]:
    """What a kept form does, and about whom: named only where that still opens to the viewer, and then audited."""
    try:
        match = resolve(form.path)
    except Resolver404:
        return UNKNOWN, ""
    what = FORMS.get(match.url_name or "", UNKNOWN)
    if viewer is None:
        return what, ""
    if viewer.kind in (ViewerKind.PERSON, ViewerKind.PROXY):
        return what, _of_themselves(form, viewer)
    told = next(((name, match.kwargs[name]) for name in ABOUT if name in match.kwargs), None)
    if told is None:
        return what, ""
    try:
        with wall.up(viewer):
            return what, ABOUT[told[0]](told[1], viewer)
    except (NoAccess, NotFound, Refused):
        return what, NOT_OPEN


def _of_themselves(form: Kept, viewer: Viewer) -> str:
    about = dict(form.fields).get("about", "")
    if about == str(viewer.acts_for):
        return f"for {viewer.acts_for_name}"
    return "for yourself" if about in ("", str(viewer.id)) else "for somebody else than the one you act for now"


def _person(person_id: UUID, viewer: Viewer) -> str:
    if may_review(viewer) or may_decide_identity(viewer):
        found = redacted([person_id]).get(person_id)
        if found is None or found.name == KEPT_APART:
            return NOT_OPEN
        show(people_ids=[person_id], what="looked.listed" if may_review(viewer) else "identity.listed", by=viewer)
        born = found.born or "in a year that is not known"
        return f"about {found.name}, born {born}, NHS number ends {found.number_end or 'not known'}"
    # sending it would open the record, and leaves the same line
    return _named(open_record(person_id=person_id, by=viewer).person, viewer)


def _named(person: Any, viewer: Viewer) -> str:
    born = age(person.birth_on or person.birth_text, viewer.at)
    return f"about {family_first(person)}, {born}, NHS number {nhs_number(person.nhs_number)}"


ABOUT: dict[str, Callable[[UUID, Viewer], str]] = {
    "person_id": _person,
    "found_id": lambda found, viewer: _named(open_person(found_id=found, by=viewer).person, viewer),
    "caseload_id": lambda place, viewer: _named(open_place(caseload_id=place, by=viewer)[1].person, viewer),
    "candidate_id": lambda one, viewer: _named(open_candidate(candidate_id=one, by=viewer)[1].person, viewer),
    "correction_id": lambda one, viewer: _named(open_correction(correction=one, by=viewer)[1].person, viewer),
    "task_id": lambda task, viewer: _of_work(tasks.task(viewer=viewer, task_id=task).task.person, viewer),
    "alert_id": lambda alert, viewer: _of_work(inbox.alert(viewer=viewer, alert_id=alert).person, viewer),
    "message_id": lambda one, viewer: _of_work(outbox.message(viewer=viewer, message_id=one).message.person, viewer),
    "referral_id": lambda one, viewer: _named(_of_referral(one, viewer), viewer),
    "support_id": lambda one, viewer: _of_work(supports.support(viewer=viewer, support_id=one).support.person, viewer),
    "place_id": lambda one, viewer: _of_work(courses.place(viewer=viewer, place_id=one).person, viewer),
    "concern_id": lambda concern, viewer: _of_concern(concern, viewer),
    "practitioner_id": lambda practitioner, _: f"for {whoever([practitioner]).get(practitioner, 'nobody here now')}",
}


def _of_referral(referral: UUID, viewer: Viewer) -> Any:
    found = referrals.referral(viewer=viewer, referral_id=referral)
    return open_record(person_id=found.referral.person.pk, by=viewer).person


def _of_work(person: Any, viewer: Viewer) -> str:
    if person is None:
        return "about nobody: your team's own"
    return _named(open_record(person_id=person.pk, by=viewer).person, viewer)


def _of_concern(concern: UUID, viewer: Viewer) -> str:
    found = open_concern(concern=concern, by=viewer)
    return f"about {family_first(found.raised.about if isinstance(found, Full) else found.about)}"
