"""Saying of a line that it is not about this person. The line stays, and says so; the sender's record is untouched."""

from uuid import UUID

from django.db import IntegrityError, transaction

from locality.access import wall
from locality.access.queries import Grant
from locality.base import NotFound, Refused, Viewer
from locality.journal.actions import log
from locality.people.actions.placing import place
from locality.record.models import Remark
from locality.record.queries.rows import held
from locality.record.queries.to_place import Side, ToPlace, to_place

NOT_THERE = "There is no such line in this record, or it is not shown to you."
SAID_ALREADY = "Somebody has already said of this line that it is not theirs."
NOTHING_SAID = "Nobody has said of this line that it is not theirs, or it was taken back."
SAY_WHY = "Say how you know, so that the next reader can judge."
NOTHING_TO_PLACE = "There is no such remark to place, or somebody has placed it already."
SAID_THERE_TOO = "Somebody has said the same of this line there already. Leave this remark where it is, or let it go."
READ_ONLY = "You may read this record and not write in it."
LONGEST = 2000


@transaction.atomic
def say_not_theirs(*, thing: UUID, grant: Grant, words: str, by: Viewer) -> Remark:
    """Say of a line of the record this grant opens that it is about somebody else, and how that is known.

    Raises NotFound where the line is hidden or absent, Refused without words or when it has been said already.
    """
    _may_write(grant, by)
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
    _may_write(grant, by)
    _shown(grant, thing)
    remark = _standing(grant, thing).select_for_update().first()
    if remark is None:
        raise Refused(NOTHING_SAID)
    remark.withdrawn_at, remark.withdrawn_by = by.at, by.id
    remark.save(update_fields=["withdrawn_at", "withdrawn_by"])
    log(what="remark.withdrawn", by=by, person=grant.person.pk, about=thing)
    return remark


@wall.down()
def place_remark(*, remark: UUID, merge: UUID, side: Side, by: Viewer) -> Remark:
    """Say with whom of two people who were parted a remark belongs that was made while they were one.

    For the identity custodian, whoever parted them, and whoever made the remark. Raises NotFound for anybody else and
    for a remark that does not wait, Refused where the same has been said there already.
    """
    row = Remark.objects.select_for_update().filter(pk=remark).first()
    one = _waiting(remark=remark, merge=merge, by=by)
    if row is None or one is None:
        raise NotFound(NOTHING_TO_PLACE)
    whose = one.parted.id if side == Side.PARTED else one.kept.id
    if side == Side.PARTED:
        if Remark.objects.filter(thing=row.thing, person=whose, withdrawn_at=None).exists():
            raise Refused(SAID_THERE_TOO)
        was, row.person_id = row.person_id, whose
        row.save(update_fields=["person"])
    else:
        was = row.person_id
    place(merge=merge, kind="remark", row=row.pk, was=was, person=whose, by=by)
    log(what="remark.placed", by=by, person=whose, about=row.thing, detail={"with": side})
    return row


@wall.down()
def let_remark_go(*, remark: UUID, merge: UUID, by: Viewer) -> Remark:
    """Take a remark back that was made while two people were one, where it is true of neither; it is kept as said.

    For the same as may place it. Raises NotFound for anybody else and for a remark that does not wait.
    """
    row = Remark.objects.select_for_update().filter(pk=remark).first()
    one = _waiting(remark=remark, merge=merge, by=by)
    if row is None or one is None:
        raise NotFound(NOTHING_TO_PLACE)
    row.withdrawn_at, row.withdrawn_by = by.at, by.id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    log(what="remark.withdrawn", by=by, person=row.person_id, about=row.thing)
    return row


def _waiting(*, remark: UUID, merge: UUID, by: Viewer) -> ToPlace | None:
    return next((one for one in to_place(viewer=by, remark=remark) if one.merge == merge), None)


def _may_write(grant: Grant, by: Viewer) -> None:
    if (by.kind, by.id, by.role) != (grant.viewer.kind, grant.viewer.id, grant.viewer.role):
        raise NotFound(NOT_THERE)
    if not grant.opening.writes:
        raise Refused(READ_ONLY)


def _shown(grant: Grant, thing: UUID) -> None:
    if not held(grant).filter(thing=thing).exists():
        raise NotFound(NOT_THERE)


def _standing(grant: Grant, thing: UUID):  # type: ignore[no-untyped-def]
    # said of an alias before a merge, it is said of the person
    return Remark.objects.filter(thing=thing, person__in=grant.person_ids, withdrawn_at=None)
