"""A line of the audit as a FHIR R4 AuditEvent, shaped as IHE's Basic Audit Log Patterns ask.

https://profiles.ihe.net/ITI/BALP/ and https://hl7.org/fhir/R4/auditevent.html
"""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from locality.base import ViewerKind
from locality.journal.rules.deeds import REFUSED_PAGE, Deed, Kind, deed

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
TYPES = "http://terminology.hl7.org/CodeSystem/audit-event-type"
INTERACTIONS = "http://hl7.org/fhir/restful-interaction"
REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
PARTICIPATIONS = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
ENTITIES = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECTS = "http://terminology.hl7.org/CodeSystem/object-role"
SOURCES = "http://terminology.hl7.org/CodeSystem/security-source-type"

REST = (TYPES, "rest", "RESTful Operation")
EXPORT = (DICOM, "110106", "Export")
ACTIVITY = (DICOM, "110100", "Application Activity")

PURPOSES = {
    "care": (REASONS, "TREAT", "treatment"),
    "meeting": (REASONS, "CAREMGT", "care management"),
    "operations": (REASONS, "HSYSADMIN", "health system administration"),
    "planning": (REASONS, "HSYSADMIN", "health system administration"),
}
BREAK_GLASS = (REASONS, "BTG", "break the glass")
RESOURCES = {
    ViewerKind.PRACTITIONER: "Practitioner",
    ViewerKind.PERSON: "Patient",
    ViewerKind.PROXY: "RelatedPerson",
}
SUCCESS, MINOR_FAILURE = "0", "4"


class Written(Protocol):
    """One line of the audit: a row of it, or what was read from an archive."""

    id: Any
    at: datetime
    what: str
    outcome: str
    by_kind: str
    by_id: UUID
    role: str
    organisation_id: UUID | None
    purpose: str
    person_id: UUID | None
    about_id: UUID | None
    reason: str
    detail: dict[str, Any]


def audit_event(line: Written, *, observer: str, broke_glass: bool = False) -> dict[str, Any]:
    """The AuditEvent of one line; `observer` is the name of this system, `broke_glass` what gave leave to look."""
    meant = deed(line.what)
    return {
        "resourceType": "AuditEvent",
        "id": str(line.id),
        "type": _coding(*_type(meant)),
        "subtype": [_coding(INTERACTIONS, meant.interaction, meant.interaction)],
        "action": meant.action,
        "recorded": line.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "outcome": MINOR_FAILURE if line.outcome == "refused" else SUCCESS,
        **({"outcomeDesc": line.reason} if line.outcome == "refused" and line.reason else {}),
        "purposeOfEvent": [{"coding": [_coding(*one)]} for one in _purposes(line, broke_glass)],
        "agent": _agents(line),
        "source": {
            "observer": {"display": observer},
            "type": [_coding(SOURCES, "4", "Application Server")],
        },
        "entity": _entities(line, meant),
    }


def _type(meant: Deed) -> tuple[str, str, str]:
    if meant.kind == Kind.PRINT:
        return EXPORT
    return ACTIVITY if meant.kind == Kind.UPKEEP else REST


def _purposes(line: Written, broke_glass: bool) -> list[tuple[str, str, str]]:
    return [PURPOSES.get(line.purpose, PURPOSES["operations"]), *([BREAK_GLASS] if broke_glass else [])]


def _agents(line: Written) -> list[dict[str, Any]]:
    who: dict[str, Any] = {"display": "Locality"}
    if line.by_kind in RESOURCES:
        who = {"reference": f"{RESOURCES[ViewerKind(line.by_kind)]}/{line.by_id}"}
    agents: list[dict[str, Any]] = [
        {
            "type": {"coding": [_coding(PARTICIPATIONS, "IRCP", "information recipient")]},
            **({"role": [{"text": line.role}]} if line.role else {}),
            "who": who,
            "requestor": True,
        }
    ]
    if line.organisation_id:
        agents.append(
            {
                "type": {"text": "Organisation for which they act"},
                "who": {"reference": f"Organization/{line.organisation_id}"},
                "requestor": False,
            }
        )
    return agents


def _entities(line: Written, meant: Deed) -> list[dict[str, Any]]:
    entities: list[dict[str, Any]] = []
    if line.person_id:
        entities.append(
            {
                "what": {"reference": f"Patient/{line.person_id}"},
                "type": _coding(ENTITIES, "1", "Person"),
                "role": _coding(OBJECTS, "1", "Patient"),
            }
        )
    if meant.kind == Kind.LIST or line.what.startswith(REFUSED_PAGE):
        asked = str(line.detail.get("query") or line.what)
        entities.append(
            {
                "type": _coding(ENTITIES, "2", "System Object"),
                "role": _coding(OBJECTS, "24", "Query"),
                "query": b64encode(asked.encode()).decode(),
            }
        )
    # a line with no person and no thing is about this system itself
    if line.about_id or not entities:
        entities.append(
            {
                "what": {"identifier": {"value": str(line.about_id)}} if line.about_id else {"display": "Locality"},
                "type": _coding(ENTITIES, "2", "System Object"),
                "role": _coding(OBJECTS, "4", "Domain Resource"),
                "description": line.what,
            }
        )
    return entities


def _coding(system: str, code: str, display: str) -> dict[str, str]:
    return {"system": system, "code": code, "display": display}
