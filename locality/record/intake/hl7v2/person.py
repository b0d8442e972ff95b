"""The patient (PID, PD1), those close to them (NK1), and what they must not be given (AL1)."""

from collections import Counter

from locality.record.intake.hl7v2.message import Message, Segment
from locality.record.intake.hl7v2.types import (
    TERMINOLOGY,
    Json,
    address,
    coding,
    concept,
    derived_id,
    every,
    fhir_time,
    identifier,
    kept,
    name,
    phone,
    practice,
    practitioner,
    time_of,
    timed,
)

# HL7 table 0001, and the codes of the NHS Data Dictionary
GENDERS = {
    "M": "male",
    "1": "male",
    "F": "female",
    "2": "female",
    "O": "other",
    "A": "other",
    "N": "other",
    "9": "other",
}
ETHNIC_CATEGORY = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
ETHNIC_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory"
RELIGION = "http://hl7.org/fhir/StructureDefinition/patient-religion"
MARRIED = {"M": "Married", "S": "Never Married", "D": "Divorced", "W": "Widowed", "A": "Legally Separated"}


def patient(message: Message, pid: Segment, *, patient_id: str) -> Json:
    """The patient as this message tells of them."""
    born = time_of(pid.first(7))
    return kept(
        {
            "resourceType": "Patient",
            "id": patient_id,
            "active": True,
            "extension": _extensions(pid),
            "identifier": _identifiers(message, pid),
            "name": _names(pid),
            "gender": GENDERS.get(pid.text(8).upper(), "unknown") if pid.text(8) else "",
            **timed("birthDate", born, day_only=True),
            **_death(pid),
            "maritalStatus": _marital_status(pid),
            **_multiple_birth(pid),
            "address": every(pid, 11, address),
            "telecom": [*every(pid, 13, phone, use="home"), *every(pid, 14, phone, use="work")],
            "communication": _languages(pid),
            "generalPractitioner": _general_practice(message.only("PD1")),
        }
    )


def _identifiers(message: Message, pid: Segment) -> list[Json]:
    """PID-3, and the older PID-2 and PID-4 where they say something else."""
    found: list[Json] = []
    for number in (3, 2, 4):
        for one in every(pid, number, identifier, sender=message.header.text(4)):
            if not any(one["value"] == other["value"] for other in found):
                found.append(one)
    return found


def _names(pid: Segment) -> list[Json]:
    names = every(pid, 5, name)
    if names:
        names[0].setdefault("use", "official")
    return [*names, *every(pid, 9, name)]


def _extensions(pid: Segment) -> list[Json]:
    found = []
    if ethnic := pid.text(22).upper():
        category = {"coding": [coding(ethnic, ETHNIC_CODES, pid.text(22, 2))]}
        found.append({"url": ETHNIC_CATEGORY, "valueCodeableConcept": category})
    if religion := concept(pid.first(17)):
        found.append({"url": RELIGION, "valueCodeableConcept": religion})
    return found


def _death(pid: Segment) -> Json:
    if died := time_of(pid.first(29)):
        at = fhir_time(died)
        # an unreadable time of death is still a death
        return {"deceasedDateTime": at} if at else {"deceasedBoolean": True}
    said = pid.text(30).upper()
    return {"deceasedBoolean": said == "Y"} if said in ("Y", "N") else {}


def _marital_status(pid: Segment) -> Json:
    code = pid.text(16).upper()
    if code in MARRIED:
        return {"coding": [coding(code, f"{TERMINOLOGY}/v3-MaritalStatus", MARRIED[code])], "text": MARRIED[code]}
    return concept(pid.first(16))


def _multiple_birth(pid: Segment) -> Json:
    """Twins share a birth date, an address and a family name: what tells them apart is worth keeping."""
    order = pid.text(25)
    if order.isascii() and order.isdigit():
        return {"multipleBirthInteger": int(order[:3])}
    said = pid.text(24).upper()
    return {"multipleBirthBoolean": said == "Y"} if said in ("Y", "N") else {}


def _languages(pid: Segment) -> list[Json]:
    spoken = concept(pid.first(15))
    code = pid.text(15)
    if code.isascii() and code.isalpha() and len(code) in (2, 3):
        spoken["coding"] = [coding(code.lower(), "urn:ietf:bcp:47", pid.text(15, 2))]
    return [{"language": spoken, "preferred": True}] if spoken else []


def _general_practice(pd1: Segment) -> list[Json]:
    return [*every(pd1, 3, practice), *every(pd1, 4, practitioner)]


# table 0063 as FHIR's relationships; the words of the rest are the sender's own
RELATIONSHIPS = {
    "SPO": ("v3-RoleCode", "SPS", "Spouse"),
    "DOM": ("v3-RoleCode", "DOMPART", "Partner"),
    "CHD": ("v3-RoleCode", "CHILD", "Child"),
    "GCH": ("v3-RoleCode", "GRNDCHILD", "Grandchild"),
    "SCH": ("v3-RoleCode", "STPCHLD", "Stepchild"),
    "FCH": ("v3-RoleCode", "CHLDFOST", "Foster child"),
    "PAR": ("v3-RoleCode", "PRN", "Parent"),
    "MTH": ("v3-RoleCode", "MTH", "Mother"),
    "FTH": ("v3-RoleCode", "FTH", "Father"),
    "GRP": ("v3-RoleCode", "GRPRN", "Grandparent"),
    "GRD": ("v3-RoleCode", "GUARD", "Guardian"),
    "SIB": ("v3-RoleCode", "SIB", "Sibling"),
    "BRO": ("v3-RoleCode", "BRO", "Brother"),
    "SIS": ("v3-RoleCode", "SIS", "Sister"),
    "FND": ("v3-RoleCode", "FRND", "Friend"),
    "NBR": ("v3-RoleCode", "NBOR", "Neighbour"),
    "EXF": ("v3-RoleCode", "EXT", "Extended family"),
    "EMC": ("v2-0131", "C", "Emergency contact"),
    "NOK": ("v2-0131", "N", "Next of kin"),
    "EMR": ("v2-0131", "E", "Employer"),
}
CONTACT_ROLES = {"C": "Emergency contact", "N": "Next of kin", "E": "Employer", "S": "State agency", "U": "Unknown"}


def relatives(message: Message, patient_id: str) -> list[Json]:
    """Next of kin and other contacts (NK1)."""
    seen: Counter[str] = Counter()
    found = []
    for nk1 in message.all("NK1"):
        names = every(nk1, 2, name) or every(nk1, 30, name)
        phones = [*every(nk1, 5, phone, use="home"), *every(nk1, 6, phone, use="work")]
        if not names and not phones:
            continue
        called = nk1.raw(2) or nk1.raw(30)
        seen[called] += 1
        # by name, not by NK1-1: the numbers move up when a relative is taken off the list
        own = nk1.text(33) or f"{called}/{seen[called]}"
        found.append(
            kept(
                {
                    "resourceType": "RelatedPerson",
                    "id": derived_id("RelatedPerson", patient_id, own),
                    "active": True,
                    "patient": {"reference": f"Patient/{patient_id}"},
                    "relationship": _relationships(nk1),
                    "name": names,
                    "telecom": phones,
                    "gender": GENDERS.get(nk1.text(15).upper(), ""),
                    **timed("birthDate", time_of(nk1.first(16)), day_only=True),
                    "address": every(nk1, 4, address),
                    "period": kept({**timed("start", nk1.text(8)), **timed("end", nk1.text(9))}),
                }
            )
        )
    return found


def _relationships(nk1: Segment) -> list[Json]:
    found = []
    if known := RELATIONSHIPS.get(nk1.text(3).upper()):
        system, code, words = known
        found.append({"coding": [coding(code, f"{TERMINOLOGY}/{system}", words)], "text": nk1.text(3, 2) or words})
    elif said := concept(nk1.first(3)):
        found.append(said)
    role = nk1.text(7).upper()
    if role in CONTACT_ROLES:
        words = CONTACT_ROLES[role]
        found.append({"coding": [coding(role, f"{TERMINOLOGY}/v2-0131", words)], "text": nk1.text(7, 2) or words})
    return found


ALLERGY_CATEGORIES = {"DA": "medication", "FA": "food", "EA": "environment", "AA": "environment", "PA": "environment"}
SEVERITIES = {"SV": "severe", "MO": "moderate", "MI": "mild"}
# said to have none, which is not the same as nothing said
NONE_KNOWN = {
    "NKA": ("716186003", "No known allergy"),
    "NKDA": ("409137002", "No known drug allergy"),
}


def allergies(message: Message, patient_id: str) -> list[Json]:
    """Allergies and intolerances (AL1), one for each substance."""
    found = {}
    for al1 in message.all("AL1"):
        substance = al1.text(3) or al1.text(3, 2)
        if substance:
            one = _allergy(al1, patient_id, substance)
            found[one["id"]] = one
    return list(found.values())


def _allergy(al1: Segment, patient_id: str, substance: str) -> Json:
    code = concept(al1.first(3))
    if none := NONE_KNOWN.get(substance.upper()):
        code = {"coding": [coding(none[0], "http://snomed.info/sct", none[1])], "text": none[1]}
    severity = al1.text(4).upper()
    reactions = [field.text(2) or field.text(1) for field in al1.repeats(5)]
    reaction = kept(
        {
            "manifestation": [{"text": words} for words in reactions if words],
            "severity": SEVERITIES.get(severity, ""),
        }
    )
    said = SEVERITIES.get(severity) or severity
    alone = bool(said) and not reaction.get("manifestation")
    return kept(
        {
            "resourceType": "AllergyIntolerance",
            "id": derived_id("AllergyIntolerance", patient_id, substance.casefold()),
            "clinicalStatus": {"coding": [coding("active", f"{TERMINOLOGY}/allergyintolerance-clinical")]},
            "category": [category] if (category := ALLERGY_CATEGORIES.get(al1.text(2).upper())) else [],
            "code": code,
            "patient": {"reference": f"Patient/{patient_id}"},
            **timed("onsetDateTime", time_of(al1.first(6))),
            # FHIR has a severity only for a reaction, so one sent without is kept in words
            "note": [{"text": f"Severity as sent: {said}"}] if alone else [],
            "reaction": [reaction] if not alone else [],
        }
    )
