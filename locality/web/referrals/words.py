"""What the pages of referrals say."""

from collections.abc import Mapping, Sequence

from locality.neighbourhoods.queries.referrals import Listed, Side, Step
from locality.neighbourhoods.rules.candidates import AGREED_WORDS, Agreed
from locality.neighbourhoods.rules.referrals import (
    DECLINED_WORDS,
    OUTCOME_WORDS,
    STATE_WORDS,
    URGENCY_WORDS,
    Declined,
    Outcome,
    ReferralMove,
    ReferralState,
    Urgency,
)
from locality.web.words import counted

KINDS = {
    ReferralState.SENT: "info",
    ReferralState.MORE_ASKED: "caution",
    ReferralState.DECLINED: "caution",
    ReferralState.WITHDRAWN: "quiet",
    ReferralState.DONE: "good",
}
STEPS = {
    "sent": "asked for it",
    ReferralMove.ACCEPT: "accepted",
    ReferralMove.DECLINE: "said no",
    ReferralMove.ASK_MORE: "asked for more",
    ReferralMove.ANSWER_MORE: "answered",
    ReferralMove.BOOK: "booked it",
    ReferralMove.SEE: "saw them",
    ReferralMove.FINISH: "said what came of it",
    ReferralMove.WITHDRAW: "withdrew it",
    ReferralMove.REOPEN: "asked again",
    "undone": "took back what was said",
}
DONE = {
    ReferralMove.ACCEPT: "Accepted: whoever asked is told. Who looks after them has not changed.",
    ReferralMove.DECLINE: "You said no, and why: whoever asked is told.",
    ReferralMove.ASK_MORE: "Asked: the clock stands still until they answer.",
    ReferralMove.ANSWER_MORE: "Answered: the clock runs again.",
    ReferralMove.BOOK: "Booked: whoever asked is told.",
    ReferralMove.SEE: "Written down: you saw them.",
    ReferralMove.FINISH: "Thank you: whoever asked reads what came of it.",
    ReferralMove.WITHDRAW: "Withdrawn: they are told.",
    ReferralMove.REOPEN: "Asked again: they are told.",
}


def clock_words(hours: Mapping[Urgency, int]) -> str:
    """By when an answer is due, for whoever chooses how urgent it is."""
    told = ", ".join(f"{URGENCY_WORDS[one].lower()} {counted(hours[one], 'hour')}" for one in Urgency)
    return f"Their answer is due in so much working time, 9 to 5 on working days: {told}"


def answer(rows: Sequence[Listed], *, side: Side, more: bool) -> str:
    """What waits, in one sentence."""
    if side == Side.ALL:
        return f"{'More than ' if more else ''}{counted(len(rows), 'referral')}, to us and from us"
    if side == Side.SENT:
        waits = sum(one.is_open for one in rows)
        return f"{counted(waits, 'referral')} of ours still open" if waits else "Nothing that we asked for is open"
    waiting = [one for one in rows if one.state == ReferralState.SENT]
    late = sum(one.is_overdue for one in waiting)
    if not waiting:
        return "Nothing waits for our answer"
    words = f"{counted(len(waiting), 'referral')} for us to answer"
    return f"{words}, {late} overdue" if late else words


def state(one: Listed) -> str:
    """How it stands, in words."""
    return STATE_WORDS[one.state]


def kind(one: Listed) -> str:
    """The colour that repeats it."""
    return "urgent" if one.is_overdue else KINDS.get(one.state, "info")


def urgency(one: Listed) -> str:
    """How urgent it is, where it is more than routine."""
    return "" if one.urgency == Urgency.ROUTINE else URGENCY_WORDS[one.urgency]


def why_not(one: Listed) -> str:
    """Why it was declined."""
    return DECLINED_WORDS[Declined(one.declined)] if one.declined else ""


def outcome(one: Listed) -> str:
    """What came of it."""
    return OUTCOME_WORDS[Outcome(one.outcome)] if one.outcome else ""


def agreed(code: str) -> str:
    """Whether they know and want it."""
    return AGREED_WORDS[Agreed(code)] if code in list(Agreed) else code


def step(one: Step) -> str:
    """What was done with it, in words."""
    return STEPS.get(one.what, one.what)
