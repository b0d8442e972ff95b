"""FHIR JSON in: a Bundle of any type, one resource, or NDJSON. https://hl7.org/fhir/R4/bundle.html

A Bundle is an envelope: it is opened and each resource in it becomes an entry, as the exact bytes sent; the
Bundle itself is not kept. The envelope is read strictly here, each resource by `structure.check`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

from . import strict
from .entry import Entry, Unreadable

DEEPEST_BUNDLE = 3
KEEPING = ("PUT", "POST")
NO_ENTRIES = "The Bundle has no entries, so it holds nothing to keep."
Numbered = TypeVar("Numbered")
# Possessive, so that a string without an end costs one pass over the bytes and no more.
_MARKS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_NOT_A_LINE = re.compile(rb"[^\n]")
_NOTHING = msgspec.Raw(b"")


class _Outside(msgspec.Struct):
    """What is looked for in a file or in an entry, left as the bytes that were sent."""

    resourceType: msgspec.Raw = _NOTHING
    entry: msgspec.Raw = _NOTHING
    resource: msgspec.Raw = _NOTHING


_outside = msgspec.json.Decoder(_Outside)
_list = msgspec.json.Decoder(list[msgspec.Raw])


def entries(place: str, content: bytes) -> Iterator[Entry | Unreadable]:
    """What one JSON file holds, in the order to be stored (a history is turned round: oldest first)."""
    yield from _opened(place, _trimmed(content), depth=0)


def ndjson_entries(place: str, lines: Iterable[bytes]) -> Iterator[Entry | Unreadable]:
    """What lines of one resource each hold; a bad line refuses that line only, and a blank one is nothing."""
    for number, line in enumerate(lines, start=1):
        if trimmed := _trimmed(line):
            yield from _opened(f"{place} line {number}", trimmed, depth=0)


def bundle_entry(place: str, content: bytes, *, depth: int = 1) -> Iterator[Entry | Unreadable]:
    """What one entry of a Bundle holds, given the bytes of that entry."""
    try:
        resource, rest = _split(content, "resource")
    except strict.NotStrict as refusal:
        yield Unreadable(place, content, str(refusal))
        return
    full_url, verb, url = _asked(rest)
    if verb == "DELETE" and url:
        # A DELETE sends no resource: what was sent is the entry itself.
        yield Entry(place, content, full_url=full_url, verb=verb, url=url)
    elif reason := _refused(resource, rest, verb):
        yield Unreadable(place, content, reason)
    else:
        yield from _opened(place, resource, depth=depth, full_url=full_url, verb=verb, url=url)


def _opened(place: str, content: bytes, *, depth: int, **asked: Any) -> Iterator[Entry | Unreadable]:
    """The resource itself; if it is a Bundle, what is in it."""
    # One look for the word tells most resources from a Bundle.
    if depth and b'"Bundle"' not in content:
        yield Entry(place, content, **asked)
        return
    try:
        is_bundle = _is_bundle(content)
    except strict.NotStrict as refusal:
        yield Unreadable(place, content, str(refusal))
        return
    if not is_bundle:
        yield Entry(place, content, **asked)
    elif depth >= DEEPEST_BUNDLE:
        yield Unreadable(place, content, f"Bundles lie more than {DEEPEST_BUNDLE} deep inside each other.")
    else:
        yield from _bundle(place, content, depth)


def _bundle(place: str, content: bytes, depth: int) -> Iterator[Entry | Unreadable]:
    try:
        listed, rest = _split(content, "entry")
        parts = _parts(listed)
    except strict.NotStrict as refusal:
        yield Unreadable(place, content, str(refusal))
        return
    if not parts:
        yield Unreadable(place, content, NO_ENTRIES)
    for number, part in oldest_first(list(enumerate(parts, start=1)), rest.get("type")):
        yield from bundle_entry(f"{place} entry {number}", bytes(part), depth=depth + 1)


def oldest_first(numbered: list[Numbered], bundle_type: object) -> Iterable[Numbered]:
    # https://hl7.org/fhir/R4/http.html#history: newest first, so the last to be stored would be the oldest.
    return reversed(numbered) if bundle_type == "history" else numbered


def _asked(rest: dict) -> tuple[str, str, str]:
    """The full URL, the verb and the URL of an entry; a verb that was not said is PUT."""
    request = rest.get("request")
    said = request if isinstance(request, dict) else {}
    asked = (rest.get("fullUrl"), said.get("method", "PUT"), said.get("url"))
    full_url, verb, url = (one if isinstance(one, str) else "" for one in asked)
    return full_url, verb, url


def _refused(resource: bytes, rest: dict, verb: str) -> str:
    if verb == "DELETE":
        return "The entry deletes, but its request has no url to say what."
    if verb == "PATCH":
        return "The entry is a PATCH, a change without the whole: send the whole resource."
    if verb not in KEEPING:
        return "The entry's request neither sends nor deletes anything: only PUT, POST and DELETE are received."
    if resource in (b"", b"null"):
        return "The entry holds only a response, no resource." if "response" in rest else "The entry holds no resource."
    return ""


def _is_bundle(content: bytes) -> bool:
    try:
        return bytes(_outside.decode(content).resourceType) == b'"Bundle"'
    except (msgspec.MsgspecError, RecursionError):
        return _split(content, "entry")[1].get("resourceType") == "Bundle"


def _split(content: bytes, name: str) -> tuple[bytes, dict]:
    """One member of an object as bytes, and the rest of the object read strictly; or raise NotStrict."""
    try:
        part = bytes(getattr(_outside.decode(content), name))
    except (msgspec.MsgspecError, RecursionError):
        # Something inside is broken. What it is and whether it matters is found piece by piece.
        spans = {found: content[start:end] for found, start, end in _pieces(content)}
        part = spans.get(b'"%b"' % name.encode(), b"")
    # A part without quotes could be found inside a string, so it is not cut out.
    parsed = _around(content, part) if b'"' in part else strict.parse(content)
    if not isinstance(parsed, dict):
        raise strict.NotStrict("It is not an object, as every resource and every entry is.")
    return part, parsed


def _around(content: bytes, part: bytes) -> object:
    """The JSON without one part of it, read strictly; a part that stands twice is cut out only once."""
    before, _, after = content.partition(part)
    try:
        return strict.parse(before + b"0" + after)
    except strict.NotStrict:
        # Once more with white space for the part, so that the line and column are those that were sent.
        return strict.parse(before + b"0" + _NOT_A_LINE.sub(b" ", part[1:]) + after)


def _parts(listed: bytes) -> Sequence[bytes | msgspec.Raw]:
    if not listed:
        return []
    try:
        return _list.decode(listed)
    except msgspec.ValidationError:
        raise strict.NotStrict("Bundle.entry is not a list.") from None
    except (msgspec.DecodeError, RecursionError):
        return _broken_parts(listed)


def _broken_parts(listed: bytes) -> list[bytes]:
    spans = [(start, end) for _, start, end in _pieces(listed)]
    edges = pairwise([(0, 1), *spans, (len(listed) - 1, len(listed))])
    if b"".join(listed[end:start] for (_, end), (start, _) in edges).strip(b", \t\r\n"):
        raise strict.NotStrict("Bundle.entry holds something that is not an entry.")
    return [listed[start:end] for start, end in spans]


def _pieces(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Where the lists and objects directly inside a list or object lie, each after its name.

    What is in them may be broken; where the brackets do not close it raises NotStrict.
    """
    depth, name, start = 0, b"", 0
    for mark in _MARKS.finditer(content):
        sign = mark[0]
        if sign in (b"{", b"["):
            depth += 1
            start = mark.start() if depth == 2 else start
        elif sign in (b"}", b"]"):
            depth -= 1
            if depth == 1:
                yield name, start, mark.end()
        elif depth == 1:
            name = sign
    if depth > 0:
        lines = content.split(b"\n")
        raise strict.NotStrict(
            "The JSON stops in the middle: it was cut short, or a bracket or quote is missing "
            f"(line {len(lines)} column {len(lines[-1])})."
        )


def _trimmed(content: bytes) -> bytes:
    return content.removeprefix(strict.BYTE_ORDER_MARK).strip(b" \t\r\n")
