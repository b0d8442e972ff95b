"""Raising a safeguarding concern, and what its leads do with it. No line of the audit holds a word of one."""

from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.access.actions import show
from locality.access.queries import Grant
from locality.access.rules import UNDO_FOR, DataClass, Label
from locality.base import NotFound, Refused, Viewer
from locality.base.ids import named_id
from locality.base.periods import day_of
from locality.directory.queries import practitioners_named
from locality.journal.actions import log
from locality.record import rules
from locality.record.models import Alleged, Concern
from locality.record.queries import concerns
from locality.record.queries.concerns import Full, Raised, Receipt
from locality.record.rules import Cause, ConcernMove, Knows, Outcome

NO_ROUTE = (
    "This place has not said who receives safeguarding concerns, so nothing was sent. Ring your safeguarding lead; "
    "in immediate danger ring 999."
)
NO_WORDS = "Say what you saw or heard."
NO_OUTCOME = "Say what was decided, and why."
SAY_WHY = "Say why it is opened again, so that whoever reads it next can judge."
TOO_LATE = f"Only whoever acknowledged a concern puts it back, within {UNDO_FOR.seconds // 60} minutes."
PRINTED = "concern.printed"
NOT_YOU = "You opened the form in another role. Open the page again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says who is concerned."""

    words: str
    seen_text: str
    danger: bool
    cause: Cause
    cause_words: str
    knows: Knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A concern was raised; `received` is False where nobody can receive it today, and somebody has to be rung."""

    concern: UUID
    received: bool


@transaction.atomic
def raise_concern(*, form: UUID, told: Told, grant: Grant, by: Viewer) -> Sent:
    """Send a concern to the safeguarding leads; sent twice from one filling of the form (`form`), it is one.

    Sent again in other words it is a further concern: nobody knows which of the two was read already.
    Whoever may be its cause never learns of it, even as a lead: it then goes to another lead, or to the deputy that the
    pack names. Raises Refused where nothing was said, or the place has not said who receives concerns.
    """
    if (by.kind, by.id, by.role) != (grant.viewer.kind, grant.viewer.id, grant.viewer.role) or by.organisation is None:
        raise Refused(NOT_YOU)
    if not told.words.strip():
        raise Refused(NO_WORDS)
    on = day_of(by.at)
    where = concerns.route(grant.person, on=on)
    if where is None:
        raise Refused(NO_ROUTE)
    kept_from = practitioners_named(told.cause_words) if told.cause != Cause.THEMSELVES else set()
    team, received = concerns.received_by(where, person=grant.person, kept_from=kept_from, on=on)
    row, made = Concern.objects.get_or_create(
        # so that nobody's form names anybody else's concern, nor other words the ones that were sent before
        pk=named_id("concern", str(by.id), str(grant.person.pk), str(form), *map(str, astuple(told))),
        defaults={
            "raised_by": by.id,
            "person": grant.person,
            "team": team,
            "danger": told.danger,
            "words": told.words.strip(),
            "seen_text": told.seen_text.strip(),
            "knows": told.knows,
            "kept_from": sorted(kept_from),
            "due_on": rules.next_working_day(on),
            "raised_at": by.at,
            "data_class": DataClass.SAFE,
            "label": Label.VERY_RESTRICTED,
            "sender_id": by.organisation,
        },
    )
    if made:
        Alleged.objects.create(concern=row, kind=told.cause, words=told.cause_words.strip())
        log(what="concern.raised", by=by, person=grant.person.pk, about=row.pk)
    return Sent(concern=row.pk, received=received)


@transaction.atomic
def withdraw_concern(*, concern: UUID, by: Viewer) -> Concern:
    """Take back what one raised oneself, while nobody has acknowledged it: it stays on the books, marked so."""
    row = concerns.seen_by_raiser(by).select_for_update(of=("self",)).filter(pk=concern).first()
    return _move(row, ConcernMove.WITHDRAW, by=by, withdrawn_at=by.at)


@transaction.atomic
def acknowledge_concern(*, concern: UUID, by: Viewer) -> Concern:
    """Say that a lead has read a concern and takes it on."""
    row = concerns.seen_by_lead(by).select_for_update(of=("self",)).filter(pk=concern).first()
    return _move(row, ConcernMove.ACKNOWLEDGE, by=by, acknowledged_at=by.at, acknowledged_by=by.id)


@transaction.atomic
def close_concern(*, concern: UUID, outcome: Outcome, words: str, by: Viewer) -> Concern:
    """Write down what came of a concern; Refused without a reason, or before it was acknowledged."""
    row = concerns.seen_by_lead(by).select_for_update(of=("self",)).filter(pk=concern).first()
    if row is not None and not words.strip():
        raise Refused(NO_OUTCOME)
    said = {"outcome": outcome, "outcome_words": words.strip()}
    return _move(row, ConcernMove.CLOSE, by=by, closed_at=by.at, closed_by=by.id, **said)


@transaction.atomic
def put_back_concern(*, concern: UUID, by: Viewer) -> Concern:
    """Undo acknowledging a concern, a moment after one did: it waits again. Refused for whoever else, and later."""
    row = concerns.seen_by_lead(by).select_for_update(of=("self",)).filter(pk=concern).first()
    if row is not None and not _just_now(row.acknowledged_at, row.acknowledged_by, by=by):
        raise Refused(TOO_LATE)
    told = {"acknowledged_at": None, "acknowledged_by": None}
    return _move(row, ConcernMove.PUT_BACK, by=by, what="concern.put-back", **told)


@transaction.atomic
def reopen_concern(*, concern: UUID, words: str = "", by: Viewer) -> Concern:
    """Open a closed concern again; what had been decided stays with it. Refused without a reason.

    Whoever closed it a moment ago undoes that without one.
    """
    row = concerns.seen_by_lead(by).select_for_update(of=("self",)).filter(pk=concern).first()
    if row is None:
        raise NotFound(concerns.NO_CONCERN)
    if not words.strip() and not _just_now(row.closed_at, row.closed_by, by=by):
        raise Refused(SAY_WHY)
    had: dict[str, Any] = {"outcome": row.outcome, "outcome_words": row.outcome_words}
    had |= {"closed_at": row.closed_at and row.closed_at.isoformat(), "closed_by": row.closed_by and str(row.closed_by)}
    again = {"at": by.at.isoformat(), "by": str(by.id), "why": words.strip()}
    told: dict[str, Any] = {"closed_at": None, "closed_by": None, "outcome": "", "outcome_words": ""}
    told["reopenings"] = [*row.reopenings, had | again]
    return _move(row, ConcernMove.REOPEN, by=by, what="concern.reopened", **told)


def _just_now(at: datetime | None, who: UUID | None, *, by: Viewer) -> bool:
    return at is not None and who == by.id and by.at - at <= UNDO_FOR


def _move(row: Concern | None, move: ConcernMove, *, by: Viewer, what: str = "", **columns: object) -> Concern:
    if row is None:
        raise NotFound(concerns.NO_CONCERN)
    row.state = rules.after_concern(move, row.state)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *columns])
    log(what=what or f"concern.{row.state}", by=by, person=row.person_id, about=row.pk)
    return row


# ---- reading is written down too


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits for a lead, what was done of late, and what the viewer raised themselves."""

    waiting: list[Raised]
    done: list[Raised]
    receipts: list[Receipt]


@transaction.atomic
def list_concerns(*, by: Viewer) -> Desk:
    """The viewer's concerns; everybody whom the lists name is written down as shown."""
    waiting, over = concerns.queue(viewer=by), concerns.done(viewer=by)
    desk = Desk(waiting=waiting, done=over, receipts=concerns.receipts(viewer=by))
    named = [one.about.id for one in (*waiting, *over)] + [one.about.id for one in desk.receipts]
    show(people_ids=list(dict.fromkeys(named)), what="concern.listed", by=by)
    return desk


@transaction.atomic
def open_concern(*, concern: UUID, by: Viewer, what: str = "concern.opened") -> Full | Receipt:
    """One concern, written down as read; NotFound for whoever may not know of it, or may not print it."""
    found = concerns.concern(viewer=by, concern_id=concern)
    if what == PRINTED and not isinstance(found, Full):
        raise NotFound(concerns.NO_CONCERN)
    about = found.raised.about if isinstance(found, Full) else found.about
    log(what=what, by=by, person=about.id, about=concern)
    return found
