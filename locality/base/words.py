"""Words as people write them, and the keys they sort and match by."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from locality.base.periods import LONDON, day_of

SPACES = re.compile(r"\s+")
NUL = "\0"
LARGEST_NUMBER = 2**63
# letters that carry no accent to strip yet are written both ways
PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def sort_key(words: str) -> str:
    """Casefolded and unaccented, so that names sort the same on every server (the embedded one has no ICU)."""
    plain = unicodedata.normalize("NFKD", words.casefold().translate(PLAIN_LETTERS))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return SPACES.sub(" ", kept.replace("\u2019", "'")).strip()


def nhs_number_words(number: str) -> str:
    """An NHS number as people read it aloud: 3-3-4."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 else number


def not_kept(told: Any, way: str = "") -> Iterator[str]:
    """What no database keeps in what was read from JSON, in words with the way to it: a NUL, a number too large."""
    if isinstance(told, dict):
        for name, one in told.items():
            yield from not_kept(one, f"{way}.{name}" if way else name)
    elif isinstance(told, list):
        for number, one in enumerate(told):
            yield from not_kept(one, f"{way}.{number}" if way else str(number))
    elif isinstance(told, str) and NUL in told:
        yield f"{way}: it holds the character NUL, which cannot be kept.".replace(NUL, "")
    elif isinstance(told, int) and not -LARGEST_NUMBER <= told < LARGEST_NUMBER:
        yield f"{way}: the number is too large to be kept.".replace(NUL, "")


def date_words(on: date) -> str:
    """`1 April 2019`, as a sentence says a day."""
    return f"{on.day} {on:%B %Y}"


def time_words(at: datetime) -> str:
    """`1 April 2019 at 14:05`, as a sentence says a moment, where the place is."""
    return f"{date_words(day_of(at))} at {at.astimezone(LONDON):%H:%M}"


def day_words(on: date) -> str:
    """`Tue 3 Nov 2026`."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def moment_words(at: datetime) -> str:
    """`Tue 3 Nov 2026, 14:05`, where the place is."""
    return f"{day_words(day_of(at))}, {at.astimezone(LONDON):%H:%M}"
