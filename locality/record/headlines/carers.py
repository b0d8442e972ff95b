"""RelatedPerson, and the contacts written in a Patient: next of kin, carers, key holders, emergency contacts."""

import re

from locality.record.headlines.line import Line, period_of, sentence
from locality.record.headlines.names import best_name, phone
from locality.record.headlines.shapes import Contact, Detail, State, Topic
from locality.record.headlines.values import address_words
from locality.record.headlines.when import period_words
from locality.record.headlines.words import codes_of, concept, concept_words, name_words, plain

NEXT_OF_KIN_CODES = {"N", "NOK", "184142008"}
EMERGENCY_CODES = {"C", "ECON"}
CARER_CODES = {"Carer", "CAREGIVER", "133932002", "407542009"}
CARER = re.compile(r"(?i)\b(?:carer|caregiver|care giver|cares for)\b")
# a paid carer, and someone who says "carer's assessment", are not kin who care; an unpaid one is a carer
NEXT_OF_KIN = re.compile(r"(?i)\bnext[ -]of[ -]kin\b|\bNoK\b")
KEY_HOLDER = re.compile(r"(?i)\bkey[ -]?holder\b|\b(?:holds|has) (?:a |the )?(?:house |spare )?keys?\b")
EMERGENCY = re.compile(r"(?i)\bemergency contact\b|\bin (?:an )?emergency\b")
# codes whose display a person would not say
ROLE_WORDS = {
    "Personal": "personal contact", "NotSpecified": "", "Agent": "agent", "Guardian": "guardian", "Carer": "carer",
    "Dependant": "dependant", "NonDependant": "", "ProxyContact": "contact on their behalf",
    "ProxyCommunication": "speaks for them", "ProxyContactCommunication": "contact who speaks for them",
    "PolygamousPartner": "partner", "C": "emergency contact", "N": "next of kin", "E": "employer",
    "PRN": "parent", "MTH": "mother", "FTH": "father", "DAU": "daughter", "DAUC": "daughter", "SON": "son",
    "SONC": "son", "CHILD": "child", "WIFE": "wife", "HUSB": "husband", "SPS": "spouse", "DOMPART": "partner",
    "SIB": "brother or sister", "SIS": "sister", "BRO": "brother", "NBOR": "neighbour", "FRND": "friend",
    "GRPRN": "grandparent", "GRMTH": "grandmother", "GRFTH": "grandfather", "GRNDCHILD": "grandchild",
    "NMTH": "birth mother", "NFTH": "birth father", "SIGOTHR": "partner", "U": "", "O": "other contact",
}  # fmt: skip
ROLE_SYSTEMS = ("RelationshipRole", "RelatedPersonRole", "RoleCode", "v2-0131", "v2/0131")


def role_words(relationship: dict) -> str:
    """How the person would say who this is: "daughter"."""
    said = plain(relationship.get("text"))
    if said:
        return said[0].lower() + said[1:] if said[1:2].islower() else said
    for coding in relationship.get("coding") or ():
        code, system = coding.get("code") or "", coding.get("system") or ""
        if code in ROLE_WORDS and any(known in system for known in ROLE_SYSTEMS):
            return ROLE_WORDS[code]
    return concept(relationship).words.lower()


def contact_of(written: dict) -> Contact:
    """A RelatedPerson, or one contact of a Patient, in words."""
    relationships = written.get("relationship") or []
    names = written.get("name")
    name = best_name(names) if type(names) is list else names
    codes = codes_of(relationships)
    roles = list(dict.fromkeys(filter(None, map(role_words, relationships))))
    said = sentence(*roles, concept_words(relationships))
    return Contact(
        name=name_words(name),
        relationship=sentence(*roles),
        phone=phone(written.get("telecom")),
        is_carer=bool(codes & CARER_CODES or CARER.search(said)),
        is_next_of_kin=bool(codes & NEXT_OF_KIN_CODES or NEXT_OF_KIN.search(said)),
        is_key_holder=bool(KEY_HOLDER.search(said)),
        is_emergency=bool(codes & EMERGENCY_CODES or EMERGENCY.search(said)),
    )


def patient_contacts(patient: dict) -> list[Contact]:
    """The contacts written inside a Patient."""
    contacts = [contact_of(one) for one in patient.get("contact") or ()]
    return [one for one in contacts if one.name or one.phone]


def line(resource: dict) -> Line:
    contact = contact_of(resource)
    starts, ends = period_of(resource.get("period"))
    active = resource.get("active")
    return Line(
        topic=Topic.CONTACT,
        concept=concept(resource.get("relationship")),
        title=contact.name or contact.relationship.capitalize() or "Someone close, not named",
        value=sentence(contact.relationship if contact.name else "", contact.phone),
        starts=starts,
        ends=ends,
        status="" if active is None else "active" if active else "inactive",
        state=State.PAST if active is False else State.CURRENT,
        key=contact.name or contact.relationship,
        dated=False,
    )


def detail(resource: dict) -> Detail:
    contact = contact_of(resource)
    addresses = [address_words(one) for one in resource.get("address") or () if one.get("use") != "old"]
    spoken = [concept_words(one.get("language")) for one in resource.get("communication") or ()]
    return Detail(
        lines=[
            ("Relationship", contact.relationship),
            ("Phone", contact.phone),
            ("Address", addresses[0] if addresses else ""),
            ("Speaks", sentence(*spoken)),
            ("Between", period_words(resource.get("period"))),
        ],
        contact=contact,
    )
