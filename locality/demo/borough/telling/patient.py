"""Patients, those close to them, and the shapes that every FHIR source shares."""

from locality.demo.borough.known import Known
from locality.demo.borough.people import Address, Close
from locality.demo.borough.published import practices, toml
from locality.demo.borough.telling.stamps import iso, stamp
from locality.demo.borough.telling.words import (
    ACTIVE,
    CONFIRMED,
    DIAGNOSIS,
    ICD10,
    NHS_NUMBER,
    PROBLEM,
    RESOLVED,
    SENSITIVE,
    SENSITIVE_CODES,
    TERMINOLOGY,
    UKCODES,
    VERIFIED,
    Json,
    clinical,
    concept,
    ethnic,
    organisation,
    term,
    words,
)

MARRIED = {
    "M": term("v3-MaritalStatus", "M", "Married"),
    "W": term("v3-MaritalStatus", "W", "Widowed"),
    "S": term("v3-MaritalStatus", "S", "Never Married"),
}
KINDS = {
    "Daughter": ("DAUC", "daughter"),
    "Son": ("SONC", "son"),
    "Wife": ("WIFE", "wife"),
    "Husband": ("HUSB", "husband"),
    "Partner": ("DOMPART", "domestic partner"),
    "Mother": ("MTH", "mother"),
    "Father": ("FTH", "father"),
    "Sister": ("SIS", "sister"),
    "Brother": ("BRO", "brother"),
    "Neighbour": ("NBOR", "neighbor"),
    "Friend": ("FRND", "unrelated friend"),
    "Grandmother": ("GRMTH", "grandmother"),
}
NEXT_OF_KIN = concept(f"{TERMINOLOGY}/v2-0131", "N", "Next-of-Kin", "Next of kin")
CARER = concept(f"{UKCODES}-AdditionalPersonRelationshipRole", "Carer", "Carer of patient", "Carer")
ENGLISH = {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "en", "display": "English"}]}}
INTERPRETER = {"url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", "valueBoolean": True}


def patient(known: Known, *, seen: tuple[int, int], died: int | None = None, inactive: bool = False) -> Json:
    """The Patient of one source, last changed at a moment; dead where that source knows of it."""
    said = toml("tables/sources.toml")[known.source]
    person = known.person
    practice = practices().get(person.practice)
    gp = organisation(practice.code, practice.name) if practice else None
    keeper = organisation(said["organisation"], said["name"]) if said["organisation"] else gp
    found: Json = {
        "resourceType": "Patient",
        "id": known.local_id,
        "meta": {"lastUpdated": stamp(*seen)},
        "identifier": identifiers(known),
        "active": not inactive,
        "name": _names(known),
        "gender": known.sex,
        "birthDate": known.born.isoformat(),
        "address": [_address(known.address)],
    }
    extensions = [ethnic(known.category)] if known.category else []
    if person.interpreter:
        extensions.append(INTERPRETER)
    if extensions:
        found["extension"] = extensions
    phones = [("mobile", known.mobile), ("home", known.landline)]
    if telecom := [{"system": "phone", "value": value, "use": use} for use, value in phones if value]:
        found["telecom"] = telecom
    if died is not None:
        found["deceasedDateTime"] = iso(died)
    if person.age >= 18:
        found["maritalStatus"] = MARRIED["M" if person.married else "W" if person.age > 72 else "S"]
    found["communication"] = [_language(known)]
    if gp:
        found["generalPractitioner"] = [gp]
    if keeper:
        found["managingOrganization"] = keeper
    return found


def identifiers(known: Known) -> list[Json]:
    """The NHS number, where there is one, and the source's own."""
    own = {"system": f"https://{known.source}.example/Id/patient-number", "value": known.local_id}
    if not known.nhs_number:
        return [own]
    number: Json = {"system": NHS_NUMBER, "value": known.nhs_number}
    if known.nhs_number == known.person.nhs_number:
        number = {"extension": [VERIFIED], **number}
    return [number, own]


def _names(known: Known) -> list[Json]:
    official: Json = {"use": "official", "family": known.family, "given": list(known.given), "prefix": [known.prefix]}
    found = [official]
    if known.likes:
        found.append({"use": "nickname", "text": known.likes, "given": [known.likes]})
    if known.source == "gp" and known.person.former_family and known.person.key % 3 == 0:
        found.append({"use": "old", "family": known.person.former_family, "given": list(known.given)})
    return found


def _address(address: Address) -> Json:
    found: Json = {"use": "home", "line": list(address.lines)}
    if address.town:
        found["city"] = address.town
    if address.postcode:
        found["postalCode"] = address.postcode
    return found


def _language(known: Known) -> Json:
    spoken = known.person.language
    if spoken is None:
        return {**ENGLISH, "preferred": True}
    code, display = spoken
    return {
        "language": {"coding": [{"system": "urn:ietf:bcp:47", "code": code, "display": display}]},
        "preferred": True,
    }


def related(known: Known, close: Close, *, number: int, seen: tuple[int, int]) -> Json:
    """Somebody close to the patient, as a source wrote them down."""
    kinds = [NEXT_OF_KIN] if close.next_of_kin else []
    if close.kind in KINDS:
        code, display = KINDS[close.kind]
        kinds.append(concept(f"{TERMINOLOGY}/v3-RoleCode", code, display, close.kind))
    else:
        kinds.append(words(close.kind))
    if close.carer:
        kinds.append(CARER)
    given, _, family = close.name.partition(" ")
    found: Json = {
        "resourceType": "RelatedPerson",
        "id": f"{known.local_id}-rel-{number}",
        "meta": {"lastUpdated": stamp(*seen)},
        "active": True,
        "patient": {"reference": f"Patient/{known.local_id}"},
        "relationship": kinds,
        "name": [{"use": "official", "text": close.name, "family": family, "given": [given]}],
    }
    if close.phone:
        found["telecom"] = [{"system": "phone", "value": close.phone, "use": "mobile"}]
    return found


def _meta(at: str, matter: str) -> Json:
    return {"lastUpdated": at, "security": SENSITIVE[matter]} if matter in SENSITIVE else {"lastUpdated": at}


def problem(local_id: str, name: str, *, snomed: str, display: str, since: int, recorder: Json) -> Json:
    """A long-term problem on a list."""
    return {
        "resourceType": "Condition",
        "id": f"{local_id}-cond-{name}",
        "meta": _meta(stamp(since, 720), name),
        "clinicalStatus": ACTIVE,
        "verificationStatus": CONFIRMED,
        "category": PROBLEM,
        "code": clinical(snomed, display),
        "subject": {"reference": f"Patient/{local_id}"},
        "onsetDateTime": iso(since),
        "recordedDate": iso(since),
        "recorder": recorder,
    }


def diagnosis(
    local_id: str, name: str, *, code: str, display: str, at: tuple[int, int], over: bool, visit: str
) -> Json:
    """A diagnosis of one stay, in ICD-10."""
    return {
        "resourceType": "Condition",
        "id": f"{local_id}-{name}",
        "meta": _meta(stamp(*at), SENSITIVE_CODES.get(code, "")),
        "clinicalStatus": RESOLVED if over else ACTIVE,
        "verificationStatus": CONFIRMED,
        "category": DIAGNOSIS,
        "code": concept(ICD10, code, display),
        "subject": {"reference": f"Patient/{local_id}"},
        "encounter": {"reference": f"Encounter/{visit}"},
        "recordedDate": stamp(*at),
    }
