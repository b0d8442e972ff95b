"""One resource as one line of a person page, and as what opens under it."""

from collections.abc import Callable

from locality.record.headlines import (
    about_me,
    allergy,
    appointment,
    carers,
    condition,
    consent,
    document,
    encounter,
    flag,
    medicine,
    observation,
    other,
    plan,
    rarer,
)
from locality.record.headlines.line import Line
from locality.record.headlines.marks import UNMARKED, Marks, also, held_back_code, label_of, marks, sensitive
from locality.record.headlines.shapes import Detail, Headline, State, Topic
from locality.record.headlines.states import state_of
from locality.record.headlines.subject import SUBJECT_OF, subject, subjects
from locality.record.headlines.when import ending, instant
from locality.record.headlines.words import plain

LINES: dict[str, Callable[[dict], Line]] = {
    "AdverseEvent": rarer.event_line,
    "AllergyIntolerance": allergy.line,
    "Appointment": appointment.line,
    "AppointmentResponse": appointment.answer_line,
    "CarePlan": plan.care_plan_line,
    "CareTeam": plan.team_line,
    "Communication": rarer.message_line,
    "CommunicationRequest": rarer.message_line,
    "Composition": document.composition_line,
    "Condition": condition.line,
    "Consent": consent.line,
    "DetectedIssue": flag.issue_line,
    "DeviceUseStatement": rarer.device_use_line,
    "DiagnosticReport": document.report_line,
    "DocumentManifest": document.manifest_line,
    "DocumentReference": document.document_line,
    "Encounter": encounter.line,
    "EpisodeOfCare": plan.episode_line,
    "FamilyMemberHistory": rarer.family_line,
    "Flag": flag.line,
    "Goal": plan.goal_line,
    "ImagingStudy": document.imaging_line,
    "Immunization": medicine.vaccine_line,
    "ImmunizationRecommendation": medicine.recommended_line,
    "List": rarer.list_line,
    "Media": document.media_line,
    "MedicationAdministration": medicine.line,
    "MedicationDispense": medicine.line,
    "MedicationRequest": medicine.line,
    "MedicationStatement": medicine.line,
    "Observation": observation.line,
    "Procedure": encounter.procedure_line,
    "QuestionnaireResponse": about_me.line,
    "RelatedPerson": carers.line,
    "RiskAssessment": rarer.risk_line,
    "ServiceRequest": plan.referral_line,
    "Task": plan.task_line,
}
DETAILS: dict[str, Callable[[dict], Detail]] = {
    "AllergyIntolerance": allergy.detail,
    "Appointment": appointment.detail,
    "CarePlan": plan.care_plan_detail,
    "CareTeam": plan.team_detail,
    "Communication": rarer.message_detail,
    "CommunicationRequest": rarer.message_detail,
    "Composition": document.composition_detail,
    "Condition": condition.detail,
    "Consent": consent.detail,
    "DetectedIssue": flag.issue_detail,
    "DiagnosticReport": document.report_detail,
    "DocumentReference": document.document_detail,
    "Encounter": encounter.detail,
    "EpisodeOfCare": plan.episode_detail,
    "FamilyMemberHistory": rarer.family_detail,
    "Flag": flag.detail,
    "Goal": plan.goal_detail,
    "Immunization": medicine.vaccine_detail,
    "List": rarer.list_detail,
    "Media": document.media_detail,
    "MedicationAdministration": medicine.detail,
    "MedicationDispense": medicine.detail,
    "MedicationRequest": medicine.detail,
    "MedicationStatement": medicine.detail,
    "Observation": observation.detail,
    "Procedure": encounter.procedure_detail,
    "QuestionnaireResponse": about_me.detail,
    "RelatedPerson": carers.detail,
    "RiskAssessment": rarer.risk_detail,
    "ServiceRequest": plan.referral_detail,
    "Task": plan.task_detail,
}
CLASS_OF = {
    **dict.fromkeys(
        [Topic.ABOUT_ME, Topic.COMMUNICATION, Topic.ALERT, Topic.ALLERGY, Topic.PROBLEM, Topic.MEDICINE, Topic.CONTACT,
         Topic.DECISION],
        "SUM",
    ),
    **dict.fromkeys(
        [Topic.TEAM, Topic.PLAN, Topic.GOAL, Topic.NEXT, Topic.REFERRAL, Topic.TASK, Topic.REFERENCE], "WORK"
    ),
    Topic.PACKAGE: "SOC",
}  # fmt: skip
# the panels that words may move a line into, and from where
MOVED_BY_WORDS = (
    ("about_me", Topic.ABOUT_ME, {Topic.DOCUMENT, Topic.REPORT, Topic.OBSERVATION, Topic.PLAN}),
    ("decision", Topic.DECISION, {Topic.DOCUMENT, Topic.REPORT, Topic.OBSERVATION, Topic.PROBLEM, Topic.ALERT,
                                  Topic.CONSENT, Topic.PLAN, Topic.PROCEDURE}),
    ("communication", Topic.COMMUNICATION, {Topic.OBSERVATION, Topic.PROBLEM, Topic.ALERT}),
    ("package", Topic.PACKAGE, {Topic.PLAN, Topic.TEAM}),
)  # fmt: skip
# what was said once in these panels stands until something newer is said
STANDS = {Topic.ABOUT_ME, Topic.COMMUNICATION, Topic.DECISION}
SAID = {"final", "amended", "corrected", "appended", "completed", "preliminary"}
MODIFIED = "Carries a modifier we do not know: read the original."
SEVERAL = "About more than one person: read the original."
LONGEST = 300


def headline(resource: dict) -> Headline:
    """One line for one R4 resource that passed the structure checks: what, about whom, when, who may see it."""
    kind = resource.get("resourceType") or ""
    line = LINES.get(kind, other.line)(resource)
    concept = line.concept
    title = shortened(title_of(line, kind))
    value = shortened(line.value)
    meta = resource.get("meta")
    security = meta.get("security") if meta else None
    # numbers say nothing that words could hold back
    said = UNMARKED if line.topic is Topic.REFERENCE else marks_of(title, "" if line.unit else value, line.hint)
    topic = panel(line.topic, said)
    code, system = concept.code, concept.system
    if topic is Topic.REFERENCE and not code:
        code, system = first_identifier(resource)
    return Headline(
        kind,
        topic,
        subject(resource),
        code,
        system,
        title,
        value,
        line.number,
        line.unit,
        instant(line.starts) if line.starts else None,
        line.starts,
        ending(line.ends) if line.ends else None,
        line.status,
        state_in_panel(line, kind, topic),
        data_class(line, topic, said, sensitive(security) if security else False),
        label_of(security) if security else "N",
        shortened(line.by) if line.by else "",
        line.encounter,
        group_key(line, topic, title, value),
        cautions(line, resource, kind),
    )


def first_identifier(resource: dict) -> tuple[str, str]:
    """By what others refer to somebody or somewhere, where they do not know the sender's own id: value and system."""
    told = resource.get("identifier") or ()
    first = told if isinstance(told, dict) else next((one for one in told if isinstance(one, dict)), {})
    return first.get("value") or "", first.get("system") or ""


def title_of(line: Line, kind: str) -> str:
    """Words whatever happens: a bare code gets the name of its type before it."""
    title = line.title or line.concept.words
    if not title:
        return other.type_words(kind)
    if title == line.concept.code and (title.isdigit() or any(map(str.isdigit, title)) or kind == "Task"):
        return f"{other.type_words(kind).partition(',')[0]}: {title}"
    return title[0].upper() + title[1:] if title[0].islower() and " " not in title[:4] else title


def marks_of(title: str, value: str, hint: str) -> Marks:
    """What the title, or the words behind it, mark. A value only holds back: it moves no line to another panel."""
    said = marks(title)
    if hint:
        said = also(said, marks(hint))
    if value:
        told = marks(value)
        if told.held_back or told.safeguarding:
            said = also(said, Marks(held_back=told.held_back, safeguarding=told.safeguarding))
    return said


def panel(topic: Topic, said: Marks) -> Topic:
    if said is UNMARKED:
        return topic
    for mark, moved, places in MOVED_BY_WORDS:
        if topic in places and getattr(said, mark):
            return moved
    return topic


def state_in_panel(line: Line, kind: str, topic: Topic) -> State:
    state = line.state or state_of(kind, line.status)
    return State.CURRENT if state is State.PAST and topic in STANDS and line.status in SAID else state


def data_class(line: Line, topic: Topic, said: Marks, marked_sensitive: bool) -> str:
    if said.safeguarding:
        return "SAFE"
    if marked_sensitive or said.held_back or held_back_code(line.concept.code, line.concept.system):
        return "SENS"
    usual = line.data_class or CLASS_OF.get(topic, "CLIN")
    return "SOC" if said.social and usual in {"CLIN", "WORK"} and topic is not Topic.REFERENCE else usual


def group_key(line: Line, topic: Topic, title: str, value: str) -> str:
    """Equal for the same fact from two senders: its code (or words), and, of what happens on a day, the day.

    Two results of one day differ by their value; a later request, or another sender's word, for the same problem,
    allergy, medicine, alert or contact is the same fact whenever it was written.
    """
    concept = line.concept
    what = line.key or (f"{concept.system}|{concept.code}" if concept.code else "") or title
    if topic in {Topic.DOCUMENT, Topic.PLAN, Topic.NEXT, Topic.TEAM} and not line.key:
        what = title
    if line.key and topic in {Topic.MEDICINE, Topic.IMMUNISATION, Topic.PROCEDURE, Topic.REFERRAL}:
        what = f"{line.key} {concept.code or title}"
    parts = [topic, " ".join(what.casefold().split())]
    if line.dated:
        parts.append(line.starts[:10])
        if topic is Topic.OBSERVATION:
            parts.append(value.casefold())
    return "|".join(parts)


def cautions(line: Line, resource: dict, kind: str) -> str:
    found = [line.caution] if line.caution else []
    if modified(resource):
        found.append(MODIFIED)
    if "." in SUBJECT_OF.get(kind, "") and len(subjects(resource)) > 1:
        found.append(SEVERAL)
    return " ".join(found)


def modified(resource: dict) -> bool:
    """Whether it, or an element one step inside it, changes its own meaning in a way that we do not know."""
    if "modifierExtension" in resource or "implicitRules" in resource:
        return True
    for value in resource.values():
        if type(value) is list:
            for one in value:
                if type(one) is dict and "modifierExtension" in one:
                    return True
        elif type(value) is dict and "modifierExtension" in value:
            return True
    return False


def shortened(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " \u2026"


def detail(resource: dict) -> Detail:
    """What opens under the line; every list empty where the resource says nothing of the kind."""
    shown = DETAILS.get(resource.get("resourceType") or "", other.detail)(resource)
    shown.lines = [(label, plain(words)) for label, words in shown.lines if words]
    shown.narrative_html = ((resource.get("text") or {}).get("div") or "") + shown.narrative_html
    return shown
