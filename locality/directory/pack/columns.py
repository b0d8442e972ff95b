"""What a cell of a pack may be: each kind turns what was written into a value, or says what it must be."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

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
    """A day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise ValueError("must be a day such as 2019-04-01") from None


def yes_no(value: Any) -> bool:
    """Yes or no: true or false in TOML, either pair of words in CSV."""
    known = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
    if not isinstance(value, bool | str) or value not in known:
        raise ValueError("must be true or false (yes or no in CSV)")
    return known[value]


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
