"""A link worker's support of somebody: what is needed, what is offered, who met whom, and what came of it."""

from enum import StrEnum

from locality.base import Refused


class Outcome(StrEnum):
    """How a support ended."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not met"
    STOPPED = "stopped"  # they wanted no more of it
    NOT_REACHED = "not reached"
    MOVED = "moved"
    DIED = "died"


OUTCOME_WORDS = {
    Outcome.MET: "What mattered to them came about",
    Outcome.PARTLY: "Part of it came about",
    Outcome.NOT_MET: "It did not come about",
    Outcome.STOPPED: "They wanted no more of it",
    Outcome.NOT_REACHED: "They could not be reached",
    Outcome.MOVED: "They moved away",
    Outcome.DIED: "They died",
}


class NeedState(StrEnum):
    """How it stands with one need."""

    OPEN = "open"
    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not met"


NEED_STATE_WORDS = {
    NeedState.OPEN: "Being worked on",
    NeedState.MET: "Met",
    NeedState.PARTLY: "Partly met",
    NeedState.NOT_MET: "Not met",
}


class OfferState(StrEnum):
    OFFERED = "offered"
    AGREED = "agreed"
    GOING = "going"
    FINISHED = "finished"
    DECLINED = "declined"
    STOPPED = "stopped"


OFFER_WORDS = {
    OfferState.OFFERED: "Offered",
    OfferState.AGREED: "Agreed",
    OfferState.GOING: "Going",
    OfferState.FINISHED: "Finished",
    OfferState.DECLINED: "They said no",
    OfferState.STOPPED: "Stopped going",
}


class OfferMove(StrEnum):
    AGREE = "agree"
    DECLINE = "decline"
    GO = "go"
    FINISH = "finish"
    STOP = "stop"
    REOPEN = "reopen"


MOVE_WORDS = {
    OfferMove.AGREE: "They agree",
    OfferMove.DECLINE: "They say no",
    OfferMove.GO: "They are going",
    OfferMove.FINISH: "They finished it",
    OfferMove.STOP: "They stopped going",
    OfferMove.REOPEN: "Offered again",
}
OFFER_MOVES = {
    OfferMove.AGREE: ((OfferState.OFFERED,), OfferState.AGREED),
    OfferMove.DECLINE: ((OfferState.OFFERED, OfferState.AGREED), OfferState.DECLINED),
    OfferMove.GO: ((OfferState.OFFERED, OfferState.AGREED), OfferState.GOING),
    OfferMove.FINISH: ((OfferState.GOING,), OfferState.FINISHED),
    OfferMove.STOP: ((OfferState.GOING,), OfferState.STOPPED),
    OfferMove.REOPEN: ((OfferState.DECLINED, OfferState.FINISHED, OfferState.STOPPED), OfferState.OFFERED),
}


class OfferMoveNotAllowed(Refused):
    def __init__(self, state: OfferState) -> None:
        super().__init__(f"This offer is: {OFFER_WORDS[state].lower()}. That cannot be done with it now.")


def next_offer_state(state: OfferState, move: OfferMove) -> OfferState:
    """What an offer becomes; raises OfferMoveNotAllowed."""
    before, after = OFFER_MOVES[move]
    if state not in before:
        raise OfferMoveNotAllowed(state)
    return after


def moves_from(state: OfferState) -> tuple[OfferMove, ...]:
    """What may be done with an offer that stands so."""
    return tuple(move for move, (before, _) in OFFER_MOVES.items() if state in before)


class Way(StrEnum):
    """How one met."""

    PHONE = "phone"
    HOME = "home"
    HERE = "here"
    OUT = "out"
    MESSAGE = "message"


WAY_WORDS = {
    Way.PHONE: "Telephone",
    Way.HOME: "At their home",
    Way.HERE: "At our place",
    Way.OUT: "Went along with them",
    Way.MESSAGE: "Text or e-mail",
}


class Reached(StrEnum):
    YES = "yes"
    NO_ANSWER = "no answer"
    DID_NOT_COME = "did not come"


REACHED_WORDS = {
    Reached.YES: "We spoke",
    Reached.NO_ANSWER: "No answer",
    Reached.DID_NOT_COME: "They did not come",
}
# a link worker rings again a few times, then somebody should know
TRIED_TOO_OFTEN = 3


class SupportOver(Refused):
    def __init__(self) -> None:
        super().__init__("This support has ended: begin it again first, or open a new one.")


class ChangedMeanwhile(Refused):
    def __init__(self) -> None:
        super().__init__("Somebody changed this while you had it open: read what it says now, then do it again.")
