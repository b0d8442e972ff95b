"""Medicines asked for, stated, dispensed and given; vaccinations."""

from locality.record.headlines.amounts import quantity_words, range_words, ratio_words
from locality.record.headlines.line import Line, actors, encounter_of, period_of, sentence, when_of, who
from locality.record.headlines.shapes import Detail, MedicineWords, State, Topic
from locality.record.headlines.states import state_of
from locality.record.headlines.timing import timing_words
from locality.record.headlines.values import value_words
from locality.record.headlines.when import date_words
from locality.record.headlines.words import (
    NOTHING,
    Concept,
    annotation_words,
    concept,
    concept_words,
    contained,
    plain,
    reference_words,
    references_words,
)

NOT_NAMED = "Medicine, not named here"
# a request that is a suggestion or a plan has not been started, however active it is
NOT_YET = {"proposal", "plan", "option"}


def medicine(resource: dict) -> Concept:
    """Which medicine: the code, or what is contained or displayed of the medicine referred to."""
    coded = resource.get("medicationCodeableConcept")
    if coded:
        return concept(coded)
    reference = resource.get("medicationReference")
    inside = contained(reference, resource)
    if inside:
        said = concept(inside.get("code"))
        return said if said.words else Concept("", "", reference_words(reference, resource) or ingredients(inside))
    return Concept("", "", reference_words(reference)) if reference else NOTHING


def ingredients(medication: dict) -> str:
    named = (concept_words(one.get("itemCodeableConcept")) for one in medication.get("ingredient") or ())
    return ", ".join(filter(None, named))


def dosages(resource: dict) -> list[dict]:
    """The dosage under whichever name its type gives it."""
    dosage = resource.get("dosageInstruction") or resource.get("dosage")
    return [dosage] if type(dosage) is dict else (dosage or [])


def dose_words(resource: dict) -> str:
    return "; then ".join(dict.fromkeys(filter(None, map(dosage_words, dosages(resource)))))


def dosage_words(dosage: dict) -> str:
    said = plain(dosage.get("text"))
    if said:
        return said
    rates = dosage.get("doseAndRate") or [dosage]
    needed = concept_words(dosage.get("asNeededCodeableConcept"))
    return sentence(
        " then ".join(filter(None, map(amount_words, rates))),
        concept_words(dosage.get("route")),
        timing_words(dosage.get("timing") or {}),
        f"when needed for {needed}" if needed else "when needed" if dosage.get("asNeededBoolean") else "",
        concept_words(dosage.get("additionalInstruction")) or plain(dosage.get("patientInstruction")),
    )


def amount_words(rate: dict) -> str:
    dose = rate.get("dose") if type(rate.get("dose")) is dict else None
    amount = quantity_words(rate.get("doseQuantity") or dose) or range_words(rate.get("doseRange") or {})
    speed = quantity_words(rate.get("rateQuantity")) or ratio_words(rate.get("rateRatio") or {})
    return f"{amount} at {speed}" if amount and speed else amount or speed


def reason_words(resource: dict) -> str:
    return concept_words(resource.get("reasonCode")) or references_words(resource.get("reasonReference"), resource)


def since(resource: dict) -> tuple[str, str]:
    """From when, and until when, as sent: the dosage's own limits come before the day it was written."""
    starts, ends = when_of(resource, "effective")
    if not starts:
        limits = [(one.get("timing") or {}).get("repeat") or {} for one in dosages(resource)]
        starts, ends = next((period_of(one["boundsPeriod"]) for one in limits if one.get("boundsPeriod")), ("", ends))
    written = resource.get("authoredOn") or resource.get("dateAsserted") or ""
    given = resource.get("whenHandedOver") or resource.get("whenPrepared") or ""
    return starts or written or given, ends


def line(resource: dict) -> Line:
    said = medicine(resource)
    starts, ends = since(resource)
    status = resource.get("status") or ""
    withheld = resource.get("doNotPerform") is True
    return Line(
        topic=Topic.MEDICINE,
        concept=said,
        title=said.words or NOT_NAMED,
        value=sentence(dose_words(resource), "on hold" if status == "on-hold" else ""),
        starts=starts,
        ends=ends,
        status=status,
        state=state(resource, status),
        by=who(resource, "requester", "informationSource")
        or actors(resource, "performer")
        or who(resource, "recorder"),
        encounter=encounter_of(resource) or encounter_in_context(resource),
        dated=False,
        key="do not give" if withheld else "",
        caution="Not to be given: this is an instruction against this medicine." if withheld else "",
    )


def encounter_in_context(resource: dict) -> str:
    found = encounter_of(resource, "context")
    return "" if "EpisodeOfCare/" in found else found


def state(resource: dict, status: str) -> State:
    if status == "active" and resource.get("intent") in NOT_YET:
        return State.PLANNED
    return state_of(resource.get("resourceType") or "", status)


def detail(resource: dict) -> Detail:
    starts, ends = since(resource)
    shown = MedicineWords(
        dose=dose_words(resource),
        reason=reason_words(resource),
        since=date_words(starts),
        reference=(resource.get("medicationReference") or {}).get("reference") or "",
    )
    supply = resource.get("dispenseRequest") or {}
    return Detail(
        lines=[
            ("Dose", shown.dose),
            ("For", shown.reason),
            ("Since", shown.since),
            ("Until", date_words(ends)),
            ("Quantity", quantity_words(supply.get("quantity") or resource.get("quantity"))),
            ("Days' supply", quantity_words(supply.get("expectedSupplyDuration") or resource.get("daysSupply"))),
            ("Repeats allowed", value_words({"valueInteger": supply.get("numberOfRepeatsAllowed")})),
            ("Kind", concept_words(resource.get("category") or resource.get("courseOfTherapyType"))),
            (
                "Why this status",
                concept_words(resource.get("statusReason") or resource.get("statusReasonCodeableConcept")),
            ),
            ("Status", resource.get("status") or ""),
            ("Note", annotation_words(resource.get("note"))),
        ],
        medicine=shown,
    )


def vaccine_line(resource: dict) -> Line:
    status = resource.get("status") or ""
    not_done = status == "not-done"
    why = concept_words(resource.get("statusReason"))
    return Line(
        topic=Topic.IMMUNISATION,
        concept=concept(resource.get("vaccineCode")),
        value=f"not given: {why}" if not_done and why else "not given" if not_done else dose_number(resource),
        starts=resource.get("occurrenceDateTime") or resource.get("recorded") or "",
        status=status,
        by=actors(resource, "performer"),
        encounter=encounter_of(resource),
        key="not given" if not_done else "",
        caution="Not given." if not_done else "",
    )


def dose_number(resource: dict) -> str:
    for protocol in resource.get("protocolApplied") or ():
        dose = value_words(protocol, "doseNumber")
        if dose:
            return f"dose {dose}"
    return ""


def vaccine_detail(resource: dict) -> Detail:
    targets = [concept_words(one.get("targetDisease")) for one in resource.get("protocolApplied") or ()]
    return Detail(
        lines=[
            ("Given on", value_words(resource, "occurrence")),
            ("Against", sentence(*targets)),
            ("Dose", sentence(dose_number(resource), quantity_words(resource.get("doseQuantity")))),
            ("Where on the body", concept_words(resource.get("site"))),
            ("How", concept_words(resource.get("route"))),
            ("Batch", plain(resource.get("lotNumber"))),
            ("Expires", date_words(resource.get("expirationDate") or "")),
            ("Made by", reference_words(resource.get("manufacturer"), resource)),
            ("Place", reference_words(resource.get("location"), resource)),
            ("Reason", reason_words(resource)),
            ("Not given because", concept_words(resource.get("statusReason"))),
            ("Note", annotation_words(resource.get("note"))),
        ]
    )


def recommended_line(resource: dict) -> Line:
    advice = (resource.get("recommendation") or [{}])[0]
    due = [one.get("value") for one in advice.get("dateCriterion") or () if one.get("value")]
    vaccine = concept(advice.get("vaccineCode"))
    target = concept_words(advice.get("targetDisease"))
    return Line(
        topic=Topic.IMMUNISATION,
        concept=vaccine,
        title=f"Vaccination advised: {vaccine.words or target}" if vaccine.words or target else "",
        value=concept_words(advice.get("forecastStatus")),
        starts=due[0] if due else resource.get("date") or "",
        state=State.PLANNED,
        by=who(resource, "authority"),
    )
