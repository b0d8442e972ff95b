"""Days, spans and delays in words; the sentences that panels say when they hold nothing."""

from datetime import datetime, timedelta

from locality.base.periods import LONDON, day_of
from locality.record.headlines.when import date_words


def moment_words(at: datetime) -> str:
    """`Tue 3 Nov 2026, 14:05`, on London's clocks."""
    return date_words(at.astimezone(LONDON).isoformat())


def counted(count: int, one: str, many: str = "") -> str:
    """`1 day`, `3 days`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def when_words(text: str) -> str:
    """A date as sent, in words; midnight exactly is a day without a time."""
    return date_words(text) if text else ""


def days_until(at: datetime, now: datetime) -> int:
    """Days from today to a moment's day, both in London; negative of the past."""
    return (day_of(at) - day_of(now)).days


def soon_words(days: int) -> str:
    """`Today`, `Tomorrow`, `In 3 days`, `Overdue by 3 days`."""
    if days < 0:
        return f"Overdue by {counted(-days, 'day')}"
    return {0: "Today", 1: "Tomorrow"}.get(days) or f"In {counted(days, 'day')}"


def delay_words(delay: timedelta) -> str:
    """How late something is: in hours on the first day, then in days."""
    hours = int(delay.total_seconds() // 3600)
    return counted(max(hours, 1), "hour") if hours < 24 else counted(hours // 24, "day")


def listed(words: list[str]) -> str:
    """`A, B and C`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
