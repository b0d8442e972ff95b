"""Doing a move on its day, taking along what came since, and undoing it: each whole or not at all."""

from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction

from locality.access import wall
from locality.base import Refused, Viewer, ViewerKind
from locality.base.periods import LONDON, day_of
from locality.base.words import date_words
from locality.directory.models import Team
from locality.directory.queries import SOMEBODY, names_of
from locality.journal.actions import line, log, log_rows
from locality.neighbourhoods.actions.transfer_books import Books, put_back
from locality.neighbourhoods.actions.transfer_rows import keep_no_more, lock, move_rows, referrals, same_since
from locality.neighbourhoods.actions.transfers import begins, end_agreements, locked
from locality.neighbourhoods.models import Caseload, Transfer, TransferCount, TransferLine
from locality.neighbourhoods.queries.transfer_counts import Within, rows_of, since, within
from locality.neighbourhoods.rules.transfers import (
    KINDS,
    Counted,
    CountsDiffer,
    Step,
    TransferMove,
    TransferState,
    check_counts,
    check_move,
)

NOT_YET = "It moves on {on}, not before."
NOTHING_CAME = "Nothing came since: all of it has moved."
CHANGED_SINCE = "This cannot be undone as it is, since some of it was changed again: {words}. Put that back first."

GIVEN_AGAIN = "somebody was given the same role or team again with the old organisation"


class ChangedSince(Refused):
    """What was moved was changed again since: nothing was undone, and each such row is named."""

    def __init__(self, rows: list[str]) -> None:
        super().__init__(CHANGED_SINCE.format(words="; ".join(rows)))
        self.rows = rows


def move(*, transfer: UUID, by: Viewer) -> Transfer:
    """Move all of it in one transaction, and count both sides before and after.

    Raises Refused before its day or without both agreements, CountsDiffer where the counts are not the same after: then
    nothing was moved, and the plan says that it was stopped and why.
    """
    if by.kind != ViewerKind.SYSTEM:
        begins(by)
    try:
        return _move(transfer, by=by)
    except CountsDiffer as differ:
        _stopped(transfer, str(differ), by=by)
        raise


def move_due(*, by: Viewer) -> int:
    """Move what both agreed to and whose day has come; how many were. What was undone or stopped is left to people."""
    due = Transfer.objects.filter(state=TransferState.AGREED, run=0, stopped_at=None, on__lte=day_of(by.at))
    moved = 0
    for one in due.order_by("on", "made_at").values_list("pk", flat=True):
        try:
            move(transfer=one, by=by)
        except Refused:
            # somebody was faster, or the counts differ: which is written down
            continue
        moved += 1
    return moved


@wall.down()
def take_along(*, transfer: UUID, by: Viewer) -> int:
    """Move what the old organisation was given since, such as a referral sent at that moment; how many rows.

    Raises Refused where nothing came.
    """
    begins(by)
    row = locked(transfer)
    check_move(TransferState(row.state), TransferMove.SIGN)
    lock(row, inside := within(row))
    books = Books(row, by=by)
    move_rows(books=books, within=inside)
    if not books.lines:
        raise Refused(NOTHING_CAME)
    books.close()
    end_agreements(row, Step.MOVED, by=by)
    log(what="transfer.moved", by=by, about=row.pk, detail={"along": len(books.lines)})
    return len(books.lines)


@wall.down()
def undo(*, transfer: UUID, by: Viewer) -> list[str]:
    """Put back exactly what was moved; what went on by itself since is left as it is, and named in the answer.

    Raises ChangedSince, with a list, where staff, teams or services were changed again; Refused once both signed.
    """
    begins(by)
    row = locked(transfer)
    check_move(TransferState(row.state), TransferMove.UNDO, **_who_ended(row))
    lock(row, within(row))
    found = since(row)
    if found.waits_for:
        raise ChangedSince(found.waits_for)
    books = Books(row, by=by)
    lines = list(row.lines.select_for_update().filter(run=row.run, undone_at=None))
    back = [one for one in lines if one.pk not in found.left]
    books.instead = same_since(back)
    left = found.left | {one.pk for one in back if str(one.row) in books.instead}
    _put_back([one for one in back if one.pk not in left], books=books)
    row.lines.filter(pk__in=left).update(left=True, undone_at=by.at)
    keep_no_more(back)
    moved_at, row.moved_at, row.moved_by = row.moved_at, None, None
    row.state, row.undone_at, row.undone_by = TransferState.AGREED, by.at, by.id
    row.save(update_fields=["state", "moved_at", "moved_by", "undone_at", "undone_by"])
    # what was sent to the new organisation meanwhile is the old one's to answer again
    referrals(books=books, within=_led(row), from_=row.to_organisation_id, to=row.from_organisation_id)
    for one in books.lines:
        one.undone_at = by.at
    books.close()
    end_agreements(row, Step.MOVED, by=by)
    _tell_each("transfer.person-back", row, organisation=row.from_organisation_id, by=by)
    log(what="transfer.undone", by=by, about=row.pk, detail={"moved_at": str(moved_at), "left": len(found.left)})
    return found.left_words


# ---- parts


@wall.down()
def _move(transfer: UUID, *, by: Viewer) -> Transfer:
    # of two who press at once the second finds it done
    row = locked(transfer)
    check_move(TransferState(row.state), TransferMove.MOVE, **_who_moved(row))
    if row.on > day_of(by.at):
        raise Refused(NOT_YET.format(on=date_words(row.on)))
    lock(row, inside := within(row))
    before, there = _held(row, inside, row.from_organisation_id), _held(row, inside, row.to_organisation_id)
    _tell_each("transfer.person-moved", row, organisation=row.from_organisation_id, by=by)
    row.run += 1
    books = Books(row, by=by)
    move_rows(books=books, within=inside)
    counted = _counted(row, inside, before=before, there=there, joined=books.there)
    check_counts(counted)
    row.state, row.moved_at, row.moved_by = TransferState.MOVED, by.at, by.id
    row.stopped_at, row.stopped_words = None, ""
    row.save(update_fields=["state", "run", "moved_at", "moved_by", "stopped_at", "stopped_words"])
    books.close()
    TransferCount.objects.bulk_create(
        [
            TransferCount(
                transfer=row, run=row.run, code=one.code, before_from=one.before_from, before_to=one.before_to,
                after_from=one.after_from, after_to=one.after_to, there=one.there,
            )
            for one in counted
        ]
    )  # fmt: skip
    log(what="transfer.moved", by=by, about=row.pk, detail={"rows": len(books.lines)})
    return row


def _put_back(lines: list[TransferLine], *, books: Books) -> None:
    try:
        with transaction.atomic():
            put_back(lines, books=books)
    except IntegrityError as given_again:
        # one of the staff was given the same role or team again by hand
        raise ChangedSince([GIVEN_AGAIN]) from given_again


Held = dict[str, set[UUID]]


def _held(row: Transfer, inside: Within, organisation: UUID) -> Held:
    """The rows themselves, not how many: what is finished between two counts was not lost."""
    return {
        kind.code: set(rows_of(kind, within=inside, organisation=organisation, on=row.on).values_list("pk", flat=True))
        for kind in KINDS
    }


def _counted(row: Transfer, inside: Within, *, before: Held, there: Held, joined: dict[str, int]) -> list[Counted]:
    found = []
    for kind in KINDS:
        to, code = row.to_organisation_id, kind.code
        now = rows_of(kind, within=inside, organisation=to, on=row.on).values_list("pk", flat=True)
        went = now.model._default_manager.filter(**{"pk__in": before[code], kind.owner: to})
        left = rows_of(kind, within=inside, organisation=row.from_organisation_id, on=row.on)
        found.append(
            Counted(
                code=code,
                before_from=len(before[code]),
                before_to=len(there[code]),
                after_from=left.count(),
                after_to=len({*now, *went.values_list("pk", flat=True), *there[code]}),
                there=joined.get(code, 0),
            )
        )
    return found


def _led(row: Transfer) -> Within:
    """Of the teams, those that the old organisation leads: what others lead was never its own."""
    inside = within(row)
    led = Team.objects.filter(pk__in=inside.teams, lead_organisation=row.from_organisation_id)
    return replace(inside, teams=frozenset(led.values_list("pk", flat=True)))


def _tell_each(what: str, row: Transfer, *, organisation: UUID, by: Viewer) -> None:
    """Everybody on a caseload that moves reads among what was done that it was, and by whom."""
    teams = row.parts.exclude(team=None).values("team")
    places = Caseload.objects.filter(off_at=None, team__in=teams, team__lead_organisation=organisation)
    people = places.order_by("person").values_list("person", flat=True).distinct()
    log_rows([line(what=what, by=by, person=one, about=row.pk) for one in people])


@transaction.atomic
def _stopped(transfer: UUID, words: str, *, by: Viewer) -> None:
    row = locked(transfer)
    row.stopped_at, row.stopped_words = by.at, words
    row.save(update_fields=["stopped_at", "stopped_words"])
    log(what="transfer.stopped", by=by, about=row.pk)


def _who_moved(row: Transfer) -> dict[str, str]:
    return _who(row.moved_by, row.moved_at)


def _who_ended(row: Transfer) -> dict[str, str]:
    return _who(row.ended_by, row.ended_at) or _who(row.undone_by, row.undone_at)


def _who(by: UUID | None, at: object) -> dict[str, str]:
    if by is None or at is None:
        return {}
    return {"who": names_of([by]).get(by, SOMEBODY), "when": f"{at.astimezone(LONDON):%-d %B %Y at %H:%M}"}  # type: ignore[attr-defined]
