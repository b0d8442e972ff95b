"""The table of FHIR R4 as JSON Schema, for a fast yes or no.

It says what HL7's own schema says (names, types, lists, codes, patterns), and what that one leaves out: plain
values that must be there, one of many, lists that may not be empty when something is required, and real days.
What lies inside an inline resource (`contained`, `Bundle.entry.resource`) is not said here: it has its own type.
"""

from collections.abc import Iterator

from . import Element, Field, elements, fields, is_plain, resources

_YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_LONG_MONTH = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_MONTH = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02-(?:0[1-9]|1[0-9]|2[0-8])"
_DAY = f"(?:{_YEAR}-(?:{_LONG_MONTH}|{_SHORT_MONTH}|{_FEBRUARY})|{_LEAP}-02-29)"
_MONTH = f"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_BLANK = r" \t\r\n\f\v"
_WORD = f"[^{_BLANK}]+"

# https://hl7.org/fhir/R4/datatypes.html#primitive
PATTERNS = {
    "base64Binary": f"[0-9a-zA-Z+/={_BLANK}]+",
    "canonical": _WORD,
    "code": f"{_WORD}(?:[{_BLANK}]{_WORD})*",
    "date": f"(?:{_MONTH}|{_DAY})",
    "dateTime": f"(?:{_MONTH}|{_DAY}(?:T{_CLOCK}{_ZONE})?)",
    "id": r"[A-Za-z0-9.\-]{1,64}",
    "instant": f"{_DAY}T{_CLOCK}{_ZONE}",
    "oid": r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+",
    "time": _CLOCK,
    "uri": _WORD,
    "url": _WORD,
    "uuid": "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
}
# the least and the most a whole number may be
WHOLE = {"integer": (-(2**31), 2**31 - 1), "unsignedInt": (0, 2**31 - 1), "positiveInt": (1, 2**31 - 1)}
# An object this small has no room for two of a choice: most extensions are spared the long question.
MANY_CHOICES = 12


def schema(kind: str) -> dict:
    """The JSON Schema of one resource type, complete in itself."""
    reached: dict[str, dict] = {}
    waiting = [kind, "Element"]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached[one] = _plain(one) if is_plain(one) else _complex(one)
            if not is_plain(one):
                waiting += {field.kind for field in fields(one).values()} - {"Resource"}
    return {"$ref": f"#/$defs/{kind}", "$defs": reached}


def _ref(kind: str) -> dict:
    return {"$ref": f"#/$defs/{kind}"}


def _plain(kind: str) -> dict:
    if kind == "boolean":
        return {"type": "boolean"}
    if kind == "decimal":
        return {"type": "number"}
    if kind in WHOLE:
        least, most = WHOLE[kind]
        return {"type": "integer", "minimum": least, "maximum": most}
    if kind in PATTERNS:
        return {"type": "string", "pattern": f"^{PATTERNS[kind]}$"}
    return {"type": "string", "minLength": 1}


def _complex(kind: str) -> dict:
    properties: dict[str, dict] = {}
    if kind in resources():
        properties["resourceType"] = {"const": kind}
    for name, field in fields(kind).items():
        properties[name] = _value(field)
        if field.has_sibling:
            properties[f"_{name}"] = _sibling(field)
    rules = list(_rules(kind))
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": [name for name, field in fields(kind).items() if _always(field)],
        **({"allOf": rules} if rules else {}),
    }


def _always(field: Field) -> bool:
    return field.element.required and len(field.element.kinds) == 1 and not field.has_sibling


def _value(field: Field) -> dict:
    if not field.element.many:
        return _one(field)
    listed = {"type": "array", "minItems": int(field.element.required)}
    return listed if is_plain(field.kind) else listed | {"items": _one(field)}


def _one(field: Field) -> dict:
    if field.kind == "Resource":
        return {"type": "object", "properties": {"resourceType": {"type": "string"}}, "required": ["resourceType"]}
    if field.element.codes:
        return {"enum": list(field.element.codes)}
    return _ref(field.kind)


def _sibling(field: Field) -> dict:
    if not field.element.many:
        return _ref("Element")
    return {"type": "array", "items": {"anyOf": [_ref("Element"), {"type": "null"}]}}


def _rules(kind: str) -> Iterator[dict]:
    for element in elements(kind):
        choices = [_stands(name, fields(kind)[name]) for name, _ in element.names()]
        if len(choices) > 1:
            yield _one_of(choices, element, kind)
        elif element.required and "anyOf" in choices[0]:
            yield choices[0]
        if element.many and is_plain(element.kinds[0]):
            yield _plain_list(element.name, fields(kind)[element.name])


def _plain_list(name: str, field: Field) -> dict:
    # In a list of plain values, null keeps the place of one that has only extensions, in `_name`.
    one = _one(field)
    return {
        "if": {"required": [f"_{name}"]},
        "then": {"properties": {name: {"items": {"anyOf": [one, {"type": "null"}]}}}},
        "else": {"properties": {name: {"items": one}}},
    }


def _stands(name: str, field: Field) -> dict:
    if not field.has_sibling:
        return {"required": [name]}
    return {"anyOf": [{"required": [name]}, {"required": [f"_{name}"]}]}


def _one_of(choices: list[dict], element: Element, kind: str) -> dict:
    if element.required:
        return {"oneOf": choices}
    at_most_one = {"oneOf": [*choices, {"not": {"anyOf": choices}}]}
    if len(choices) < MANY_CHOICES:
        return at_most_one
    required = sum(one.required for one in elements(kind))
    return {"if": {"minProperties": required + 2}, "then": at_most_one}
