"""A referral as the NHS Booking and Referral Standard says it: a FHIR message, written and read.

https://simplifier.net/guide/nhsbookingandreferralstandard
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from locality.base import Refused
from locality.base.ids import named_id
from locality.base.words import not_kept
from locality.neighbourhoods.rules.referrals import DECLINED_WORDS, Declined, ReferralState, Urgency

Resource = dict[str, Any]

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
EVENTS = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
REASONS = "https://fhir.nhs.uk/CodeSystem/message-reason-bars"
CATEGORIES = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest"
PROFILE = "https://fhir.nhs.uk/StructureDefinition/"
LONGEST_IDENTIFIER = 200
REQUEST, RESPONSE, BOOKING = "servicerequest-request", "servicerequest-response", "booking-request"

STATUSES = {
    ReferralState.MORE_ASKED: "on-hold",
    ReferralState.DONE: "completed",
    ReferralState.DECLINED: "revoked",
    ReferralState.WITHDRAWN: "revoked",
}
PRIORITIES = {Urgency.URGENT: "asap", Urgency.SOON: "urgent", Urgency.ROUTINE: "routine"}
URGENCIES = {"stat": Urgency.URGENT} | {code: urgency for urgency, code in PRIORITIES.items()}
GENDERS = ("male", "female", "other", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a message says of one referral."""

    id: UUID
    identifier: str
    at: datetime
    from_code: str
    from_name: str
    to_code: str
    to_name: str
    service: str
    by_name: str
    nhs_number: str
    family: str
    given: str
    born_on: date | None
    sex: str
    asked: str
    need: str
    notes: tuple[str, ...]
    urgency: Urgency
    state: ReferralState
    sent_at: datetime
    declined: str = ""
    declined_words: str = ""
    # the last step in words, and what it leads to, for whoever asked
    became: tuple[str, ...] = ()
    booked_at: datetime | None = None
    booked_where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a message from elsewhere asks."""

    reason: str
    identifier: str
    from_code: str
    to_code: str
    service: str
    nhs_number: str
    born_on: date | None
    asked: str
    need: str
    words: str
    urgency: Urgency


class NotARequest(Refused):
    """A message that is no referral as this standard says it: in which way."""

    def __init__(self, lacks: str) -> None:
        super().__init__(f"This is not a referral of the Booking and Referral Standard: {lacks}.")


def referral_message(told: Told, *, answers: bool = False) -> Resource:
    """The referral as a message: as it is sent, or (`answers`) as what became of it goes back."""
    event = RESPONSE if answers else REQUEST
    ends = (told.to_code, told.from_code) if answers else (told.from_code, told.to_code)
    ids = _Ids(told.id)
    resources = [
        _header(told, event=event, reason="update" if answers else "new", focus="ServiceRequest", ids=ids, ends=ends),
        _service_request(told, ids),
        *_parties(told, ids),
    ]
    return _bundle(told, resources, ids)


def booking_message(told: Told) -> Resource:
    """What was booked, as an Appointment. Raises Refused where nothing is."""
    if told.booked_at is None:
        raise Refused("Nothing is booked yet, so there is no booking to send.")
    ids = _Ids(told.id)
    header = _header(
        *(told,), event=BOOKING, reason="new", focus="Appointment", ids=ids, ends=(told.to_code, told.from_code)
    )
    appointment: Resource = {
        "resourceType": "Appointment",
        "status": "booked",
        "description": told.asked,
        "start": told.booked_at.isoformat(),
        "created": told.at.isoformat(),
        "basedOn": [ids.reference("ServiceRequest")],
        "participant": [{"actor": ids.reference("Patient"), "status": "accepted"}],
    }
    if told.booked_where:
        appointment["comment"] = told.booked_where
    return _bundle(told, [header, appointment, _service_request(told, ids), *_parties(told, ids)], ids)


@dataclass(frozen=True, slots=True)
class _Ids:
    """The same id for the same part of the same referral, however often its message is written."""

    referral: UUID

    def urn(self, name: str) -> str:
        return f"urn:uuid:{self.referral if name == 'ServiceRequest' else named_id('bars', str(self.referral), name)}"

    def reference(self, name: str) -> Resource:
        return {"reference": self.urn(name)}


def _header(told: Told, *, event: str, reason: str, focus: str, ids: _Ids, ends: tuple[str, str]) -> Resource:
    sender, receiver = (f"Organization {code}" for code in ends)
    return {
        "resourceType": "MessageHeader",
        "meta": {"profile": [f"{PROFILE}BARSMessageHeader-{event}"]},
        "eventCoding": {"system": EVENTS, "code": event},
        "destination": [{"endpoint": f"{ODS}|{ends[1]}", "receiver": ids.reference(receiver)}],
        "sender": ids.reference(sender),
        "source": {"name": told.from_name, "software": "Locality", "endpoint": f"{ODS}|{ends[0]}"},
        "reason": {"coding": [{"system": REASONS, "code": reason}]},
        "focus": [ids.reference(focus)],
        "definition": f"https://fhir.nhs.uk/MessageDefinition/bars-message-{event}",
    }


def _service_request(told: Told, ids: _Ids) -> Resource:
    found: Resource = {
        "resourceType": "ServiceRequest",
        "meta": {"profile": [f"{PROFILE}BARSServiceRequest-request-referral"]},
        "identifier": [{"value": told.identifier or str(told.id)}],
        "status": STATUSES.get(told.state, "active"),
        "intent": "order",
        "category": [{"coding": [{"system": CATEGORIES, "code": "referral", "display": "Transfer of Care"}]}],
        "priority": PRIORITIES[told.urgency],
        "code": {"text": told.asked},
        "subject": ids.reference("Patient"),
        "authoredOn": told.sent_at.isoformat(),
        "requester": ids.reference("Practitioner"),
        "performer": [ids.reference("HealthcareService" if told.service else f"Organization {told.to_code}")],
    }
    if told.need:
        found["reasonCode"] = [{"text": told.need}]
    notes = [*told.notes, *told.became]
    if told.declined:
        why = filter(None, [DECLINED_WORDS[Declined(told.declined)], told.declined_words])
        notes.append(f"Declined: {': '.join(why)}")
    if notes:
        found["note"] = [{"text": words} for words in notes]
    return found


def _parties(told: Told, ids: _Ids) -> Iterator[Resource]:
    patient: Resource = {
        "resourceType": "Patient",
        "identifier": [{"system": NHS_NUMBER, "value": told.nhs_number}],
        "name": [{"use": "official", "family": told.family, "given": [told.given]}],
        "gender": told.sex if told.sex in GENDERS else "unknown",
    }
    if told.born_on:
        patient["birthDate"] = told.born_on.isoformat()
    yield patient
    yield {"resourceType": "Practitioner", "name": [{"text": told.by_name}]}
    for code, name in ((told.from_code, told.from_name), (told.to_code, told.to_name)):
        yield {"resourceType": "Organization", "identifier": [{"system": ODS, "value": code}], "name": name}
    if told.service:
        provided = ids.reference(f"Organization {told.to_code}")
        yield {"resourceType": "HealthcareService", "active": True, "providedBy": provided, "name": told.service}


def _bundle(told: Told, resources: Sequence[Resource], ids: _Ids) -> Resource:
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PROFILE}BARSBundleMessage"]},
        "type": "message",
        "timestamp": told.at.isoformat(),
        "entry": [{"fullUrl": ids.urn(_name(one)), "resource": one} for one in resources],
    }


def _name(resource: Resource) -> str:
    kind = str(resource["resourceType"])
    return f"Organization {resource['identifier'][0]['value']}" if kind == "Organization" else kind


# ---- reading


def read_message(bundle: Any) -> Read:
    """What a message asks. Raises NotARequest, saying what it lacks."""
    if unkept := next(not_kept(bundle), ""):
        raise NotARequest(unkept.rstrip("."))
    parts = _parts(bundle)
    header = next((one for one in parts.values() if one.get("resourceType") == "MessageHeader"), None)
    if header is None:
        raise NotARequest("it has no MessageHeader")
    event = _dig(header, "eventCoding", "code")
    if event != REQUEST:
        raise NotARequest(f"its event is \u201c{event or 'none'}\u201d, and only {REQUEST} is taken in")
    request = _led(parts, header, "focus", 0)
    if request.get("resourceType") != "ServiceRequest":
        raise NotARequest("what it is about is not a ServiceRequest that it carries")
    category = _dig(request, "category", 0, "coding", 0, "code")
    if category not in (None, "referral"):
        # to look again at an emergency call is another thing than to be asked for care
        raise NotARequest(f"it asks for \u201c{category}\u201d, and only a referral is taken in")
    patient = _led(parts, request, "subject")
    performer = _led(parts, request, "performer", 0)
    is_service = performer.get("resourceType") == "HealthcareService"
    receiver = _led(parts, performer, "providedBy") if is_service else performer
    if not _ods(receiver):
        receiver = _led(parts, header, "destination", 0, "receiver")
    identifier = str(_dig(request, "identifier", 0, "value") or request.get("id") or _url(parts, request))
    if len(identifier) > LONGEST_IDENTIFIER:
        raise NotARequest(f"its identifier is longer than {LONGEST_IDENTIFIER} characters")
    return Read(
        reason=str(_dig(header, "reason", "coding", 0, "code") or "new"),
        identifier=identifier,
        from_code=_ods(_led(parts, header, "sender")),
        to_code=_ods(receiver),
        service=str(performer.get("name", "")) if is_service else "",
        nhs_number=_nhs_number(patient),
        born_on=_day(patient.get("birthDate")),
        asked=_asked(request),
        need=str(_text(_dig(request, "reasonCode", 0))),
        words="\n".join(_words(parts, request)),
        urgency=URGENCIES.get(str(request.get("priority", "routine")), Urgency.ROUTINE),
    )


def _parts(bundle: Any) -> dict[str, Resource]:
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle" or bundle.get("type") != "message":
        raise NotARequest("it is not a Bundle of the type message")
    found: dict[str, Resource] = {}
    for entry in _list(bundle, "entry"):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            found[str(entry.get("fullUrl", len(found)))] = entry["resource"]
    return found


def _dig(told: Any, *path: str | int) -> Any:
    """What lies at the end of a path, or None where it breaks off or is of another shape."""
    for step in path:
        if isinstance(step, int):
            told = told[step] if isinstance(told, list) and len(told) > step else None
        else:
            told = told.get(step) if isinstance(told, dict) else None
    return told


def _list(told: Any, name: str) -> list[Any]:
    """What stands there in a list, an empty one where nothing does; NotARequest where it is something else."""
    found = _dig(told, name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise NotARequest(f"its {name} is not a list")
    return found


def _led(parts: Mapping[str, Resource], told: Resource, *path: str | int) -> Resource:
    """The resource to which a reference leads; an empty one where it leads nowhere in the message."""
    reference = str(_dig(told, *path, "reference") or "")
    named = parts.get(reference) or parts.get(f"urn:uuid:{reference}")
    return named if named is not None else {}


def _url(parts: Mapping[str, Resource], resource: Resource) -> str:
    return next(url.removeprefix("urn:uuid:") for url, one in parts.items() if one is resource)


def _ods(organisation: Resource) -> str:
    for one in _list(organisation, "identifier"):
        # the national examples write the last part both ways
        if str(_dig(one, "system")).lower() == ODS.lower():
            return str(one.get("value", ""))
    return ""


def _nhs_number(patient: Resource) -> str:
    for one in _list(patient, "identifier"):
        if _dig(one, "system") == NHS_NUMBER:
            return "".join(str(one.get("value", "")).split())
    return ""


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        return None


def _text(concept: Any) -> str:
    return str(_dig(concept, "text") or _dig(concept, "coding", 0, "display") or "")


def _asked(request: Resource) -> str:
    ways = (request.get("code"), _dig(request, "orderDetail", 0), _dig(request, "reasonCode", 0))
    words = next((_text(one) for one in ways if _text(one)), "")
    return words or _text(_dig(request, "category", 0)) or "See the message"


def _words(parts: Mapping[str, Resource], request: Resource) -> Iterator[str]:
    for one in _list(request, "note"):
        if _dig(one, "text"):
            yield str(one["text"])
    if request.get("patientInstruction"):
        yield str(request["patientInstruction"])
    plan = _led(parts, request, "basedOn", 0)
    for activity in _list(plan, "activity"):
        for one in _list(activity, "outcomeCodeableConcept"):
            if _text(one):
                yield _text(one)
