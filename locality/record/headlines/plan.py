"""Plans, goals, teams, spells of care, tasks, referrals and appointments."""

from locality.record.headlines.amounts import quantity_words
from locality.record.headlines.line import Line, encounter_of, period_of, sentence, when_of, who
from locality.record.headlines.names import best_name, phone
from locality.record.headlines.shapes import Activity, Detail, Participant, State, Topic
from locality.record.headlines.states import state_of
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words, period_words
from locality.record.headlines.words import (
    annotation_words,
    concept,
    concept_words,
    contained,
    name_words,
    plain,
    reference_words,
    references_words,
)

NOT_TO_DO = "Not to be done: this is an instruction against it."
URGENT = {"urgent", "asap", "stat"}
# category words that Synthea and others send on every plan and that tell nobody which plan it is
EMPTY_CATEGORIES = {"assess-plan", "careplan", "736271009"}


def care_plan_line(resource: dict) -> Line:
    starts, ends = period_of(resource.get("period"))
    told = [concept(one) for one in resource.get("category") or ()]
    said = next(
        (one for one in told if one.words and one.code not in EMPTY_CATEGORIES), concept(resource.get("category"))
    )
    doing = [activity(one, resource).words for one in resource.get("activity") or ()]
    return Line(
        topic=Topic.PLAN,
        concept=said,
        title=plain(resource.get("title")) or said.words or plan_named(resource),
        value=sentence(*list(filter(None, dict.fromkeys(doing)))[:3]) or plain(resource.get("description")),
        starts=starts or resource.get("created") or "",
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "author", "contributor"),
        encounter=encounter_of(resource),
        hint=concept_words(resource.get("category")),
    )


def plan_named(resource: dict) -> str:
    about = references_words(resource.get("addresses"), resource)
    return plain(resource.get("description")) or (f"Care plan: {about}" if about else "Care plan")


def activity(one: dict, resource: dict) -> Activity:
    told = one.get("detail") or {}
    words = concept_words(told.get("code")) or plain(told.get("description"))
    outcome = concept_words(one.get("outcomeCodeableConcept"))
    words = words or reference_words(one.get("reference"), resource) or outcome
    if told.get("doNotPerform") is True:
        words = f"not to be done: {words}"
    return Activity(words=words, status=told.get("status") or "", when=value_words(told, "scheduled"))


def care_plan_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("Between", period_words(resource.get("period"))),
            ("Kind", concept_words(resource.get("category"))),
            ("About", plain(resource.get("description"))),
            ("For", references_words(resource.get("addresses"), resource)),
            ("Written by", who(resource, "author", "contributor")),
            ("Team", references_words(resource.get("careTeam"), resource)),
            ("Status", resource.get("status") or ""),
            ("Note", annotation_words(resource.get("note"))),
        ],
        activities=[one for one in (activity(each, resource) for each in resource.get("activity") or ()) if one.words],
        goals=[words for words in (goal_named(one, resource) for one in resource.get("goal") or ()) if words],
    )


def goal_named(reference: dict, resource: dict) -> str:
    inside = contained(reference, resource)
    return concept_words(inside.get("description")) if inside else reference_words(reference)


def goal_line(resource: dict) -> Line:
    targets = [target_words(one) for one in resource.get("target") or ()]
    starts = resource.get("startDate") or resource.get("statusDate") or ""
    return Line(
        topic=Topic.GOAL,
        concept=concept(resource.get("description")),
        value=sentence(*targets, concept_words(resource.get("achievementStatus")).lower()),
        starts=starts,
        status=resource.get("lifecycleStatus") or "",
        by=who(resource, "expressedBy"),
    )


def target_words(target: dict) -> str:
    aim = value_words(target, "detail")
    measure = concept_words(target.get("measure"))
    due = date_words(target.get("dueDate") or "") or quantity_words(target.get("dueDuration"))
    said = " ".join(filter(None, [measure, aim]))
    return f"{said} by {due}".strip() if due else said


def goal_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("Target", sentence(*(target_words(one) for one in resource.get("target") or ()))),
            ("How it goes", concept_words(resource.get("achievementStatus"))),
            ("Priority", concept_words(resource.get("priority"))),
            ("Set by", who(resource, "expressedBy")),
            ("For", references_words(resource.get("addresses"), resource)),
            ("Why this status", plain(resource.get("statusReason"))),
            ("Status", resource.get("lifecycleStatus") or ""),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )


def member(one: dict, resource: dict) -> Participant:
    inside = contained(one.get("member"), resource) or {}
    behalf = reference_words(one.get("onBehalfOf"), resource)
    name = reference_words(one.get("member"), resource)
    if type(inside.get("name")) is list:
        name = name_words(best_name(inside["name"])) or name
    return Participant(
        role=concept_words(one.get("role")),
        name=f"{name} ({behalf})" if name and behalf else name or behalf,
        phone=phone(inside.get("telecom")),
    )


def members(team: dict) -> list[Participant]:
    return [member(one, team) for one in team.get("participant") or ()]


def team_line(resource: dict) -> Line:
    starts, ends = period_of(resource.get("period"))
    named = list(filter(None, dict.fromkeys(one.name or one.role for one in members(resource))))
    return Line(
        topic=Topic.TEAM,
        concept=concept(resource.get("category")),
        title=plain(resource.get("name")) or concept_words(resource.get("category")) or "Care team",
        value=sentence(*named[:3], f"and {len(named) - 3} more" if len(named) > 3 else ""),
        starts=starts,
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "managingOrganization"),
        encounter=encounter_of(resource),
    )


def team_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("Between", period_words(resource.get("period"))),
            ("Kind", concept_words(resource.get("category"))),
            ("For", concept_words(resource.get("reasonCode"))),
            ("Run by", references_words(resource.get("managingOrganization"), resource)),
            ("Phone", phone(resource.get("telecom"))),
            ("Note", annotation_words(resource.get("note"))),
        ],
        people=[one for one in members(resource) if one.name or one.role],
    )


def episode_line(resource: dict) -> Line:
    starts, ends = period_of(resource.get("period"))
    found = [reference_words(one.get("condition"), resource) for one in resource.get("diagnosis") or ()]
    return Line(
        topic=Topic.TEAM,
        concept=concept(resource.get("type")),
        title=concept_words(resource.get("type")) or "Under the care of a service",
        value=sentence(who(resource, "careManager"), *found[:2]),
        starts=starts,
        ends=ends,
        status=resource.get("status") or "",
        by=who(resource, "managingOrganization"),
    )


def episode_detail(resource: dict) -> Detail:
    found = [reference_words(one.get("condition"), resource) for one in resource.get("diagnosis") or ()]
    return Detail(
        lines=[
            ("Between", period_words(resource.get("period"))),
            ("Service", who(resource, "managingOrganization")),
            ("In charge", who(resource, "careManager")),
            ("Diagnosis", sentence(*found)),
            ("Status", resource.get("status") or ""),
        ]
    )


def task_line(resource: dict) -> Line:
    said = concept(resource.get("code"))
    about = plain(resource.get("description"))
    done_from, done_by = period_of(resource.get("executionPeriod"))
    _, due = period_of((resource.get("restriction") or {}).get("period"))
    owner = who(resource, "owner")
    return Line(
        topic=Topic.TASK,
        concept=said,
        title=said.words or about,
        value=sentence(
            about if said.words else "",
            concept_words(resource.get("businessStatus")),
            f"for {owner}" if owner else "",
            f"due {date_words(due)}" if due else "",
        ),
        starts=resource.get("authoredOn") or done_from,
        # when it is due is no end: an overdue task still holds
        ends=done_by,
        status=resource.get("status") or "",
        by=who(resource, "requester"),
        encounter=encounter_of(resource),
    )


def task_detail(resource: dict) -> Detail:
    results = [
        ": ".join(filter(None, [concept_words(one.get("type")), value_words(one)]))
        for one in resource.get("output") or ()
    ]
    return Detail(
        lines=[
            ("What", plain(resource.get("description"))),
            ("Asked by", who(resource, "requester")),
            ("For", who(resource, "owner") or concept_words(resource.get("performerType"))),
            ("Priority", resource.get("priority") or ""),
            ("Due", period_words((resource.get("restriction") or {}).get("period"))),
            ("Done", period_words(resource.get("executionPeriod"))),
            ("About", reference_words(resource.get("focus"), resource)),
            ("Reason", concept_words(resource.get("reasonCode"))),
            ("How far", concept_words(resource.get("businessStatus"))),
            ("Why this status", concept_words(resource.get("statusReason"))),
            ("Result", sentence(*results)),
            ("Status", resource.get("status") or ""),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )


def referral_line(resource: dict) -> Line:
    said = concept(resource.get("code"))
    starts, ends = when_of(resource, "occurrence")
    against = resource.get("doNotPerform") is True
    priority = resource.get("priority") or ""
    status = resource.get("status") or ""
    planned = status == "active" and resource.get("intent") in {"proposal", "plan", "option"}
    return Line(
        topic=Topic.REFERRAL,
        concept=said,
        title=said.words or concept_words(resource.get("category")) or concept_words(resource.get("orderDetail")),
        value=sentence(priority if priority in URGENT else "", referral_reasons(resource), to_whom(resource)),
        starts=resource.get("authoredOn") or starts,
        ends=ends,
        status=status,
        state=State.PLANNED if planned else state_of("ServiceRequest", status),
        by=who(resource, "requester"),
        encounter=encounter_of(resource),
        hint=concept_words(resource.get("category")),
        key="not to do" if against else "",
        caution=NOT_TO_DO if against else "",
    )


def referral_reasons(resource: dict) -> str:
    return concept_words(resource.get("reasonCode")) or references_words(resource.get("reasonReference"), resource)


def to_whom(resource: dict) -> str:
    named = who(resource, "performer") or concept_words(resource.get("performerType"))
    return f"to {named}" if named else ""


def referral_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("Reason", referral_reasons(resource)),
            ("To", who(resource, "performer") or concept_words(resource.get("performerType"))),
            ("Asked by", who(resource, "requester")),
            ("Asked on", date_words(resource.get("authoredOn") or "")),
            ("Wanted", value_words(resource, "occurrence")),
            ("Priority", resource.get("priority") or ""),
            ("Kind", concept_words(resource.get("category"))),
            ("Details", concept_words(resource.get("orderDetail"))),
            ("Where", concept_words(resource.get("locationCode")) or who(resource, "locationReference")),
            ("Where on the body", concept_words(resource.get("bodySite"))),
            ("Told the person", plain(resource.get("patientInstruction"))),
            ("Status", resource.get("status") or ""),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )
