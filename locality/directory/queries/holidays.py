"""The bank holidays that the place's pack says: nobody knows who is open on one."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from locality.base import NotFound
from locality.directory.pack import pack_folder, read_table
from locality.directory.queries.places import pack_of, place


def bank_holidays() -> Mapping[date, str]:
    """What each is called; none where no place is loaded, its pack lies elsewhere, or it says none."""
    try:
        return holidays_of(pack_of(place()))
    except NotFound:
        return {}


# a pack is loaded once, and its holidays are asked for by every referral and on every page of hours
@lru_cache(maxsize=8)
def holidays_of(folder: Path) -> Mapping[date, str]:
    """The same of one pack."""
    return {one["on"]: one["name"] for one in read_table("bank-holidays", pack_folder(folder))}
