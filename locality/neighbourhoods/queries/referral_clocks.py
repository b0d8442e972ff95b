"""Within how much working time a place says that referrals are answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from locality.base import NotFound
from locality.base.periods import day_of
from locality.directory.pack import pack_folder, read_table
from locality.directory.queries.holidays import holidays_of
from locality.directory.queries.places import pack_of, place
from locality.neighbourhoods.rules.referrals import HOURS, Urgency, answer_due


@dataclass(frozen=True, slots=True)
class Clocks:
    """Hours of work by urgency, and the days on which nobody works."""

    hours: Mapping[Urgency, int]
    holidays: frozenset[date]

    def due(self, at: datetime, *, urgency: Urgency) -> datetime:
        """When an answer to what is sent now is due."""
        found = answer_due([("sent", at)], urgency=urgency, hours=self.hours, holidays=self.holidays)
        assert found is not None
        return found

    def tells(self, on: datetime) -> bool:
        """Whether the bank holidays of a year are known."""
        return day_of(on).year in {one.year for one in self.holidays}


WITHOUT_A_PACK = Clocks(HOURS, frozenset())


def clocks() -> Clocks:
    """The clocks of this place; the proposed ones, and no bank holidays, where its pack says none."""
    try:
        return _read(pack_of(place()))
    except NotFound:
        # no place is loaded yet, or its pack lies elsewhere: a referral can be sent all the same
        return WITHOUT_A_PACK


# a pack is loaded once, and its clocks are asked for by every referral
@lru_cache(maxsize=8)
def _read(folder: Path) -> Clocks:
    told = {Urgency(one["urgency"]): one["hours"] for one in read_table("referral-clocks", pack_folder(folder))}
    return Clocks({**HOURS, **told}, frozenset(holidays_of(folder)))
