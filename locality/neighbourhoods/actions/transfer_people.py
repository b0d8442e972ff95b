"""Writing to the people whose service moved: one message a person into the outbox, batch by batch, each once."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from locality.access import wall
from locality.base import Refused, Viewer
from locality.base.words import time_words
from locality.directory.queries import SOMEBODY, names_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import outbox
from locality.neighbourhoods.actions.transfers import locked
from locality.neighbourhoods.models import Transfer, TransferWriting
from locality.neighbourhoods.queries.transfer_people import (
    ToTell,
    how_many,
    known,
    missing,
    template_of,
    to_be_told,
    whom,
)
from locality.neighbourhoods.rules.messages import Template
from locality.neighbourhoods.rules.outbox import ToKind
from locality.neighbourhoods.rules.transfer_people import ABOUT, BEGUN_ALREADY, NOBODY_LEFT, TEMPLATE, once_of, said

# as many as one transaction writes, and as many batches as one turn does
A_BATCH, BATCHES_A_TURN = 100, 5


@wall.down()
def write_to_people(
    *, transfer: UUID, templates: Collection[Template], by: Viewer, most: int = A_BATCH
) -> TransferWriting:
    """Begin to write to everybody on the moved caseloads who was not written to yet; the first batch goes at once.

    The background work writes the rest. Pressed twice by the same it is begun once. Raises NotFound, NoAccess, and
    Refused where another began it, where nobody is left, or where something is missing that everybody has to be told.
    """
    to_be_told(viewer=by, transfer=transfer)
    # of two who press at once the second reads who was first
    row = locked(transfer)
    before = row.writings.filter(ended_at=None).first()
    if before is not None:
        if before.begun_by == by.id:
            return before
        raise Refused(_already(before))
    told = [one for one in whom(row, writer=by.id, at=by.at) if one.stop is None and not one.is_written]
    template = template_of(templates)
    wrong = missing(template, told)
    if wrong or template is None:
        raise Refused(" ".join(wrong))
    if not told:
        last = row.writings.order_by("-begun_at").first()
        raise Refused(" ".join([NOBODY_LEFT, *([_already(last)] if last else [])]))
    run = TransferWriting.objects.create(
        transfer=row, subject=template.subject, body=template.body, begun_at=by.at, begun_by=by.id, total=how_many(row)
    )
    log(what="transfer.people-written-to", by=by, about=row.pk, detail={"to": len(told)})
    _write_batch(run, row, by=by, most=most)
    return run


def write_due(*, by: Viewer, most: int = A_BATCH) -> int:
    """Write the next batches of what was begun; how many messages. Two at work never write the same."""
    written = 0
    for _ in range(BATCHES_A_TURN):
        many = _write_next(by=by, most=most)
        if many is None:
            break
        written += many
    return written


# ---- parts


@wall.down()
def _write_next(*, by: Viewer, most: int) -> int | None:
    due = TransferWriting.objects.select_for_update(skip_locked=True, of=("self",)).filter(ended_at=None)
    run = due.order_by("begun_at", "pk").first()
    if run is None:
        return None
    row = Transfer.objects.select_related("from_organisation", "to_organisation").get(pk=run.transfer_id)
    return _write_batch(run, row, by=by, most=most)


@transaction.atomic
def _write_batch(run: TransferWriting, row: Transfer, *, by: Viewer, most: int) -> int:
    people = whom(row, writer=run.begun_by, at=by.at, after=run.upto, most=most)
    new = [one for one in people if not one.is_written]
    told = [one for one in new if one.stop is None]
    for one in told:
        _put(one, run, row, by=by)
    kept_from = Counter(run.kept_from)
    kept_from.update(one.stop for one in new if one.stop)
    run.kept_from, run.written, run.asked = dict(kept_from), run.written + len(told), run.asked + len(people)
    if len(people) < most:
        run.ended_at = by.at
    else:
        run.upto = people[-1].person
    run.save(update_fields=["kept_from", "written", "asked", "ended_at", "upto"])
    return len(told)


def _put(one: ToTell, run: TransferWriting, row: Transfer, *, by: Viewer) -> None:
    outbox.put(
        new=outbox.NewMessage(
            person=one.person,
            channel=one.channel,
            template=TEMPLATE,
            to_kind=ToKind.PERSON,
            to_id=one.person,
            to_name=one.to_name,
            subject=said(run.subject, name=one.name, teams=one.teams, told=known(row)),
            body=said(run.body, name=one.name, teams=one.teams, told=known(row)),
            sender=row.to_organisation_id,
            team=one.team,
            about=ABOUT,
            about_id=row.pk,
            once=once_of(row.pk, one.person),
            writer=run.begun_by,
        ),
        by=by,
    )


def _already(run: TransferWriting) -> str:
    who = names_of([run.begun_by]).get(run.begun_by, SOMEBODY)
    return BEGUN_ALREADY.format(who=who, when=time_words(run.begun_at))
