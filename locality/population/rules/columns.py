"""The tables and columns of the analytical copy, as columns.toml lists them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parents[1] / "columns.toml"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, where it comes from, and how private it is."""

    name: str
    type: str
    privacy: str
    says: str
    origin: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the copy. Without a person it comes from the pack, and is one file."""

    name: str
    says: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def of_people(self) -> bool:
        return any(column.name == "person" for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def read_columns(text: str) -> tuple[int, dict[str, Table]]:
    """The version and the tables of a file of columns."""
    told = tomllib.loads(text)
    tables = {
        name: Table(name, one["says"], tuple(one["order"]), tuple(Column(**column) for column in one["columns"]))
        for name, one in told["tables"].items()
    }
    return told["version"], tables


VERSION, TABLES = read_columns(FILE.read_text(encoding="utf-8"))
