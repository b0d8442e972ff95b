"""Looking at what leaves: everybody named in a list is written down as shown, and each message that is opened."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.queries import Grant
from locality.base import Viewer
from locality.base.parts import Part
from locality.neighbourhoods.models import Message
from locality.neighbourhoods.queries import outbox
from locality.neighbourhoods.queries.leaving import checked
from locality.neighbourhoods.queries.outbox import ALL, Asked, Counts, Listed, One
from locality.neighbourhoods.rules.outbox import PEOPLE, STOP_WORDS, MessageState
from locality.record.queries.identity import tells_place

NOT_YOURS_TO_PRINT = "Where they live is not for you to know: somebody who was let know it prints this and posts it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """A page of what was written, of how many, and how many stand in each state."""

    rows: list[Listed]
    part: Part
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to put on paper: where it goes, while it may go there, or why it may not."""

    one: One
    address: str
    why_not: str
    grant: Grant


@transaction.atomic
def list_outbox(*, by: Viewer, asked: Asked = ALL, page: int = 1) -> Outbox:
    """What the viewer's teams sent or mean to send; everybody named is written down as shown."""
    rows, part = outbox.listed(viewer=by, asked=asked, page=page)
    show(people_ids=outbox.people_of(rows), what="message.listed", by=by)
    return Outbox(rows=rows, part=part, counts=outbox.counts(viewer=by, mine=asked.mine))


@transaction.atomic
def open_message(*, message: UUID, by: Viewer) -> tuple[One, Grant]:
    """One message, and leave to read the record of whom it is about. Raises NotFound, NoAccess."""
    one = outbox.message(viewer=by, message_id=message)
    grant = open_record(person_id=one.message.person.pk, by=by, what="message.opened", about=message)
    return one if _tells_where(one, grant) else replace(one, to_address=""), grant


@transaction.atomic
def print_letter(*, message: UUID, by: Viewer) -> Letter:
    """One letter to put on paper, whether it may go today, and leave to read the record. Raises NotFound, NoAccess.

    What went, or will not go, is shown without an address: who prints it again is not told where they live now.
    """
    one = outbox.message(viewer=by, message_id=message)
    grant = open_record(person_id=one.message.person.pk, by=by, what="message.printed", about=message)
    if one.message.state != MessageState.WAITING:
        return Letter(one=one, address="", why_not="", grant=grant)
    found = checked(message=Message.objects.get(pk=message), secure=(), at=by.at)
    why_not = STOP_WORDS[found.stop] if found.stop is not None else ""
    if not _tells_where(one, grant):
        why_not = why_not or NOT_YOURS_TO_PRINT
    return Letter(one=one, address="" if why_not else found.address, why_not=why_not, grant=grant)


def _tells_where(one: One, grant: Grant) -> bool:
    """Whether this grant may know where it goes: to somebody's own home only where it may know that."""
    return one.message.to_kind not in PEOPLE or tells_place(grant)
