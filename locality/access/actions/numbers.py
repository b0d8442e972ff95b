"""The identity custodian's ways with NHS numbers that were corrected, and with an earlier identity.

Nobody else comes in, and whomever a page shows is written down. A correction that concerns a person and their earlier
identity is shown to nobody: to tell of it may be an offence.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions.finding import show
from locality.access.actions.identity import NO_OTHER, open_identity
from locality.access.actions.opening import refuse_conflict
from locality.access.rules import may_decide_identity
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.parts import Part
from locality.people.actions import earlier
from locality.people.actions import numbers as correcting
from locality.people.models import NumberCorrection, Patient
from locality.people.queries import review, same_person
from locality.people.queries.corrections import Correction, corrections
from locality.people.queries.same_person import people_of_patients
from locality.people.queries.side_by_side import Identity

NOT_YOURS = "The role you signed in with does not correct NHS numbers. The identity custodian does."
NOT_THERE = "There is no such correction here."
NOT_HERS = "That record is no longer this person's: look at them again."


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedNumbers:
    """One page of the corrections, of how many, and how many of all of them nobody has looked at yet."""

    rows: list[Correction]
    shown: Part
    waiting: int


@transaction.atomic
def corrected_numbers(*, most: int, by: Viewer, page: int = 1) -> CorrectedNumbers:
    """Corrections, those nobody has looked at first, then the newest; who is shown is noted."""
    _may(by)
    apart = review.all_apart()
    # which may be shown is known only of each, with whose records hold it: so all are read, whichever page is asked for
    found = [one for one in corrections() if not any(two <= set(one.people) for two in apart)]
    pages = Part(total=len(found), page=page, most=most).pages
    shown = Part(total=len(found), page=min(page, pages), most=most)
    rows = found[(shown.page - 1) * most : shown.page * most]
    show(people_ids=list(dict.fromkeys(p for one in rows for p in one.people)), what="number.listed", by=by)
    return CorrectedNumbers(rows=rows, shown=shown, waiting=sum(one.open for one in found))


@transaction.atomic
def correct_number(
    *, person_id: UUID, patient: UUID | None, was: str, now: str, kind: str, provenance: str, by: Viewer
) -> NumberCorrection:
    """Write down that a number of one of this person's records is not, or no longer, what its sender says.

    Whoever held either number is linked again, and both records ask to be looked at. Raises Refused for a number that
    is none, or without saying who says so.
    """
    _may(by)
    row = Patient.objects.filter(pk=patient).first() if patient else None
    if row is not None and people_of_patients([row.pk]).get(row.pk) != same_person(person_id)[0].pk:
        raise Refused(NOT_HERS)
    refuse_conflict({same_person(person_id)[0].pk}, by=by)
    return correcting.corrected(was=was, now=now, kind=kind, provenance=provenance, patient=row, by=by)


@transaction.atomic
def settle_number(*, correction_id: UUID, by: Viewer) -> NumberCorrection:
    """Somebody has looked at both records: they no longer ask for it."""
    return correcting.settled(correction=_correction(correction_id, by=by), by=by)


@transaction.atomic
def withdraw_number(*, correction_id: UUID, by: Viewer) -> NumberCorrection:
    """Take a correction back: what senders say is believed again."""
    return correcting.withdrawn(correction=_correction(correction_id, by=by), by=by)


def _correction(correction_id: UUID, *, by: Viewer) -> NumberCorrection:
    _may(by)
    apart = review.all_apart()
    found = next((one for one in corrections(only=correction_id)), None)
    if found is None or any(two <= set(found.people) for two in apart):
        raise NotFound(NOT_THERE)
    refuse_conflict(found.people, by=by)
    return NumberCorrection.objects.get(pk=correction_id)


# ---- an earlier identity


@transaction.atomic
def preview_apart(*, person_id: UUID, other_id: UUID, by: Viewer) -> tuple[Identity, Identity]:
    """Two people before it is said that one was the other. Their books say that they were looked at, and no more."""
    one, other = (open_identity(person_id=pk, by=by, beside=False) for pk in (person_id, other_id))
    if one.person == other.person:
        raise Refused(NO_OTHER)
    return one, other


@transaction.atomic
def keep_apart(*, person_id: UUID, earlier_id: UUID, kind: str, reason: str, by: Viewer) -> None:
    """Say that one person is who the other was before. From then on the other is there for nobody.

    Raises Refused for one person, an unknown kind, or without how it is known.
    """
    _may(by)
    now, before = same_person(person_id)[0], same_person(earlier_id)[0]
    refuse_conflict({now.pk, before.pk}, by=by)
    earlier.keep_apart(person=now, earlier=before, kind=kind, reason=reason, by=by)


def _may(by: Viewer) -> None:
    if not may_decide_identity(by):
        raise NoAccess(NOT_YOURS)
