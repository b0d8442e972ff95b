"""Writing down who is close to a person and how one comes in; each change is a new version with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.access.queries import Grant, openable
from locality.access.queries.granted import redacts
from locality.access.rules import DataClass
from locality.base import NotFound, Overtaken, Refused, Viewer
from locality.base.ids import named_id
from locality.base.periods import LONDON
from locality.directory.queries import name_of
from locality.journal.actions import log
from locality.neighbourhoods.actions.locks import locked
from locality.neighbourhoods.actions.relationships import check_may_write
from locality.neighbourhoods.models import Contact, KeySafe
from locality.neighbourhoods.queries import families
from locality.neighbourhoods.rules.families import ContactRole
from locality.people.models import Person

SAY_NAME = "Write their name."
SAY_WHO_SAID = "Write who said so, so that the next reader knows."
SAY_WHY = "Say why it changes."
NOT_TO_YOU = "You are not told where they live, so you cannot write down how to get in."
NOT_OPEN = "You may not open the person whom you named as this contact, so nothing was changed."
THEMSELVES = "That is this person's own NHS number: write that of whoever is close to them, or leave it empty."
ENDS_FIRST = "It ends before it begins."
LONGEST = 2000
WAS_FIRST = "{who} changed this at {at:%H:%M}, while you wrote. Read it, then change it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody close to a person, and who said so; `who` where Locality knows them as a person of its own."""

    name: str
    said_by: str
    relation: str = ""
    phone: str = ""
    roles: Sequence[ContactRole] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    words: str = ""
    who: UUID | None = None
    came_from: str = ""


@transaction.atomic
def write_contact(*, form: UUID, named: Named, grant: Grant, by: Viewer) -> Contact:
    """Write down somebody close; sent twice from one filling of the form (`form`), it is one. Raises Refused."""
    check_may_write(grant, by)
    thing = named_id("contact", str(by.id), str(grant.person.pk), str(form))
    # the same form sent twice at once: before the first there is no row to lock
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    before = Contact.objects.filter(thing=thing, is_current=True).first()
    if before is not None:
        return before
    row = Contact(thing=thing, person_id=grant.person.pk, **_columns(named, grant=grant, by=by))
    row.save(force_insert=True)
    log(what="contact.written", by=by, person=grant.person.pk, about=thing)
    return row


@transaction.atomic
def change_contact(*, thing: UUID, version: int, named: Named, why: str, grant: Grant, by: Viewer) -> Contact:
    """Change what is kept of somebody close, or say until when it holds; what was kept before stays in the history.

    Raises NotFound where they are hidden or absent, Refused without a reason, Overtaken where somebody was first.
    """
    check_may_write(grant, by)
    now = locked(families.seen_contacts(grant).filter(thing=thing), none=families.NO_CONTACT)
    if now.version != version:
        raise Overtaken(WAS_FIRST, who=name_of(now.written_by), at=now.written_at)
    if not why.strip():
        raise Refused(SAY_WHY)
    told = _columns(named, grant=grant, by=by) | {"person_id": now.person_id, "data_class": now.data_class}
    told |= {"came_from": now.came_from, "label": now.label, "why": why.strip()}
    if redacts(grant, now.data_class) and not named.words.strip():
        # what this viewer does not read is not theirs to empty
        told["words"] = now.words
    if named.who is None and families.contact(grant=grant, thing=thing).who is None:
        # a link to somebody whom this viewer does not see is not theirs to cut
        told["who_id"] = now.who_id
    Contact.objects.filter(pk=now.pk).update(is_current=False)
    row = Contact(thing=thing, version=now.version + 1, **told)
    row.save(force_insert=True)
    log(what="contact.changed", by=by, person=grant.person.pk, about=thing)
    return row


@transaction.atomic
def take_over(*, key: str, at: datetime, grant: Grant, by: Viewer) -> Contact:
    """Keep here, in one press, somebody whom a source sent; who sent it stands beside. Raises NotFound, Refused."""
    check_may_write(grant, by)
    # pressed by two at once it is one: the second waits here, and is told
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    found = families.sent(key=key, grant=grant, at=at)
    sender = found.senders[0]
    on = f", {sender.at.astimezone(LONDON).date():%-d %B %Y}" if sender.at else ""
    named = Named(
        name=found.name,
        relation=found.relation,
        phone=found.phone,
        roles=found.roles,
        said_by=f"{sender.name}{on}",
        came_from=found.key,
    )
    return write_contact(form=named_id("taken over", str(grant.person.pk), key), named=named, grant=grant, by=by)


@transaction.atomic
def keep_key_safe(*, sealed: bytes, said_by: str, grant: Grant, by: Viewer) -> KeySafe:
    """Write down how one comes in, sealed by the edge; what was kept before ends. No word of it is in any line."""
    sender = _may_know_the_place(grant, by)
    if not said_by.strip():
        raise Refused(SAY_WHO_SAID)
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    _end(grant, by=by)
    row = KeySafe.objects.create(
        person_id=grant.person.pk,
        sealed=sealed,
        said_by=said_by.strip(),
        data_class=DataClass.LOC,
        sender_id=sender,
        made_at=by.at,
        made_by=by.id,
    )
    log(what="key-safe.kept", by=by, person=grant.person.pk)
    return row


@transaction.atomic
def end_key_safe(*, grant: Grant, by: Viewer) -> None:
    """Take away how one comes in: the code has changed, or there is no safe. Raises NotFound where there is none."""
    _may_know_the_place(grant, by)
    if not _end(grant, by=by):
        raise NotFound(families.NO_KEY_SAFE)
    log(what="key-safe.ended", by=by, person=grant.person.pk)


def _end(grant: Grant, *, by: Viewer) -> int:
    rows = KeySafe.objects.filter(person__in=grant.person_ids, ended_at=None)
    return rows.update(ended_at=by.at, ended_by=by.id)


def _may_know_the_place(grant: Grant, by: Viewer) -> UUID:
    sender = check_may_write(grant, by)
    if DataClass.LOC not in grant.opening.whole:
        raise Refused(NOT_TO_YOU)
    return sender


def _columns(named: Named, *, grant: Grant, by: Viewer) -> dict[str, Any]:
    _check(named)
    if named.who in grant.person_ids:
        raise Refused(THEMSELVES)
    if named.who is not None and not _may_name(named.who, grant=grant, by=by):
        raise Refused(NOT_OPEN)
    return {
        "name": named.name.strip(),
        "relation": named.relation.strip(),
        "phone": named.phone.strip(),
        "roles": sorted({str(one) for one in named.roles}),
        "starts_on": named.starts_on,
        "ends_on": named.ends_on,
        "said_by": named.said_by.strip(),
        "words": named.words.strip(),
        "who_id": named.who,
        "came_from": named.came_from,
        # to be rung is what every carer may need: the class of the summary
        "data_class": DataClass.SUM,
        "sender_id": by.organisation,
        "written_at": by.at,
        "written_by": by.id,
    }


def _may_name(who: UUID, *, grant: Grant, by: Viewer) -> bool:
    """Whoever acts for the person is named on this record already; of others, those who open to the viewer."""
    if who in {one.who.pk for one in families.acting(grant=grant)}:
        return True
    return who in openable(viewer=by, person_ids=[who], on=grant.on)


def _check(named: Named) -> None:
    if not named.name.strip():
        raise Refused(SAY_NAME)
    if not named.said_by.strip():
        raise Refused(SAY_WHO_SAID)
    if named.starts_on and named.ends_on and named.ends_on < named.starts_on:
        raise Refused(ENDS_FIRST)
    longest = max(map(len, (named.name, named.relation, named.phone, named.said_by, named.words)))
    if longest > LONGEST:
        raise Refused(f"That is longer than {LONGEST:,} letters: write it shorter.")
