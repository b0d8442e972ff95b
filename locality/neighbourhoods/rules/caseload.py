"""How far a team is with somebody it looks after, and why that ends."""

from datetime import date
from enum import StrEnum

from locality.base import Refused


class CameFrom(StrEnum):
    """How the team came to know of them."""

    FINDING = "finding"
    NOMINATION = "nomination"
    REFERRAL = "referral"
    NEWS = "news"


CAME_FROM_WORDS = {
    CameFrom.FINDING: "Found by a list",
    CameFrom.NOMINATION: "Somebody thought of them",
    CameFrom.REFERRAL: "Referred",
    CameFrom.NEWS: "Something happened",
}


class Stage(StrEnum):
    """Nobody falls off by waiting: `off` is said by somebody, with a reason."""

    NEW = "new"
    ACTIVE = "active"
    STEADY = "steady"
    OFF = "off"


STAGE_WORDS = {
    Stage.NEW: "Getting to know",
    Stage.ACTIVE: "Working with",
    Stage.STEADY: "Keeping an eye on",
    Stage.OFF: "Off the caseload",
}
# coming off is an act of its own (`come_off`), with its reason
NEXT_STAGES = {
    Stage.NEW: (Stage.ACTIVE, Stage.STEADY),
    Stage.ACTIVE: (Stage.STEADY,),
    Stage.STEADY: (Stage.ACTIVE,),
    Stage.OFF: (),
}


class OffReason(StrEnum):
    GOALS_MET = "goals met"
    STEADY = "managing well"
    DECLINED = "does not want it"
    MOVED = "moved away"
    ANOTHER_TEAM = "another team looks after them"
    NO_CONTACT = "could not be reached"
    DIED = "died"
    MISTAKE = "taken on by mistake"


OFF_WORDS = {
    OffReason.GOALS_MET: "What they wanted was reached",
    OffReason.STEADY: "They manage well without the team",
    OffReason.DECLINED: "They do not want it",
    OffReason.MOVED: "They moved away",
    OffReason.ANOTHER_TEAM: "Another team looks after them",
    OffReason.NO_CONTACT: "The team could not reach them",
    OffReason.DIED: "They died",
    OffReason.MISTAKE: "They were taken on by mistake",
}


class StageNotAllowed(Refused):
    def __init__(self, was: Stage, stage: Stage) -> None:
        super().__init__(
            f"Whoever is at \u201c{STAGE_WORDS[was]}\u201d does not go on to \u201c{STAGE_WORDS[stage]}\u201d."
        )


def check_stage(was: Stage, stage: Stage) -> None:
    """Raise StageNotAllowed unless one stage follows the other."""
    if stage not in NEXT_STAGES[was]:
        raise StageNotAllowed(was, stage)


class Happened(StrEnum):
    """What was done with somebody's place on a caseload, one row of its history each."""

    TAKEN_ON = "taken on"
    ALLOCATED = "allocated"
    STAGE = "stage"
    PRIORITY = "priority"
    AT_RISK = "at risk"
    REVIEWED = "reviewed"
    CAME_OFF = "came off"
    CAME_BACK = "came back"


HAPPENED_WORDS = {
    Happened.TAKEN_ON: "Taken on",
    Happened.ALLOCATED: "Coordinator named",
    Happened.STAGE: "Stage changed",
    Happened.PRIORITY: "Priority changed",
    Happened.AT_RISK: "Risk of breaking down",
    Happened.REVIEWED: "Reviewed",
    Happened.CAME_OFF: "Came off",
    Happened.CAME_BACK: "Came back on",
}


# days without a contact or a review after which a row is marked; nobody comes off by it
QUIET_AFTER_DAYS = {Stage.NEW: 14, Stage.ACTIVE: 28, Stage.STEADY: 91}
LATEST_REVIEW_DAYS = 366


def is_quiet(*, stage: Stage, last_on: date, on: date) -> bool:
    """Whether nobody has been in touch, nor looked at how they are, for longer than their stage allows."""
    return stage in QUIET_AFTER_DAYS and (on - last_on).days > QUIET_AFTER_DAYS[stage]


def check_review_day(*, review_on: date, on: date) -> None:
    """Raise Refused unless the next review lies ahead, and within a year."""
    if not 0 <= (review_on - on).days <= LATEST_REVIEW_DAYS:
        raise Refused("Choose a day for the next review from today on, within a year.")
