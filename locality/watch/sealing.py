"""Seals the audit a few seconds after it was written."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from locality.journal import actions
from locality.journal.rules import Sealed, Sign

# a copy is made at every seal; that copies are made is noted less often
NOTED_EVERY = timedelta(minutes=10)


def sealing(
    *, sign: Sign, copy_out: Callable[[Sequence[Sealed]], None], now: Callable[[], datetime]
) -> Callable[[], None]:
    """A chore: each turn seals what had been written by the turn before, when all who wrote then have finished."""
    seen: list[tuple[int, str]] = []

    noted: list[datetime] = []

    def turn() -> None:
        if seen:
            until, horizon = seen.pop()
            made = actions.seal(until=until, horizon=horizon, sign=sign, at=now())
            copy_out(made)
            if made and not (noted and now() - noted[-1] < NOTED_EVERY):
                noted[:] = [now()]
                actions.note_upkeep(kind="copied", at=noted[-1], detail={"seal": made[-1].number})
        seen.append(actions.highest())

    return turn
