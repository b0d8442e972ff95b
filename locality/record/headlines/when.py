"""FHIR dates, as instants. https://hl7.org/fhir/R4/datatypes.html#dateTime"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# what 9999 means in practice is "no end", which is no date
LAST_YEAR = 9998


def instant(text: str) -> datetime | None:
    """The instant a FHIR date begins, in UTC; None when it is no date that can be kept."""
    try:
        if len(text) > 10:
            return exact(text)
        return first_instant(date(*calendar_parts(text)))
    except (ValueError, OverflowError, TypeError):
        return None


def ending(text: str) -> datetime | None:
    """The first instant after a FHIR period's end, in UTC: an end of a whole day, month or year includes it."""
    try:
        if len(text) > 10:
            return exact(text)
        year, month, on = calendar_parts(text)
        if len(text) == 10:
            after = date(year, month, on) + timedelta(days=1)
        elif len(text) == 7:
            after = date(year + month // 12, month % 12 + 1, 1)
        else:
            after = date(year + 1, 1, 1)
        return None if year > LAST_YEAR else first_instant(after)
    except (ValueError, OverflowError, TypeError):
        return None


def day(text: str) -> date | None:
    """The day of a FHIR date that names one whole day."""
    try:
        return date(*calendar_parts(text[:10])) if len(text) >= 10 else None
    except (ValueError, TypeError):
        return None


def exact(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = odd_hour(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON)
    moment = moment.astimezone(UTC)
    return moment if moment.year <= LAST_YEAR else None


def odd_hour(text: str) -> datetime:
    """24:00 is the next day's first instant, a leap second (:60) the next minute's: Python refuses both."""
    if text[11:16] == "24:00":
        return datetime.fromisoformat(text[:11] + "00:00" + text[16:]) + timedelta(days=1)
    if text[17:19] == "60":
        return datetime.fromisoformat(text[:17] + "59" + text[19:]) + timedelta(seconds=1)
    raise ValueError(text)


def calendar_parts(text: str) -> tuple[int, int, int]:
    if not text.isascii() or not text.replace("-", "").isdigit():
        raise ValueError(text)
    if len(text) == 10:
        return int(text[:4]), int(text[5:7]), int(text[8:])
    if len(text) == 7:
        return int(text[:4]), int(text[5:]), 1
    if len(text) == 4:
        return int(text), 1, 1
    raise ValueError(text)


def first_instant(first: date) -> datetime | None:
    if first.year > LAST_YEAR:
        return None
    return datetime(first.year, first.month, first.day, tzinfo=LONDON).astimezone(UTC)


def date_words(text: str) -> str:
    """A FHIR date as people read it, "Tue 3 Nov 2026, 14:05"; as sent when it is none.

    Midnight exactly, as sent, is how many systems write a day: it is shown as that day, without a time.
    """
    moment = instant(text)
    if moment is None:
        return text
    if len(text) == 4:
        return text
    if text[11:16] == "00:00":
        moment = instant(text[:10]) or moment
    local = moment.astimezone(LONDON)
    if len(text) == 7:
        return f"{local:%B %Y}"
    words = f"{local:%a} {local.day} {local:%b %Y}"
    return words if len(text) == 10 or text[11:16] == "00:00" else f"{words}, {local:%H:%M}"


def period_words(period: dict | None) -> str:
    starts, ends = (period or {}).get("start"), (period or {}).get("end")
    if starts and ends:
        first, last = date_words(starts), date_words(ends)
        on, _, hour = last.partition(", ")
        return first if first == last else f"{first} to {hour if hour and first.startswith(on + ', ') else last}"
    if starts:
        return f"from {date_words(starts)}"
    return f"until {date_words(ends)}" if ends else ""
