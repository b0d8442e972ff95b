"""A message to a practice as a FHIR R4 document. https://hl7.org/fhir/R4/documents.html

Its shape is a document's; that it is what a GP system takes over MESH has to be assured before it is so used.
"""

from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
GENDERS = ("male", "female", "other", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom it is about, as they are named today."""

    id: UUID
    family: str
    given: str
    birth_on: date | None
    sex: str
    nhs_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is sent, from whom, to whom."""

    id: UUID
    at: datetime
    written_at: datetime
    subject: str
    body: str
    from_name: str
    from_code: str
    from_phone: str
    to_name: str
    to_code: str


def document(*, sent: Sent, about: About) -> dict[str, Any]:
    """The same message gives the same document, apart from the moment at which it goes."""
    patient, sender, receiver = (str(uuid5(sent.id, part)) for part in ("patient", "sender", "receiver"))
    composition: dict[str, Any] = {
        "resourceType": "Composition",
        "id": str(uuid5(sent.id, "composition")),
        "status": "final",
        "type": {"text": "Message to the general practice"},
        "subject": {"reference": f"urn:uuid:{patient}"},
        "date": sent.written_at.isoformat(),
        "author": [{"reference": f"urn:uuid:{sender}"}],
        "title": sent.subject,
        "custodian": {"reference": f"urn:uuid:{sender}"},
        "section": [{"title": sent.subject, "text": {"status": "generated", "div": _narrative(sent.body)}}],
    }
    rows = [
        composition,
        _patient(about, patient),
        _organisation(sender, sent.from_name, sent.from_code, sent.from_phone),
        _organisation(receiver, sent.to_name, sent.to_code),
    ]
    return {
        "resourceType": "Bundle",
        "id": str(sent.id),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{sent.id}"},
        "type": "document",
        "timestamp": sent.at.isoformat(),
        "entry": [{"fullUrl": f"urn:uuid:{row['id']}", "resource": row} for row in rows],
    }


def _narrative(words: str) -> str:
    parts = "".join(f"<p>{escape(part)}</p>" for part in words.split("\n") if part.strip())
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{parts}</div>'


def _patient(about: About, row: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "resourceType": "Patient",
        "id": row,
        "name": [{"family": about.family, "given": about.given.split()}],
    }
    if about.nhs_number:
        found["identifier"] = [{"system": NHS_NUMBER, "value": about.nhs_number}]
    if about.birth_on:
        found["birthDate"] = about.birth_on.isoformat()
    if about.sex in GENDERS:
        found["gender"] = about.sex
    return found


def _organisation(row: str, name: str, code: str, phone: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"resourceType": "Organization", "id": row, "name": name}
    if code:
        found["identifier"] = [{"system": ODS, "value": code}]
    if phone:
        found["telecom"] = [{"system": "phone", "value": phone}]
    return found
