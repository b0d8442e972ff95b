"""Is this FHIR R4? The names, types, lists and codes of a resource, and what must be there.

https://hl7.org/fhir/R4/validation.html (structure, cardinality, value domains and required codes; not profiles,
invariants or terminology).
"""

from functools import cache
from itertools import islice

import jsonschema_rs

from . import r4, strict
from .r4.problems import problems
from .r4.schema import schema

MOST_PROBLEMS = 5


def check(content: bytes) -> tuple[dict, list[str]]:
    """The parsed resource and what is wrong with it, at most five sentences; none: it is sound.

    What cannot be parsed comes back as an empty resource and one sentence. Decimals are Decimal, as sent.
    """
    try:
        resource = strict.parse(content)
    except strict.NotStrict as refusal:
        return {}, [str(refusal)]
    if not isinstance(resource, dict):
        return {}, ["This is JSON, but not an object: a FHIR resource is an object with a resourceType."]
    if _is_sound(resource):
        return resource, []
    return resource, list(islice(problems(resource), MOST_PROBLEMS)) or ["This is not FHIR R4."]


def _is_sound(resource: dict) -> bool:
    kind = resource.get("resourceType")
    if kind in ("Bundle", "Parameters"):  # rare here, and they hold resources at any depth
        return not any(problems(resource))
    if not isinstance(kind, str) or kind not in r4.resources() or not _validator(kind).is_valid(resource):
        return False
    return all(_is_sound(inside) for inside in resource.get("contained", ()))


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema(kind), pattern_options=jsonschema_rs.RegexOptions())
