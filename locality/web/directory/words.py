"""The directory in words: what was found, how far, when it is open, what room it has and how old all that is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from locality.base.periods import LONDON, day_of
from locality.directory.queries.services import Found, ServiceFound
from locality.directory.rules.services import (
    ACCESS_WORDS,
    Access,
    CapacityState,
    ServiceAsked,
    capacity_is_old,
    capacity_words,
    checked_words,
)
from locality.web.words import counted

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NEAR = 0.1
KINDS = {CapacityState.OPEN: "good", CapacityState.WAITING: "caution", CapacityState.CLOSED: "urgent"}


def answer(found: Found, asked: ServiceAsked) -> str:
    """What was found, in one sentence."""
    if not found.total:
        return "Nothing answers all of that"
    return f"{counted(found.total, 'service')} {'answers' if found.total == 1 else 'answer'} that"


def miles(one: ServiceFound) -> str:
    """How far its nearest place is."""
    if one.miles is None:
        return ""
    return "less than 0.1 miles" if one.miles < NEAR else f"{one.miles:.1f} miles"


def checked(one: Any, on: date) -> str:
    """How long ago somebody made sure of it."""
    return checked_words(assured_on=one.assured_on, on=on)


def room(one: Any) -> str:
    """What room it has."""
    return capacity_words(
        state=one.state, wait_days=one.wait_days, places=one.places, assesses_first=one.assesses_first
    )


def room_kind(one: Any, on: date) -> str:
    """How that is marked: what is old is marked as such, whatever it says."""
    return "quiet" if is_old(one, on) else KINDS[CapacityState(one.state)]


def is_old(one: Any, on: date) -> bool:
    """Whether it was said too long ago to go by."""
    return capacity_is_old(reported_on=day_of(one.reported_at), on=on)


def times(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """A usual week, days with the same hours together; words where no hours are known."""
    by_day: dict[int, list[str]] = {}
    for row in sorted((one for one in rows if one.weekday), key=lambda one: (one.weekday, one.opens)):
        by_day.setdefault(row.weekday, []).append(f"{row.opens} to {row.closes}")
    found: list[tuple[list[int], str]] = []
    for day, spans in sorted(by_day.items()):
        words = ", ".join(spans)
        if found and found[-1][1] == words and found[-1][0][-1] == day - 1:
            found[-1][0].append(day)
        else:
            found.append(([day], words))
    said = [(_days(days), words) for days, words in found]
    return said + [("", row.words) for row in rows if row.words]


def _days(days: list[int]) -> str:
    first, last = WEEKDAYS[days[0] - 1], WEEKDAYS[days[-1] - 1]
    return first if first == last else f"{first} to {last}"


def open_now(rows: Sequence[Any], at: datetime, holiday: str = "") -> str:
    """Whether it is open at a moment; nothing where its week is not known. On a bank holiday nobody knows."""
    local = at.astimezone(LONDON)
    clock, spans = f"{local:%H:%M}", [one for one in rows if one.weekday]
    today = sorted(one.opens for one in spans if one.weekday == local.isoweekday() and one.opens > clock)
    if not spans:
        return ""
    if holiday:
        return f"Hours today not known ({holiday}): ring first"
    for one in spans:
        if one.weekday == local.isoweekday() and one.opens <= clock < one.closes:
            return f"Open now, until {one.closes}"
    return f"Opens today at {today[0]}" if today else "Closed now"


def ages(one: Any) -> str:
    """For which ages it is."""
    if one.min_age is not None and one.max_age is not None:
        return f"{one.min_age} to {one.max_age} years"
    if one.min_age is not None:
        return f"{one.min_age} years and over"
    return f"Up to {one.max_age} years" if one.max_age is not None else ""


def cost(one: Any) -> str:
    """What it costs."""
    if one.is_free:
        return "Free"
    return one.cost or ("Costs something" if one.is_free is False else "")


def access(one: Any) -> list[str]:
    """Which access there is."""
    return [ACCESS_WORDS[Access(code)] for code in one.access]


def where(place: Any) -> str:
    """One place on a line."""
    row = place.site or place
    parts = [row.name if row.name not in row.address else "", row.address, row.postcode]
    return ", ".join(part for part in parts if part)
