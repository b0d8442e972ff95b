"""Telling of what is overdue: answers to referrals, and services that nobody made sure of within a year."""

from collections.abc import Callable
from datetime import datetime

from locality.base import system
from locality.neighbourhoods.actions.referral_link_life import tell_run_out
from locality.neighbourhoods.actions.referral_overdue import tell_overdue
from locality.neighbourhoods.actions.service_checks import remind_owners


def reminding(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: each is told once, and ends by itself when it is seen to."""

    def turn() -> None:
        by = system(at=now())
        tell_overdue(by=by)
        tell_run_out(by=by)
        remind_owners(by=by)

    return turn
