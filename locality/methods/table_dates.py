"""Dates of a whole column: its form is found from all of its values, then each is read in that form.

One value says little: 03/04/1980 is March or April, and 14071980 may begin with its year or end with it. A column that
holds 25/04/1980 puts the day first, and one that holds 04/25/1980 the month.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST, LATEST = 1000, 2100
CENTURY = 30  # "29" is 2029 and "30" is 1930, where a year has two figures
MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[t ].*)?")
YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[t ,].*)?")
TOGETHER = re.compile(r"(\d{8})(?:\.0|\d{6})?")
YEAR = re.compile(r"(\d{4})(?:\.0)?")
COUNTED = re.compile(r"([1-6]\d{4})(?:\.0)?")  # a spreadsheet's count of days
IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3})[a-z]*[-/., ]*(\d{4}|\d{2})")
MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})")
DAY_ZERO = date(1899, 12, 30)
# which of the three figures of 8 together are year, month and day
CUTS = {"ymd": (0, 4, 6), "dmy": (4, 2, 0), "mdy": (4, 0, 2)}


@dataclass(frozen=True, slots=True)
class Read:
    """What a value says: `digits`, year first, even of a day that cannot be, so that a slip in it is seen."""

    digits: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def impossible(self) -> bool:
        """Whether it is written like a day and is none."""
        return self.digits is not None and self.day is None


def read_column(values: Iterable[str]) -> dict[str, Read]:
    """Every distinct value of a column of birth dates, read; a year or month alone is read as far as it goes."""
    plain = {value: value.strip().lower() for value in values}
    month_first = _month_first(plain.values())
    order = _order(plain.values())
    return {value: _read(text, month_first=month_first, order=order) for value, text in plain.items()}


def _month_first(texts: Iterable[str]) -> bool:
    """Whether the column writes the month before the day: more values can only be so than can only be the other way."""
    found = [one for text in texts if (one := YEAR_LAST.fullmatch(text))]
    only_month = sum(int(one[2]) > 12 >= int(one[1]) for one in found)
    only_day = sum(int(one[1]) > 12 >= int(one[2]) for one in found)
    return only_month > only_day


def _order(texts: Iterable[str]) -> str:
    """How eight figures together are to be cut: in the way that makes most of them days."""
    found = [one[1] for text in texts if (one := TOGETHER.fullmatch(text))]
    return max(CUTS, key=lambda order: sum(_cut(one, order).day is not None for one in found))


def _cut(digits: str, order: str) -> Read:
    year, month, day = CUTS[order]
    return _checked(int(digits[year : year + 4]), int(digits[month : month + 2]), int(digits[day : day + 2]))


def _checked(year: int, month: int, day: int) -> Read:
    digits = f"{year:04d}{month:02d}{day:02d}"
    if not EARLIEST <= year <= LATEST:
        return Read(digits)
    try:
        date(year, month, day)
    except ValueError:
        return Read(digits, year)
    return Read(digits, year, month, day)


def _read(text: str, *, month_first: bool, order: str) -> Read:
    if found := YEAR_FIRST.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        turned = month_first if max(first, second) <= 12 else second > 12 >= first
        return _checked(year, *((first, second) if turned else (second, first)))
    if found := TOGETHER.fullmatch(text):
        return _cut(found[1], order)
    return _in_words(text) or _in_part(text)


def _in_words(text: str) -> Read | None:
    if (found := IN_WORDS.fullmatch(text)) and found[2] in MONTHS:
        return _checked(_year(found[3]), MONTHS[found[2]], int(found[1]))
    if (found := MONTH_FIRST.fullmatch(text)) and found[1] in MONTHS:
        return _checked(int(found[3]), MONTHS[found[1]], int(found[2]))
    return None


def _in_part(text: str) -> Read:
    if found := YEAR_MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        return Read(None, year, month) if EARLIEST <= year <= LATEST and 1 <= month <= 12 else Read()
    if found := YEAR.fullmatch(text):
        year = int(found[1])
        return Read(None, year) if EARLIEST <= year <= LATEST else Read()
    if found := COUNTED.fullmatch(text):
        day = DAY_ZERO + timedelta(days=int(found[1]))
        return _checked(day.year, day.month, day.day)
    return Read()


def _year(text: str) -> int:
    short = int(text)
    return short if len(text) == 4 else short + (2000 if short < CENTURY else 1900)


def from_parts(columns: list[list[str]]) -> list[str]:
    """A birth date whose year, month and day stand in columns of their own, row by row as one text, year first."""
    places = _places(columns)
    return [_joined([row[place] for place in places]) for row in zip(*columns, strict=True)]


def _joined(parts: list[str]) -> str:
    plain = [part.strip().removesuffix(".0").zfill(2) if part.strip() else "" for part in parts]
    known = plain.index("") if "" in plain else len(plain)
    return "-".join(plain[:known])


def _places(columns: list[list[str]]) -> list[int]:
    """Which column is the year, the month and the day: the year has the largest figures, the day the next."""
    largest = [max((int(one) for one in map(_whole, column) if one), default=0) for column in columns]
    year = largest.index(max(largest))
    rest = [place for place in range(len(columns)) if place != year]
    if len(rest) == 2 and (largest[rest[0]] > 12) != (largest[rest[1]] > 12):
        rest.sort(key=lambda place: largest[place])
    elif year:
        rest.reverse()
    return [year, *rest]


def _whole(value: str) -> str:
    plain = value.strip().removesuffix(".0")
    return plain if plain.isdigit() and plain.isascii() else ""
