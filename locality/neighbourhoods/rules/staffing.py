"""Who works in a team, when, and what they may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from locality.access.rules import RoleCode
from locality.base import Refused, Viewer, ViewerKind

# who keeps a team's posts, skills and weeks; their own week and days away everybody keeps
KEEPERS = (RoleCode.CARE_COORDINATOR,)


class Skill(StrEnum):
    """What a task may need, by the code that it names (`Task.needs_skill`)."""

    WOUND = "wound-care"
    CATHETER = "catheter"
    INSULIN = "insulin"
    SYRINGE_DRIVER = "syringe-driver"
    PRESCRIBING = "prescribing"
    MOVING = "moving-and-handling"
    FALLS = "falls-assessment"
    MEDICINES = "medicines-support"
    MEMORY = "memory-assessment"
    CAPACITY = "capacity-assessment"
    CARE_ACT = "care-act-assessment"
    SAFEGUARDING = "safeguarding-adults-3"


SKILL_WORDS = {
    Skill.WOUND: "Wound care",
    Skill.CATHETER: "Catheter care",
    Skill.INSULIN: "Giving insulin",
    Skill.SYRINGE_DRIVER: "Syringe driver",
    Skill.PRESCRIBING: "Prescribing",
    Skill.MOVING: "Moving and handling",
    Skill.FALLS: "Falls assessment",
    Skill.MEDICINES: "Help with medicines",
    Skill.MEMORY: "Memory assessment",
    Skill.CAPACITY: "Assessing capacity",
    Skill.CARE_ACT: "Care Act assessment",
    Skill.SAFEGUARDING: "Safeguarding adults, level 3",
}


def skill_words(code: str) -> str:
    """What a task that needs this skill says that it needs."""
    return next((words for one, words in SKILL_WORDS.items() if one == code), code)


class SkillState(StrEnum):
    HELD = "held"
    ENDS_SOON = "ends soon"
    OVER = "over"


SOON_DAYS = 60


def skill_state(*, expires_on: date | None, on: date) -> SkillState:
    """Whether a skill holds on a day; one that expires today is over."""
    if expires_on is None:
        return SkillState.HELD
    if expires_on <= on:
        return SkillState.OVER
    return SkillState.ENDS_SOON if (expires_on - on).days <= SOON_DAYS else SkillState.HELD


def may_keep_team(viewer: Viewer) -> bool:
    """Whether this role keeps the posts, skills and weeks of its teams."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in KEEPERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Hours a week that there are posts for, and that somebody fills."""

    posts: int
    hours: Decimal
    filled: Decimal

    @property
    def vacant(self) -> Decimal:
        return self.hours - self.filled

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where there are no hours to fill."""
        return float(self.filled / self.hours) if self.hours else 1.0


def fill(posts: Iterable[tuple[Decimal, Decimal]]) -> Fill:
    """The fill of several posts, each its hours and how many of them somebody fills."""
    told = list(posts)
    return Fill(
        posts=len(told),
        hours=sum((hours for hours, _ in told), Decimal(0)),
        filled=sum((filled for _, filled in told), Decimal(0)),
    )


def check_hours(*, hours: Decimal, vacant: Decimal) -> None:
    """Raise Refused where a post has not as many hours left."""
    if hours <= 0:
        raise Refused("Say how many hours a week.")
    if hours > vacant:
        raise Refused(f"This post has {hours_words(vacant)} a week left to fill, so nothing was changed.")


def hours_words(hours: Decimal) -> str:
    """`37.5 hours`, `1 hour`, `30 hours`."""
    said = f"{hours:f}".rstrip("0").rstrip(".") if "." in f"{hours:f}" else f"{hours:f}"
    return f"{said} hour" if hours == 1 else f"{said} hours"
