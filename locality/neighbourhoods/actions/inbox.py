"""Telling a team, or one of it, what they ought to know; and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import moment_words
from locality.directory.queries import is_member, name_of
from locality.journal.actions import line, log, log_rows
from locality.neighbourhoods.actions import locks
from locality.neighbourhoods.actions.relationships import check_may_be_given
from locality.neighbourhoods.models import Alert, AlertHistory
from locality.neighbourhoods.queries.names import works_at
from locality.neighbourhoods.queries.seen import seen_by, told_to
from locality.neighbourhoods.rules.inbox import OPEN, AlertKind, AlertMove, AlertMoveNotAllowed, AlertState, may_move

NO_ALERT = "There is nothing like that in your inbox."
SAY_WHAT = "Say what you did about it, or that nothing needs doing."
NOT_IN_TEAM = "{name} does not work in that team today: choose somebody who does."
NOT_AT_ORGANISATION = "{name} does not work there today: choose somebody who does."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """One thing to know; `once` names it, so that it is told a team once however often it is said.

    Told to a team, or to an organisation as a whole where none of its teams is meant. About nobody only where `kind`
    says that somebody is asked of a task, or of a service, that is about nobody.
    """

    person: UUID | None
    kind: AlertKind
    words: str
    once: str
    happened_at: datetime
    sender: UUID
    team: UUID | None = None
    organisation: UUID | None = None
    owner: UUID | None = None
    about_id: UUID | None = None
    data_class: DataClass = DataClass.WORK


@transaction.atomic
def tell_of(*, told: Sequence[ToTell], by: Viewer) -> int:
    """Put these into the inboxes of their teams and organisations; returns how many are new."""
    rows = [
        Alert(
            person_id=one.person,
            team_id=one.team,
            organisation_id=one.organisation,
            owner_id=one.owner,
            kind=one.kind,
            words=one.words,
            once=one.once,
            about_id=one.about_id,
            happened_at=one.happened_at,
            data_class=one.data_class,
            sender_id=one.sender,
            made_at=by.at,
            made_by=by.id,
        )
        for one in told
    ]
    Alert.objects.bulk_create(rows, ignore_conflicts=True)
    new = list(Alert.objects.filter(pk__in=[row.pk for row in rows]))
    log_rows([line(what="alert.told", by=by, person=row.person_id, about=row.pk) for row in new])
    return len(new)


@transaction.atomic
def take(*, alert: UUID, by: Viewer) -> Alert:
    """See to it oneself. Raises NotFound, and AlertMoveNotAllowed with whoever was first."""
    row = _movable(alert, AlertMove.TAKE, by=by)
    was_owner, was = row.owner_id, row.state
    row.owner_id, row.state, row.taken_at = by.id, AlertState.TAKEN, by.at
    return _moved(row, AlertMove.TAKE, was=was, was_owner=was_owner, by=by)


@transaction.atomic
def put_back(*, alert: UUID, by: Viewer, own: bool = False) -> Alert:
    """See to it no longer: it is new again, and whose it was before. `own`: only if the viewer did the last thing."""
    row = _movable(alert, AlertMove.PUT_BACK, by=by, own=own)
    was_owner, was = row.owner_id, row.state
    taken = row.history.filter(what=AlertMove.TAKE).order_by("-at", "-pk").first()
    row.owner_id, row.state, row.taken_at = taken.was_owner if taken else None, AlertState.NEW, None
    return _moved(row, AlertMove.PUT_BACK, was=was, was_owner=was_owner, by=by)


@transaction.atomic
def finish(*, alert: UUID, words: str, by: Viewer) -> Alert:
    """It was seen to: in words. Raises NotFound, Refused, and AlertMoveNotAllowed with whoever was first."""
    row = _movable(alert, AlertMove.FINISH, by=by)
    if not words.strip():
        raise Refused(SAY_WHAT)
    was_owner, was = row.owner_id, row.state
    row.state, row.done_at, row.done_by, row.done_words = AlertState.DONE, by.at, by.id, words.strip()
    return _moved(row, AlertMove.FINISH, was=was, was_owner=was_owner, why=row.done_words, by=by)


@transaction.atomic
def reopen(*, alert: UUID, by: Viewer, own: bool = False) -> Alert:
    """It was not seen to after all: as it stood before. `own`: only if the viewer did the last thing."""
    return _reopened(_movable(alert, AlertMove.REOPEN, by=by, own=own), by=by)


def _reopened(row: Alert, *, by: Viewer) -> Alert:
    was_owner, was = row.owner_id, row.state
    row.state = AlertState.TAKEN if row.taken_at and row.owner_id else AlertState.NEW
    row.done_at, row.done_by, row.done_words = None, None, ""
    return _moved(row, AlertMove.REOPEN, was=was, was_owner=was_owner, by=by)


@transaction.atomic
def hand(*, alert: UUID, owner: UUID, why: str = "", by: Viewer) -> Alert:
    """Hand it to somebody of the team, or of the organisation that it was told to, who finds it new.

    Raises NotFound, Refused.
    """
    row = _movable(alert, AlertMove.HAND, by=by)
    _check_works_there(owner, row, by=by)
    check_may_be_given(owner, person=row.person_id, by=by)
    was_owner, was = row.owner_id, row.state
    row.owner_id, row.state, row.taken_at = owner, AlertState.NEW, None
    return _moved(row, AlertMove.HAND, was=was, was_owner=was_owner, why=why, by=by)


@transaction.atomic
def settle(
    *,
    about: UUID,
    words: str,
    kind: AlertKind = AlertKind.ASKED,
    once: str = "",
    team: UUID | None = None,
    by: Viewer,
) -> int:
    """Be done with what was told of something that is over: a task, the answer to a referral, the check of a service;
    or (`once`) with one question that was answered.

    Of every team that was told, or of the one that has the task no longer.
    """
    rows = Alert.objects.select_for_update().filter(about_id=about, kind=kind, state__in=OPEN)
    if team is not None:
        rows = rows.filter(team=team)
    return _done_with(list(rows.filter(once=once) if once else rows), words=words, by=by)


@transaction.atomic
def finish_all(*, about_id: UUID, words: str, by: Viewer) -> int:
    """Be done with everything that was told of something, whichever team it was told."""
    rows = Alert.objects.select_for_update().filter(about_id=about_id, state__in=OPEN)
    return _done_with(list(rows), words=words, by=by)


@transaction.atomic
def unsettle(
    *, about: UUID, ended_at: datetime, ended_by: UUID | None = None, kind: AlertKind = AlertKind.ASKED, by: Viewer
) -> None:
    """Tell again what was settled then, by the viewer or by whom is said, and is not: the task or the wait goes on."""
    rows = Alert.objects.select_for_update().filter(about_id=about, kind=kind)
    for row in rows.filter(state=AlertState.DONE, done_at=ended_at, done_by=ended_by or by.id):
        _reopened(row, by=by)


# within an hour it is one look, so that what was new at its start stays marked
LOOK = """
insert into neighbourhoods_inboxlook as look (practitioner_id, last_at) values (%s, %s)
on conflict (practitioner_id) do update set
    before_at = case
        when excluded.last_at - look.last_at >= interval '1 hour' then look.last_at else look.before_at
    end,
    last_at = excluded.last_at
returning before_at
"""


def look(*, by: Viewer) -> datetime | None:
    """Note that somebody looks at their inbox; returns when the look before began, None at the first."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [by.id, by.at])
        before: datetime | None = cursor.fetchone()[0]
    return before


def locked(alert: UUID, *, by: Viewer) -> Alert:
    """An alert that was told to the viewer, locked until the transaction ends; raises NotFound for everybody else."""
    return locks.locked(seen_by(by, Alert.objects.all(), whose=told_to(by)).filter(pk=alert), none=NO_ALERT)


def _check_works_there(owner: UUID, row: Alert, *, by: Viewer) -> None:
    on = day_of(by.at)
    if owner == by.id:
        return
    if row.team_id is not None and not is_member(owner, team=row.team_id, on=on):
        raise Refused(NOT_IN_TEAM.format(name=name_of(owner)))
    if row.organisation_id is not None and not works_at(owner, organisation=row.organisation_id, on=on):
        raise Refused(NOT_AT_ORGANISATION.format(name=name_of(owner)))


def _done_with(rows: list[Alert], *, words: str, by: Viewer) -> int:
    for row in rows:
        was_owner, was = row.owner_id, row.state
        row.state, row.done_at, row.done_by, row.done_words = AlertState.DONE, by.at, by.id, words
        _moved(row, AlertMove.FINISH, was=was, was_owner=was_owner, why=words, by=by)
    return len(rows)


def _movable(alert: UUID, move: AlertMove, *, by: Viewer, own: bool = False) -> Alert:
    row = locked(alert, by=by)
    state = AlertState(row.state)
    if own or not may_move(state, move):
        last = row.history.order_by("-at", "-pk").first()
        # what a colleague did since is theirs: Undo takes back what one did oneself
        if not may_move(state, move) or last is None or last.by != by.id:
            told = (name_of(last.by), moment_words(last.at)) if last else ("", "")
            raise AlertMoveNotAllowed(state, *told)
    return row


def _moved(row: Alert, move: AlertMove, *, was: str, was_owner: UUID | None, why: str = "", by: Viewer) -> Alert:
    row.save()
    AlertHistory.objects.create(
        alert=row,
        what=move,
        was=was,
        became=row.state,
        was_owner=was_owner,
        why=why.strip(),
        at=by.at,
        by=by.id,
    )
    log(what=f"alert.{move}", by=by, person=row.person_id, about=row.pk)
    return row
