"""HL7 v2 data types as FHIR R4 ones. https://hl7.org/fhir/uv/v2mappings/STU1/datatype_maps.html

Only what was sent: a value that cannot be read becomes FHIR's "data absent, error", never a guess.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from locality.record.intake.hl7v2.message import Field, Segment

Json = dict[str, Any]

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")

# HL7 v2 times carry no zone when they are local, and the senders are in the United Kingdom. In the hour that
# comes twice in autumn the first is meant, since nothing says which.
LOCAL = ZoneInfo("Europe/London")
TIME = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\.\d{1,6})?)?)?)?)?)?([+-](?:0\d|1[0-4])[0-5]\d)?\Z",
    re.ASCII,
)
PRECISION = {"Y": 4, "L": 6, "D": 8, "H": 10, "M": 12, "S": 14}


def kept(parts: Json) -> Json:
    """Only what holds something: FHIR has no empty elements."""
    return {name: part for name, part in parts.items() if part or part is False}


def fhir_time(text: str) -> str | None:
    """HHMM and finer as an instant with its offset, days and coarser as they are; None when it is no time."""
    found = TIME.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups("")
    zone = UTC if offset or year < "1900" else LOCAL
    try:
        at = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone
        )
    except ValueError:
        return None
    if not hour:
        return "-".join(part for part in (year, month, day) if part)
    offset = f"{offset[:3]}:{offset[3:]}" if offset else at.isoformat()[-6:]
    return f"{year}-{month}-{day}T{hour}:{minute or '00'}:{second or '00'}{fraction}{offset}"


def time_of(field: Field) -> str:
    """The text of a time (TS): cut to the precision that its second component names."""
    text = field.text(1)
    return text[: PRECISION.get(field.text(2), len(text))] if text else ""


def timed(name: str, text: str, *, day_only: bool = False) -> Json:
    """One element with a date or time; data absent for the reason "error" when it cannot be read."""
    if not text:
        return {}
    at = fhir_time(text[:8] if day_only and TIME.match(text) else text)
    if at is None:
        return {f"_{name}": {"extension": [{"url": ABSENT, "valueCode": "error"}]}}
    return {name: at}


def instant(text: str) -> str | None:
    """A whole instant, as meta.lastUpdated must be; a day begins at its midnight."""
    at = fhir_time(text + "0000" if len(text) == 8 else text) if len(text) >= 8 else None
    return at if at and "T" in at else None


def derived_id(kind: str, *parts: str) -> str:
    """An id for what the sender gives none: the same for the same parts, on every machine."""
    return sha256("\x1f".join((kind, *parts)).encode()).hexdigest()[:40]


def fhir_id(kind: str, *parts: str) -> str:
    """The sender's own id where FHIR allows it, else one derived from it: the same on every machine."""
    parts = tuple(part for part in parts if part)
    plain = ".".join(parts)
    # "a.b" + "c" and "a" + "b.c" are two ids
    if FHIR_ID.match(plain) and plain.count(".") == len(parts) - 1:
        return plain
    return derived_id(kind, *parts)


def coding(code: str, system: str = "", display: str = "") -> Json:
    """A Coding."""
    found = {"code": code}
    if system:
        found["system"] = system
    if display:
        found["display"] = display
    return found


CODE_SYSTEMS = {
    "I10": "http://hl7.org/fhir/sid/icd-10",
    "ICD10": "http://hl7.org/fhir/sid/icd-10",
    "ICD-10": "http://hl7.org/fhir/sid/icd-10",
    "SCT": "http://snomed.info/sct",
    "SNOMED": "http://snomed.info/sct",
    "SNOMED-CT": "http://snomed.info/sct",
    "SNM": "http://snomed.info/sct",
    "LN": "http://loinc.org",
    "DMD": "https://dmd.nhs.uk",
    "OPCS4": "https://fhir.hl7.org.uk/CodeSystem/OPCS-4",
}


def concept(field: Field, *, text: str = "") -> Json:
    """A coded element (CE, CWE) as a CodeableConcept; its text is the best words that were sent."""
    if not field.raw:
        return {}
    codings = []
    for at in (1, 4):
        code, display, system = field.text(at), field.text(at + 1), field.text(at + 2)
        if code:
            codings.append(coding(code, code_system(system), display))
    words = text or field.text(9) or field.text(2) or field.text(5)
    return kept({"coding": codings, "text": words or (field.text(1) if codings else "")})


def code_system(name: str) -> str:
    """The FHIR address of a coding system named as HL7 v2 names it (table 0396)."""
    if not name or name.startswith(("http://", "https://", "urn:")):
        return name
    known = CODE_SYSTEMS.get(name.upper())
    return known or (f"{TERMINOLOGY}/v2-{name[3:]}" if re.match(r"HL7[0-9]{4}\Z", name) else "")


NHS_WORDS = {"NHS", "NH", "NHSNUMBER", "NHSNO", "NHSNMBR", "2.16.840.1.113883.2.1.4.1", "NHSNUM"}
# kinds of identifier (table 0203) in the order in which they name the patient best; others name something else
PATIENT_KINDS = ("MR", "PI", "PT", "")
OTHER_KINDS = {"AN", "VN", "DL", "PPN", "SS"}  # an account, a visit, a driving licence, a passport


def is_nhs_number(field: Field) -> bool:
    """Whether an identifier (CX) is called an NHS number: by its kind, or by who gave it."""
    kind = field.text(5).upper()
    authority = {field.text(4).upper().replace(" ", ""), field.sub(4, 2)}
    return kind in NHS_WORDS or (bool(authority & NHS_WORDS) and (not kind or len(_digits(field)) == 10))


def identifier(field: Field, *, sender: str) -> Json:
    """An identifier (CX); one without a giver is the sending facility's own."""
    value, kind = field.text(1), field.text(5)
    if not value:
        return {}
    if is_nhs_number(field):
        return {"system": NHS_NUMBER, "value": _digits(field)}
    authority = field.text(4)
    kind_coding = {"coding": [coding(kind, f"{TERMINOLOGY}/v2-0203")]} if kind else None
    assigner = {"display": authority} if authority else None
    return kept({"type": kind_coding, "system": _system(field, sender), "value": value, "assigner": assigner})


def _system(field: Field, sender: str) -> str:
    name, universal, kind = field.text(4), field.sub(4, 2), field.sub(4, 3)
    if kind == "ISO" and universal:
        return f"urn:oid:{universal}"
    if name.startswith(("http://", "https://", "urn:")):
        return name
    return f"urn:hl7v2:identifier:{quote(name or sender or 'local', safe='')}"


def own_id(kind: str, fields: list[Field]) -> str:
    """The id of a Patient: from the sender's own number for it, else from the NHS number; "" with neither."""
    fields = [field for field in fields if field.text(1) and field.text(5).upper() not in OTHER_KINDS]
    own = [field for field in fields if not is_nhs_number(field)]
    if not own:
        # never the NHS number itself: ids stand in addresses and logs
        return derived_id(kind, NHS_NUMBER, _digits(fields[0])) if fields else ""
    best = min(own, key=_rank)
    return fhir_id(kind, best.text(4) or best.sub(4, 2), best.text(1))


def _rank(field: Field) -> int:
    kind = field.text(5).upper()
    return PATIENT_KINDS.index(kind) if kind in PATIENT_KINDS else len(PATIENT_KINDS)


def _digits(field: Field) -> str:
    return re.sub(r"[\s-]", "", field.text(1))


NAME_USES = {"L": "official", "D": "usual", "B": "maiden", "M": "maiden", "N": "nickname", "S": "anonymous"}


def name(field: Field, *, use: str = "") -> Json:
    """A person's name (XPN), as sent: capitals are left as they are."""
    given = f"{field.text(2)} {field.text(3)}".split()
    family = field.text(1) or f"{field.sub(1, 2)} {field.sub(1, 3)}".strip()
    return kept(
        {
            "use": NAME_USES.get(field.text(7).upper(), use),
            "family": family,
            "given": given,
            "prefix": field.text(5).split(),
            "suffix": field.text(4).split(),
        }
    )


ADDRESS_USES = {
    "H": "home",
    "P": "home",
    "L": "home",
    "C": "temp",
    "B": "work",
    "O": "work",
    "BA": "old",
    "BI": "billing",
}


def address(field: Field) -> Json:
    """An address (XAD): street, further line, town, county, postcode."""
    lines = [field.text(1), field.text(2)]
    period = kept({**timed("start", field.text(13)), **timed("end", field.text(14))})
    return kept(
        {
            "use": ADDRESS_USES.get(field.text(7).upper(), ""),
            "type": "postal" if field.text(7).upper() == "M" else "",
            "line": [line for line in lines if line],
            "city": field.text(3),
            "district": field.text(4),
            "postalCode": field.text(5).upper(),
            "country": field.text(6),
            "period": period,
        }
    )


PHONE_USES = {"PRN": "home", "ORN": "home", "VHN": "temp", "WPN": "work", "PRS": "mobile"}
PHONE_KINDS = {"PH": "phone", "CP": "phone", "FX": "fax", "BP": "pager", "INTERNET": "email", "X.400": "email"}


def phone(field: Field, *, use: str = "") -> Json:
    """A telephone number or e-mail address (XTN), in its old form or in its parts."""
    kind = field.text(3).upper()
    mail = field.text(4)
    if mail and (kind in ("INTERNET", "X.400") or field.text(2) == "NET" or not field.text(1)):
        return kept({"system": "email", "value": mail, "use": PHONE_USES.get(field.text(2), use)})
    number = (
        field.text(1)
        or field.text(12)
        or " ".join(part for part in (field.text(5), field.text(6), field.text(7)) if part)
    )
    if not number:
        return {}
    use = "mobile" if kind == "CP" else PHONE_USES.get(field.text(2), use)
    system = "email" if "@" in number else PHONE_KINDS.get(kind, "phone")
    return kept({"system": system, "value": number, "use": use})


PRACTITIONER_SYSTEMS = {
    "GMC": "https://fhir.hl7.org.uk/Id/gmc-number",
    "GMP": "https://fhir.hl7.org.uk/Id/gmp-number",
    "NMC": "https://fhir.hl7.org.uk/Id/nmc-number",
    "SDS": "https://fhir.nhs.uk/Id/sds-user-id",
}


def practitioner(field: Field) -> Json:
    """A named professional (XCN) as a reference by number and name: nothing is known of them but that."""
    words = [field.text(6), field.text(3), field.text(2)]
    display = " ".join(part for part in words if part)
    number = kept({"system": PRACTITIONER_SYSTEMS.get(field.text(9).upper(), ""), "value": field.text(1)})
    named = kept({"identifier": number if field.text(1) else None, "display": display})
    return {"type": "Practitioner", **named} if named else {}


def practice(field: Field) -> Json:
    """A general practice (XON): its ODS code stands third, or tenth from version 2.5 on."""
    code = field.text(3) or field.text(10)
    system = ODS if re.match(r"[A-Z][0-9]{5}\Z", code) else ""
    number = kept({"system": system, "value": code}) if code else None
    named = kept({"identifier": number, "display": field.text(1)})
    return {"type": "Organization", **named} if named else {}


def every(segment: Segment, number: int, read, **more) -> list[Json]:
    """Each repetition of a field, read by a function of this file, without the empty ones."""
    if not segment.fields[number]:
        return []
    return [found for field in segment.repeats(number) if (found := read(field, **more))]
