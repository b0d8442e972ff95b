"""Classes ("course" in the code, since that word is Python's): when they meet, who has a place, what came of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median
from types import MappingProxyType

from locality.base import Refused
from locality.base.periods import LONDON

MOST_SESSIONS = 60
MOST_PLACES = 200
ATTENDED = Decimal("0.75")
NO_HOLIDAYS: Mapping[date, str] = MappingProxyType({})


class PlaceState(StrEnum):
    INVITED = "invited"
    WAITING = "waiting"  # wants to come, and all places are taken
    COMING = "coming"
    DECLINED = "declined"
    LEFT = "left"


PLACE_WORDS = {
    PlaceState.INVITED: "Invited",
    PlaceState.WAITING: "Waiting for a place",
    PlaceState.COMING: "Has a place",
    PlaceState.DECLINED: "Said no",
    PlaceState.LEFT: "Stopped coming",
}


class PlaceMove(StrEnum):
    WANT = "want"  # a place where one is free, else the waiting list
    DECLINE = "decline"
    LEAVE = "leave"


WANTED_WORDS = {
    PlaceMove.WANT: "They want to come",
    PlaceMove.DECLINE: "They say no",
    PlaceMove.LEAVE: "They stopped coming",
}
PLACE_MOVES = {
    PlaceMove.WANT: (PlaceState.INVITED, PlaceState.DECLINED, PlaceState.LEFT),
    PlaceMove.DECLINE: (PlaceState.INVITED, PlaceState.WAITING),
    PlaceMove.LEAVE: (PlaceState.COMING,),
}
# whoever has one stands on the team's list
TAKES_PART = (PlaceState.WAITING, PlaceState.COMING)


class PlaceMoveNotAllowed(Refused):
    def __init__(self, state: PlaceState) -> None:
        super().__init__(f"They are down as: {PLACE_WORDS[state].lower()}. That cannot be said of them now.")


def next_place(state: PlaceState, move: PlaceMove, *, is_free: bool) -> PlaceState:
    """What becomes of somebody's place; raises PlaceMoveNotAllowed."""
    if state not in PLACE_MOVES[move]:
        raise PlaceMoveNotAllowed(state)
    if move == PlaceMove.WANT:
        return PlaceState.COMING if is_free else PlaceState.WAITING
    return PlaceState.DECLINED if move == PlaceMove.DECLINE else PlaceState.LEFT


def moves_from(state: PlaceState) -> tuple[PlaceMove, ...]:
    """What may be said of somebody who is down as this."""
    return tuple(move for move, before in PLACE_MOVES.items() if state in before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meets:
    """One meeting of a class; `why_not` is why it is not held."""

    starts_at: datetime
    ends_at: datetime
    why_not: str = ""


def weekly(
    *,
    first_on: date,
    at: time,
    minutes: int,
    count: int,
    not_on: Collection[date] = (),
    holidays: Mapping[date, str] = NO_HOLIDAYS,
) -> list[Meets]:
    """So many meetings, one a week from a day on at the same time of the local clock; `not_on` it does not meet.

    A week that is left out is made up at the end; one of `holidays` keeps its day and says why it is not held.
    The clock on the wall is what stays: at both changes of the clock the class begins at the same hour, and never lasts
    an hour more or less.
    """
    found: list[Meets] = []
    on, held = first_on, 0
    while held < count:
        if on not in not_on:
            starts_at = datetime.combine(on, at, tzinfo=LONDON)
            why_not = f"Bank holiday: {holidays[on]}" if on in holidays else ""
            # on the wall too: no class is held while the clock changes, at one in the night
            ends_at = starts_at + timedelta(minutes=minutes)
            found.append(Meets(starts_at=starts_at, ends_at=ends_at, why_not=why_not))
            held += not why_not
        on += timedelta(weeks=1)
    return found


class Came(StrEnum):
    CAME = "came"
    DID_NOT = "did not come"
    ILL = "ill"


CAME_WORDS = {Came.CAME: "Came", Came.DID_NOT: "Did not come", Came.ILL: "Ill"}


class When(StrEnum):
    BEFORE = "before"
    AFTER = "after"


WHEN_WORDS = {When.BEFORE: "Before the class", When.AFTER: "After the class"}


class Measure(StrEnum):
    """What is measured before and after. Not the Falls Efficacy Scale: its licence was not made sure of."""

    UP_AND_GO = "up and go"
    CHAIR_STAND = "chair stand"
    BALANCE = "balance"
    FALLS = "falls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one measure is called, what it counts, and between what."""

    words: str
    hint: str
    unit: str
    least: Decimal
    most: Decimal
    places: int
    low_is_good: bool


MEASURES = {
    Measure.UP_AND_GO: Measured(
        words="Timed up and go",
        hint="Seconds to stand up, walk 3 metres, turn, walk back and sit down",
        unit="seconds",
        least=Decimal(1),
        most=Decimal(300),
        places=1,
        low_is_good=True,
    ),
    Measure.CHAIR_STAND: Measured(
        words="30-second chair stand",
        hint="How often they stand up in 30 seconds, arms crossed; 0 where they need their arms",
        unit="times",
        least=Decimal(0),
        most=Decimal(60),
        places=0,
        low_is_good=False,
    ),
    Measure.BALANCE: Measured(
        words="Four-stage balance",
        hint="How many of the four stances they hold for 10 seconds each",
        unit="stances",
        least=Decimal(0),
        most=Decimal(4),
        places=0,
        low_is_good=False,
    ),
    Measure.FALLS: Measured(
        words="Falls in the last 12 months",
        hint="As they say; asked again 12 months after",
        unit="falls",
        least=Decimal(0),
        most=Decimal(99),
        places=0,
        low_is_good=True,
    ),
}


def check_measured(measure: Measure, value: Decimal) -> None:
    """Raise Refused for what cannot have been measured so."""
    told = MEASURES[measure]
    whole = value == round(value, told.places)
    if not told.least <= value <= told.most or not whole:
        number = "a whole number" if told.places == 0 else "a number with at most one decimal"
        raise Refused(f"{told.words}: type {number} from {told.least} to {told.most} ({told.unit}).")


def came_share(came: int, *, held: int) -> Decimal | None:
    """Which share of the meetings that were held since they joined somebody came to; None before the first."""
    return Decimal(came) / held if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameOf:
    """One measure over those who were measured twice: of how many, the middle before, after, and of the change."""

    measure: Measure
    people: int
    before: Decimal
    after: Decimal
    change: Decimal


def came_of(pairs: Mapping[Measure, Sequence[tuple[Decimal, Decimal]]]) -> list[CameOf]:
    """What each measure was before and after; those measured once are in none of it."""
    return [
        CameOf(
            measure=measure,
            people=len(pairs[measure]),
            before=Decimal(median(before for before, _ in pairs[measure])),
            after=Decimal(median(after for _, after in pairs[measure])),
            change=Decimal(median(after - before for before, after in pairs[measure])),
        )
        for measure in Measure
        if pairs.get(measure)
    ]
