"""Sending what is due: one message, one transaction; whether it may go is asked at that moment, and said if not."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.base import Viewer
from locality.neighbourhoods.actions.outbox import locked, moved, tell_sender
from locality.neighbourhoods.models import Message, MessageHistory
from locality.neighbourhoods.queries.leaving import Checked, checked
from locality.neighbourhoods.rules.outbox import (
    BY_HAND,
    IN_PLACE,
    NOTICE_SUBJECT,
    PEOPLE,
    STOP_WORDS,
    Channel,
    MessageMove,
    MessageMoveNotAllowed,
    MessageState,
    NotPosted,
    Stop,
    next_try,
    notice,
)
from locality.neighbourhoods.rules.practice_message import About, Sent, document
from locality.people.models import Person

MOST_A_TURN = 200
STOPPED = "Not sent to {to}: {subject}. {why}"
STOPPED_UNNAMED = "Something that your team wrote was not sent. {why}"
FAILED = "Not sent to {to}: {subject}. It was tried {tries} times."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What is handed to a way out: nothing more than what leaves."""

    id: UUID
    channel: Channel
    to_name: str
    to_address: str
    subject: str
    body: str
    payload: dict[str, Any] | None = None


Post = Callable[[Outgoing], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn of sending came to."""

    sent: int = 0
    stopped: int = 0
    failed: int = 0
    put_off: int = 0


def send_due(*, post: Post, link: str = "", secure: Collection[str] = (), by: Viewer, most: int = MOST_A_TURN) -> Turn:
    """Send what is due and has waited long enough; `post` raises NotPosted where a way out does not take it.

    `link` is where people sign in to read. Two that send at once never take the same message.
    """
    told: dict[str, int] = {}
    for _ in range(most):
        became = _send_next(post=post, link=link, secure=secure, by=by)
        if became is None:
            break
        told[became] = told.get(became, 0) + 1
    return Turn(**told)


@transaction.atomic
def posted(*, message: UUID, by: Viewer) -> Message:
    """Say that a letter was printed and posted; where it may not go, it is stopped instead. Raises NotFound."""
    row = locked(message, by=by)
    if row.channel not in BY_HAND or row.state != MessageState.WAITING:
        raise MessageMoveNotAllowed(MessageState(row.state))
    found = checked(message=row, secure=(), at=by.at)
    if found.stop is not None:
        return _stop(row, found.stop, by=by)
    return _sent(row, found, by=by)


@transaction.atomic
def _send_next(*, post: Post, link: str, secure: Collection[str], by: Viewer) -> str | None:
    """What became of the next that is due; None where nothing is."""
    due = Message.objects.filter(state=MessageState.WAITING, not_before__lte=by.at).exclude(channel__in=BY_HAND)
    # another watch at work holds its own, and whoever takes one back holds that
    row = due.select_for_update(skip_locked=True, of=("self",)).order_by("not_before", "pk").first()
    if row is None:
        return None
    found = checked(message=row, secure=secure, at=by.at)
    if found.stop is not None:
        _stop(row, found.stop, by=by)
        return "stopped"
    try:
        post(_outgoing(row, found, link=link, at=by.at))
    except NotPosted as refused:
        return _not_posted(row, refused, by=by)
    _sent(row, found, by=by)
    return "sent"


def _sent(row: Message, found: Checked, *, by: Viewer) -> Message:
    row.sent_at, row.to_address, row.secret = by.at, found.address, ""
    return moved(row, MessageMove.SEND, what="sent", by=by)


def _stop(row: Message, stop: Stop, *, by: Viewer) -> Message:
    row.stopped_why = STOP_WORDS[stop]
    moved(row, MessageMove.STOP, what="stopped", why=row.stopped_why, by=by)
    # whoever has no reason to know them any longer is told of nobody
    named = stop not in (Stop.ENDED, Stop.EARLIER)
    words = STOPPED if named else STOPPED_UNNAMED
    told = words.format(to=row.to_name, subject=row.subject, why=row.stopped_why)
    tell_sender(row, told, named=named, by=by)
    return row


def _not_posted(row: Message, refused: NotPosted, *, by: Viewer) -> str:
    row.tries += 1
    pause = next_try(row.tries) if refused.again else None
    if pause is not None:
        row.not_before = by.at + pause
        row.save(update_fields=["tries", "not_before"])
        MessageHistory.objects.create(message=row, what="tried", why=refused.words, at=by.at, by=by.id)
        return "put_off"
    moved(row, MessageMove.FAIL, what="failed", why=refused.words, by=by)
    told = FAILED.format(to=row.to_name, subject=row.subject, tries=row.tries) if row.tries > 1 else ""
    tell_sender(row, told or f"Not sent to {row.to_name}: {row.subject}. {refused.words}", by=by)
    return "failed"


def _outgoing(row: Message, found: Checked, *, link: str, at: datetime) -> Outgoing:
    """What leaves: to people by e-mail or text, that there is something to read here, and no more."""
    subject, body, payload = row.subject, row.body.replace(IN_PLACE, row.secret or IN_PLACE), row.payload
    if not found.whole and row.to_kind in PEOPLE:
        subject, body = NOTICE_SUBJECT, notice(sender=row.sender.name, link=link)
    if row.channel == Channel.PRACTICE and payload is None:
        payload = document(sent=_as_sent(row, at=at), about=_about(found.person))
    return Outgoing(
        id=row.pk,
        channel=Channel(row.channel),
        to_name=row.to_name,
        to_address=found.address,
        subject=subject,
        body=body,
        payload=payload,
    )


def _about(person: Person) -> About:
    return About(
        id=person.pk,
        family=person.family,
        given=person.given,
        birth_on=person.birth_on,
        sex=person.sex,
        nhs_number=person.nhs_number,
    )


def _as_sent(row: Message, *, at: datetime) -> Sent:
    return Sent(
        id=row.pk,
        at=at,
        written_at=row.made_at,
        subject=row.subject,
        body=row.body,
        from_name=row.team.name if row.team else row.sender.name,
        from_code=row.sender.code,
        from_phone=row.team.phone if row.team else "",
        to_name=row.to_name,
        to_code=row.to_organisation.code if row.to_organisation else "",
    )
