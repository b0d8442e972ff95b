"""What a row refers to, in words: resolved within its own source, and only to what the grant may show."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from locality.access.queries import Grant, visible
from locality.record.headlines.names import phone
from locality.record.headlines.words import resource_words
from locality.record.intake import strict
from locality.record.queries.rows import ask, held_step, predicate
from locality.record.rules import thing_id

TYPED = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?")
UNTYPED = re.compile(r"urn:(?:uuid|oid):([A-Za-z0-9\-.]{1,64})")
CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?identifier=(?:([^|]*)\|)?(.+)")
# what a urn may stand for, where the reference does not say
NAMED_TYPES = (
    *("Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService", "CareTeam", "Medication"),
    *("RelatedPerson", "Condition", "Procedure", "Observation", "Goal", "Device", "Encounter"),
)
SPOKEN = {"Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService", "CareTeam"}
# no line says these: the person, and the contact a row belongs to
NEVER_NAMED = {"subject", "patient", "for", "beneficiary", "encounter", "context", "partOf", "contained"}
MOST = 2000


@dataclass(frozen=True, slots=True)
class Named:
    """What a reference stands for."""

    words: str
    phone: str = ""


Key = tuple[UUID, str]


def things_named(*, source: UUID, reference: str, types: Iterable[str] = NAMED_TYPES) -> list[UUID]:
    """The things a reference may stand for within its source: one where it says the type, else one a type."""
    if found := TYPED.fullmatch(reference):
        return [thing_id(source=source, type=found[1], local_id=found[2])]
    if found := UNTYPED.fullmatch(reference):
        return [thing_id(source=source, type=kind, local_id=found[1]) for kind in types]
    return []


def condition_named(reference: str) -> tuple[str, str, str] | None:
    """The type, system and value of a conditional reference: `Practitioner?identifier=system|value`."""
    found = CONDITIONAL.fullmatch(reference)
    return (found[1], found[2] or "", found[3]) if found else None


def written_in(resource: Any) -> Iterator[dict]:
    """Every reference in a resource that its lines may name: to something outside it, and not to the person."""
    waiting = [resource]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            written = one.get("reference")
            if isinstance(written, str) and not written.startswith(("#", "Patient/", "Patient?")):
                yield one
            waiting += (held for name, held in one.items() if name not in NEVER_NAMED)


def named(grant: Grant, wanted: Iterable[Key]) -> dict[Key, Named]:
    """What each (source, reference) stands for, in one query; what is hidden or absent is left out."""
    wanted = list(dict.fromkeys(wanted))[:MOST]
    things = {thing: key for key in wanted for thing in things_named(source=key[0], reference=key[1])}
    conditions = {(key[0], *told): key for key in wanted if (told := condition_named(key[1]))}
    if not things and not conditions:
        return {}
    found: dict[Key, Named] = {}
    for source, kind, thing, system, code, title, content in _rows(grant, list(things), list(conditions)):
        words = _named(kind, title, content)
        # a condition need not say whose number it is
        asked = {
            things.get(thing),
            conditions.get((source, kind, system, code)),
            conditions.get((source, kind, "", code)),
        }
        found |= {key: words for key in asked if key is not None}
    return found


COLUMNS = "source_id, type, thing, code_system, code, title, content"
# what a source sent of nobody: its practitioners, places and organisations; by id, and by their first identifier
NAMED = f"""
of_nobody as (
    select {COLUMNS} from record_resource where thing = any(%s) and {{nobodys}}
    union all
    select {COLUMNS} from record_resource
    join unnest(%s::uuid[], %s::text[], %s::text[]) as asked (source, kind, number)
        on source_id = asked.source and type = asked.kind and code = asked.number
    where {{nobodys}}
),
named as (select {COLUMNS} from held where thing = any(%s) union all select {COLUMNS} from of_nobody)
"""  # noqa: S608 -- only the names of columns stand in it
NOBODYS = """
patient_id is null and topic = 'reference' and is_current and not removed and state <> 'wrong' and {predicate}
"""


def _rows(grant: Grant, things: list[UUID], conditions: list[tuple[UUID, str, str, str]]) -> Iterable[tuple]:
    shown, params = predicate(visible(grant))
    asked = [[one[column] for one in conditions] for column in (0, 1, 3)]
    named = NAMED.format(nobodys=NOBODYS.format(predicate=shown))
    steps = [held_step(grant), (named, [things, *params, *asked, *params, things])]
    return ask(steps, ("select * from named order by thing", ()))


def _named(kind: str, title: str, content: bytes) -> Named:
    if kind not in SPOKEN:
        return Named(title)
    resource = strict.parse(bytes(content))
    assert isinstance(resource, dict)
    return Named(resource_words(resource) or title, phone(resource.get("telecom")))
