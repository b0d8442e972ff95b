"""FHIR codes, references, names and narratives in words. https://hl7.org/fhir/R4/datatypes.html"""

import html
import re
from typing import NamedTuple

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"

# the kind of concept that SNOMED writes behind its full names, which says nothing to a practitioner
SNOMED_TAGS = frozenset({
    "administrative concept", "assessment scale", "body structure", "clinical drug", "context-dependent category",
    "disorder", "environment", "event", "finding", "life style", "medicinal product", "medicinal product form",
    "morphologic abnormality", "observable entity", "occupation", "organism", "person", "physical object",
    "procedure", "product", "qualifier value", "record artifact", "regime/therapy", "situation", "social concept",
    "specimen", "substance",
})  # fmt: skip
# letters that are not seen, or that turn the reading direction, and could make one name look like another
UNSEEN = dict.fromkeys([0x00AD, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)])
TAG = re.compile(r"<[^<>]*>")
BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h\d)\b[^<>]*>", re.IGNORECASE)


class Concept(NamedTuple):
    code: str = ""
    system: str = ""
    words: str = ""


NOTHING = Concept()


def plain(text: str | None) -> str:
    """One line of words, without SNOMED's tag and without letters that cannot be seen."""
    if not text:
        return ""
    if not text.isascii():
        text = text.translate(UNSEEN)
    text = " ".join(text.split())
    if text[:1].isdigit() and " | " in text:
        # SNOMED's own way of writing a code with its words
        code, _, words = text.partition(" | ")
        text = words.strip(" |") if code.isdigit() and len(code) > 5 else text
    if text[-1:] == ")":
        name, _, tag = text.rpartition(" (")
        if tag[:-1] in SNOMED_TAGS:
            return name
    return text


def concept(element: dict | list | None) -> Concept:
    """A CodeableConcept (the first, of several) as its best coding and its words: text, else display, else code."""
    if isinstance(element, list):
        element = element[0] if element else None
    if not element:
        return NOTHING
    codings = element.get("coding")
    if not codings:
        return Concept("", "", plain(element.get("text")))
    coding = codings[0] if len(codings) == 1 else best_coding(codings)
    code = coding.get("code") or ""
    words = element.get("text") or coding.get("display") or any_display(codings) or code
    return Concept(code, coding.get("system") or "", plain(words))


def best_coding(codings: list[dict]) -> dict:
    """SNOMED CT if there, since two senders most often share it; else the first that has a code."""
    coded = [one for one in codings if one.get("code")]
    for one in coded:
        if one.get("system") == SNOMED:
            return one
    return coded[0] if coded else codings[0]


def any_display(codings: list[dict]) -> str:
    return next((one["display"] for one in codings if one.get("display")), "")


def codes_of(element: dict | list | None) -> set[str]:
    """Every code in a CodeableConcept, or in several."""
    elements = element if isinstance(element, list) else [element]
    return {one["code"] for each in elements if each for one in each.get("coding") or () if one and one.get("code")}


def concept_words(element: dict | list | None) -> str:
    """The words of a CodeableConcept, or of several, with commas."""
    if isinstance(element, list):
        return ", ".join(filter(None, dict.fromkeys(concept(one).words for one in element)))
    return concept(element).words


def coding_words(coding: dict | None) -> str:
    return plain((coding or {}).get("display") or (coding or {}).get("code"))


def yes_no(value: object) -> str:
    return "Yes" if value is True else "No" if value is False else ""


def reference_words(reference: dict | None, resource: dict | None = None) -> str:
    """Who or what a Reference names, in words: its display, else the name in the resource it contains."""
    if not reference:
        return ""
    if reference.get("display"):
        return plain(reference["display"])
    inside = contained(reference, resource)
    if inside:
        return resource_words(inside)
    identifier = reference.get("identifier") or {}
    if identifier.get("value") and "ods" in (identifier.get("system") or "").lower():
        return f"organisation {plain(identifier['value'])}"
    return plain((identifier.get("assigner") or {}).get("display"))


def contained(reference: dict | None, resource: dict | None) -> dict | None:
    target = (reference or {}).get("reference") or ""
    if target[:1] != "#" or not resource:
        return None
    return next((one for one in resource.get("contained") or () if one.get("id") == target[1:]), None)


def resource_words(resource: dict) -> str:
    """The name of a contained practitioner, organisation, medicine or the like."""
    name = resource.get("name")
    if type(name) is str:
        return plain(name)
    if type(name) is list and name:
        return name_words(name[0])
    named = resource.get("practitioner") or resource.get("organization")
    if named and named.get("display"):
        return plain(named["display"])
    return concept_words(resource.get("code") or resource.get("type")) if coded(resource) else ""


def coded(resource: dict) -> bool:
    return type(resource.get("code") or resource.get("type") or "") in (dict, list)


def references_words(references: list[dict] | None, resource: dict | None = None) -> str:
    """The first three of several references, each once."""
    named = dict.fromkeys(filter(None, (reference_words(one, resource) for one in references or ())))
    return ", ".join(list(named)[:3])


def name_words(name: dict | None) -> str:
    """A HumanName as spoken: "Dr Adam Careful"."""
    if not name:
        return ""
    said = [*strings(name.get("prefix")), *strings(name.get("given")), name.get("family") or ""]
    return plain(" ".join(said)) or plain(name.get("text"))


def strings(values: list[str | None] | None) -> list[str]:
    """A list of strings without its gaps: FHIR writes null where only an extension stands."""
    return [one for one in values or () if one]


def annotation_words(notes: list[dict] | dict | None) -> str:
    kept = notes if isinstance(notes, list) else [notes]
    return " ".join(plain(one.get("text")) for one in kept if one and one.get("text"))


def text_of(div: str | None) -> str:
    """The words of a narrative, its markup taken away: for plain text, never for HTML."""
    return plain(html.unescape(TAG.sub(" ", BREAK.sub(". ", div or ""))).replace(" .", ".")).strip(". ")
