"""Telling a team, or one of it, what they ought to know; and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from locality.access.rules import DataClass
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import line, log, log_rows
from locality.neighbourhoods.actions.knowing import check_may_be_given
from locality.neighbourhoods.models import Alert, AlertHistory
from locality.neighbourhoods.queries.names import SOMEBODY, names_of, works_in
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.inbox import OPEN, AlertKind, AlertMove, AlertMoveNotAllowed, AlertState, may_move
from locality.neighbourhoods.rules.tasks import moment_words

NO_ALERT = "There is nothing like that in your inbox."
SAY_WHAT = "Say what you did about it, or that nothing needs doing."
NOT_IN_TEAM = "{name} does not work in that team today: choose somebody who does."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """One thing to know; `once` names it, so that it is told a team once however often it is said.

    About nobody only where `kind` says that somebody is asked of a task that is about nobody.
    """

    person: UUID | None
    team: UUID
    kind: AlertKind
    words: str
    once: str
    happened_at: datetime
    sender: UUID
    owner: UUID | None = None
    about_id: UUID | None = None
    data_class: DataClass = DataClass.WORK


@transaction.atomic
def tell_of(*, told: Sequence[ToTell], by: Viewer) -> int:
    """Put these into the inboxes of their teams; returns how many are new."""
    rows = [
        Alert(
            person_id=one.person,
            team_id=one.team,
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
def put_back(*, alert: UUID, by: Viewer) -> Alert:
    """See to it no longer: it is new again, and whose it was before."""
    row = _movable(alert, AlertMove.PUT_BACK, by=by)
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
def reopen(*, alert: UUID, by: Viewer) -> Alert:
    """It was not seen to after all: as it stood before."""
    row = _movable(alert, AlertMove.REOPEN, by=by)
    was_owner, was = row.owner_id, row.state
    row.state = AlertState.TAKEN if row.taken_at and row.owner_id else AlertState.NEW
    row.done_at, row.done_by, row.done_words = None, None, ""
    return _moved(row, AlertMove.REOPEN, was=was, was_owner=was_owner, by=by)


@transaction.atomic
def hand(*, alert: UUID, owner: UUID, why: str = "", by: Viewer) -> Alert:
    """Hand it to somebody of the team, who finds it new. Raises NotFound, Refused."""
    row = _movable(alert, AlertMove.HAND, by=by)
    if owner != by.id and not works_in(practitioner=owner, team=row.team_id, on=day_of(by.at)):
        raise Refused(NOT_IN_TEAM.format(name=names_of([owner]).get(owner, SOMEBODY)))
    check_may_be_given(owner, person=row.person_id, by=by)
    was_owner, was = row.owner_id, row.state
    row.owner_id, row.state, row.taken_at = owner, AlertState.NEW, None
    return _moved(row, AlertMove.HAND, was=was, was_owner=was_owner, why=why, by=by)


@transaction.atomic
def settle(*, task: UUID, team: UUID, words: str, once: str = "", by: Viewer) -> int:
    """Be done with what a team was asked of a task that is over, or (`once`) with one question that was answered."""
    rows = Alert.objects.select_for_update().filter(about_id=task, team=team, kind=AlertKind.ASKED, state__in=OPEN)
    settled = list(rows.filter(once=once) if once else rows)
    for row in settled:
        was_owner, was = row.owner_id, row.state
        row.state, row.done_at, row.done_by, row.done_words = AlertState.DONE, by.at, by.id, words
        _moved(row, AlertMove.FINISH, was=was, was_owner=was_owner, why=words, by=by)
    return len(settled)


@transaction.atomic
def unsettle(*, task: UUID, team: UUID, ended_at: datetime, by: Viewer) -> None:
    """Ask again what a task that was ended by mistake had settled."""
    rows = Alert.objects.select_for_update().filter(about_id=task, team=team, kind=AlertKind.ASKED)
    for row in rows.filter(state=AlertState.DONE, done_at=ended_at, done_by=by.id):
        reopen(alert=row.pk, by=by)


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
    """An alert of the viewer's teams, locked until the transaction ends; raises NotFound for everybody else."""
    row = seen_by(by, Alert.objects.select_for_update(of=("self",))).filter(pk=alert).first()
    if row is None:
        raise NotFound(NO_ALERT)
    return row


def _movable(alert: UUID, move: AlertMove, *, by: Viewer) -> Alert:
    row = locked(alert, by=by)
    state = AlertState(row.state)
    if not may_move(state, move):
        last = row.history.order_by("-at", "-pk").first()
        told = (names_of([last.by]).get(last.by, SOMEBODY), moment_words(last.at)) if last else ("", "")
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
