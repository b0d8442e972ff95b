"""Moving services whose day has come, where both sides agreed."""

from collections.abc import Callable
from datetime import datetime

from locality.base import system
from locality.neighbourhoods.actions.transfer_moving import move_due


def transferring(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore that moves what is due, each once: what was stopped or undone waits for somebody to press."""

    def turn() -> None:
        move_due(by=system(at=now()))

    return turn
