"""Dates, ages, names and numbers as people read them. Dates come as Python's or as FHIR's, which may be partial."""

import re
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import nh3
from markupsafe import Markup

from locality.base.words import nhs_number_words

Dated = date | datetime | str | None

LOCAL_TIME = ZoneInfo("Europe/London")
# written out, since the machine's own language must not change what a page says
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNKNOWN_DATE = "date not known"

FHIR_YEAR = re.compile(r"(\d{4})")
FHIR_MONTH = re.compile(r"(\d{4})-(\d\d)")
FHIR_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day(on: Dated) -> str:
    """`Tue 3 Nov 2026`; a partial FHIR date stays partial (`Mar 2019`); what is no date is shown as sent."""
    on = read(on)
    if on is None:
        return UNKNOWN_DATE
    return partial_words(on) if isinstance(on, str) else f"{DAYS[on.weekday()]} {short_day(on)}"


def short_day(on: Dated) -> str:
    """`3 Nov 2026`: for the quiet places, where the weekday says nothing."""
    on = read(on)
    if on is None:
        return UNKNOWN_DATE
    return partial_words(on) if isinstance(on, str) else f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def moment(at: Dated) -> str:
    """`Tue 3 Nov 2026, 14:05`, in local time; a date without a time stays without one."""
    at = read(at)
    return f"{day(at)}, {at:%H:%M}" if isinstance(at, datetime) else day(at)


def clock(at: Dated) -> str:
    """`14:05`, in local time, where the day is said already."""
    at = read(at)
    return f"{at:%H:%M}" if isinstance(at, datetime) else ""


def ago(at: Dated, now: datetime) -> str:
    """`2 hours ago`, `yesterday`, `in 3 days`; empty when the date is partial or not known."""
    at, now = read(at), local(now)
    if at is None or isinstance(at, str):
        return ""
    if isinstance(at, datetime):
        minutes = round((now - at).total_seconds() / 60)
        if abs(minutes) < 24 * 60:
            return minutes_words(minutes)
        at = at.date()
    return days_words(at, now.date())


def when(at: Dated, now: datetime) -> str:
    """`Tue 3 Nov 2026, 14:05 (2 hours ago)`."""
    since = ago(at, now)
    return f"{moment(at)} ({since})" if since else moment(at)


def age(birth_on: Dated, on: Dated, died_on: Dated = None) -> str:
    """Years; months under two years; weeks under three months; days in the first week.

    A partial birth date gives the two ages it allows (`83 or 84 years`); a death gives `died aged 84 years`.
    """
    earliest, latest = span(birth_on)
    until = span(died_on)[1] or span(on)[1]
    if earliest is None or latest is None or until is None or earliest > until:
        return "age not known"
    oldest, youngest = age_words(earliest, until), age_words(min(latest, until), until)
    words = oldest if oldest == youngest else f"{youngest.removesuffix(' years')} or {oldest}"
    return f"died aged {words}" if died_on else words


def nhs_number(number: str | None) -> str:
    """An NHS number as people read it aloud: 3-3-4."""
    return nhs_number_words(number) if number else "not known"


class Named(Protocol):
    """Whoever has a name, in whatever shape a page was given it."""

    @property
    def family(self) -> str: ...

    @property
    def given(self) -> str: ...

    @property
    def likes(self) -> str: ...


def family_first(person: Named) -> str:
    """`HARGREAVES, Margaret (likes "Peggy")`."""
    parts = [person.family.upper(), person.given]
    name = ", ".join(part for part in parts if part) or "Name not known"
    return f'{name} (likes "{person.likes}")' if person.likes and person.likes != person.given else name


def theirs(sex: str) -> str:
    """`hers`, `his` or `theirs`, as in "this is not hers"."""
    return {"female": "hers", "male": "his"}.get(sex.lower(), "theirs")


def counted(count: int, one: str, many: str = "") -> str:
    """`1 reading`, `3 readings`, `2 people`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


LETTERING = {"b", "br", "em", "i", "small", "span", "strong", "sub", "sup", "u"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = {"blockquote", "dd", "div", "dl", "dt", "hr", "li", "ol", "p", "pre", "ul"}
TABLES = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
CELL = {"colspan", "rowspan"}
# a narrative's own headings would break the page's order of headings
HEADING = re.compile(r"<(/?)h[1-6]>")


def clean_narrative(narrative: str) -> Markup:
    """A narrative's words and plain formatting, safe to show: no style, link, image, id, form or script."""
    kept = nh3.clean(
        narrative,
        tags=LETTERING | HEADINGS | BLOCKS | TABLES,
        attributes={"td": CELL, "th": CELL},
        attribute_filter=small_spans_only,
        link_rel=None,
    )
    return Markup(HEADING.sub(heading_as_paragraph, kept))  # noqa: S704 -- nh3 has just cleaned it


def small_spans_only(tag: str, name: str, value: str) -> str | None:
    return value if re.fullmatch(r"[1-9]\d?", value) else None


def heading_as_paragraph(tag: re.Match[str]) -> str:
    return "</strong></p>" if tag[1] else "<p><strong>"


def read(at: Dated) -> date | datetime | str | None:
    """A date or local moment; a partial date or what cannot be read stays the text it was."""
    if isinstance(at, datetime):
        return local(at)
    if not isinstance(at, str):
        return at
    text = at.strip()
    try:
        return date.fromisoformat(text) if FHIR_DAY.fullmatch(text) else local(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return text or None


def local(at: datetime) -> datetime:
    return at.astimezone(LOCAL_TIME) if at.tzinfo else at.replace(tzinfo=LOCAL_TIME)


def partial_words(text: str) -> str:
    found = FHIR_MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12:
        return f"{MONTHS[int(found[2]) - 1]} {found[1]}"
    return text


def span(on: Dated) -> tuple[date | None, date | None]:
    """The first and last day that a date, perhaps partial, may mean."""
    on = read(on)
    if isinstance(on, datetime):
        on = on.date()
    if on is None or isinstance(on, date):
        return on, on
    year, month = FHIR_YEAR.fullmatch(on), FHIR_MONTH.fullmatch(on)
    try:
        if year:
            return date(int(year[1]), 1, 1), date(int(year[1]), 12, 31)
        if month:
            first = date(int(month[1]), int(month[2]), 1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError):
        pass
    return None, None


def age_words(birth_on: date, on: date) -> str:
    months, days = whole_months(birth_on, on), (on - birth_on).days
    if months >= 24:
        return counted(months // 12, "year")
    if months >= 3:
        return counted(months, "month")
    return counted(days // 7, "week") if days >= 7 else counted(days, "day")


def whole_months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def minutes_words(minutes: int) -> str:
    size = abs(minutes)
    if size == 0:
        return "just now"
    words = counted(size, "minute") if size < 60 else counted(size // 60, "hour")
    return f"{words} ago" if minutes > 0 else f"in {words}"


def days_words(on: date, today: date) -> str:
    days = (today - on).days
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in near:
        return near[days]
    words = distance_words(min(on, today), max(on, today))
    return f"{words} ago" if days > 0 else f"in {words}"


def distance_words(first: date, last: date) -> str:
    days, months = (last - first).days, whole_months(first, last)
    if days < 14:
        return counted(days, "day")
    if days < 62:
        return counted(days // 7, "week")
    return counted(months, "month") if months < 24 else counted(months // 12, "year")
