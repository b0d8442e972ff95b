"""Saying of a line that it is not about this person. The line stays, and says so; the sender's record is untouched."""

from uuid import UUID

from django.db import IntegrityError, transaction

from locality.access.queries import Grant
from locality.base import NotFound, Refused, Viewer
from locality.journal.actions import log
from locality.record.models import Remark
from locality.record.queries.rows import held

NOT_THERE = "There is no such line in this record, or it is not shown to you."
SAID_ALREADY = "Somebody has already said of this line that it is not theirs."
NOTHING_SAID = "Nobody has said of this line that it is not theirs, or it was taken back."
SAY_WHY = "Say how you know, so that the next reader can judge."
LONGEST = 2000


@transaction.atomic
def say_not_theirs(*, thing: UUID, grant: Grant, words: str, by: Viewer) -> Remark:
    """Say of a line of the record this grant opens that it is about somebody else, and how that is known.

    Raises NotFound where the line is hidden or absent, Refused without words or when it has been said already.
    """
    _same_viewer(grant, by)
    told = words.strip()
    if not told:
        raise Refused(SAY_WHY)
    if len(told) > LONGEST:
        raise Refused(f"That is longer than {LONGEST:,} letters: say it shorter.")
    _shown(grant, thing)
    if _standing(grant, thing).exists():
        raise Refused(SAID_ALREADY)
    remark = Remark(thing=thing, person=grant.person, words=told, said_at=by.at, said_by=by.id)
    try:
        with transaction.atomic():
            remark.save(force_insert=True)
    except IntegrityError as at_the_same_time:
        raise Refused(SAID_ALREADY) from at_the_same_time
    log(what="remark.made", by=by, person=grant.person.pk, about=thing, reason=told)
    return remark


@transaction.atomic
def withdraw_remark(*, thing: UUID, grant: Grant, by: Viewer) -> Remark:
    """Take back that a line is about somebody else; whoever may open the record may.

    Raises NotFound where the line is hidden or absent, Refused where nothing has been said of it.
    """
    _same_viewer(grant, by)
    _shown(grant, thing)
    remark = _standing(grant, thing).select_for_update().first()
    if remark is None:
        raise Refused(NOTHING_SAID)
    remark.withdrawn_at, remark.withdrawn_by = by.at, by.id
    remark.save(update_fields=["withdrawn_at", "withdrawn_by"])
    log(what="remark.withdrawn", by=by, person=grant.person.pk, about=thing)
    return remark


def _same_viewer(grant: Grant, by: Viewer) -> None:
    if (by.kind, by.id, by.role) != (grant.viewer.kind, grant.viewer.id, grant.viewer.role):
        raise NotFound(NOT_THERE)


def _shown(grant: Grant, thing: UUID) -> None:
    if not held(grant).filter(thing=thing).exists():
        raise NotFound(NOT_THERE)


def _standing(grant: Grant, thing: UUID):  # type: ignore[no-untyped-def]
    # said of an alias before a merge, it is said of the person
    return Remark.objects.filter(thing=thing, person__in=grant.person_ids, withdrawn_at=None)
