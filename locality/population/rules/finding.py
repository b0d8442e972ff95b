"""Words and rules of finding people: what may be answered, who may answer, what a list warns of."""

from datetime import date
from enum import StrEnum

from locality.access.rules import TABLES, RoleCode
from locality.base import Viewer, ViewerKind


class FoundState(StrEnum):
    """Where somebody on a list stands. `over`: left the list without a review, as the next run did not bring them."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    KNOWN = "known"
    LATER = "later"
    OVER = "over"


class Answer(StrEnum):
    """What a review may say."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    KNOWN = "known"
    LATER = "later"


class DeclineReason(StrEnum):
    """Why somebody is not put forward."""

    NOT_RIGHT = "not-right"
    DOING_WELL = "doing-well"
    SAID_NO = "said-no"
    NOTHING_TO_OFFER = "nothing-to-offer"
    TOO_ILL = "too-ill"
    MOVED = "moved"
    OTHER = "other"


DECLINE_WORDS = {
    DeclineReason.NOT_RIGHT: "What the list says of them is not right",
    DeclineReason.DOING_WELL: "Doing well: needs nothing more now",
    DeclineReason.SAID_NO: "Was asked, and does not want it",
    DeclineReason.NOTHING_TO_OFFER: "Nothing that is offered would help",
    DeclineReason.TOO_ILL: "Too ill for this: other care is under way",
    DeclineReason.MOVED: "Has moved away or left the practice",
    DeclineReason.OTHER: "Another reason, in words",
}
ANSWER_WORDS = {
    Answer.ACCEPTED: "Accepted",
    Answer.DECLINED: "Declined",
    Answer.KNOWN: "Already known",
    Answer.LATER: "Ask later",
}
# a list waits with these; whoever was put off comes back on their day
WAITS = (FoundState.WAITING, FoundState.LATER)
MAY_REVIEW_FOUND = frozenset({RoleCode.CLINICIAN, RoleCode.SOCIAL_WORKER, RoleCode.CARE_COORDINATOR})
MAY_SEE_RUNS = MAY_REVIEW_FOUND | {RoleCode.ANALYST, RoleCode.BOARD}
# stands in a criterion for the team of each neighbourhood
EACH_NEIGHBOURHOOD = "neighbourhood"
# capacity is told by the month
MONTH_DAYS = 30
MINUTES_A_PERSON = 1
LATEST_DAYS = 366

WARNING = (
    "Lists of people at risk can do harm. In the largest trial of one (PRISMATIC, 230,099 people in Wales), practices "
    "that were given a list had 1% more emergency admissions, and cost £76 more a head. So: no longer a list than "
    "the team can help, an offer for everybody on it, and a count of what came of it."
)
WARNING_ORIGIN = "Snooks and others, BMJ Quality and Safety 2019 (PRISMATIC)"


def may_review_found(viewer: Viewer) -> bool:
    """Whether this role reviews people whom the place has found."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_REVIEW_FOUND


def may_print_found(viewer: Viewer) -> bool:
    """Whether this role may take a list of people away on paper: those who may export, by the table of lists."""
    return may_review_found(viewer) and viewer.role in TABLES.lists["export"]


def may_see_runs(viewer: Viewer) -> bool:
    """Whether this role sees how finding goes: figures, about nobody."""
    return viewer.kind == ViewerKind.SYSTEM or viewer.role in MAY_SEE_RUNS


def sees_runs_alone(viewer: Viewer) -> bool:
    """Whether this role sees how finding goes, and reviews nobody: its way in is the figures."""
    return viewer.kind == ViewerKind.PRACTITIONER and may_see_runs(viewer) and not may_review_found(viewer)


def waits(*, state: str, later_on: date | None, on: date) -> bool:
    """Whether somebody waits to be reviewed on a day: whoever was put off, from the day that was said."""
    return state == FoundState.WAITING or (state == FoundState.LATER and later_on is not None and later_on <= on)
