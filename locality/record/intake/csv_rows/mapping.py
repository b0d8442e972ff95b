"""A CSV mapping, checked: every mistake in it is told with the place where it stands."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from locality.base import Refused
from locality.record.intake.csv_rows.cells import Cell, cell, key_of, words

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a row becomes one resource."""

    kind: str
    id: Cell
    when: dict[str, frozenset[str]]  # column to the words that count; none means any
    fields: dict[Path, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a whole sheet is read."""

    encoding: str
    header_line: int
    delimiter: str
    as_at: Cell | None
    recipes: list[Recipe]
    columns: dict[str, str]  # every column that is named: its key, and its name as the mapping writes it


def read_mapping(mapping: Mapping[str, Any]) -> Sheet:
    """A mapping as TOML gives it, checked; raise Refused with the place of the first mistake."""
    _only(mapping, {"file", "resource"}, "top level")
    file = mapping.get("file", {})
    _only(file, {"encoding", "header_line", "delimiter", "as_at"}, "[file]")
    said = mapping.get("resource")
    if not isinstance(said, list) or not said:
        raise Refused("The mapping has no [[resource]]: it would make nothing of any row.")
    recipes = [_recipe(one, f"[[resource]] {number}") for number, one in enumerate(said, start=1)]
    as_at = cell(file["as_at"], where="[file] as_at") if "as_at" in file else None
    columns = dict(as_at.columns) if as_at else {}
    for recipe in recipes:
        for one in (recipe.id, *recipe.fields.values()):
            columns |= one.columns
    for number, one in enumerate(said, start=1):
        columns |= {key_of(name): name for name in _when(one.get("when", []), f"[[resource]] {number}")}
    return Sheet(_encoding(file), _header_line(file), _delimiter(file), as_at, recipes, columns)


def _recipe(said: Any, where: str) -> Recipe:
    _only(said, {"type", "id", "when", "fields"}, where)
    kind, name, fields = said.get("type"), said.get("id"), said.get("fields", {})
    if not isinstance(kind, str) or not kind.isalpha():
        raise Refused(f"The mapping's {where} names no type of resource.")
    if not isinstance(name, str) or not words(name).columns:
        raise Refused(f"The mapping's {where} needs an id with at least one {{column}} in it.")
    if not isinstance(fields, Mapping):
        raise Refused(f"The mapping's {where} has fields that are not a table.")
    when = {key_of(column): known for column, known in _when(said.get("when", []), where).items()}
    read = {_path(path, where): cell(value, where=f"{where} {path}") for path, value in fields.items()}
    _no_two_shapes(read, where)
    return Recipe(kind, words(name), when, read)


def _when(said: Any, where: str) -> dict[str, frozenset[str]]:
    """The columns that a resource waits for, each with the words that count (none: any word)."""
    if isinstance(said, str):
        said = [said]
    if isinstance(said, list) and all(isinstance(one, str) for one in said):
        return {one: frozenset() for one in said}
    if isinstance(said, Mapping) and all(isinstance(one, list) for one in said.values()):
        return {column: frozenset(key_of(str(one)) for one in known) for column, known in said.items()}
    raise Refused(f"The mapping's {where} has a `when` that is not a column, columns, or columns with their words.")


def _path(path: str, where: str) -> Path:
    parts = tuple(int(part) if part.isascii() and part.isdigit() else part for part in path.split("."))
    if not all(isinstance(part, int) or part for part in parts) or isinstance(parts[0], int):
        raise Refused(f'The mapping\'s {where} has a path that leads nowhere: "{path}".')
    if parts[0] in ("resourceType", "id"):
        raise Refused(f"The mapping's {where} says {parts[0]} twice: it stands beside the fields.")
    return parts


def _no_two_shapes(fields: dict[Path, Cell], where: str) -> None:
    """Each part is a value, a list or an object in the whole of the mapping."""
    shapes: dict[Path, type | None] = dict.fromkeys(fields)
    for path in fields:
        for end in range(1, len(path)):
            shape = type(path[end])
            if shapes.setdefault(path[:end], shape) is not shape:
                shown = ".".join(str(part) for part in path[:end])
                raise Refused(f"The mapping's {where} says {shown} in two ways: as a whole, a list or parts.")


def _only(said: Any, known: set[str], where: str) -> None:
    if not isinstance(said, Mapping):
        raise Refused(f"The mapping's {where} is not a table.")
    if unknown := sorted(set(said) - known):
        raise Refused(f"The mapping's {where} has an unknown word: {unknown[0]}.")


def _encoding(file: Mapping[str, Any]) -> str:
    name = file.get("encoding", "")
    try:
        return codecs.lookup(name).name if name else ""
    except (LookupError, TypeError):
        raise Refused("The mapping's [file] encoding is not one that is known, such as cp1252.") from None


def _header_line(file: Mapping[str, Any]) -> int:
    line = file.get("header_line", 1)
    if isinstance(line, bool) or not isinstance(line, int) or line < 1:
        raise Refused("The mapping's [file] header_line is not the number of a line.")
    return line


def _delimiter(file: Mapping[str, Any]) -> str:
    mark = file.get("delimiter", "")
    if not isinstance(mark, str) or len(mark) > 1 or mark in ('"', "\n", "\r"):
        raise Refused("The mapping's [file] delimiter is not one character.")
    return mark
