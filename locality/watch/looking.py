"""Looks through the audit for unusual looking, once a night."""

from collections.abc import Callable
from datetime import date, datetime

from locality.access.actions import looking
from locality.base import system
from locality.base.periods import LONDON, day_of

# when few look, and the day before is whole
FROM_HOUR = 2


def looking_through(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: the first turn after two at night looks through the days that nobody has looked through yet."""
    done: list[date] = []

    def turn() -> None:
        at = now()
        on = day_of(at)
        if at.astimezone(LONDON).hour < FROM_HOUR or on in done:
            return
        looking.look_through(until=on, by=system(at=at))
        done[:] = [on]

    return turn
