"""Works out the measures for the pages: in a new month, after the night's reading, and where none are kept yet."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from locality.base import NotFound, system
from locality.population.actions.keeping import keep_measures
from locality.population.queries.copy import open_copy
from locality.population.queries.kept import is_behind


def measuring(*, synthetic: bool, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: nothing while the figures that are kept are as new as they should be."""

    def turn() -> None:
        # there is no copy yet: the refresh makes it, and a later turn finds it
        with suppress(NotFound):
            if is_behind():
                with open_copy() as duck:
                    keep_measures(duck=duck, synthetic=synthetic, by=system(at=now()))

    return turn
