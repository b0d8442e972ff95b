"""What a mapping says of one place in a resource, and what a row's cells make of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from locality.base import Refused
from locality.base.ids import named_id

LOCAL = ZoneInfo("Europe/London")
COLUMN = re.compile(r"\{([^{}]+)\}")
FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?\Z")
OLDEST = 1850  # a year before it is a slip of the keyboard
EXAMPLE = datetime(1999, 12, 31, 14, 30)  # noqa: DTZ001 -- shows a format, and is no moment

Row = Mapping[str, str]


class BadCell(Refused):
    """A row that cannot be read; the sentence names the column and never what stands in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value to come: which columns it needs (key to name), and how it is read from a row."""

    columns: dict[str, str]
    read: Callable[[Row], Any]  # None when there is nothing


def key_of(column: str) -> str:
    """A column's name without regard to capitals and spaces."""
    return " ".join(column.split()).casefold()


def cell(said: Any, *, where: str) -> Cell:
    """What the mapping says for one value: a fixed one, words with columns in braces, or a table."""
    if isinstance(said, Mapping):
        if "reference" in said:
            return _reference(said, where)
        return _column(said, where)
    if isinstance(said, str):
        return words(said)
    if isinstance(said, bool | int):
        return Cell({}, lambda row: said)
    raise Refused(f"The mapping's {where} is neither words, a number, true or false, nor a table.")


def words(said: str) -> Cell:
    """Words with {columns} in them; nothing when one of the columns is empty."""
    columns = {key_of(name): name for name in COLUMN.findall(said)}

    def read(row: Row) -> str | None:
        if any(not row[key] for key in columns):
            return None
        return COLUMN.sub(lambda found: row[key_of(found[1])], said)

    return Cell(columns, read)


def resource_id(kind: str, text: str) -> str:
    """The sheet's own id where FHIR allows it, else one derived from it: the same on every machine."""
    return text if FHIR_ID.match(text) else str(named_id("csv", kind, text))


def _reference(said: Mapping[str, Any], where: str) -> Cell:
    if set(said) != {"reference", "id"} or not all(isinstance(part, str) for part in said.values()):
        raise Refused(f"The mapping's {where} needs a reference (a type) and an id, and nothing else.")
    kind, target = said["reference"], words(said["id"])

    def read(row: Row) -> dict[str, str] | None:
        text = target.read(row)
        return {"reference": f"{kind}/{resource_id(kind, text)}"} if text else None

    return Cell(target.columns, read)


def _column(said: Mapping[str, Any], where: str) -> Cell:
    unknown = set(said) - {"column", "remove", "date", "time", "number", "map", "otherwise"}
    kinds = [kind for kind in ("date", "time", "number", "map") if kind in said]
    if unknown or not isinstance(said.get("column"), str) or len(kinds) > 1:
        raise Refused(f"The mapping's {where} needs a column, and at most one of date, time, number and map.")
    column, removed = said["column"], str(said.get("remove", ""))
    key, drop = key_of(column), str.maketrans("", "", removed)
    reading = {"date": _date, "time": _time, "number": _number, "map": _mapped}.get(kinds[0] if kinds else "", _text)
    convert = reading(said, where)

    def read(row: Row) -> Any:
        text = row[key].translate(drop)
        return convert(text, column) if text else None

    return Cell({key: column}, read)


def _text(said: Mapping[str, Any], where: str) -> Callable[[str, str], Any]:
    return lambda text, column: text


def _formats(said: Any, where: str) -> list[str]:
    formats = said if isinstance(said, list) else [said]
    if not formats or any(not isinstance(one, str) or "%Y" not in one for one in formats):
        raise Refused(f"The mapping's {where} needs a format with a year of four digits (%Y).")
    return formats


def _moment(text: str, column: str, formats: list[str]) -> datetime:
    for one in formats:
        try:
            at = datetime.strptime(text, one)  # noqa: DTZ007 -- the caller gives it its zone or takes its day
        except ValueError:
            continue
        if at.year >= OLDEST:
            return at
    raise BadCell(f'The column "{column}" does not hold a date like {EXAMPLE.strftime(formats[0])}.')


def _date(said: Mapping[str, Any], where: str) -> Callable[[str, str], str]:
    formats = _formats(said["date"], where)
    return lambda text, column: _moment(text, column, formats).date().isoformat()


def _time(said: Mapping[str, Any], where: str) -> Callable[[str, str], str]:
    formats = _formats(said["time"], where)
    return lambda text, column: _moment(text, column, formats).replace(tzinfo=LOCAL).isoformat()


def _number(said: Mapping[str, Any], where: str) -> Callable[[str, str], Decimal]:
    def convert(text: str, column: str) -> Decimal:
        if not NUMBER.match(text):
            raise BadCell(f'The column "{column}" does not hold a number like 12.5.')
        return Decimal(text)

    return convert


def _mapped(said: Mapping[str, Any], where: str) -> Callable[[str, str], Any]:
    if not isinstance(said["map"], Mapping):
        raise Refused(f"The mapping's {where} needs a map from the sheet's words to FHIR's.")
    known = {key_of(word): meaning for word, meaning in said["map"].items()}

    def convert(text: str, column: str) -> Any:
        meaning = known.get(key_of(text), said.get("otherwise"))
        if meaning is None:
            raise BadCell(f'The column "{column}" holds a word that the mapping does not know.')
        return meaning

    return convert


def instant(value: str | None) -> str | None:
    """A day as the instant at which it begins, as meta.lastUpdated must be."""
    if value is None or "T" in value:
        return value
    day = date.fromisoformat(value)
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL).isoformat()
