"""The visit (PV1, PV2) as an Encounter, and its diagnoses (DG1)."""

import re

from locality.record.intake.hl7v2.message import BadMessage, Field, Message, Segment
from locality.record.intake.hl7v2.types import (
    ODS,
    TERMINOLOGY,
    Json,
    coding,
    concept,
    derived_id,
    every,
    fhir_id,
    identifier,
    kept,
    practitioner,
    time_of,
    timed,
)

# what an event says of the visit; "" where PV1 itself must tell (an update, a change of class)
STATUSES = {
    "A01": "in-progress",  # admitted
    "A02": "in-progress",  # moved
    "A03": "finished",  # discharged
    "A04": "arrived",  # registered
    "A05": "planned",
    "A06": "in-progress",  # outpatient to inpatient
    "A07": "arrived",  # inpatient to outpatient
    "A08": "",  # updated
    "A11": "cancelled",  # not admitted after all
    "A12": "in-progress",  # not moved after all
    "A13": "in-progress",  # not discharged after all
    "A14": "planned",
    "A27": "cancelled",  # of A14
    "A38": "cancelled",  # of A05
}
VISIT_EVENTS = frozenset(STATUSES)

ACT_CODES = f"{TERMINOLOGY}/v3-ActCode"
CLASSES = {
    "I": ("IMP", "inpatient encounter"),
    "B": ("IMP", "inpatient encounter"),
    "O": ("AMB", "ambulatory"),
    "R": ("AMB", "ambulatory"),
    "E": ("EMER", "emergency"),
    "P": ("PRENC", "pre-admission"),
    "H": ("HH", "home health"),
    "V": ("VR", "virtual"),
}
NO_VISIT = {"", "N", "U"}  # PV1-2 of a message that must carry a PV1 but is about no visit

EXTENSIONS = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore"
CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore"
PLANNED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.planned"

ADMISSIONS = {"11": "From the waiting list", "12": "Booked", "13": "Planned"} | {
    code: "Emergency" for code in ("21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D")
}
HOMES = {
    "19": "Usual home",
    "29": "Temporary home",
    "54": "NHS care home",
    "65": "Council care home",
    "85": "Care home",
    "88": "Hospice",
}
PARTICIPANTS = {7: ("ATND", "attender"), 8: ("REF", "referrer"), 9: ("CON", "consultant"), 17: ("ADM", "admitter")}


def encounter(message: Message, event: str, *, patient_id: str) -> list[Json]:
    """The visit that the message is about, or none; raise BadMessage when a visit cannot be told from others."""
    pv1, pv2 = message.only("PV1"), message.only("PV2")
    visit_id = _visit_id(pv1, patient_id)
    if not visit_id:
        if event in VISIT_EVENTS and event != "A08" and pv1.text(2).upper() not in NO_VISIT:
            raise BadMessage("The visit has neither a number (PV1-19) nor a beginning (PV1-44).")
        return []
    status = STATUSES.get(event) or _status(pv1)
    if event == "A04" and pv1.text(2).upper() == "E":
        status = "in-progress"
    visit = {
        "resourceType": "Encounter",
        "id": visit_id,
        "identifier": every(pv1, 19, identifier, sender=message.header.text(4)),
        "status": status,
        "class": _class(pv1),
        "subject": {"reference": f"Patient/{patient_id}"},
        "serviceType": concept(pv1.first(10)),
        "participant": _participants(pv1),
        "period": _period(message, pv1, status),
        "reasonCode": [reason] if (reason := concept(pv2.first(3))) else [],
        "hospitalization": _hospitalization(pv1),
        "location": _locations(pv1, status),
        "serviceProvider": _provider(pv1),
        "extension": _planned(pv2),
    }
    return [kept(visit)]


def _visit_id(pv1: Segment, patient_id: str) -> str:
    number = pv1.first(19)
    if number.text(1):
        return fhir_id("Encounter", number.text(4), number.text(1))
    began = time_of(pv1.first(44))
    return derived_id("Encounter", patient_id, began) if began else ""


def _status(pv1: Segment) -> str:
    if pv1.text(45):
        return "finished"
    return "planned" if pv1.text(2).upper() == "P" else "in-progress"


def _class(pv1: Segment) -> Json:
    known = CLASSES.get(pv1.text(2).upper())
    return coding(known[0], ACT_CODES, known[1]) if known else coding("UNK", f"{TERMINOLOGY}/v3-NullFlavor", "unknown")


def _period(message: Message, pv1: Segment, status: str) -> Json:
    end = time_of(pv1.first(45))
    if status == "finished":
        end = end or time_of(message.only("EVN").first(6))
    # an undone discharge may still carry its old time
    return kept({**timed("start", time_of(pv1.first(44))), **timed("end", end if status == "finished" else "")})


def _participants(pv1: Segment) -> list[Json]:
    found = []
    for number, (code, words) in PARTICIPANTS.items():
        part = {"coding": [coding(code, f"{TERMINOLOGY}/v3-ParticipationType", words)]}
        found += [{"type": [part], "individual": one} for one in every(pv1, number, practitioner)]
    return found


def _hospitalization(pv1: Segment) -> Json:
    admission = _uk_code(pv1.first(4), "AdmissionMethodEngland", ADMISSIONS, size=2)
    method = _uk_code(pv1.first(36), "DischargeMethodEngland", {"4": "Died"}, size=1)
    outcome = pv1.text(36)
    destination = {} if len(outcome) == 1 else _uk_code(pv1.first(36), "DischargeDestinationEngland", HOMES, size=2)
    extensions = [
        {"url": f"{EXTENSIONS}-{which}", "valueCodeableConcept": one}
        for which, one in (("AdmissionMethod", admission), ("DischargeMethod", method if len(outcome) == 1 else {}))
        if one
    ]
    return kept(
        {
            "extension": extensions,
            "admitSource": _uk_code(pv1.first(14), "SourceOfAdmissionEngland", HOMES, size=2),
            "dischargeDisposition": destination,
            "destination": kept({"display": pv1.text(37)}),
        }
    )


def _uk_code(field: Field, system: str, words: dict[str, str], *, size: int) -> Json:
    """A code of the NHS Data Dictionary where it has the form of one, in short words of our own."""
    code = field.text(1)
    if len(code) == size and code[:1].isdigit() and not field.text(3):
        return kept({"coding": [coding(code, f"{CODES}-{system}")], "text": words.get(code, field.text(2))})
    return concept(field)


def _locations(pv1: Segment, status: str) -> list[Json]:
    """Where the patient is (PV1-3), and where they were moved from (PV1-6)."""
    now = "completed" if status in ("finished", "cancelled") else "planned" if status == "planned" else "active"
    found = []
    for number, place_status in ((3, now), (6, "completed")):
        words = ", ".join(part for at in (1, 2, 3) if (part := pv1.text(number, at)))
        if words:
            found.append({"location": {"display": words}, "status": place_status})
    return found


def _provider(pv1: Segment) -> Json:
    """The organisation or site that sees the patient: PV1-39, else the facility of the location."""
    code = pv1.text(39) or pv1.text(3, 4)
    if not code:
        return {}
    system = ODS if re.match(r"[A-Z0-9]{3}([A-Z0-9]{2,3})?\Z", code) else ""
    return {"identifier": kept({"system": system, "value": code}), "display": code}


def _planned(pv2: Segment) -> list[Json]:
    """When the visit is expected to begin and to end (PV2-8, PV2-9), in FHIR R5's own words."""
    found = []
    for number, which in ((8, "StartDate"), (9, "EndDate")):
        if element := timed("valueDateTime", time_of(pv2.first(number))):
            found.append({"url": PLANNED + which, **element})
    return found


VERIFICATIONS = {"W": "provisional", "A": "provisional", "F": "confirmed"}
USES = {"A": ("AD", "Admission diagnosis"), "F": ("DD", "Discharge diagnosis")}


def conditions(message: Message, *, patient_id: str, visit: list[Json]) -> list[Json]:
    """The diagnoses of the visit (DG1); the Encounter, when there is one, is told of each in its order."""
    found: dict[str, Json] = {}
    for dg1 in message.all("DG1"):
        said = dg1.text(3) or dg1.text(3, 2) or dg1.text(4)
        if not said:
            continue
        one = _condition(dg1, patient_id, visit, said)
        if one["id"] not in found and visit:
            visit[0].setdefault("diagnosis", []).append(_diagnosis(dg1, one["id"]))
        found[one["id"]] = one
    return list(found.values())


def _condition(dg1: Segment, patient_id: str, visit: list[Json], said: str) -> Json:
    about_visit = {"encounter": {"reference": f"Encounter/{visit[0]['id']}"}} if visit else {}
    verification = VERIFICATIONS.get(dg1.text(6).upper())
    status = {"coding": [coding(verification, f"{TERMINOLOGY}/condition-ver-status")]} if verification else {}
    category = {"coding": [coding("encounter-diagnosis", f"{TERMINOLOGY}/condition-category", "Encounter Diagnosis")]}
    return kept(
        {
            "resourceType": "Condition",
            "id": derived_id("Condition", patient_id, visit[0]["id"] if visit else "", said.casefold()),
            "verificationStatus": status,
            "category": [category],
            "code": concept(dg1.first(3), text=dg1.text(4)) or {"text": said},
            "subject": {"reference": f"Patient/{patient_id}"},
            **about_visit,
            **timed("recordedDate", time_of(dg1.first(5))),
        }
    )


def _diagnosis(dg1: Segment, condition_id: str) -> Json:
    use = USES.get(dg1.text(6).upper())
    rank = dg1.text(15)
    return kept(
        {
            "condition": {"reference": f"Condition/{condition_id}"},
            "use": {"coding": [coding(use[0], f"{TERMINOLOGY}/diagnosis-role", use[1])]} if use else {},
            "rank": int(rank) if rank.isascii() and rank.isdigit() and 0 < int(rank) < 1000 else None,
        }
    )
