"""What people object to, one by one: sharing with other organisations, and secondary use."""

from uuid import UUID

from django.db import transaction

from locality.access.actions.ending import end_dated
from locality.access.actions.glass import said_words
from locality.access.actions.marking import ALREADY, NO_MARK, SAY_WHY, is_of, whose
from locality.access.models import Objection
from locality.access.rules import ObjectionKind
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.directory.models import Organisation
from locality.journal.actions import log

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
    end_dated(row, reason=said_words(words, blank=SAY_WHY), by=by)
    log(what="objection.withdrawn", by=by, person=row.person_id, about=row.pk, reason=row.ended_reason)
    return row
