"""Reads the news for teams: who of theirs was admitted, left hospital, went to A&E, fell or died."""

from collections.abc import Callable
from datetime import datetime

import structlog

from locality.base import NotFound, system
from locality.directory.pack import PackFaults
from locality.directory.queries.places import pack_of, place
from locality.journal.queries import last_news
from locality.neighbourhoods.actions.news import read_news
from locality.neighbourhoods.queries.offers import offers
from locality.neighbourhoods.rules.news import Offer

log = structlog.get_logger("locality.watch")


def telling_teams(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: each turn reads what had been written by the turn before, when all who wrote then have finished."""
    seen: list[tuple[int, str]] = []

    def turn() -> None:
        if seen:
            until, horizon = seen.pop()
            read_news(until=until, horizon=horizon, rules=_rules(), by=system(at=now()))
        seen.append(last_news())

    return turn


def _rules() -> list[Offer]:
    try:
        return offers(pack=pack_of(place()))
    except NotFound:
        # no place is loaded yet, or its pack lies elsewhere: teams are told of their own people all the same
        return []
    except PackFaults as faults:
        # a slip in one file must not keep a death from anybody
        log.error("whom to offer cannot be read", faults=len(faults.faults))
        return []
