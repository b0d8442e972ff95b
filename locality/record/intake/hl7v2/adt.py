"""HL7 v2 ADT messages as FHIR R4 resources. https://hl7.org/fhir/uv/v2mappings/STU1/

An ADT message is a snapshot: what it leaves out is not known to be untrue. Each resource's id comes from the sender's
own numbers, so a later message about the same patient, visit or relative is a new version of the same resource.
"""

import base64
import re
from hashlib import sha256

from locality.record.intake.hl7v2.message import BadMessage, Message, Segment
from locality.record.intake.hl7v2.person import allergies, patient, relatives
from locality.record.intake.hl7v2.types import (
    TERMINOLOGY,
    Json,
    every,
    identifier,
    instant,
    kept,
    name,
    own_id,
    time_of,
)
from locality.record.intake.hl7v2.visit import VISIT_EVENTS, conditions, encounter

PERSON_EVENTS = frozenset({"A28", "A31"})  # registered, updated: without a visit
MERGE_EVENTS = frozenset({"A18", "A34", "A40"})
TAKEN_IN = VISIT_EVENTS | PERSON_EVENTS | MERGE_EVENTS
ER7 = "x-application/hl7-v2+er7"


def resources(message: Message) -> list[Json]:
    """The FHIR resources of one ADT message: the patient first, the message as sent last. Raise BadMessage."""
    kind, event = message.kind
    if kind != "ADT" or event not in TAKEN_IN:
        raise BadMessage(f"It is a message of the type {_type_words(kind, event)}, which is not taken in.")
    found = _merged(message) if event in MERGE_EVENTS else _snapshot(message, event)
    found.append(_as_sent(message, patient_id=found[0]["id"]))
    meta = _meta(message, source=f"Binary/{found[-1]['id']}")
    return [{**one, "meta": meta} for one in found]


def _type_words(kind: str, event: str) -> str:
    """What MSH-9 says, if it has the form of a type: nothing else of a message may stand in a reason."""
    words = f"{kind}^{event}" if event else kind
    return words if re.fullmatch(r"[A-Z0-9]{3}(\^[A-Z0-9]{3})?", words) else "that MSH-9 names (or none)"


def _snapshot(message: Message, event: str) -> list[Json]:
    pids = message.all("PID")
    if len(pids) != 1:
        raise BadMessage("It has no PID segment, or more than one: it must be about one patient.")
    patient_id = _patient_id(pids[0], 3, "PID-3")
    visit = encounter(message, event, patient_id=patient_id)
    found = [patient(message, pids[0], patient_id=patient_id)]
    diagnoses = conditions(message, patient_id=patient_id, visit=visit)
    return [*found, *visit, *relatives(message, patient_id), *allergies(message, patient_id), *diagnoses]


def _patient_id(segment: Segment, number: int, where: str) -> str:
    patient_id = own_id("Patient", segment.repeats(number))
    if not patient_id:
        raise BadMessage(f"{where} holds no number for the patient.")
    return patient_id


def _merged(message: Message) -> list[Json]:
    """Who remains, and who was merged into them: each PID is followed by its MRG."""
    found: list[Json] = []
    pid: Segment | None = None
    for segment in message.segments:
        if segment.name == "PID":
            pid = segment
        elif segment.name == "MRG" and pid:
            found += _merged_pair(message, pid, segment)
    if not found:
        raise BadMessage("It merges patients, but has no PID segment with an MRG segment after it.")
    return found


def _merged_pair(message: Message, pid: Segment, mrg: Segment) -> list[Json]:
    remaining, old = _patient_id(pid, 3, "PID-3"), _patient_id(mrg, 1, "MRG-1")
    if remaining == old:
        raise BadMessage("It merges a patient into itself: PID-3 and MRG-1 hold the same number.")
    replaces = {"other": {"reference": f"Patient/{old}"}, "type": "replaces"}
    replaced_by = {"other": {"reference": f"Patient/{remaining}"}, "type": "replaced-by"}
    survivor = {**patient(message, pid, patient_id=remaining), "link": [replaces]}
    merged = {
        "resourceType": "Patient",
        "id": old,
        "active": False,
        "identifier": every(mrg, 1, identifier, sender=message.header.text(4)),
        "name": every(mrg, 7, name, use="old"),
        "link": [replaced_by],
    }
    return [survivor, kept(merged)]


def _as_sent(message: Message, *, patient_id: str) -> Json:
    """The message itself. Control ids come again, so its id also holds a print of its content."""
    control, print_of = message.header.text(10), sha256(message.content).hexdigest()
    readable = re.fullmatch(r"[A-Za-z0-9\-.]{1,40}", control)
    return {
        "resourceType": "Binary",
        "id": f"{control}-{print_of[:20]}" if readable else print_of[:48],
        "contentType": ER7,
        "securityContext": {"reference": f"Patient/{patient_id}"},
        "data": base64.b64encode(message.content).decode(),
    }


def _meta(message: Message, *, source: str) -> Json:
    """When it was written down (EVN-2, else MSH-7), which message said so, and how carefully to keep it."""
    recorded = instant(time_of(message.only("EVN").first(2))) or instant(time_of(message.header.first(7)))
    labels = []
    if message.only("PD1").text(12).upper() == "Y" or message.only("PV1").text(16).upper() not in ("", "N"):
        labels.append(_label("v3-Confidentiality", "R", "restricted"))  # protected, or in the public eye
    if message.header.text(11) in ("T", "D"):
        labels.append(_label("v3-ActReason", "HTEST", "test health data"))
    return kept({"lastUpdated": recorded, "source": source, "security": labels})


def _label(system: str, code: str, display: str) -> Json:
    return {"system": f"{TERMINOLOGY}/{system}", "code": code, "display": display}
