"""What a cell of a pack may be: each kind turns what was written into a value, or says what it must be."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from locality.base.words import date_words
from locality.directory.rules import opening_of
from locality.directory.rules import postcode as postcode_of

Kind = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One key of a pack file, what may stand in it, and what it means."""

    name: str
    kind: Kind
    words: str
    required: bool = False
    otherwise: Any = ""
    names: str = ""  # the section whose codes this one may name


def text(value: Any) -> str:
    """Words."""
    if not isinstance(value, str):
        raise ValueError("must be words in quotes")  # noqa: TRY004 -- one kind of fault, told to a person
    return value.strip()


def code(pattern: str, example: str) -> Kind:
    """A code of one shape."""

    def read(value: Any) -> str:
        words = text(value)
        if not re.match(pattern, words):
            raise ValueError(f"must be a code such as {example}, not {words!r}")
        return words

    return read


def one_of(known: type[StrEnum]) -> Kind:
    """One of a list of words."""

    def read(value: Any) -> str:
        words = text(value)
        if words not in list(known):
            raise ValueError(f"must be one of {', '.join(known)}, not {words!r}")
        return words

    return read


def list_of(kind: Kind) -> Kind:
    """Several of a kind: a list in TOML, divided by semicolons in CSV."""

    def read(value: Any) -> list[Any]:
        parts: Iterable[Any] = value.split(";") if isinstance(value, str) else value
        if not isinstance(parts, list):
            raise ValueError("must be a list")
        return [kind(part) for part in parts]

    return read


def day(value: Any) -> date:
    """A day, in the one order that cannot be misread."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    words = str(value).strip()
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
            return date.fromisoformat(words)
    except ValueError:
        pass
    raise ValueError(f"must be a day such as 2019-04-01, not {words!r}{day_instead(words)}")


SLASHED_DAY = re.compile(r"\b([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\b")


def day_instead(words: str) -> str:
    """What to write for a day in the order of one country or another; both where nobody can tell which is meant."""
    found = SLASHED_DAY.search(words)
    if not found:
        return ""
    first, second, year = (int(part) for part in found.groups())
    meant = [on for month, of_month in ((second, first), (first, second)) if (on := _day(year, month, of_month))]
    said = dict.fromkeys(f"{on} for {date_words(on)}" for on in meant)
    return f": write {' or '.join(said)}" if said else ""


def _day(year: int, month: int, of_month: int) -> date | None:
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def yes_no(value: Any) -> bool:
    """Yes or no: true or false in TOML, either pair of words in CSV."""
    known = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
    if not isinstance(value, bool | str) or value not in known:
        raise ValueError("must be true or false (yes or no in CSV)")
    return known[value]


def count(value: Any) -> int:
    """A whole number, 0 among them."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value)):
        raise ValueError(f"must be a whole number such as 12 or 0, not {value!r}")
    return int(value)


def number(value: Any) -> Decimal:
    """A number, exactly as it was published."""
    words = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,14}(\.[0-9]{1,6})?", words):
        raise ValueError(f"must be a number such as 1234.5 (no commas, signs or units), not {words!r}")
    return Decimal(words)


def degrees(value: Any) -> float:
    """A latitude or longitude."""
    found = float(number(value))
    if not -180 <= found <= 180:
        raise ValueError(f"must be degrees between -180 and 180, not {value!r}")
    return found


def opening(value: Any) -> str:
    """When something opens on a day."""
    found = opening_of(text(value))
    if found is None:
        raise ValueError(f"must be closed, or times such as 09:00-13:00;14:00-18:00, not {value!r}")
    return found


def whole_number(value: Any) -> int:
    """A whole number above 0."""
    words = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[1-9][0-9]{0,8}", words):
        raise ValueError("must be a whole number above 0")
    return int(words)


def postcode(value: Any) -> str:
    """A full postcode."""
    found = postcode_of(text(value))
    if found is None:
        raise ValueError(f"must be a full postcode, not {value!r}")
    return found
