"""What somebody asks to be put right in what is held about them, and what may become of it."""

from enum import StrEnum

from locality.base import Refused


class CorrectionAbout(StrEnum):
    """What is wrong: one line of the record, or a part of what is kept here."""

    LINE = "line"
    PLAN = "plan"
    WHO_I_AM = "who i am"
    CLOSE = "who is close"
    NOTE = "note"
    OTHER = "other"


ABOUT_WORDS = {
    CorrectionAbout.LINE: "One line of what is held",
    CorrectionAbout.PLAN: "The plan",
    CorrectionAbout.WHO_I_AM: "Name, birthday, address or phone",
    CorrectionAbout.CLOSE: "Family, or whom to ring",
    CorrectionAbout.NOTE: "A note that somebody wrote",
    CorrectionAbout.OTHER: "Something else",
}


class CorrectionState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    CorrectionState.ASKED: "Waiting for an answer",
    CorrectionState.ACCEPTED: "Accepted",
    CorrectionState.DECLINED: "Not changed",
    CorrectionState.WITHDRAWN: "Taken back",
}


class CorrectionMove(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"  # what was answered by mistake


MOVES = {
    CorrectionMove.ACCEPT: ((CorrectionState.ASKED,), CorrectionState.ACCEPTED),
    CorrectionMove.DECLINE: ((CorrectionState.ASKED,), CorrectionState.DECLINED),
    CorrectionMove.WITHDRAW: ((CorrectionState.ASKED,), CorrectionState.WITHDRAWN),
    CorrectionMove.REOPEN: ((CorrectionState.ACCEPTED, CorrectionState.DECLINED), CorrectionState.ASKED),
}


class WhyNot(StrEnum):
    """Why something stays as it is: whoever asked reads it."""

    RIGHT_THEN = "right when it was written"
    STILL_SO = "we think it is right"
    NOT_OURS = "another must change it"
    NEEDS_MORE = "we need to see something"
    OTHER = "other"


WHY_NOT_WORDS = {
    WhyNot.RIGHT_THEN: "It was right when it was written, and it is kept as what was so then",
    WhyNot.STILL_SO: "We looked again, and we think that it is right",
    WhyNot.NOT_OURS: "Somebody else has to change it, and we have told them",
    WhyNot.NEEDS_MORE: "We need to see or hear more before we can change it",
    WhyNot.OTHER: "Another reason",
}
# the law gives a month to answer (UK GDPR, article 12.3); a task is due a little sooner
ANSWER_WITHIN_DAYS = 28


class CorrectionMoveNotAllowed(Refused):
    """A request cannot become that from what it is; who was first, where somebody was."""

    def __init__(self, state: CorrectionState, *, who: str = "", when: str = "") -> None:
        by = f" {who} did that, {when}." if who else ""
        words = STATE_WORDS[state].lower()
        super().__init__(f"This request is answered or taken back already ({words}), so nothing was changed.{by}")


def next_state(state: CorrectionState, move: CorrectionMove) -> CorrectionState:
    """What a request becomes; raises CorrectionMoveNotAllowed."""
    before, after = MOVES[move]
    if state not in before:
        raise CorrectionMoveNotAllowed(state)
    return after
