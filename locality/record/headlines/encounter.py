"""Encounter: contacts, visits and stays. Procedure: what was done."""

from locality.record.headlines.line import Line, actors, encounter_of, participants, period_of, sentence, when_of, who
from locality.record.headlines.shapes import Detail, Topic
from locality.record.headlines.values import value_words
from locality.record.headlines.when import period_words
from locality.record.headlines.words import (
    annotation_words,
    concept,
    concept_words,
    plain,
    reference_words,
    references_words,
)

# https://terminology.hl7.org/CodeSystem-v3-ActCode.html, as a practitioner here would say it
CLASS_WORDS = {
    "AMB": "Outpatient or clinic visit", "EMER": "Emergency attendance", "FLD": "Visit in the field",
    "HH": "Home visit", "IMP": "Hospital stay", "ACUTE": "Acute hospital stay", "NONAC": "Hospital stay",
    "OBSENC": "Observation stay", "PRENC": "Pre-admission visit", "SS": "Short stay",
    "VR": "Telephone or video contact",
}  # fmt: skip


def kind_of_visit(resource: dict) -> str:
    visit = resource.get("class") or {}
    return CLASS_WORDS.get(visit.get("code") or "") or plain(visit.get("display") or visit.get("code"))


def line(resource: dict) -> Line:
    said = concept(resource.get("type"))
    service = concept_words(resource.get("serviceType"))
    starts, ends = period_of(resource.get("period"))
    status = resource.get("status") or ""
    by = who(resource, "serviceProvider") or actors(resource, "participant")
    return Line(
        topic=Topic.NEXT if status == "planned" else Topic.ENCOUNTER,
        concept=said,
        title=said.words or service or kind_of_visit(resource),
        value=sentence(reasons(resource), "cancelled" if status == "cancelled" else ""),
        starts=starts,
        ends=ends,
        status=status,
        by=by,
        # a clinic's name may tell what its patients have
        hint=sentence(service, by),
    )


def reasons(resource: dict) -> str:
    return concept_words(resource.get("reasonCode")) or references_words(resource.get("reasonReference"), resource)


def detail(resource: dict) -> Detail:
    stay = resource.get("hospitalization") or {}
    places = [reference_words(one.get("location"), resource) for one in resource.get("location") or ()]
    findings = [reference_words(one.get("condition"), resource) for one in resource.get("diagnosis") or ()]
    return Detail(
        lines=[
            ("When", period_words(resource.get("period"))),
            ("Kind of visit", kind_of_visit(resource)),
            ("Service", concept_words(resource.get("serviceType"))),
            ("Reason", reasons(resource)),
            ("Diagnosis", sentence(*findings)),
            ("Priority", concept_words(resource.get("priority"))),
            ("Place", sentence(*dict.fromkeys(places))),
            ("Came from", concept_words(stay.get("admitSource"))),
            ("Went to", concept_words(stay.get("dischargeDisposition"))),
            ("Diet", concept_words(stay.get("dietPreference"))),
            ("Special arrangements", concept_words(stay.get("specialArrangement"))),
            ("Provided by", reference_words(resource.get("serviceProvider"), resource)),
            ("Status", resource.get("status") or ""),
        ],
        people=participants(resource, resource.get("participant"), "type", "individual"),
    )


def procedure_line(resource: dict) -> Line:
    starts, ends = when_of(resource, "performed")
    status = resource.get("status") or ""
    not_done = status == "not-done"
    why = concept_words(resource.get("statusReason"))
    outcome = concept_words(resource.get("outcome"))
    return Line(
        topic=Topic.PROCEDURE,
        concept=concept(resource.get("code")),
        value=(f"not done: {why}" if why else "not done") if not_done else outcome,
        starts=starts,
        ends=ends,
        status=status,
        by=actors(resource, "performer") or who(resource, "asserter", "recorder"),
        encounter=encounter_of(resource),
        hint=concept_words(resource.get("category")),
        key="not done" if not_done else "",
        caution="Not done." if not_done else "",
    )


def procedure_detail(resource: dict) -> Detail:
    return Detail(
        lines=[
            ("When", value_words(resource, "performed")),
            ("Why", reasons(resource)),
            ("Where on the body", concept_words(resource.get("bodySite"))),
            ("Place", reference_words(resource.get("location"), resource)),
            ("Outcome", concept_words(resource.get("outcome"))),
            ("Complication", concept_words(resource.get("complication"))),
            ("Follow-up", concept_words(resource.get("followUp"))),
            ("Not done because", concept_words(resource.get("statusReason"))),
            ("Status", resource.get("status") or ""),
            ("Note", annotation_words(resource.get("note"))),
        ],
        people=participants(resource, resource.get("performer"), "function", "actor"),
    )
