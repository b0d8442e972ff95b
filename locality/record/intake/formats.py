"""What a member is, told by its content and not by its name, and the entries it holds."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from locality.record.intake import csv_rows, fhir_bundle, fhir_xml, hl7v2
from locality.record.intake.archives.limits import MB
from locality.record.intake.archives.member import Member, too_large
from locality.record.intake.archives.metered import Damaged, peek, read_up_to
from locality.record.intake.entry import Entry, Unreadable

BOM = b"\xef\xbb\xbf"
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
HL7 = re.compile(rb"(MSH|FHS|BHS)[^A-Za-z0-9\s]")
LINES_NAME = re.compile(r"\.(ndjson|jsonl)(\.gz)?$", re.IGNORECASE)

Read = Iterator[Entry | Unreadable]


def entries(member: Member, *, mapping: Mapping[str, Any] | None = None) -> Read:
    """All entries of a member: FHIR as JSON, NDJSON or XML, HL7 v2, or CSV when a mapping says how."""
    try:
        yield from _entries(member, mapping)
    except Damaged as damaged:
        # every share of a large member meets the same damage: one of them tells
        if member.share.number == 0:
            yield Unreadable(member.name, b"", str(damaged))


def _entries(member: Member, mapping: Mapping[str, Any] | None) -> Read:
    head = peek(member.open()).removeprefix(BOM).lstrip(b" \t\r\n\x0b")
    if head.startswith(b"{"):
        yield from _json(member)
    elif member.share.number == 0:
        yield from _whole(member, head, mapping)


def _whole(member: Member, head: bytes, mapping: Mapping[str, Any] | None) -> Read:
    content = member.read()
    if HL7.match(head):
        yield from hl7v2.entries(member.name, content)
    elif head.startswith(b"<") and not is_web_page(head):
        yield from fhir_xml.entries(member.name, content)
    elif mapping is not None:
        yield from csv_rows.entries(member.name, content, mapping)
    else:
        yield Unreadable(member.name, content, _why_not(head))


def is_web_page(head: bytes) -> bool:
    """Whether it is what a browser saves, often an error page in place of what was wanted."""
    return head[:100].lower().startswith((b"<!doctype html", b"<html"))


def _why_not(head: bytes) -> str:
    if not head:
        return "The file holds nothing but white space."
    if head.startswith(WIDE):
        return "It is written in UTF-16: FHIR and HL7 v2 are read in UTF-8."
    if head.startswith(b"["):
        return "It is a JSON list: send a FHIR Bundle, or NDJSON with one resource a line."
    if head.startswith(b"%PDF"):
        return "It is a PDF: send it inside a FHIR DocumentReference."
    if is_web_page(head):
        return "It is a web page."
    return "It is not FHIR (JSON, NDJSON or XML) nor HL7 v2, and this source has no mapping for CSV."


def _json(member: Member) -> Read:
    """One JSON object, or one on each line: told by whether the first line is whole and more follow."""
    stream, limits = member.open(), member.limits
    read: list[bytes] = []
    while line := stream.readline(limits.line):
        read.append(line.removeprefix(BOM) if not read else line)
        if sum(1 for line in read if line.strip()) == 2:
            break
    first, second = ([line for line in read if line.strip()] + [b""])[:2]
    if _are_lines(member.name, first, second):
        too_long: list[Unreadable] = []
        yield from fhir_bundle.ndjson_entries(member.name, _lines(member, read, too_long))
        yield from too_long
    elif member.share.number == 0:
        start = b"".join(read)
        content = start + read_up_to(stream, limits.whole - len(start))
        if len(content) > limits.whole:
            raise Damaged(too_large(limits))
        yield from fhir_bundle.entries(member.name, content)


def _are_lines(name: str, first: bytes, second: bytes) -> bool:
    if LINES_NAME.search(name):
        return True
    if not second.lstrip().startswith(b"{"):
        return False
    # the first line may be the bad one: then the second must be a resource of its own
    return bool(_keys(first)) or "resourceType" in _keys(second)


def _keys(line: bytes) -> set[str]:
    try:
        return set(msgspec.json.decode(line, type=dict[str, msgspec.Raw]))
    except msgspec.DecodeError:
        return set()


def _lines(member: Member, first: Iterable[bytes], too_long: list[Unreadable]) -> Iterator[bytes]:
    """Every line; one of another share is empty, so that the numbers of the lines stay right."""
    stream, limit = member.open(), member.limits.line
    waiting = iter(first)
    number = 0
    while line := next(waiting, None) or stream.readline(limit):
        mine = member.share.holds(number)
        number += 1
        if len(line) >= limit and not line.endswith(b"\n"):
            if mine:
                reason = f"The line is longer than {limit // MB} MB."
                too_long.append(Unreadable(f"{member.name} line {number}", b"", reason))
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit)
            mine = False
        yield line if mine else b"\n"
