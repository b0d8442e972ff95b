"""Brings the analytical copy up to date every few minutes, and makes it anew once a night."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from locality.base import Refused, system
from locality.base.periods import LONDON
from locality.population import actions
from locality.population.queries.refreshes import last_full_refresh

# when few look, and after the audit of the day before was looked through
FROM_HOUR, UNTIL_HOUR = 3, 6
ONCE = timedelta(hours=12)


def refreshing(*, key: bytes, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: each turn takes in what was heard of; at night, once, everything is read again."""

    def turn() -> None:
        at = now()
        last = last_full_refresh()
        night = FROM_HOUR <= at.astimezone(LONDON).hour < UNTIL_HOUR
        full = night and last is not None and at - last.started_at > ONCE
        # somebody may be refreshing by hand
        with suppress(Refused):
            actions.refresh(key=key, by=system(at=at), full=full, now=now)

    return turn
