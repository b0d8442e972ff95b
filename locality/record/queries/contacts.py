"""Who is close: next of kin, carers, emergency contacts, key holders; each once, whoever named them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from locality.base.words import sort_key
from locality.record.headlines import Contact, patient_contacts
from locality.record.queries.grouping import also_held_by, best_first, is_new, is_over, sender_of, told_apart
from locality.record.queries.panels import CONTACTS, Page, panel, shown_groups
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Panel, Sender


@dataclass(frozen=True, slots=True)
class Written:
    """A contact as one sender wrote it; `fact` is the line it would be alone."""

    fact: Fact
    sender: Sender
    contact: Contact | None


def contacts_panel(page: Page, *, rows: Sequence[Row], patients: Sequence[Row]) -> Panel:
    """Next of kin first; a contact written inside a Patient and one sent alone are one line when the name agrees."""
    found: dict[str, list[Written]] = {}
    for group in shown_groups(rows, page, keep=lambda row: not is_over(row, page.view.at)):
        ordered = best_first(group, page.view.at)
        fact, best = page.fact(group), page.contents.detail(ordered[0]).contact
        written = [Written(fact, sender_of(row, page.view), page.contents.detail(row).contact) for row in ordered]
        found.setdefault(_who(ordered[0], best), []).extend(written)
    writing = []
    for row in patients:
        for one in _written_in(page, row):
            found.setdefault(_who(row, one.contact), []).append(one)
            writing.append(row)
    told = [(_rank(same), _merged(same)) for same in found.values()]
    told.sort(key=lambda one: (one[0], one[1].title))
    return panel(page, CONTACTS, [fact for _, fact in told], [*rows, *writing])


# what senders write around a name: (daughter), Mrs
AROUND_A_NAME = re.compile(r"\([^)]*\)|\b(?:mr|mrs|ms|miss|mx|dr|sister|nurse|rev|sir|prof)\b\.?")


def _who(row: Row, contact: Contact | None) -> str:
    if contact is None or not contact.name:
        return f"{row.id} {contact}"
    return " ".join(AROUND_A_NAME.sub(" ", sort_key(contact.name)).split())


def _written_in(page: Page, row: Row) -> list[Written]:
    """The contacts inside one Patient."""
    if not page.contents.opens(row):
        return []
    sender = sender_of(row, page.view)
    return [Written(_contact(page, row, one), sender, one) for one in patient_contacts(page.contents.resources[row.id])]


def _contact(page: Page, row: Row, contact: Contact) -> Fact:
    details = (("Relationship", contact.relationship), ("Phone", contact.phone))
    return Fact(
        id=row.thing,
        title=contact.name or contact.relationship.capitalize() or "Someone close, not named",
        value=", ".join(filter(None, [contact.relationship if contact.name else "", contact.phone])),
        senders=(sender_of(row, page.view),),
        is_new=is_new([row], page.view),
        details=tuple((label, words) for label, words in details if words),
        is_row=False,
        data_class=row.data_class,
    )


def _merged(same: Sequence[Written]) -> Fact:
    """One line for a contact that several senders or places name."""
    first = max(same, key=lambda one: len(one.fact.details)).fact
    roles = _roles(same)
    every = {one.source: one for one in (*first.senders, *(written.sender for written in same))}
    senders = told_apart(list(every.values()))
    return replace(
        first,
        state=", ".join(roles).capitalize() or first.state,
        state_kind="info" if roles else first.state_kind,
        senders=senders,
        also_held_by=also_held_by(senders),
        is_new=any(one.fact.is_new for one in same),
        disagreement=first.disagreement or _phones_differ(same),
    )


def _phones_differ(same: Sequence[Written]) -> str:
    told = {_digits(one.contact.phone): one for one in same if one.contact is not None and one.contact.phone}
    if len(told) < 2:
        return ""
    return "; ".join(f"{one.sender.name} says {one.contact.phone}" for one in told.values() if one.contact) + "."


def _digits(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isdigit())
    return digits.removeprefix("44").removeprefix("0")


def _roles(same: Sequence[Written]) -> list[str]:
    """What a contact is to the person, as anybody said."""
    contacts = [one.contact for one in same if one.contact is not None]
    signs = {
        "next of kin": any(one.is_next_of_kin for one in contacts),
        "carer": any(one.is_carer for one in contacts),
        "emergency contact": any(one.is_emergency for one in contacts),
        "key holder": any(one.is_key_holder for one in contacts),
    }
    return [role for role, holds in signs.items() if holds]


def _rank(same: Sequence[Written]) -> int:
    order = ("next of kin", "carer", "emergency contact", "key holder")
    return min((order.index(role) for role in _roles(same)), default=len(order))
