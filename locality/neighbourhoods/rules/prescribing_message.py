"""The message back to the practice and the referrer: the third part of the social prescribing standard.

https://theprsb.org/standards/socialprescribingstandard/ (v1.1, ISN of 16 January 2023; Open Government Licence v3.0).
Headings are the standard's: demographics, referral, needs and concerns, support offered, outcomes. They are said in
words: no SNOMED code of it was held against the terminology here, so none is sent.
"""

from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

from locality.base.words import date_words, nhs_number_words
from locality.neighbourhoods.rules.wellbeing import SHORT_WORDS, Change

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
TITLE = "Social prescribing: message to the practice and the referrer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of one support."""

    id: UUID
    at: datetime
    family: str
    given: str
    nhs_number: str
    birth_on: date | None
    by: str
    organisation: str
    team: str
    why: str
    begun_on: date
    met: int
    needs: tuple[tuple[str, str], ...]
    offers: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    outcome: str
    words: str


def subject(told: Told) -> str:
    """What it is about, without a name: subjects stand in lists."""
    return "Social prescribing: what came of it" if told.outcome else "Social prescribing: how it stands"


def sections(told: Told) -> list[tuple[str, list[str]]]:
    """The message under the standard's headings; one that has nothing to say says so."""
    wellbeing = [f"{SHORT_WORDS[one.question]}: {one.before} before, {one.after} now" for one in told.changes]
    outcome = [told.outcome] if told.outcome else []
    return [
        (
            "Referral",
            [f"Asked for: {told.why}", f"Begun: {date_words(told.begun_on)}", f"Met or spoke: {_times(told.met)}"],
        ),
        ("Needs and concerns", [f"{need}: {state.lower()}" for need, state in told.needs] or ["None written down"]),
        ("Support offered", [f"{what}: {state.lower()}" for what, state in told.offers] or ["None written down"]),
        (
            "Outcomes",
            [*outcome, *wellbeing, *([told.words] if told.words else [])] or ["Not over yet"],
        ),
    ]


def _times(many: int) -> str:
    return {0: "not yet", 1: "once", 2: "twice"}.get(many, f"{many} times")


def body(told: Told) -> str:
    """The same for a reader."""
    born = f", born {date_words(told.birth_on)}" if told.birth_on else ""
    number = f", NHS number {nhs_number_words(told.nhs_number)}" if told.nhs_number else ""
    head = f"{told.family.upper()}, {told.given}{born}{number}"
    parts = ["\n".join([heading, *(f"- {line}" for line in lines)]) for heading, lines in sections(told)]
    wellbeing = ["Wellbeing is as they answered, from 0 to 10: it does not tell what a change comes from."]
    from_ = f"From {told.by}, {told.team}, {told.organisation}"
    return "\n\n".join([head, *parts, *(wellbeing if told.changes else []), from_])


def bundle(told: Told) -> dict[str, Any]:
    """The same as a FHIR R4 document: a composition first, and whom and whose it names."""
    stamp = told.at.isoformat()
    ids = {kind: f"urn:uuid:{uuid5(told.id, f'{kind} {stamp}')}" for kind in ("Composition", *PARTS)}
    resources = {
        "Composition": _composition(told, ids, stamp),
        "Patient": _patient(told),
        "Practitioner": {"resourceType": "Practitioner", "name": [{"text": told.by}]},
        "Organization": {"resourceType": "Organization", "name": told.organisation},
    }
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid5(told.id, stamp)}"},
        "type": "document",
        "timestamp": stamp,
        "entry": [{"fullUrl": ids[kind], "resource": resource} for kind, resource in resources.items()],
    }


PARTS = ("Patient", "Practitioner", "Organization")


def _composition(told: Told, ids: dict[str, str], stamp: str) -> dict[str, Any]:
    return {
        "resourceType": "Composition",
        "status": "final",
        "type": {"text": TITLE},
        "subject": {"reference": ids["Patient"]},
        "date": stamp,
        "author": [{"reference": ids["Practitioner"]}],
        "custodian": {"reference": ids["Organization"]},
        "title": TITLE,
        "section": [
            {"title": heading, "text": {"status": "generated", "div": _narrative(lines)}}
            for heading, lines in sections(told)
        ],
    }


def _patient(told: Told) -> dict[str, Any]:
    known = {"birthDate": told.birth_on.isoformat()} if told.birth_on else {}
    number = {"identifier": [{"system": NHS_NUMBER, "value": told.nhs_number}]} if told.nhs_number else {}
    return {
        "resourceType": "Patient",
        "name": [{"family": told.family, "given": [told.given] if told.given else []}],
        **number,
        **known,
    }


def _narrative(lines: list[str]) -> str:
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><ul>{rows}</ul></div>'
