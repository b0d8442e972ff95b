"""Birth dates in any common form; one that cannot be is missing, and says why."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

EARLIEST, LATEST = 1875, 2100
NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(NAMES, 1)}
YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ].*)?")
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ,].*)?")
IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3})[a-z]*[-/., ]*(\d{4})")
MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})")
TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?(?:\.0)?")
# typed when no birth date is known
DEFAULTS = frozenset({"19000101", "19010101", "18991231", "18990101", "18991230", "19700101"})


@dataclass(frozen=True, slots=True)
class Born:
    born: str | None = None  # eight digits, year first
    born_turned: str | None = None  # with day and month in each other's place, where that is another date
    born_year: int | None = None
    born_month: int | None = None
    born_day: int | None = None
    new_year: bool = False  # the first of January: often typed for want of a known day
    doubt: str = ""


@lru_cache(maxsize=20_000)
def born(said: str | date | None) -> Born:
    """A birth date read; `doubt` says in a word why there is none."""
    if said is None or said == "":
        return Born(doubt="missing")
    parts = (said.year, said.month, said.day) if isinstance(said, date) else _read(str(said).strip().lower())
    if parts is None:
        return Born(doubt="unreadable")
    try:
        day = date(*parts)
    except ValueError:
        return Born(doubt="impossible")
    if not EARLIEST <= day.year <= LATEST:
        return Born(doubt="impossible")
    return _of(day)


def _of(day: date) -> Born:
    digits = f"{day:%Y%m%d}"
    if digits in DEFAULTS:
        return Born(doubt="placeholder")
    turned = f"{day.year:04d}{day.day:02d}{day.month:02d}" if day.day <= 12 and day.day != day.month else None
    return Born(digits, turned, day.year, day.month, day.day, new_year=(day.month, day.day) == (1, 1))


def _read(text: str) -> tuple[int, int, int] | None:
    if found := YEAR_FIRST.fullmatch(text) or TOGETHER.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := DAY_FIRST.fullmatch(text):
        return _day_first(int(found[1]), int(found[2]), int(found[3]))
    if found := IN_WORDS.fullmatch(text):
        return (int(found[3]), MONTHS[found[2]], int(found[1])) if found[2] in MONTHS else None
    if found := MONTH_FIRST.fullmatch(text):
        return (int(found[3]), MONTHS[found[1]], int(found[2])) if found[1] in MONTHS else None
    return _iso(text)


def _day_first(day: int, month: int, year: int) -> tuple[int, int, int]:
    # 07/25/1980 can only be an American writing of it
    return (year, day, month) if month > 12 >= day else (year, month, day)


def _iso(text: str) -> tuple[int, int, int] | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.year, read.month, read.day
