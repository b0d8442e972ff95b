"""What becomes of a referral: answered, booked, seen, come to an end, withdrawn, taken back. Each is told to the other.

Whoever answers takes nobody over by it: to take them on to a caseload is another act, of their own.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from locality.access.rules import DataClass, Relation
from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.base.words import moment_words
from locality.directory.queries import SOMEBODY, names_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox, relationships
from locality.neighbourhoods.actions.referral_back import send_back
from locality.neighbourhoods.actions.referral_link_life import keep_link, mail_link
from locality.neighbourhoods.actions.referrals import DIED, OBJECTS, let_know
from locality.neighbourhoods.models import Referral, ReferralHistory
from locality.neighbourhoods.queries import bars
from locality.neighbourhoods.queries.leaving import objected
from locality.neighbourhoods.queries.referral_clocks import clocks
from locality.neighbourhoods.queries.referrals import NO_REFERRAL, history_of, names_of_ends
from locality.neighbourhoods.queries.seen import received_by, seen_by, sent_by
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.referrals import (
    DECLINED_WORDS,
    OPEN,
    OUTCOME_WORDS,
    Declined,
    Outcome,
    ReferralMove,
    ReferralMoveNotAllowed,
    ReferralState,
    Urgency,
    answer_due,
    may_undo,
    next_state,
)
from locality.people.queries import same_person

SAY_WHY_NOT = "Choose why you say no: whoever asked reads it."
SAY_MORE = "Say what you need to know."
SAY_ANSWER = "Say what was asked for."
SAY_WHEN = "Say when it is booked for."
SAY_OUTCOME = "Choose what came of it, against what was wanted."
NOT_IN_PAST = "That is before it was sent."
NOT_UNDONE = "That cannot be taken back any more: say instead what is so now."
# the sender's own; every other move is the receiver's
SENDERS = (ReferralMove.ANSWER_MORE, ReferralMove.WITHDRAW, ReferralMove.REOPEN)
MOVED_WORDS = {
    ReferralMove.ACCEPT: "accepted",
    ReferralMove.DECLINE: "said no",
    ReferralMove.ASK_MORE: "asks for more",
    ReferralMove.ANSWER_MORE: "answered what you asked",
    ReferralMove.BOOK: "booked it",
    ReferralMove.SEE: "saw them",
    ReferralMove.FINISH: "finished",
    ReferralMove.WITHDRAW: "withdrew it",
    ReferralMove.REOPEN: "asks again",
}
TAKEN_BACK = "took back what they said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said with a move: words, a coded reason, an outcome, when and where."""

    words: str = ""
    declined: Declined | None = None
    outcome: Outcome | None = None
    at: datetime | None = None
    where: str = ""


NOTHING_SAID = Said()


@transaction.atomic
def move(*, referral: UUID, move: ReferralMove, said: Said = NOTHING_SAID, by: Viewer) -> Referral:
    """Answer a referral, or say what became of it. Raises NotFound, Refused, ReferralMoveNotAllowed: who was first."""
    return moved(locked(referral, sends=move in SENDERS, by=by), move, said, by=by)


def moved(row: Referral, move: ReferralMove, said: Said, *, by: Viewer, who: str = "") -> Referral:
    """The same for a row that is locked already; `who` names somebody who answered by a link."""
    was = ReferralState(row.state)
    try:
        became = next_state(was, move)
    except ReferralMoveNotAllowed:
        raise ReferralMoveNotAllowed(was, who=_last(row)[0], when=_last(row)[1]) from None
    _check(row, move, said)
    _say(row, move, said, by=by)
    row.state = became
    if became not in OPEN:
        row.ended_at = by.at
    _wait(row, move, was=was, by=by)
    _written(row, what=move, was=was, why=_why(move, said), by=by, who=who)
    _tell(row, MOVED_WORDS[move], sends=move in SENDERS, why=_why(move, said), by=by, who=who)
    if became not in OPEN:
        relationships.let_go(relationship=row.relationship, but=row.pk, by=by)
    keep_link(row, by=by)
    if move in SENDERS:
        mail_link(row, move, by=by)
    else:
        send_back(row, said=MOVED_WORDS[move], why=_why(move, said), by=by)
    log(what=f"referral.{move}", by=by, person=row.person_id, about=row.pk, detail={"link_name": who} if who else None)
    return row


@transaction.atomic
def undo(*, referral: UUID, by: Viewer) -> Referral:
    """Take back, soon after, what one has just said. Raises NotFound, Refused."""
    return undone(locked_by_either(referral, by=by), by=by)


def undone(row: Referral, *, by: Viewer, who: str = "") -> Referral:
    """The same for a row that is locked already; `who` names somebody who answered by a link."""
    last = history_of(row)[-1]
    if not may_undo(what=last.what, was=last.was, done_at=last.at, done_by=last.by, at=by.at, by=by.id):
        raise Refused(NOT_UNDONE)
    move, was = ReferralMove(last.what), row.state
    row.state = last.was
    _unsay(row, move)
    if row.ended_at is not None and row.state in OPEN:
        row.ended_at = None
        _let_know_again(row, by=by)
    if row.state == ReferralState.SENT:
        inbox.unsettle(about=row.pk, kind=AlertKind.OVERDUE, ended_at=last.at, ended_by=last.by, by=by)
    _written(row, what="undone", was=was, by=by, who=who)
    _tell(row, TAKEN_BACK, sends=move in SENDERS, by=by, who=who)
    keep_link(row, by=by)
    if move == ReferralMove.WITHDRAW:
        mail_link(row, ReferralMove.REOPEN, by=by)
    elif move not in SENDERS:
        send_back(row, said=TAKEN_BACK, by=by)
    log(what="referral.undone", by=by, person=row.person_id, about=row.pk, detail={"link_name": who} if who else None)
    return row


def locked(referral: UUID, *, sends: bool, by: Viewer) -> Referral:
    """A referral that the viewer sent, or received, locked until the transaction ends; NotFound for everybody else."""
    relation, whose = (Relation.OWN_TEAM, sent_by(by)) if sends else (Relation.REFERRAL, received_by(by))
    rows = Referral.objects.select_for_update(of=("self",))
    rows = rows.select_related(*bars.ENDS, "relationship")
    row = seen_by(by, rows, relation=relation, whose=whose).filter(pk=referral).first()
    if row is None:
        raise NotFound(NO_REFERRAL)
    return row


def locked_by_either(referral: UUID, *, by: Viewer) -> Referral:
    """The same, whichever side the viewer is on."""
    try:
        return locked(referral, sends=False, by=by)
    except NotFound:
        return locked(referral, sends=True, by=by)


def _check(row: Referral, move: ReferralMove, said: Said) -> None:
    lacks = {
        ReferralMove.DECLINE: (said.declined is None, SAY_WHY_NOT),
        ReferralMove.ASK_MORE: (not said.words.strip(), SAY_MORE),
        ReferralMove.ANSWER_MORE: (not said.words.strip(), SAY_ANSWER),
        ReferralMove.BOOK: (said.at is None, SAY_WHEN),
        ReferralMove.FINISH: (said.outcome is None, SAY_OUTCOME),
    }
    missing, words = lacks.get(move, (False, ""))
    if missing:
        raise Refused(words)
    if said.at is not None and said.at < row.sent_at:
        raise Refused(NOT_IN_PAST)


def _say(row: Referral, move: ReferralMove, said: Said, *, by: Viewer) -> None:
    """What a move writes on the referral, besides its state."""
    words = said.words.strip()
    if move in (ReferralMove.ACCEPT, ReferralMove.DECLINE):
        row.answered_at = by.at
        # who deals with it at the receiver's; who looks after the person is not touched by it
        row.owner_id = by.id if by.kind == ViewerKind.PRACTITIONER else None
    if move == ReferralMove.DECLINE and said.declined is not None:
        row.declined, row.declined_words = said.declined, words
    elif move == ReferralMove.BOOK:
        row.booked_at, row.booked_where = said.at, said.where.strip()
    elif move == ReferralMove.SEE:
        row.seen_at = said.at or by.at
    elif move == ReferralMove.FINISH and said.outcome is not None:
        row.outcome, row.outcome_words = said.outcome, words
    elif move == ReferralMove.REOPEN:
        _reopen(row, by=by)
    if move in (ReferralMove.ANSWER_MORE, ReferralMove.REOPEN):
        row.answer_by = _due(row, move, at=by.at)


def _reopen(row: Referral, *, by: Viewer) -> None:
    people = same_person(row.person_id)
    if any(one.died for one in people):
        raise Refused(DIED)
    if objected([one.pk for one in people], sender=row.sender_id, to=row.to_organisation_id, on=day_of(by.at)):
        raise Refused(OBJECTS)
    for one in (ReferralMove.FINISH, ReferralMove.SEE, ReferralMove.BOOK, ReferralMove.DECLINE):
        _unsay(row, one)
    row.ended_at = None
    _let_know_again(row, by=by)


def _unsay(row: Referral, move: ReferralMove) -> None:
    if move in (ReferralMove.ACCEPT, ReferralMove.DECLINE):
        row.answered_at, row.owner, row.declined, row.declined_words = None, None, "", ""
    elif move == ReferralMove.BOOK:
        row.booked_at, row.booked_where = None, ""
    elif move == ReferralMove.SEE:
        row.seen_at = None
    elif move == ReferralMove.FINISH:
        row.outcome, row.outcome_words = "", ""


def _let_know_again(row: Referral, *, by: Viewer) -> None:
    if row.relationship_id is not None:
        organisation = row.to_organisation_id
        row.relationship = let_know(row.person_id, to_team=row.to_team_id, organisation=organisation, by=by) or (
            row.relationship
        )


def _due(row: Referral, move: ReferralMove, *, at: datetime) -> datetime:
    known = clocks()
    told = [(one.what, one.at) for one in history_of(row)] + [(str(move), at)]
    due = answer_due(told, urgency=Urgency(row.urgency), hours=known.hours, holidays=known.holidays)
    assert due is not None
    return due


def _wait(row: Referral, move: ReferralMove, *, was: ReferralState, by: Viewer) -> None:
    """End what was told of its being overdue; told again where the sender answers and the time had run out before."""
    if was == ReferralState.SENT:
        words = f"Not waited for any more: {names_of_ends(row)[0 if move in SENDERS else 1]} {MOVED_WORDS[move]}."
        inbox.settle(about=row.pk, kind=AlertKind.OVERDUE, words=words, by=by)
    elif row.state == ReferralState.SENT and row.answer_by <= by.at:
        asked = history_of(row)[-1]
        inbox.unsettle(about=row.pk, kind=AlertKind.OVERDUE, ended_at=asked.at, ended_by=asked.by, by=by)


def _why(move: ReferralMove, said: Said) -> str:
    told = said.words.strip()
    if move == ReferralMove.DECLINE and said.declined is not None:
        told = ": ".join(filter(None, [DECLINED_WORDS[said.declined], told]))
    elif move == ReferralMove.FINISH and said.outcome is not None:
        told = ": ".join(filter(None, [OUTCOME_WORDS[said.outcome], told]))
    elif move == ReferralMove.BOOK and said.at is not None:
        told = ", ".join(filter(None, [moment_words(said.at), said.where.strip(), told]))
    return told


def _written(row: Referral, *, what: str, was: str, why: str = "", by: Viewer, who: str = "") -> None:
    row.version += 1
    row.save()
    ReferralHistory.objects.create(
        referral=row, what=what, was=was, became=row.state, why=why, who=who, at=by.at, by=by.id
    )


def _tell(row: Referral, said: str, *, sends: bool, why: str = "", by: Viewer, who: str = "") -> None:
    """Let the other side know in its inbox: the team, else the organisation as a whole, as a practice is.

    Whoever answers may belong to the other side too: the rest of it does not know yet, unless both sides are one.
    """
    team = row.to_team_id if sends else row.team_id
    organisation = None if team else row.to_organisation_id if sends else row.sender_id
    is_one = (row.team_id or row.sender_id) == (row.to_team_id or row.to_organisation_id)
    if is_one or (not sends and row.made_by == by.id):
        return
    ends = names_of_ends(row)
    words = f"{who or ends[0 if sends else 1]} {said}: {row.asked}" + (f" ({why})" if why else "")
    told = inbox.ToTell(
        person=row.person_id,
        team=team,
        organisation=organisation,
        kind=AlertKind.MENTIONED,
        words=words,
        once=f"referral {row.pk} version {row.version}",
        about_id=row.pk,
        happened_at=by.at,
        sender=row.sender_id,
        data_class=DataClass(row.data_class),
    )
    inbox.tell_of(told=[told], by=by)


def _last(row: Referral) -> tuple[str, str]:
    last = history_of(row)[-1]
    return last.who or names_of([last.by]).get(last.by, SOMEBODY), moment_words(last.at)
