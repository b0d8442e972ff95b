"""Moving services whose day has come, where both sides agreed; and writing to their people once they signed."""

from collections.abc import Callable
from datetime import datetime

from locality.base import system
from locality.neighbourhoods.actions.transfer_moving import move_due
from locality.neighbourhoods.actions.transfer_people import write_due


def transferring(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore that moves what is due, each once: what was stopped or undone waits for somebody to press."""

    def turn() -> None:
        move_due(by=system(at=now()))

    return turn


def writing_to_people(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore that writes the next of what somebody began to write to the people of a service that moved."""

    def turn() -> None:
        write_due(by=system(at=now()))

    return turn
