"""Who is close to a person: what is kept here, what sources sent, who acts for them, who lives in the same home."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from locality.access.models import Proxy
from locality.access.queries import Grant, openable, visible
from locality.access.queries.acting import proxies_of
from locality.access.queries.conflicting import same_home
from locality.access.queries.granted import redacts
from locality.access.rules import DataClass
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import sort_key
from locality.directory.queries import names_of
from locality.neighbourhoods.models import Contact, KeySafe
from locality.neighbourhoods.rules.families import (
    LAWFUL,
    ROLE_WORDS,
    SEE_THE_PAPER,
    ContactRole,
    in_order,
    place_of,
)
from locality.people.models import Person
from locality.record.queries.contacts import AROUND_A_NAME
from locality.record.queries.shapes import Fact, Panel, Sender
from locality.record.queries.summary import summary

NO_CONTACT = "There is nobody like that written down here, or it is not shown to you."
NO_KEY_SAFE = "No key safe is written down here, or it is not shown to you."
NOBODY_SENT = "No source has sent anybody like that."
KEPT_ALREADY = "They are kept here already, so nothing was done. Change them where they stand."
NOBODY_OF_NUMBER = "Nobody whom you may open has this NHS number. Leave it empty, or look at it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Somebody close to a person, as is kept here now. `who` is told where the viewer may open that person too."""

    thing: UUID
    version: int
    name: str
    relation: str
    phone: str
    roles: tuple[ContactRole, ...]
    starts_on: date | None
    ends_on: date | None
    said_by: str
    words: str
    who: UUID | None
    rights: tuple[Proxy, ...]
    by_name: str
    by_organisation: str
    written_at: datetime
    why: str
    redacted: bool
    is_over: bool

    @property
    def role_words(self) -> tuple[str, ...]:
        return tuple(ROLE_WORDS[one] for one in self.roles)

    @property
    def papers(self) -> tuple[str, ...]:
        """What a role does not give, said where it is mostly taken to."""
        told = [one for one in self.roles if one in SEE_THE_PAPER]
        # whoever has a paper decides by it, whatever else they are
        lawful = [one for one in told if one in LAWFUL]
        return tuple(f"{ROLE_WORDS[one]}: {SEE_THE_PAPER[one]}" for one in lawful or told)

    @property
    def keeps_away(self) -> bool:
        return ContactRole.DO_NOT_CONTACT in self.roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Somebody close as a source sent them, not yet taken over; `key` names them among what was sent."""

    key: str
    name: str
    relation: str
    phone: str
    roles: tuple[ContactRole, ...]
    senders: tuple[Sender, ...]

    @property
    def role_words(self) -> tuple[str, ...]:
        return tuple(ROLE_WORDS[one] for one in self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All of it, for one page. `at_home` is None where it may not be told."""

    close: tuple[Close, ...]
    past: tuple[Close, ...]
    sent: tuple[Sent, ...]
    acting: tuple[Proxy, ...]
    at_home: tuple[Person, ...] | None
    key_safe: KeySafe | None

    @property
    def named(self) -> list[UUID]:
        """The people who are named with a way to them."""
        told = {one.who for one in (*self.close, *self.past) if one.who} | {one.pk for one in self.at_home or ()}
        return sorted(told | {one.who.pk for one in self.acting})


def seen_contacts(grant: Grant) -> QuerySet[Contact]:
    """The predicate: those close to this person whom this grant may show, as is kept now."""
    return Contact.objects.filter(visible(grant), person__in=grant.person_ids, is_current=True)


def family(*, grant: Grant, at: datetime) -> Family:
    """Who is close, and how one comes in; nine queries, most of them for what sources sent."""
    act = tuple(acting(grant=grant))
    rows = list(seen_contacts(grant).select_related("sender", "who__merged_into"))
    told = _close(rows, grant, act)
    told.sort(key=lambda one: (not one.keeps_away, place_of(list(one.roles)), one.name))
    with_a_line = {right.who.pk for row in told for right in row.rights}
    return Family(
        close=tuple(one for one in told if not one.is_over),
        past=tuple(one for one in told if one.is_over),
        sent=tuple(_sent(grant, rows, at=at)),
        acting=tuple(one for one in act if one.who.pk not in with_a_line),
        at_home=_at_home(grant),
        key_safe=_key_safe(grant),
    )


def close_to(*, grant: Grant, sent: Panel) -> tuple[list[Close], Panel]:
    """Who is close now as is kept here, and of whom sources `sent` those whom nobody has taken over.

    Whoever is kept here is told once, as they are kept: who is not to be contacted is not told again with a number.
    One query, and up to two more where anybody is kept.
    """
    rows = list(seen_contacts(grant).select_related("sender", "who__merged_into"))
    told = [one for one in _close(rows, grant, ()) if not one.is_over]
    kept = _kept(rows)
    left = tuple(fact for fact in sent.facts if _plain(fact.title) not in kept)
    return sorted(told, key=lambda one: (not one.keeps_away, place_of(list(one.roles)), one.name)), replace(
        sent, facts=left
    )


def contact(*, grant: Grant, thing: UUID) -> Close:
    """One of them; raises NotFound where hidden or absent."""
    row = seen_contacts(grant).select_related("sender", "who__merged_into").filter(thing=thing).first()
    if row is None:
        raise NotFound(NO_CONTACT)
    return _close([row], grant, ())[0]


def earlier_contacts(*, grant: Grant, thing: UUID) -> list[Close]:
    """What was kept of one of them before, newest first."""
    if not seen_contacts(grant).filter(thing=thing).exists():
        raise NotFound(NO_CONTACT)
    rows = Contact.objects.filter(visible(grant), thing=thing, person__in=grant.person_ids, is_current=False)
    return _close(list(rows.select_related("sender", "who__merged_into").order_by("-version")), grant, ())


def key_safe(*, grant: Grant) -> KeySafe:
    """How one comes in, sealed; raises NotFound where there is none or the place may not be told."""
    row = _key_safe(grant)
    if row is None:
        raise NotFound(NO_KEY_SAFE)
    return row


def had_key_safe(*, grant: Grant) -> bool:
    """Whether how one comes in was ever written down, as far as this grant may be told."""
    rows = KeySafe.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids)
    return rows.exists()


def acting(*, grant: Grant) -> list[Proxy]:
    """Who acts for this person here. One query."""
    return list(proxies_of(person_ids=grant.person_ids, on=grant.on))


def person_of_number(*, number: str, viewer: Viewer) -> UUID:
    """Who has an NHS number, of those whom the viewer may open today; raises NotFound for all others alike."""
    digits = "".join(letter for letter in number if letter.isdigit())
    found = list(Person.objects.filter(nhs_number=digits, merged_into=None).values_list("pk", flat=True)[:2])
    known = openable(viewer=viewer, person_ids=found, on=day_of(viewer.at)) if digits and len(found) == 1 else set()
    if not known:
        raise NotFound(NOBODY_OF_NUMBER)
    return found[0]


def _close(rows: Sequence[Contact], grant: Grant, acting: Sequence[Proxy]) -> list[Close]:
    names = names_of(row.written_by for row in rows)
    kept = {row.pk: (row.who.merged_into_id or row.who.pk) for row in rows if row.who is not None}
    known = openable(viewer=grant.viewer, person_ids=set(kept.values()), on=grant.on) if kept else set()
    return [
        Close(
            thing=row.thing,
            version=row.version,
            name=row.name,
            relation=row.relation,
            phone=row.phone,
            roles=in_order(row.roles),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            said_by="" if redacts(grant, row.data_class) else row.said_by,
            words="" if redacts(grant, row.data_class) else row.words,
            who=who if (who := kept.get(row.pk)) in known else None,
            # who acts is named to whoever opens the record: the right stands with them, the way to their own record not
            rights=tuple(one for one in acting if one.who.pk == kept.get(row.pk)),
            by_name=names.get(row.written_by, "Somebody who works here no longer"),
            by_organisation=row.sender.name,
            written_at=row.written_at,
            why="" if redacts(grant, row.data_class) else row.why,
            redacted=redacts(grant, row.data_class),
            is_over=row.ends_on is not None and row.ends_on <= grant.on,
        )
        for row in rows
    ]


def _key_safe(grant: Grant) -> KeySafe | None:
    if redacts(grant, DataClass.LOC):
        return None
    # a seal of the person's on the row names it by its id
    rows = KeySafe.objects.alias(thing=F("pk")).filter(visible(grant), person__in=grant.person_ids, ended_at=None)
    return rows.select_related("sender").order_by("-made_at").first()


# ---- what sources sent


def _sent(grant: Grant, rows: Sequence[Contact], *, at: datetime) -> list[Sent]:
    """What sources sent and nobody has taken over: neither of the same name, nor taken from the same line."""
    kept = _kept(rows)
    return [one for one in _all_sent(grant, at=at) if one.key not in kept]


def _all_sent(grant: Grant, *, at: datetime) -> list[Sent]:
    return [_one_sent(fact) for fact in summary(grant=grant, at=at).contacts.facts]


def _kept(rows: Sequence[Contact]) -> set[str]:
    return {_plain(row.name) for row in rows} | {row.came_from for row in rows}


def _plain(name: str) -> str:
    """A name without what people write around it, as the record tells by it who is one."""
    return " ".join(AROUND_A_NAME.sub(" ", sort_key(name)).split())


def sent(*, key: str, grant: Grant, at: datetime) -> Sent:
    """One of those whom sources sent; raises NotFound where nobody sent them, Refused where they are kept already."""
    found = next((one for one in _all_sent(grant, at=at) if one.key == key), None)
    if found is None:
        raise NotFound(NOBODY_SENT)
    if found.key in _kept(list(seen_contacts(grant))):
        raise Refused(KEPT_ALREADY)
    return found


SENT_ROLES = {
    "next of kin": ContactRole.NEXT_OF_KIN,
    "carer": ContactRole.CARER,
    "emergency contact": ContactRole.EMERGENCY,
    "key holder": ContactRole.KEY_HOLDER,
}


def _one_sent(fact: Fact) -> Sent:
    details = dict(fact.details)
    said = [one.strip() for one in fact.state.lower().split(",")]
    return Sent(
        key=_plain(fact.title),
        name=fact.title,
        relation=details.get("Relationship", ""),
        phone=details.get("Phone", ""),
        roles=tuple(SENT_ROLES[one] for one in said if one in SENT_ROLES),
        senders=tuple(fact.senders),
    )


# ---- who lives in the same home

AT_HOME = f"""
select this.id from people_person home
join people_person this on this.id <> home.id and this.merged_into_id is null
    and not this.protected and not this.died
where home.id = %s and {same_home("this", "home")}
"""  # noqa: S608 -- only our own words stand in it


def _at_home(grant: Grant) -> tuple[Person, ...] | None:
    """Those whom the viewer may open who live at the same address; never told by an address that is protected."""
    if DataClass.LOC not in grant.opening.whole or grant.opening.context.protected:
        return None
    with connection.cursor() as cursor:
        cursor.execute(AT_HOME, [grant.person.pk])
        found = {row for (row,) in cursor}
    known = openable(viewer=grant.viewer, person_ids=found, on=grant.on) if found else set()
    return tuple(Person.objects.filter(pk__in=known).order_by("birth_on", "pk")) if known else ()
