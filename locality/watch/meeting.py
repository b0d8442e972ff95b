"""Making the meetings of the next quarter, so that whoever waits has one to wait for."""

from collections.abc import Callable
from datetime import datetime

from locality.base import system
from locality.neighbourhoods.actions.meetings import plan_ahead


def planning(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore that makes what is missing of every team's meetings."""

    def plan() -> None:
        plan_ahead(by=system(at=now()))

    return plan
