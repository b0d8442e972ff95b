"""How far a team is with somebody it looks after, and why that ends."""

from enum import StrEnum

from locality.base import Refused


class CameFrom(StrEnum):
    """How the team came to know of them."""

    FINDING = "finding"
    NOMINATION = "nomination"
    REFERRAL = "referral"
    NEWS = "news"


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
