"""Days and moments as FHIR writes them, in London's time."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CLOCK = tuple(f"T{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(24 * 60))


@lru_cache(maxsize=40_000)
def iso(day: int) -> str:
    """A day: 2025-03-04."""
    return date.fromordinal(day).isoformat()


@lru_cache(maxsize=40_000)
def _offset(day: int) -> str:
    noon = datetime.combine(date.fromordinal(day), time(12), tzinfo=LONDON)
    return "+01:00" if noon.utcoffset() == timedelta(hours=1) else "+00:00"


def stamp(day: int, minute: int) -> str:
    """A moment: 2025-03-04T10:20:00+00:00. Nobody works in the hour in which clocks change."""
    return iso(day) + CLOCK[minute] + _offset(day)


@lru_cache(maxsize=40_000)
def uk(day: int) -> str:
    """A day as spreadsheets here write it: 04/03/2025."""
    return date.fromordinal(day).strftime("%d/%m/%Y")


def uk_stamp(day: int, minute: int) -> str:
    """A moment as spreadsheets here write it: 04/03/2025 10:20."""
    return f"{uk(day)} {CLOCK[minute][1:6]}"


def hl7(day: int, minute: int) -> str:
    """A moment as HL7 v2 writes it: 202503041020."""
    clock = CLOCK[minute]
    return iso(day).replace("-", "") + clock[1:3] + clock[4:6]
