"""When a team meets, whom it talks about first, and what it may decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from locality.access.rules import Context, Relation, opening
from locality.base import Refused, Viewer, ViewerKind
from locality.base.periods import LONDON


class MeetingState(StrEnum):
    PLANNED = "planned"
    LIVE = "live"
    CLOSED = "closed"
    SKIPPED = "skipped"  # a bank holiday, a heatwave: somebody says so, with the reason


TO_COME = (MeetingState.PLANNED, MeetingState.LIVE)


class Came(StrEnum):
    INVITED = "invited"
    CAME = "came"
    APOLOGIES = "apologies"


class ItemState(StrEnum):
    """`moved on` to the next meeting; `left out` of this one by somebody, with the reason."""

    WAITING = "waiting"
    DISCUSSED = "discussed"
    MOVED_ON = "moved on"
    LEFT_OUT = "left out"


class Why(StrEnum):
    """Why somebody is on an agenda, who comes first first."""

    AT_RISK = "care at risk"
    CARRIED_OVER = "carried over"
    NOMINATED = "nominated"
    CANDIDATE = "candidate"
    REVIEW = "review due"
    PLAN = "plan due"


WHY_WORDS = {
    Why.AT_RISK: "Their care may break down",
    Why.CARRIED_OVER: "Waited over from the meeting before",
    Why.NOMINATED: "Brought by one of the team",
    Why.CANDIDATE: "Put forward to the team",
    Why.REVIEW: "Their review is due",
    Why.PLAN: "Their plan, or a goal of it, is to be looked at again",
}
# minutes each takes, until the coordinator says otherwise: somebody new takes longer than a review
MINUTES = {Why.AT_RISK: 10, Why.CARRIED_OVER: 5, Why.NOMINATED: 8, Why.CANDIDATE: 8, Why.REVIEW: 5, Why.PLAN: 5}
# how far ahead meetings are made: a quarter, so that a review in twelve weeks finds its meeting
AHEAD_WEEKS = 13
# to come in, say who is there, and end on time
AROUND = 5
ORDER_WORDS = (
    "First whoever\u2019s care may break down, then whoever waited over from the meeting before, then those brought by "
    "one of the team, those put forward, reviews that are due, and plans whose day has come; among those, whoever "
    "waits longest. The coordinator may change it."
)


class Decision(StrEnum):
    TAKE_ON = "take on"
    KEEP = "keep"
    COME_OFF = "come off"
    NOT_TAKE_ON = "not take on"
    COME_BACK = "come back"
    INFORMATION = "information"


DECISION_WORDS = {
    Decision.TAKE_ON: "Take on to the caseload",
    Decision.KEEP: "Keep on the caseload",
    Decision.COME_OFF: "Come off the caseload",
    Decision.NOT_TAKE_ON: "Not take on",
    Decision.COME_BACK: "Come back next time",
    Decision.INFORMATION: "For information only",
}
DECIDED_WORDS = {
    Decision.TAKE_ON: "Taken on to the caseload",
    Decision.KEEP: "Kept on the caseload",
    Decision.COME_OFF: "Came off the caseload",
    Decision.NOT_TAKE_ON: "Not taken on",
    Decision.COME_BACK: "Comes back next time",
    Decision.INFORMATION: "For information",
}
# who looks at them again, and when, is part of these; the others say why
NEEDS_DAY = (Decision.TAKE_ON, Decision.KEEP)
NEEDS_WORDS = (Decision.TAKE_ON, Decision.NOT_TAKE_ON)
# what these do is undone by an act that is there for it (they wait again, they are on the caseload as they were), or
# they do nothing. No act makes somebody who was taken on wait again, or a review that was written down not written
CAN_BE_TAKEN_BACK = (Decision.NOT_TAKE_ON, Decision.COME_OFF, Decision.COME_BACK, Decision.INFORMATION)


class EntryKind(StrEnum):
    """What stands under somebody in the minutes: nothing there is changed, it is added to."""

    SAID = "said"
    DISSENT = "dissent"
    ADDITION = "addition"  # after the meeting was closed


def may_meet(viewer: Viewer) -> bool:
    """Whether this role takes part in its team's meeting: it writes in the records of those whom its team knows."""
    if viewer.kind != ViewerKind.PRACTITIONER:
        return False
    return opening(viewer=viewer, context=Context(relation=Relation.OWN_TEAM)).writes


def decisions_for(*, on_caseload: bool) -> tuple[Decision, ...]:
    """What may be decided of somebody: whoever is put forward gets an answer, and is not only spoken of."""
    if on_caseload:
        return (Decision.KEEP, Decision.COME_OFF, Decision.COME_BACK, Decision.INFORMATION)
    return (Decision.TAKE_ON, Decision.NOT_TAKE_ON, Decision.COME_BACK)


class DecisionNotAllowed(Refused):
    def __init__(self, decision: Decision, *, on_caseload: bool) -> None:
        stands = "is on the caseload" if on_caseload else "is not on the caseload"
        super().__init__(f"\u201c{DECISION_WORDS[decision]}\u201d is not for somebody who {stands}.")


def check_decision(
    decision: Decision, *, on_caseload: bool, words: str, review_on: date | None, off_reason: str, on: date
) -> None:
    """Raise Refused unless the decision fits whom it is about and says all that it must."""
    if decision not in decisions_for(on_caseload=on_caseload):
        raise DecisionNotAllowed(decision, on_caseload=on_caseload)
    if decision in NEEDS_WORDS and not words.strip():
        raise Refused(SAY_WHY)
    if decision in NEEDS_DAY and review_on is None:
        raise Refused(SAY_WHEN)
    if decision in NEEDS_DAY and review_on is not None and review_on <= on:
        raise Refused(DAY_IS_OVER)
    if decision == Decision.COME_OFF and not off_reason:
        raise Refused(SAY_WHY_OFF)


SAY_WHY = "Say why, for whoever reads the minutes."
SAY_WHEN = "Say when they are looked at again."
DAY_IS_OVER = "The day of the next review is over already: it lies after today."
SAY_WHY_OFF = "Say why they come off the caseload."


# ---- when


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A team meets on this day of the week (0 is Monday), every so many weeks, from a day until a day."""

    weekday: int
    every_weeks: int
    starts_on: date
    ends_on: date | None = None


def days_of(rhythm: Rhythm, *, first: date, until: date) -> Iterator[date]:
    """The days on which a team meets, from `first` until, not including, `until`."""
    day = rhythm.starts_on + timedelta(days=(rhythm.weekday - rhythm.starts_on.weekday()) % 7)
    last = min(until, rhythm.ends_on or until)
    while day < last:
        if day >= first:
            yield day
        day += timedelta(weeks=rhythm.every_weeks)


def moment_of(on: date, at: time) -> datetime:
    """The instant of a day and time as the place's clocks show it, before and after they change."""
    return datetime.combine(on, at, LONDON)


# ---- who first, and how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Somebody who waits to be talked about: why, and since when."""

    person: UUID
    why: Why
    since: date
    priority: int = 3
    times_carried: int = 0
    words: str = ""
    candidate: UUID | None = None
    caseload: UUID | None = None


_RANK = {why: rank for rank, why in enumerate(Why)}


def in_order(ready: Sequence[Ready]) -> list[Ready]:
    """Who comes first: by why, then who was carried over most often, then by priority and how long they wait."""
    return sorted(ready, key=lambda one: (_RANK[one.why], -one.times_carried, one.priority, one.since, one.person))


def one_a_person(ready: Sequence[Ready]) -> list[Ready]:
    """Somebody who waits for several reasons comes once, for the one that comes first."""
    return list({one.person: one for one in reversed(in_order(ready))}.values())


def fitting(minutes: Sequence[int], *, length: int) -> list[bool]:
    """Which of these, in their order, are within the time there is: nobody is overtaken by somebody shorter."""
    left, found = length - AROUND, []
    for one in minutes:
        left -= one
        found.append(left >= 0)
    return found


def not_this_time(*, before: int, minutes: int, length: int) -> str:
    """Why somebody is not within the time, and what becomes of them."""
    people = "1 person" if before == 1 else f"{before} people"
    return (
        f"{people} before them take {minutes} of {length - AROUND} minutes. If the meeting does not get to them, they "
        "come first next time, after care at risk."
    )
