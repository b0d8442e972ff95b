"""Every other type: what is left about a person, and what is about nobody (organisations, places, medicines ...)."""

from typing import NamedTuple

from locality.record.headlines.about_me import spaced
from locality.record.headlines.amounts import money_words
from locality.record.headlines.line import Line, actors, encounter_of, sentence, when_of, who
from locality.record.headlines.names import best_name
from locality.record.headlines.shapes import Detail, State, Topic
from locality.record.headlines.subject import SUBJECT_OF, subject
from locality.record.headlines.values import value_words
from locality.record.headlines.when import period_words
from locality.record.headlines.words import (
    NOTHING,
    Concept,
    annotation_words,
    concept,
    concept_words,
    name_words,
    plain,
)

CODES = (
    "code", "medicationCodeableConcept", "type", "serviceType", "category", "codeCodeableConcept",
    "productOrService", "itemCodeableConcept", "topic", "reasonCode", "event", "morphology", "service", "class",
)  # fmt: skip
DATES = (
    "authoredOn", "date", "created", "recordedDate", "recorded", "sent", "issued", "receivedTime", "timestamp",
    "dateTime", "enteredDate", "prepared", "collectedDateTime", "start", "manufactureDate", "suppliedOn",
)  # fmt: skip
SPANS = ("period", "billablePeriod", "servicePeriod", "effective", "occurrence", "performed", "serviced", "timing",
         "applies", "planningHorizon", "execution")  # fmt: skip
WRITERS = ("requester", "author", "performer", "assessor", "recorder", "sender", "provider", "insurer", "reporter",
           "enterer", "prescriber", "source", "supplier", "managingOrganization",
           "organization", "custodian")  # fmt: skip
TYPE_WORDS = {
    "AllergyIntolerance": "Allergy", "AuditEvent": "Who looked", "Basic": "Other record",
    "BodyStructure": "Part of the body",
    "CareTeam": "Care team", "ClinicalImpression": "Clinical assessment", "Condition": "Problem, not named",
    "Coverage": "Insurance or entitlement", "DetectedIssue": "Possible problem found", "DiagnosticReport": "Report",
    "DocumentReference": "Document", "Encounter": "Contact or visit", "EpisodeOfCare": "Under the care of a service",
    "ExplanationOfBenefit": "Claim settled", "FamilyMemberHistory": "Family history", "Flag": "Alert",
    "ImagingStudy": "Scan or X-ray", "Immunization": "Vaccination", "ImmunizationEvaluation": "Vaccination checked",
    "MedicationRequest": "Medicine", "Media": "Picture or recording", "MolecularSequence": "Genetic sequence",
    "Observation": "Finding, not named", "Patient": "Name not given",
    "Person": "Person in another index", "Provenance": "Where a record came from",
    "QuestionnaireResponse": "Form filled in", "RequestGroup": "Set of requests", "ServiceRequest": "Request",
    "VisionPrescription": "Glasses or lenses",
}  # fmt: skip


class Kind(NamedTuple):
    topic: Topic
    data_class: str = ""


FINANCE = Kind(Topic.OTHER, "SOC")
# what holds or names several people is nobody's, and is not for everybody's eyes
CLOSED = Kind(Topic.OTHER)
KINDS = {
    **dict.fromkeys(["Bundle", "Parameters", "Group", "Linkage"], CLOSED),
    "ClinicalImpression": Kind(Topic.REPORT),
    "NutritionOrder": Kind(Topic.PLAN),
    "RequestGroup": Kind(Topic.PLAN),
    "DeviceRequest": Kind(Topic.REFERRAL),
    "Person": Kind(Topic.OTHER, "ID"),
    "Patient": Kind(Topic.OTHER, "ID"),
    **dict.fromkeys(
        ["Account", "ChargeItem", "Claim", "ClaimResponse", "Contract", "Coverage", "CoverageEligibilityRequest",
         "CoverageEligibilityResponse", "EnrollmentRequest", "EnrollmentResponse", "ExplanationOfBenefit", "Invoice",
         "PaymentNotice", "PaymentReconciliation"],
        FINANCE,
    ),
}  # fmt: skip


# things that are about a person only when they say so
OFTEN_NOBODYS = {"Device", "Schedule", "SupplyDelivery", "SupplyRequest"}


def kind_of(resource: dict, kind: str) -> Kind:
    if kind in OFTEN_NOBODYS and not subject(resource):
        return Kind(Topic.REFERENCE)
    return KINDS.get(kind) or Kind(Topic.OTHER if kind in SUBJECT_OF else Topic.REFERENCE)


def type_words(kind: str) -> str:
    return TYPE_WORDS.get(kind) or spaced(kind).capitalize() or "Resource of no type"


def line(resource: dict) -> Line:
    kind = resource.get("resourceType") or ""
    known = kind_of(resource, kind)
    said = first_concept(resource)
    starts, ends = first_when(resource)
    status = resource.get("status")
    title = named(resource) or said.words
    return Line(
        topic=known.topic,
        concept=said,
        title=with_type(kind, title) if known.topic is not Topic.REFERENCE else title,
        value=amount(resource) or (plain(resource["summary"]) if type(resource.get("summary")) is str else ""),
        starts=starts,
        ends=ends,
        status=status if type(status) is str else concept(status).code if status else "",
        state=state(resource, kind),
        by=who(resource, *WRITERS) or actors(resource, "performer"),
        encounter=encounter_of(resource) or encounter_of(resource, "context"),
        data_class=known.data_class,
    )


def with_type(kind: str, title: str) -> str:
    """What a stranger's type is called, before what it says: "Claim: physiotherapy"."""
    words = type_words(kind)
    return f"{words}: {title}" if title and kind not in {"Patient", "Person"} else title


def state(resource: dict, kind: str) -> State | None:
    if kind in {
        "Patient",
        "Person",
        "Practitioner",
        "Organization",
        "Location",
        "PractitionerRole",
        "HealthcareService",
    }:
        return State.PAST if resource.get("active") is False else State.CURRENT
    return None


def first_concept(resource: dict) -> Concept:
    diet = resource.get("oralDiet") or resource.get("enteralFormula") or {}
    for found in (*(resource.get(element) for element in CODES), diet.get("type"), diet.get("baseFormulaType")):
        if type(found) is list:
            found = found[0] if found else None
        if type(found) is dict:
            if not found.get("coding") and found.get("code") and type(found["code"]) is str:
                found = {"coding": [found]}
            said = concept(found)
            if said.words:
                return said
    return NOTHING


def named(resource: dict) -> str:
    name = resource.get("name")
    if type(name) is list:
        person = best_name([one for one in name if type(one) is dict])
        return family_first(person) if person else ""
    for text in (resource.get("title"), name, resource.get("description")):
        if type(text) is str and text.strip():
            return plain(text)
    if resource.get("resourceType") == "PractitionerRole":
        roles = concept_words(resource.get("code"))
        return sentence(who(resource, "practitioner"), roles, who(resource, "organization"))
    product = resource.get("deviceName") or ()
    return plain(product[0].get("name")) if product and type(product[0]) is dict else ""


def family_first(name: dict) -> str:
    """FAMILY, Given: the way records are filed."""
    family, given = plain(name.get("family")), plain(" ".join(one for one in name.get("given") or () if one))
    return f"{family.upper()}, {given}" if family and given else family.upper() or given or name_words(name)


def first_when(resource: dict) -> tuple[str, str]:
    for element in DATES:
        found = resource.get(element)
        if found and type(found) is str:
            return found, ""
    for element in SPANS:
        span = resource.get(element)
        if type(span) is dict and (span.get("start") or span.get("end")):
            return span.get("start") or "", span.get("end") or ""
        starts, ends = when_of(resource, element)
        if starts or ends:
            return starts, ends
    return "", ""


def amount(resource: dict) -> str:
    for element in ("total", "totalNet", "paymentAmount", "priceOverride"):
        money = resource.get(element)
        if type(money) is dict:
            return money_words(money)
    words = value_words(resource)
    return words or concept_words(resource.get("outcome")) if type(resource.get("outcome")) in (dict, list) else words


def detail(resource: dict) -> Detail:
    said = first_concept(resource)
    period = resource.get("period")
    return Detail(
        lines=[
            ("What", said.words),
            ("About", resource["description"] if type(resource.get("description")) is str else ""),
            ("When", period_words(period) if type(period) is dict else value_words(resource, "occurrence")),
            ("Amount", amount(resource)),
            ("By", who(resource, *WRITERS)),
            ("Status", resource["status"] if type(resource.get("status")) is str else ""),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )
