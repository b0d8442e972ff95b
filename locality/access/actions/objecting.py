"""What people object to: sharing with other organisations, and secondary use; one by one, and as lists are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from locality.access.actions.glass import said_words
from locality.access.actions.marking import ALREADY, NO_MARK, SAY_WHY, is_of, whose
from locality.access.models import Objection, ObjectionIntake, ObjectionRejected
from locality.access.rules import ObjectionKind
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.directory.models import Organisation
from locality.journal.actions import log
from locality.methods.nhs_number import NhsNumberState, plain, state
from locality.people.models import Person

NOT_A_NUMBER = "This is not a valid NHS number."
NOBODY = "Nobody here goes by this NHS number."
SEVERAL = "More than one person here goes by this NHS number."
UNKNOWN_KIND = "This kind of objection is not known here."
NO_ORGANISATION = "No organisation goes by this code here."


@transaction.atomic
def record_objection(
    *, person_id: UUID, kind: str, words: str, organisation: UUID | None = None, by: Viewer
) -> Objection:
    """Write down what a person objects to, from today: sharing of everything or of what one organisation sent, or
    secondary use.

    Whoever may write in the record may, and the privacy officer. Raises Refused when it stands already.
    """
    person = whose(person_id=person_id, by=by, what="consent.opened")
    if kind not in set(ObjectionKind) or (organisation is not None and kind != ObjectionKind.SHARING):
        raise Refused(UNKNOWN_KIND)
    of = Organisation.objects.filter(pk=organisation).first() if organisation is not None else None
    if organisation is not None and of is None:
        raise Refused(NO_ORGANISATION)
    row, made = Objection.objects.get_or_create(
        person=person,
        kind=kind,
        organisation=of,
        ends_on=None,
        defaults={
            "reason": said_words(words, blank=SAY_WHY),
            "starts_on": day_of(by.at),
            "made_at": by.at,
            "made_by": by.id,
        },
    )
    if not made:
        raise Refused(ALREADY)
    log(what="objection.made", by=by, person=person.pk, about=row.pk, reason=row.reason, detail={"kind": kind})
    return row


@transaction.atomic
def withdraw_objection(*, objection_id: UUID, words: str, by: Viewer, of: UUID | None = None) -> Objection:
    """Write down that a person no longer objects, from today; raises NotFound for one that is over, or not theirs.

    `of` is the person whose page it was said on.
    """
    row = Objection.objects.select_for_update(of=("self",)).filter(pk=objection_id, ends_on=None).first()
    if row is None or not is_of(row.person_id, of):
        raise NotFound(NO_MARK)
    whose(person_id=row.person_id, by=by, what="consent.opened")
    _withdraw(row, words=said_words(words, blank=SAY_WHY), by=by)
    log(what="objection.withdrawn", by=by, person=row.person_id, about=row.pk, reason=row.ended_reason)
    return row


def _withdraw(row: Objection, *, words: str, by: Viewer) -> None:
    row.ends_on = max(day_of(by.at), row.starts_on)
    row.ended_at, row.ended_by, row.ended_reason = by.at, by.id, words
    row.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_reason"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionSent:
    """One line of a list of objections, as it was sent; `objects` is False where somebody takes one back."""

    nhs_number: str
    kind: str = ObjectionKind.SECONDARY_USE
    organisation_code: str = ""
    objects: bool = True
    starts_on: date | None = None


@transaction.atomic
def receive_objections(*, lines: Sequence[ObjectionSent], source: UUID | None = None, by: Viewer) -> ObjectionIntake:
    """Apply a list of objections: received = applied + unchanged + rejected, and each rejected line says why."""
    people = _people_of([plain(one.nhs_number) for one in lines])
    codes = dict(Organisation.objects.values_list("code", "pk"))
    applied = unchanged = 0
    rejected: list[tuple[int, ObjectionSent, str]] = []
    for number, sent in enumerate(lines, start=1):
        if why := _why_not(sent, people, codes):
            rejected.append((number, sent, why))
        elif _apply(sent, people[plain(sent.nhs_number)][0], codes, source=source, by=by):
            applied += 1
        else:
            unchanged += 1
    intake = ObjectionIntake.objects.create(
        source_id=source,
        at=by.at,
        by_id=by.id,
        received=len(lines),
        applied=applied,
        unchanged=unchanged,
        rejected=len(rejected),
    )
    ObjectionRejected.objects.bulk_create(
        ObjectionRejected(intake=intake, line=number, nhs_number=sent.nhs_number[:40], reason=why)
        for number, sent, why in rejected
    )
    log(what="objections.received", by=by, about=intake.pk, detail={"received": len(lines), "applied": applied})
    return intake


def _people_of(numbers: Sequence[str]) -> dict[str, list[UUID]]:
    rows = Person.objects.filter(nhs_number__in=set(numbers) - {""}, merged_into=None)
    found: dict[str, list[UUID]] = {}
    for number, person in rows.values_list("nhs_number", "pk"):
        found.setdefault(number, []).append(person)
    return found


def _why_not(sent: ObjectionSent, people: dict[str, list[UUID]], codes: dict[str, UUID]) -> str:
    number = plain(sent.nhs_number)
    if state(number) != NhsNumberState.VALID:
        return NOT_A_NUMBER
    if sent.kind not in set(ObjectionKind) or (sent.organisation_code and sent.kind != ObjectionKind.SHARING):
        return UNKNOWN_KIND
    if sent.organisation_code and sent.organisation_code not in codes:
        return NO_ORGANISATION
    found = people.get(number, [])
    return "" if len(found) == 1 else SEVERAL if found else NOBODY


def _apply(sent: ObjectionSent, person: UUID, codes: dict[str, UUID], *, source: UUID | None, by: Viewer) -> bool:
    """Whether the line changed anything."""
    of = codes.get(sent.organisation_code) if sent.organisation_code else None
    standing = Objection.objects.select_for_update(of=("self",)).filter(
        person=person, kind=sent.kind, organisation=of, ends_on=None
    )
    row = standing.first()
    if sent.objects == (row is not None):
        return False
    if row is not None:
        _withdraw(row, words="Withdrawn, as the list says", by=by)
        log(what="objection.withdrawn", by=by, person=person, about=row.pk)
        return True
    row = Objection.objects.create(
        person_id=person,
        kind=sent.kind,
        organisation_id=of,
        source_id=source,
        starts_on=min(sent.starts_on or day_of(by.at), day_of(by.at)),
        reason="As the list says",
        made_at=by.at,
        made_by=by.id,
    )
    log(what="objection.made", by=by, person=person, about=row.pk, detail={"kind": sent.kind})
    return True
