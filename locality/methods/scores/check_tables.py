"""The check tables in `data/`, read into groups and codes."""

import csv
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from locality.methods.scores.codes import Read, as_name
from locality.methods.scores.method import Group

DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table in `data/`."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def groups(name: str, *, key: str, points: str | None = None, units: int = 1) -> dict[str, Group]:
    """The groups of a table by the column `key`, with the points of one of its columns, or one unit each."""
    return {
        row[key]: Group(
            name=row[key],
            words=row["words"],
            points=int(Decimal(row[points]) * units) if points else 1,
            yields_to=row.get("yields_to") or None,
        )
        for row in rows(name)
    }


def codes(name: str) -> dict[str, tuple[str, ...]]:
    """Every code of a table, with the group or groups that it belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(name):
        found[row["code"]] = (*found.get(row["code"], ()), row["group"])
    return found


def themselves(groups: Mapping[str, Group]) -> dict[str, tuple[str, ...]]:
    """Groups that stand in a table by their own names."""
    return {name: (name,) for name in groups}


def reading_names(groups: Mapping[str, Group], said_to_be: str) -> Callable[[str], Read]:
    """How names of groups are read: whatever their capitals, blanks and dashes."""

    def read(said: str) -> Read:
        name = as_name(said)
        if not name:
            return Read(None, "no code")
        return Read(name) if name in groups else Read(None, f"not {said_to_be}")

    return read
