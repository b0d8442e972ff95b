"""One line opened: what it says whole, what it carries, how it came to be so."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from locality.access.queries import Grant, redacts, visible
from locality.base import NotFound
from locality.record.headlines import State, Topic
from locality.record.headlines.other import type_words
from locality.record.intake import strict
from locality.record.models import Resource
from locality.record.queries.details import contents_of
from locality.record.queries.grouping import View, line_of, sender_of
from locality.record.queries.identity import tells_place
from locality.record.queries.references import things_named
from locality.record.queries.rows import Row, linked, read, told
from locality.record.queries.shapes import Enclosed, Opened, Version

NOT_THERE = "There is no such line in this record, or it is not shown to you."
# what is shown as words; anything else is kept, never run
READABLE = ("text/plain", "text/markdown", "text/csv")
KEPT = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/tiff", "text/rtf", "application/rtf"}
ANY_BYTES = "application/octet-stream"
LONGEST_TEXT = 1_000_000
# a narrative of these says where somebody is
NAME_A_PLACE = {"Patient", "Person", "RelatedPerson", "Location", "Encounter", "Appointment"}
PLACE_PROTECTED = "The original is not shown: it may say where this person lives, and that is protected."
ELSEWHERE = "It is kept elsewhere, and was not sent to us: ask its sender."


def opened(*, grant: Grant, thing: UUID) -> Opened:
    """A row opened in place: at most four queries. Raises NotFound, with the same words for hidden and for absent."""
    row = _row(grant, thing)
    view = View(at=grant.viewer.at, looked_before_at=grant.looked_before_at, tells_place=tells_place(grant))
    contents = contents_of(grant, [row], tells_place=view.tells_place)
    fact = line_of(row, _others(grant, row), view, details=contents.lines)
    if not contents.opens(row):
        return Opened(fact=fact, kind=type_words(row.type))
    raw = bytes(row.content or b"")
    return Opened(
        fact=fact,
        kind=type_words(row.type),
        rows=fact.details,
        narrative=contents.detail(row).narrative_html if view.tells_place or row.type not in NAME_A_PLACE else "",
        enclosed=tuple(_enclosed(grant, row)),
        versions=tuple(_versions(grant, row, view)),
        original=raw.decode("utf-8", "replace") if view.tells_place else PLACE_PROTECTED,
        size=len(raw),
    )


def _row(grant: Grant, thing: UUID) -> Row:
    found = read(grant, told("thing = %s", thing, content=True))
    if not found:
        raise NotFound(NOT_THERE)
    return found[0]


def _others(grant: Grant, row: Row) -> list[Row]:
    """What other senders say of the same fact; of what has no panel, no two are known to be the same."""
    if not row.group_key or row.topic == Topic.OTHER:
        return []
    return read(grant, told("group_key = %s and source_id <> %s", row.group_key, row.source_id))


def _versions(grant: Grant, row: Row, view: View) -> Iterator[Version]:
    """Its earlier versions, newest first; one that this grant may not show is left out."""
    rows = Resource.objects.filter(visible(grant), thing=row.thing, patient__in=linked(grant), is_current=False)
    versions = rows.exclude(state=State.WRONG).filter(removed=False).order_by("-version")
    sender = sender_of(row, view)
    for number, at, said_at, title, value in versions.values_list(
        "version", "received_at", "said_at", "title", "value"
    ):
        yield Version(number=number, at=at, sender=replace(sender, at=said_at), title=title, value=value)


# ---- what a document carries


def attachment(*, grant: Grant, thing: UUID, number: int) -> tuple[str, bytes, str]:
    """The content type, bytes and name of what a line carries, from the record itself: no address is ever followed.

    Raises NotFound where it is not shown, not there, or was not sent with the line.
    """
    row = _row(grant, thing)
    carried = [] if redacts(grant, row.data_class) else _carried(row)
    if not 0 <= number < len(carried):
        raise NotFound(NOT_THERE)
    one = carried[number]
    kind, content = _content(grant, row, one)
    if content is None:
        raise NotFound(NOT_THERE)
    return _safe_kind(kind), content, one.get("title") or f"{row.title} {number + 1}"


def _carried(row: Row) -> list[dict]:
    """Every attachment in a resource, in the order in which they stand; a Binary carries itself."""
    resource = strict.parse(bytes(row.content or b"{}"))
    if isinstance(resource, dict) and resource.get("resourceType") == "Binary":
        return [{"contentType": resource.get("contentType"), "data": resource.get("data")}]
    return list(_attachments(resource))


def _attachments(value: Any) -> Iterator[dict]:
    if isinstance(value, list):
        for one in value:
            yield from _attachments(one)
    elif isinstance(value, dict):
        if isinstance(value.get("contentType"), str) and ("data" in value or "url" in value or "title" in value):
            yield value
            return
        for name, one in value.items():
            if name != "contained":
                yield from _attachments(one)


def _enclosed(grant: Grant, row: Row) -> Iterator[Enclosed]:
    for number, one in enumerate(_carried(row)):
        kind, content = _content(grant, row, one)
        readable = content is not None and kind.partition(";")[0].strip().lower() in READABLE
        is_short = content is not None and len(content) <= LONGEST_TEXT
        yield Enclosed(
            number=number,
            title=one.get("title") or "",
            content_type=kind,
            size=len(content) if content is not None else None,
            text=content.decode("utf-8", "replace") if content is not None and readable and is_short else None,
            may_download=content is not None,
            words="" if content is not None else ELSEWHERE,
        )


def _content(grant: Grant, row: Row, one: dict) -> tuple[str, bytes | None]:
    """What an attachment holds: its own bytes, or those of the Binary it names among what its source sent."""
    kind = one.get("contentType") or ANY_BYTES
    if isinstance(one.get("data"), str):
        return kind, _bytes(one["data"])
    url = one.get("url")
    binary = _binary(grant, row, url) if isinstance(url, str) and "Binary" in url else None
    if binary is None:
        return kind, None
    return binary.get("contentType") or kind, _bytes(binary.get("data") or "")


def _binary(grant: Grant, row: Row, url: str) -> dict | None:
    """A Binary of the same source that is about nobody, or about this person, and that may be shown."""
    things = things_named(source=row.source_id, reference=url, types=("Binary",))
    rows = Resource.objects.filter(visible(grant), thing__in=things, type="Binary", is_current=True, removed=False)
    mine = rows.filter(Q(patient=None) | Q(patient__in=linked(grant))).exclude(state=State.WRONG)
    content = mine.values_list("content", flat=True).first()
    found = strict.parse(bytes(content)) if content is not None else None
    return found if isinstance(found, dict) else None


def _bytes(data: str) -> bytes | None:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _safe_kind(kind: str) -> str:
    """What a browser keeps as a file; whatever could act as a page is only bytes."""
    named = kind.partition(";")[0].strip().lower()
    if named in READABLE:
        return "text/plain; charset=utf-8"
    return named if named in KEPT else ANY_BYTES
