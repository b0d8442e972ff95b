"""HL7 v2 as it is sent: a message, a file of them, a batch (FHS, BHS), or MLLP frames.

Each ADT message becomes FHIR resources, and one Binary that keeps the message itself. Either all of a message is
taken in or, when it cannot be read, none of it.
"""

import re
from collections.abc import Iterator

import orjson

from locality.record.intake.entry import Entry, Unreadable
from locality.record.intake.hl7v2.adt import resources
from locality.record.intake.hl7v2.message import BadMessage, parse

# what frames messages and belongs to none: line ends, MLLP's marks, batch headers and trailers
ENDS = b"\r\n\x0b\x1c"
LINES = re.compile(rb"[\r\n\x0b\x1c]+")
BATCH = (b"FHS", b"BHS", b"BTS", b"FTS")
BOM = b"\xef\xbb\xbf"


def entries(place: str, content: bytes) -> Iterator[Entry | Unreadable]:
    """The resources of every message, in the order sent; a message that cannot be read is one Unreadable."""
    content = content.removeprefix(BOM)
    starts = _starts(content)
    before = content[: starts[0]] if starts else content
    if not starts or any(line.strip() and not line.startswith(BATCH) for line in LINES.split(before)):
        yield Unreadable(place, before, "There is no MSH segment before the first line: it is not an HL7 v2 message.")
    ends = [*starts[1:], len(content)]
    for number, start in enumerate(starts, start=1):
        yield from _message(f"{place} message {number}", _unframed(content[start : ends[number - 1]]))


def _starts(content: bytes) -> list[int]:
    """Where messages begin: MSH at the start of a line, and a separator after it."""
    starts, at = [], content.find(b"MSH")
    while at >= 0:
        separator = content[at + 3 : at + 4]
        if (at == 0 or content[at - 1] in ENDS) and separator.strip() and not separator.isalnum():
            starts.append(at)
        at = content.find(b"MSH", at + 3)
    return starts


def _unframed(content: bytes) -> bytes:
    """The message without what follows it."""
    while True:
        content = content.rstrip(ENDS)
        last = max(content.rfind(b"\r"), content.rfind(b"\n"), content.rfind(b"\x1c")) + 1
        if not content.startswith(BATCH, last):
            return content
        content = content[:last]


def _message(place: str, content: bytes) -> Iterator[Entry | Unreadable]:
    try:
        found = resources(parse(content))
    except BadMessage as bad:
        yield Unreadable(place, content, str(bad))
        return
    for resource in found:
        # sorted, so that the same message gives the same bytes
        written = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
        yield Entry(f"{place}, {resource['resourceType']}", written)
