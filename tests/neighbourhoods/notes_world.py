"""Notes for tests: what a nurse writes after a visit."""

from decimal import Decimal
from typing import Any

from locality.access.models import Conflict, PersonSeal
from locality.base import SYSTEM_ID
from locality.base.ids import new_id
from locality.neighbourhoods.actions import families, notes
from locality.neighbourhoods.actions.families import Named
from locality.neighbourhoods.actions.notes import Also, Said
from locality.neighbourhoods.models import Contact, Note
from locality.neighbourhoods.rules.notes import NoteKind
from tests import factories as make


def said(words: str = "Dressed her shin.", **other: Any) -> Said:
    told = {"kind": NoteKind.VISIT, "happened_at": make.ago(hours=1), "words": words}
    return Said(**(told | other))


def weighed(kilograms: str, **other: Any) -> Said:
    return said(f"Weighed her: {kilograms} kg.", readings={"weight": Decimal(kilograms)}, **other)


def wrote(person, by=None, *, also: Also = notes.NOTHING_ELSE, form=None, **other: Any) -> Note:
    who = by or make.viewer()
    grant = make.opened(person, who)
    return notes.write(
        form=form or new_id(), said=other.pop("as_said", None) or said(**other), also=also, grant=grant, by=who
    )


def corrected(
    row: Note, words: str, by=None, *, why: str = "I mixed up the legs", version: int = 0, **other: Any
) -> Note:
    who = by or make.viewer()
    grant = make.opened(row.person, who)
    told = {"thing": row.thing, "version": version or row.version, "why": why, "grant": grant, "by": who}
    return notes.correct(said=said(words), **(told | other))


def named(name: str = "Ann Lomas", **other: Any) -> Named:
    return Named(name=name, said_by="Peggy herself", **other)


def kept(person, by=None, *, form=None, **other: Any) -> Contact:
    who = by or make.viewer()
    return families.write_contact(form=form or new_id(), named=named(**other), grant=make.opened(person, who), by=who)


SAID = {"starts_on": make.TODAY, "made_at": make.AT, "made_by": SYSTEM_ID, "reason": "They said so"}


def sealed(person, thing) -> PersonSeal:
    """She sealed a line herself, without a trace."""
    return PersonSeal.objects.create(person=person, thing=thing, seal="locked", **SAID)


def in_conflict(practitioner, person) -> Conflict:
    return Conflict.objects.create(practitioner=practitioner, person=person, kind="declared", **SAID)
