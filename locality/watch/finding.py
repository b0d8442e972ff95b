"""Finding people again each day, once there is a copy of the record to ask."""

from collections.abc import Callable
from datetime import datetime

from locality.base import NotFound, Refused, system
from locality.base.periods import day_of
from locality.directory.queries import place
from locality.population.actions.finding import criteria_to_run, run_on_copy
from locality.population.queries.runs import last_run_on


def finding(*, key: bytes, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore that makes each list of the place anew once a day; `key` is that of the copy's pseudonyms."""

    def find() -> None:
        by = system(at=now())
        for criterion in criteria_to_run(place_id=place().pk):
            if last_run_on(criterion) != day_of(by.at):
                try:
                    run_on_copy(criterion=criterion, key=key, by=by)
                except (NotFound, Refused):
                    # there is no copy yet: the refresh makes it, and the next turn finds it
                    return

    return find
