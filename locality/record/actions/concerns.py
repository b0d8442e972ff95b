"""Raising a safeguarding concern, and what its leads do with it. No line of the audit holds a word of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import show
from locality.access.queries import Grant
from locality.access.rules import DataClass, Label
from locality.base import NotFound, Refused, Viewer
from locality.base.ids import named_id
from locality.base.parts import Part
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
        # so that nobody's form names anybody else's concern
        pk=named_id("concern", str(by.id), str(grant.person.pk), str(form)),
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


def _move(row: Concern | None, move: ConcernMove, *, by: Viewer, **columns: object) -> Concern:
    if row is None:
        raise NotFound(concerns.NO_CONCERN)
    row.state = rules.after_concern(move, row.state)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *columns])
    log(what=f"concern.{row.state}", by=by, person=row.person_id, about=row.pk)
    return row


# ---- reading is written down too


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits for a lead, what was done, and what the viewer raised themselves, and which part of each this is.

    `new` of those that wait are not acknowledged yet, and in `in_danger` of these somebody is in immediate danger.
    """

    waiting: list[Raised]
    done: list[Raised]
    receipts: list[Receipt]
    shown: dict[str, Part]
    new: int
    in_danger: int


@transaction.atomic
def list_concerns(*, by: Viewer, pages: Mapping[str, int] | None = None) -> Desk:
    """The viewer's concerns; everybody whom the lists name is written down as shown. `pages` names lists and pages."""
    asked = {"waiting": 1, "done": 1, "receipts": 1} | dict(pages or {})
    waiting, of_waiting = concerns.queue(viewer=by, page=asked["waiting"])
    over, of_over = concerns.done(viewer=by, page=asked["done"])
    own, of_own = concerns.receipts(viewer=by, page=asked["receipts"])
    new, in_danger = concerns.waiting_counts(viewer=by)
    named = [one.about.id for one in (*waiting, *over)] + [one.about.id for one in own]
    show(people_ids=list(dict.fromkeys(named)), what="concern.listed", by=by)
    shown = {"waiting": of_waiting, "done": of_over, "receipts": of_own}
    return Desk(waiting=waiting, done=over, receipts=own, shown=shown, new=new, in_danger=in_danger)


@transaction.atomic
def open_concern(*, concern: UUID, by: Viewer, what: str = "concern.opened") -> Full | Receipt:
    """One concern, written down as read; NotFound for whoever may not know of it, or may not print it."""
    found = concerns.concern(viewer=by, concern_id=concern)
    if what == PRINTED and not isinstance(found, Full):
        raise NotFound(concerns.NO_CONCERN)
    about = found.raised.about if isinstance(found, Full) else found.about
    log(what=what, by=by, person=about.id, about=concern)
    return found
