"""What may become of a referral: each ends in done, declined with a reason, or withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from locality.base import Refused
from locality.base.working_time import due_at


class ReferralState(StrEnum):
    SENT = "sent"
    MORE_ASKED = "more asked"
    ACCEPTED = "accepted"
    BOOKED = "booked"
    SEEN = "seen"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = (
    *(ReferralState.SENT, ReferralState.MORE_ASKED, ReferralState.ACCEPTED),
    *(ReferralState.BOOKED, ReferralState.SEEN),
)
UNANSWERED = (ReferralState.SENT, ReferralState.MORE_ASKED)

STATE_WORDS = {
    ReferralState.SENT: "Waiting for an answer",
    ReferralState.MORE_ASKED: "More is asked of the sender",
    ReferralState.ACCEPTED: "Accepted",
    ReferralState.BOOKED: "Booked",
    ReferralState.SEEN: "Seen",
    ReferralState.DONE: "Done",
    ReferralState.DECLINED: "Declined",
    ReferralState.WITHDRAWN: "Withdrawn",
}


class ReferralMove(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK_MORE = "ask_more"
    ANSWER_MORE = "answer_more"
    BOOK = "book"
    SEE = "see"
    FINISH = "finish"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


MOVES = {
    ReferralMove.ACCEPT: (UNANSWERED, ReferralState.ACCEPTED),
    ReferralMove.DECLINE: (UNANSWERED, ReferralState.DECLINED),
    ReferralMove.ASK_MORE: ((ReferralState.SENT,), ReferralState.MORE_ASKED),
    ReferralMove.ANSWER_MORE: ((ReferralState.MORE_ASKED,), ReferralState.SENT),
    ReferralMove.BOOK: ((ReferralState.ACCEPTED, ReferralState.BOOKED), ReferralState.BOOKED),
    ReferralMove.SEE: ((ReferralState.ACCEPTED, ReferralState.BOOKED), ReferralState.SEEN),
    ReferralMove.FINISH: ((ReferralState.ACCEPTED, ReferralState.BOOKED, ReferralState.SEEN), ReferralState.DONE),
    ReferralMove.WITHDRAW: (OPEN, ReferralState.WITHDRAWN),
    ReferralMove.REOPEN: ((ReferralState.DECLINED, ReferralState.WITHDRAWN, ReferralState.DONE), ReferralState.SENT),
}


class Urgency(StrEnum):
    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


URGENCY_WORDS = {Urgency.URGENT: "Urgent", Urgency.SOON: "Soon", Urgency.ROUTINE: "Routine"}


class Declined(StrEnum):
    """Why the receiver says no: the sender reads it, and does better the next time."""

    NOT_ELIGIBLE = "not eligible"
    NO_CAPACITY = "no capacity"
    WRONG_SERVICE = "wrong service"
    ALREADY_KNOWN = "already known"
    UNSAFE = "not safe for us"
    PERSON_SAID_NO = "they said no"
    NOT_REACHED = "not reached"
    OTHER = "other"


DECLINED_WORDS = {
    Declined.NOT_ELIGIBLE: "They are not whom this service is for",
    Declined.NO_CAPACITY: "There is no room now",
    Declined.WRONG_SERVICE: "Another service is meant for this",
    Declined.ALREADY_KNOWN: "They have this service already",
    Declined.UNSAFE: "Their needs are more than this service can safely meet",
    Declined.PERSON_SAID_NO: "They said no",
    Declined.NOT_REACHED: "They could not be reached",
    Declined.OTHER: "Another reason",
}


class Outcome(StrEnum):
    """What came of it, against what was wanted."""

    MET = "met"
    PARTLY = "partly met"
    NOT_MET = "not met"
    STOPPED_COMING = "stopped coming"
    DIED = "died"


OUTCOME_WORDS = {
    Outcome.MET: "What was wanted came about",
    Outcome.PARTLY: "Part of it came about",
    Outcome.NOT_MET: "It did not come about",
    Outcome.STOPPED_COMING: "They stopped coming",
    Outcome.DIED: "They died",
}


class ReferralMoveNotAllowed(Refused):
    """A referral cannot become that from what it is; who was first, where somebody was."""

    def __init__(self, state: ReferralState, *, who: str = "", when: str = "") -> None:
        by = f" {who} did that, {when}." if who else ""
        super().__init__(f"This referral is: {STATE_WORDS[state].lower()}. That cannot be done with it now.{by}")


def next_state(state: ReferralState, move: ReferralMove) -> ReferralState:
    """What a referral becomes; raises ReferralMoveNotAllowed."""
    before, after = MOVES[move]
    if state not in before:
        raise ReferralMoveNotAllowed(state)
    return after


UNDO_MINUTES = 15
# what can be taken back as if it had not been: by whoever pressed it, soon after, and nothing since
UNDONE = {
    ReferralMove.ACCEPT: UNANSWERED,
    ReferralMove.DECLINE: UNANSWERED,
    ReferralMove.BOOK: (ReferralState.ACCEPTED,),
    ReferralMove.SEE: (ReferralState.ACCEPTED, ReferralState.BOOKED),
    ReferralMove.FINISH: (ReferralState.ACCEPTED, ReferralState.BOOKED, ReferralState.SEEN),
    ReferralMove.WITHDRAW: OPEN,
}
# of one need, or to one receiver: what was asked for so lately is shown before it is asked for again
DUPLICATE_DAYS = 28
LINK_DAYS = 14
# wrong links from one network in an hour, after which none is looked at
WRONG_LINKS = 20
# what somebody who came by a link may say
BY_LINK = (
    *(ReferralMove.ACCEPT, ReferralMove.DECLINE, ReferralMove.ASK_MORE, ReferralMove.BOOK, ReferralMove.SEE),
    ReferralMove.FINISH,
)
# in hours of work, where a place's pack says none: proposals, as the pack's own are
HOURS: Mapping[Urgency, int] = {Urgency.URGENT: 4, Urgency.SOON: 16, Urgency.ROUTINE: 40}

# the moves that start the clock of the answer, and those that stop it
STARTS = ("sent", ReferralMove.ANSWER_MORE, ReferralMove.REOPEN)
STOPS = (ReferralMove.ASK_MORE,)


def answer_due(
    told: Sequence[tuple[str, datetime]], *, urgency: Urgency, hours: Mapping[Urgency, int], holidays: Collection[date]
) -> datetime | None:
    """When an answer is due, from what happened; None while it stands with the sender. Reopened, it starts afresh."""
    began = max((place for place, (what, _) in enumerate(told) if what in ("sent", ReferralMove.REOPEN)), default=0)
    turns = [(at, what in STARTS) for what, at in told[began:] if what in (*STARTS, *STOPS)]
    return due_at(turns, allowed=timedelta(hours=hours[urgency]), holidays=holidays)


def is_overdue(state: ReferralState, *, answer_by: datetime, at: datetime) -> bool:
    """Whether an answer is late: while more is asked, it is the sender who is waited for."""
    return state == ReferralState.SENT and answer_by <= at


def link_until(*, at: datetime, booked_at: datetime | None) -> datetime:
    """Until when a link holds: so long after what was said last, and after the time that is booked."""
    return max(at, booked_at or at) + timedelta(days=LINK_DAYS)


def may_undo(*, what: str, was: str, done_at: datetime, done_by: object, at: datetime, by: object) -> bool:
    """Whether the last move can still be taken back as if it had not been."""
    known = what in list(ReferralMove) and was in UNDONE.get(ReferralMove(what), ())
    return known and done_by == by and at - done_at <= timedelta(minutes=UNDO_MINUTES)
