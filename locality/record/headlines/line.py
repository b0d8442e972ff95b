"""What one noun says of itself, before what all nouns share is added."""

from dataclasses import dataclass
from decimal import Decimal

from locality.record.headlines.shapes import Participant, State, Topic
from locality.record.headlines.words import NOTHING, Concept, concept_words, reference_words, references_words

ENTERED_IN_ERROR = "entered-in-error"


@dataclass(slots=True)
class Line:
    topic: Topic
    concept: Concept = NOTHING
    title: str = ""  # "" takes the concept's words
    value: str = ""
    number: Decimal | None = None
    unit: str = ""
    starts: str = ""  # FHIR dates as sent
    ends: str = ""
    status: str = ""
    state: State | None = None  # None reads it from the status
    by: str = ""
    encounter: str = ""
    hint: str = ""  # further words that say what kind of thing this is: a category, a form's address
    key: str = ""  # what makes the fact the same at two senders, "" for the code or title
    dated: bool = True  # False when the fact is the same whenever it was written down
    data_class: str = ""  # "" takes the topic's
    caution: str = ""


def period_of(element: dict | None) -> tuple[str, str]:
    """The start and end of a Period, as sent."""
    if not element:
        return "", ""
    return element.get("start") or "", element.get("end") or ""


def when_of(resource: dict, stem: str) -> tuple[str, str]:
    """The start and end, as sent, of an element that may be a dateTime, a Period, a Timing or an instant."""
    moment = resource.get(stem + "DateTime")
    if moment:
        return moment, ""
    period = resource.get(stem + "Period")
    if period:
        return period.get("start") or "", period.get("end") or ""
    timing = resource.get(stem + "Timing")
    if timing:
        events = [one for one in timing.get("event") or () if one]
        return (events[0], "") if events else period_of((timing.get("repeat") or {}).get("boundsPeriod"))
    return resource.get(stem + "Instant") or resource.get(stem + "Date") or "", ""


def encounter_of(resource: dict, element: str = "encounter") -> str:
    reference = resource.get(element)
    if type(reference) is list:
        reference = reference[0] if reference else None
    return (reference or {}).get("reference") or ""


def who(resource: dict, *elements: str) -> str:
    """The words of the first of these elements that names anybody; each a Reference or several."""
    for element in elements:
        named = resource.get(element)
        if named and type(named) is not str:
            words = references_words(named if type(named) is list else [named], resource)
            if words:
                return words
    return ""


def actors(resource: dict, element: str) -> str:
    """Whoever acted in a list of performers or participants (their `actor`, `individual`, `member` or `who`)."""
    people: list[dict] = []
    listed = resource.get(element)
    for one in listed if type(listed) is list else ():
        people.extend(one[role] for role in ("actor", "individual", "member", "who") if one.get(role))
    return references_words(people, resource)


def sentence(*parts: str) -> str:
    """Several words with commas; a full stop stays only where nothing follows."""
    kept = [part for part in parts if part]
    return kept[0] if len(kept) == 1 else ", ".join(part.rstrip(". ") for part in kept)


# https://terminology.hl7.org/CodeSystem-v3-ParticipationType.html, where a sender gives the code alone
ROLES = {
    "ATND": "in charge", "ADM": "admitted by", "CON": "consulted", "DIS": "discharged by", "REF": "referred by",
    "PPRF": "led by", "SPRF": "helped by", "PART": "took part", "translator": "interpreter",
    "emergency": "emergency contact",
}  # fmt: skip


def participants(resource: dict, listed: list[dict] | None, role: str, named: str) -> list[Participant]:
    """Those in a list of performers or participants who are named, each with the role that the list gives."""
    people = []
    for one in listed or ():
        name = reference_words(one.get(named), resource)
        part = concept_words(one.get(role))
        if name:
            people.append(Participant(ROLES.get(part, part), name, ""))
    return people
