"""Spans of days. A span holds from its first day until, not including, the day it ends."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def holds(*, starts_on: date, ends_on: date | None, on: date) -> bool:
    """Whether a span holds on a day: what ends today is already over."""
    return starts_on <= on and (ends_on is None or on < ends_on)


def day_of(at: datetime) -> date:
    """The day it is, where the place is, at an instant: clocks there run on London time."""
    return at.astimezone(LONDON).date()
