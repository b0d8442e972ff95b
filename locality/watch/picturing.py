"""Draws the picture of the neighbourhoods once a month, once there is a copy to draw it from."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from locality.base import NotFound, Refused, system
from locality.population import actions


def picturing(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: the first copy of each month is told of; a month that was told of is left alone."""

    def draw() -> None:
        # there is no copy yet, or somebody draws by hand
        with suppress(NotFound, Refused):
            actions.draw_picture(by=system(at=now()))

    return draw
