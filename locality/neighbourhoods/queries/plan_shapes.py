"""What the one plan reads as: its parts, and the whole of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from locality.neighbourhoods.rules.plans import GOALS_TO_REACH, ActionState, Content, PartKind
from locality.record.queries.shapes import Fact, Quote, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Towards:
    """The goal that an action is for, as it reads now; `is_out` where it was taken out of the plan since."""

    id: UUID
    words: str
    state: str
    is_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the plan as it reads now, who wrote it last and when."""

    id: UUID
    kind: PartKind
    content: Content
    version: int
    by: str
    at: datetime
    state: str = ""
    state_words: str = ""
    who: str = ""
    is_overdue: bool = False
    is_task: bool = False
    may_write: bool = False
    is_out: bool = False
    towards: Towards | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutLine:
    """One heading of About Me: what the plan says under it, and what a source sent that the plan does not say."""

    code: str
    heading: str
    part: Part | None
    sent: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WishLine:
    """A wish, and the decisions that it stands beside or against."""

    part: Part
    beside: tuple[tuple[Fact, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """A goal, and what is done for it."""

    part: Part
    actions: tuple[Part, ...]

    @property
    def is_over(self) -> bool:
        """Whether it is reached or given up."""
        return self.part.state not in GOALS_TO_REACH

    @property
    def still_open(self) -> tuple[Part, ...]:
        """What is still to be done for it."""
        return tuple(one for one in self.actions if one.state == ActionState.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePlan:
    """The one plan. `known` is what the record says besides: the face, the decisions, plans that were sent."""

    known: Summary
    exists: bool
    may_write: bool
    opens: bool
    about_me: tuple[AboutLine, ...]
    wishes: tuple[WishLine, ...]
    goals: tuple[Part, ...]
    actions: tuple[Part, ...]
    contingencies: tuple[Part, ...]
    copies: tuple[Part, ...]
    reviews: tuple[Part, ...]

    @property
    def goal_lines(self) -> tuple[GoalLine, ...]:
        """Each goal with what is done for it."""
        under: dict[UUID, list[Part]] = {one.id: [] for one in self.goals}
        for one in self.actions:
            if one.towards is not None and one.towards.id in under:
                under[one.towards.id].append(one)
        return tuple(GoalLine(part=one, actions=tuple(under[one.id])) for one in self.goals)

    @property
    def besides(self) -> tuple[Part, ...]:
        """The actions that are for no goal of the plan, or for one that was taken out of it."""
        goals = {one.id for one in self.goals}
        return tuple(one for one in self.actions if one.towards is None or one.towards.id not in goals)

    @property
    def overdue(self) -> int:
        """How many actions are late."""
        return sum(one.is_overdue for one in self.actions)

    @property
    def decisions(self) -> tuple[Fact, ...]:
        """The advance decisions that stand, what binds first."""
        return tuple(fact for fact in self.known.decisions.facts if not fact.struck)
