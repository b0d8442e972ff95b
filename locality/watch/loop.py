"""The loop of the background work: each chore in its turn, again and again, until it is told to stop."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from django.db import close_old_connections

words = structlog.get_logger("locality.watch")

LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done every few seconds. It may be done twice, or by two at once, and no harm comes of it."""

    name: str
    every_seconds: float
    run: Callable[[], None]


def run(chores: Sequence[Chore], *, stop: threading.Event) -> None:
    """Do the chores until told to stop; one that fails is told to the log and tried again, less and less often."""
    due = {chore.name: 0.0 for chore in chores}
    failed = dict.fromkeys(due, 0)
    while not stop.is_set():
        for chore in chores:
            if due[chore.name] <= time.monotonic() and not stop.is_set():
                failed[chore.name] = 0 if _done(chore) else failed[chore.name] + 1
                pause = min(chore.every_seconds * 2 ** min(failed[chore.name], 10), LONGEST_PAUSE)
                due[chore.name] = time.monotonic() + max(pause, chore.every_seconds)
        stop.wait(max(0.0, min(due.values()) - time.monotonic()))


def _done(chore: Chore) -> bool:
    # a connection that the server closed is not used again
    close_old_connections()
    try:
        chore.run()
    except Exception as failure:
        # the kind alone: what a failure says may hold what a record holds
        words.error("chore failed", chore=chore.name, failure=type(failure).__name__)
        return False
    return True
