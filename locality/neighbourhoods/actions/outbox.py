"""Writing what is to leave, and what becomes of it. Whether it may go is asked at the moment of sending (`sending`)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox
from locality.neighbourhoods.models import Message, MessageHistory
from locality.neighbourhoods.queries.knowers import own_teams
from locality.neighbourhoods.queries.names import is_there
from locality.neighbourhoods.queries.outbox import NO_MESSAGE, messages_to
from locality.neighbourhoods.queries.receivers import receiver_of
from locality.neighbourhoods.queries.seen import seen_by, sent_by
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.messages import NotFilled, gaps
from locality.neighbourhoods.rules.outbox import (
    CHANNEL_WORDS,
    PEOPLE,
    Channel,
    MessageMove,
    MessageState,
    ToKind,
    next_state,
)

NOT_YOURS = "You may read this record and not act on it, so you cannot write about them."
NO_EMPLOYER = "The role you signed in with belongs to no organisation, so nothing can be sent in its name."
NOBODY = "Nothing may be written to them about this person: look again whom it is for."
NO_WAY = "That way is not open to {name}: {why}."
NOT_YOUR_TEAM = "That team of yours does not know this person: choose one that does, or write for your organisation."
SAY_WHAT_CAME = "Write down what they answered."
TOO_LONG = "That is longer than {most:,} letters: say it shorter."
MOST_SUBJECT, MOST_BODY = 200, 10_000
SAY_SOMETHING = "Write what it should say: it has a subject and words."
# until then it can be taken back
WAITS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """One message about one person to one receiver; `once` keeps the same from being written twice.

    `secret` takes the place of IN_PLACE in the body as it goes: nobody here reads it. `writer` is on whose word it
    goes, where the background work writes it for them.
    """

    person: UUID
    channel: Channel
    to_kind: ToKind
    to_id: UUID
    to_name: str
    subject: str
    body: str
    sender: UUID
    team: UUID | None = None
    to_organisation: UUID | None = None
    to_address: str = ""
    template: str = ""
    secret: str = ""
    payload: dict[str, Any] | None = None
    about: str = ""
    about_id: UUID | None = None
    once: str = ""
    data_class: DataClass = DataClass.WORK
    waits: timedelta = WAITS
    writer: UUID | None = None


@transaction.atomic
def put(*, new: NewMessage, by: Viewer) -> Message:
    """Put a message into the outbox: it goes at the next turn after its wait. Returns the one of the same `once`.

    Whoever calls has made sure that the viewer may write about the person. Raises Refused where it says nothing.
    """
    if not new.subject.strip() or not new.body.strip():
        raise Refused(SAY_SOMETHING)
    before = Message.objects.filter(once=new.once).first() if new.once else None
    if before is not None:
        return before
    row = Message.objects.create(
        person_id=new.person,
        team_id=new.team,
        sender_id=new.sender,
        data_class=new.data_class,
        channel=new.channel,
        template=new.template,
        to_kind=new.to_kind,
        to_id=new.to_id,
        to_organisation_id=new.to_organisation,
        to_name=new.to_name.strip(),
        to_address=new.to_address.strip(),
        subject=new.subject.strip(),
        body=new.body.strip(),
        secret=new.secret,
        payload=new.payload,
        about=new.about,
        about_id=new.about_id,
        once=new.once,
        not_before=by.at + new.waits,
        made_at=by.at,
        made_by=new.writer or by.id,
    )
    MessageHistory.objects.create(message=row, what="written", at=by.at, by=row.made_by)
    log(what="message.written", by=by, person=new.person, about=row.pk)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote on the page: to whom, by which way, for which of their teams (none: their organisation).

    `form` is the mark of one filling of the form, so that sent twice it is one message.
    """

    to_kind: ToKind
    to_id: UUID
    channel: Channel
    subject: str
    body: str
    form: UUID
    team: UUID | None = None
    template: str = ""
    about: str = ""
    about_id: UUID | None = None


@transaction.atomic
def write(*, written: Written, secure: Collection[str] = (), grant: Grant, by: Viewer) -> Message:
    """Write about somebody whose record is open; it goes when its wait is over. Raises Refused with what to mend."""
    _check(written, grant=grant, by=by)
    to = receiver_of(grant=grant, kind=written.to_kind, to_id=written.to_id, secure=secure)
    if to is None:
        raise Refused(NOBODY)
    way = next((one for one in to.ways if one.channel == written.channel), None)
    if way is None or way.why_not:
        why = way.why_not if way else f"there is no {CHANNEL_WORDS[written.channel].lower()} to them"
        raise Refused(NO_WAY.format(name=to.name, why=why))
    assert by.organisation is not None
    return put(
        new=NewMessage(
            person=grant.person.pk,
            channel=written.channel,
            template=written.template,
            to_kind=to.kind,
            to_id=to.id,
            to_name=to.name,
            to_organisation=to.organisation,
            # that it is still the same is asked when it goes
            to_address=way.address,
            subject=written.subject,
            body=written.body,
            sender=by.organisation,
            team=written.team,
            about=written.about,
            about_id=written.about_id,
            once=f"form {by.id} {written.form}",
        ),
        by=by,
    )


@transaction.atomic
def withdraw(*, message: UUID, by: Viewer) -> Message:
    """Take back what has not left. Raises NotFound, and MessageMoveNotAllowed where it has."""
    row = locked(message, by=by)
    row.secret = ""
    return moved(row, MessageMove.WITHDRAW, what="taken back", by=by)


@transaction.atomic
def retry(*, message: UUID, by: Viewer) -> Message:
    """Let something that failed or was stopped go after all, to where they are reached now; it is checked again."""
    row = locked(message, by=by)
    row.tries, row.not_before, row.stopped_why = 0, by.at, ""
    if row.to_kind in PEOPLE:
        # whoever presses saw that they moved
        row.to_address = ""
    return moved(row, MessageMove.RETRY, what="to go again", by=by)


@transaction.atomic
def note_answer(*, message: UUID, words: str, by: Viewer) -> Message:
    """Write down what came back by telephone or post. Raises NotFound, Refused, MessageMoveNotAllowed."""
    row = locked(message, by=by)
    return _answered(row, words, by=by)


@transaction.atomic
def answer_from_person(*, message: UUID, words: str, by: Viewer) -> Message:
    """A person, or whoever acts for them, answers what was written to them; the sender is told. Raises as above."""
    row = messages_to(by).filter(pk=message).select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound(NO_MESSAGE)
    row = _answered(row, words, by=by)
    tell_sender(row, f"{row.to_name} answered: {row.subject}", by=by)
    return row


def locked(message: UUID, *, by: Viewer) -> Message:
    """A message of the viewer's teams, locked until the transaction ends; raises NotFound for everybody else."""
    rows = seen_by(by, Message.objects.select_for_update(of=("self",)), whose=sent_by(by))
    row = rows.filter(pk=message).first()
    if row is None:
        raise NotFound(NO_MESSAGE)
    return row


def moved(row: Message, move: MessageMove, *, what: str, why: str = "", by: Viewer) -> Message:
    """Move a locked message, with its history and its line; whom it went to stands in the line of what left."""
    row.state = next_state(MessageState(row.state), move)
    row.version += 1
    row.save()
    MessageHistory.objects.create(message=row, what=what, why=why.strip(), at=by.at, by=by.id)
    detail = {"channel": row.channel, "to": row.to_kind, "to_id": str(row.to_id)}
    log(what=f"message.{move}", by=by, person=row.person_id, about=row.pk, detail=detail)
    return row


def tell_sender(row: Message, words: str, *, named: bool = True, by: Viewer) -> None:
    """Put it into the inbox of the team or the organisation that sent it, for whoever wrote it while they are of it.

    Where the team may not know the person any longer (`named` false), it says of nobody that something was stopped.
    """
    inbox.tell_of(
        told=[
            inbox.ToTell(
                person=row.person_id if named else None,
                team=row.team_id,
                organisation=None if row.team_id else row.sender_id,
                owner=_owner(row, at=by.at),
                kind=AlertKind.MENTIONED if named else AlertKind.ASKED,
                words=words,
                once=f"message {row.pk} version {row.version}",
                about_id=row.pk,
                happened_at=by.at,
                sender=row.sender_id,
                data_class=DataClass(row.data_class),
            )
        ],
        by=by,
    )


def _owner(row: Message, *, at: datetime) -> UUID | None:
    there = is_there(row.made_by, team=row.team_id, organisation=row.sender_id, on=day_of(at))
    return row.made_by if there else None


def _answered(row: Message, words: str, *, by: Viewer) -> Message:
    if not words.strip():
        raise Refused(SAY_WHAT_CAME)
    row.answer, row.answered_at = words.strip()[:MOST_BODY], by.at
    return moved(row, MessageMove.ANSWER, what="answered", why=row.answer, by=by)


def _check(written: Written, *, grant: Grant, by: Viewer) -> None:
    if not grant.opening.writes:
        raise Refused(NOT_YOURS)
    if by.organisation is None:
        raise Refused(NO_EMPLOYER)
    if written.team is not None and written.team not in dict(own_teams(grant=grant)):
        raise Refused(NOT_YOUR_TEAM)
    for words, most in ((written.subject, MOST_SUBJECT), (written.body, MOST_BODY)):
        if len(words.strip()) > most:
            raise Refused(TOO_LONG.format(most=most))
    left = gaps(written.subject, written.body)
    if left:
        raise NotFilled(left)
