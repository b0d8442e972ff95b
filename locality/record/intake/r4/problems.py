"""What is wrong with a resource, in words: the slow, plain reading of the table that `schema` reads fast.

A sentence names the place and what FHIR wants there. It shows no value but a short code.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from locality.record.intake.strict import plain_name

from . import Element, Field, elements, fields, is_plain, resources
from .schema import PATTERNS, WHOLE

CODES_SHOWN = 12
_SHORT_CODE = re.compile(r"[A-Za-z0-9-]{1,20}")

_WANTED = {
    "base64Binary": "base64 text",
    "boolean": "true or false",
    "canonical": "a URI (no spaces)",
    "code": "a code (no spaces at either end, single spaces within)",
    "date": "a date (YYYY, YYYY-MM or YYYY-MM-DD, and a day that exists)",
    "dateTime": "a date, or a date and time with seconds and time zone",
    "decimal": "a number",
    "id": "an id (1 to 64 letters, digits, '-' and '.')",
    "instant": "a date and time with seconds and time zone",
    "integer": "a whole number in FHIR's range",
    "oid": "an OID (urn:oid:1.2.3)",
    "positiveInt": "a whole number from 1",
    "time": "a time of day with seconds (hh:mm:ss)",
    "unsignedInt": "a whole number from 0",
    "uri": "a URI (no spaces)",
    "url": "a URL (no spaces)",
    "uuid": "a UUID in small letters (urn:uuid:...)",
}


def problems(resource: dict, path: str = "") -> Iterator[str]:
    """Every problem in a parsed resource and in the resources inside it, in the order of FHIR's definitions."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or kind not in resources():
        yield _not_a_resource(kind, path)
        return
    rest = {name: value for name, value in resource.items() if name != "resourceType"}
    yield from _complex(kind, rest, path or kind)


def _not_a_resource(kind: object, path: str) -> str:
    where = f"{path}: " if path else ""
    if kind is None:
        return f"{where}There is no resourceType, so this is not a FHIR resource."
    name = plain_name(kind)
    return f"{where}The resource type {name or 'given'} is not one of FHIR R4."


def _complex(kind: str, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is not an object."
        return
    known = fields(kind)
    for element in elements(kind):
        yield from _element(element, known, value, path)
    for name in value:
        field = known.get(name) or known.get(name.removeprefix("_"))
        if not field or (name not in known and not field.has_sibling):
            shown = plain_name(name)
            yield f"{path}.{shown} is not in FHIR R4." if shown else f"{path} holds a name that is not in FHIR R4."


def _element(element: Element, known: dict[str, Field], value: dict, path: str) -> Iterator[str]:
    names = [name for name, _ in element.names()]
    present = [name for name in names if name in value or (known[name].has_sibling and f"_{name}" in value)]
    if element.required and not present:
        yield f"{path}.{element.name} is missing."
    if len(present) > 1:
        yield f"{path}.{element.name} is given more than once, as {' and '.join(present)}."
    for name in present:
        if name in value:
            yield from _values(known[name], value[name], f"{path}.{name}", nulls=f"_{name}" in value)
        if f"_{name}" in value and known[name].has_sibling:
            yield from _siblings(element, value[f"_{name}"], f"{path}._{name}")


def _values(field: Field, value: object, path: str, *, nulls: bool) -> Iterator[str]:
    if not field.element.many:
        if isinstance(value, list):
            yield f"{path} may not be a list."
        else:
            yield from _one(field, value, path)
    elif not isinstance(value, list):
        yield f"{path} must be a list."
    elif not value and field.element.required:
        yield f"{path} is missing: its list is empty."
    else:
        for number, one in enumerate(value):
            # In a list of plain values, null keeps the place of one that has only extensions, in `_name`.
            if not (one is None and nulls and is_plain(field.kind)):
                yield from _one(field, one, f"{path}[{number}]")


def _siblings(element: Element, value: object, path: str) -> Iterator[str]:
    if not element.many:
        yield from _complex("Element", value, path)
    elif not isinstance(value, list):
        yield f"{path} must be a list."
    else:
        for number, one in enumerate(value):
            if one is not None:
                yield from _complex("Element", one, f"{path}[{number}]")


def _one(field: Field, value: object, path: str) -> Iterator[str]:
    if field.kind == "Resource":
        if isinstance(value, dict):
            yield from problems(value, path)
        else:
            yield f"{path} is not a resource."
    elif not is_plain(field.kind):
        yield from _complex(field.kind, value, path)
    elif value is None or value == "":
        yield f"{path} is empty."
    elif field.element.codes:
        if value not in field.element.codes:
            yield _not_a_code(field.element.codes, value, path)
    elif not _fits(field.kind, value):
        yield f"{path} is not {_WANTED.get(field.kind, 'text')}."


def _not_a_code(codes: Iterable[str], value: object, path: str) -> str:
    shown = f" '{value}'" if isinstance(value, str) and _SHORT_CODE.fullmatch(value) else ""
    few = list(codes)[:CODES_SHOWN]
    more = len(list(codes)) - len(few)
    wanted = ", ".join(few) + (f" or {more} others" if more else "")
    return f"{path}{shown} is not one of {wanted}."


def _fits(kind: str, value: object) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if kind == "decimal":
        return isinstance(value, int | float | Decimal)
    if kind in WHOLE:
        least, most = WHOLE[kind]
        return isinstance(value, int | float | Decimal) and value == int(value) and least <= value <= most
    if not isinstance(value, str):
        return False
    return kind not in PATTERNS or bool(re.fullmatch(PATTERNS[kind], value))
