"""Shuts the accounts of the staff who have left since the last turn."""

from collections.abc import Callable
from datetime import datetime

from locality.access.actions.accounts import shut_whoever_left
from locality.base import system


def leaving(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: shuts the account of whoever's last role is over."""

    def turn() -> None:
        shut_whoever_left(by=system(at=now(), role="staff"))

    return turn
