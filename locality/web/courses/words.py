"""What the pages of classes say."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from locality.neighbourhoods.actions.courses import Invited
from locality.neighbourhoods.queries.course_shapes import Listed
from locality.neighbourhoods.rules.courses import (
    CAME_WORDS,
    MEASURES,
    PLACE_WORDS,
    WANTED_WORDS,
    WHEN_WORDS,
    Measure,
    PlaceState,
    moves_from,
)
from locality.web.words import counted

PLACE_KINDS = {
    PlaceState.INVITED: "info",
    PlaceState.WAITING: "caution",
    PlaceState.COMING: "good",
    PlaceState.DECLINED: "quiet",
    PlaceState.LEFT: "quiet",
}
came, measures, place, wanted, when, moves = CAME_WORDS, MEASURES, PLACE_WORDS, WANTED_WORDS, WHEN_WORDS, moves_from


def holidays(known: Collection[date]) -> str:
    """What is said of bank holidays where a class is made."""
    years = sorted({one.year for one in known})
    if not years:
        return "None is known here: write its days above"
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return f"Known here for {span}. A week that is left out is made up at the end, and says why"


def answer(rows: Sequence[Listed]) -> str:
    """Which classes there are, in one sentence."""
    now = [one for one in rows if one.next_at]
    if not now:
        return "No class of your team meets now"
    free = sum(one.free for one in now)
    return f"{counted(len(now), 'class', 'classes')} now, {counted(free, 'place')} free"


def invited(told: Invited) -> str:
    """How many were invited, and why others were not."""
    words = [f"{counted(told.invited, 'person', 'people')} invited by letter"]
    for many, why in (
        (told.already, "on the list already"),
        (told.died, "died"),
        (told.object_, "object to sharing: ask them in person"),
        (told.not_known, "not among those you look after"),
    ):
        if many:
            words.append(f"{many:,} not invited: {why}")
    return "; ".join(words) + "."


def number(value: Decimal, measure: Measure) -> str:
    """A measure with its unit."""
    shown = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return f"{shown} {MEASURES[measure].unit}"


def change(value: Decimal, measure: Measure) -> str:
    """A change with its sign and unit."""
    return f"{'+' if value > 0 else ''}{number(value, measure)}"


def changed(told: int) -> str:
    """That it was changed, and how many are told."""
    return f"Changed. {counted(told, 'message')} to those who come or wait {'waits' if told == 1 else 'wait'} to go."
