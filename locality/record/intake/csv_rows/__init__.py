"""A spreadsheet saved as CSV, row by row, by a mapping file that the place's pack holds for its source.

The mapping is TOML. In plain words, for a befriending service's sheet:

    [file]                                  # all of it may be left out
    encoding = "cp1252"                     # how to read a file that is not UTF-8
    header_line = 1                         # the line with the names of the columns
    as_at = {column = "Updated", date = "%d/%m/%Y"}    # the day that a row speaks of

    [[resource]]                            # each row becomes one of each, in this order
    type = "Patient"                        # a FHIR R4 type
    id = "{Our ID}"                         # names it for good: a later row with this id is its new version
    [resource.fields]                       # where in the resource, and what
    "name.0.family" = "{Surname}"                                   # a column
    "name.0.text" = "{First name} {Surname}"                        # columns in words; nothing if one is empty
    "birthDate" = {column = "Date of birth", date = "%d/%m/%Y"}     # a day, as this sheet writes it
    "gender" = {column = "Sex", map = {M = "male", F = "female"}, otherwise = "unknown"}
    "active" = true                                                 # the same for every row

    [[resource]]
    type = "ServiceRequest"
    id = "{Our ID}-{Date}"
    when = "Date"                           # only for rows where this column (or each of these) is not empty;
                                            # or when = {Outcome = ["Attended", "Left early"]}
    [resource.fields]
    "subject" = {reference = "Patient", id = "{Our ID}"}            # the same words as that resource's id
    "authoredOn" = {column = "Date", time = "%d/%m/%Y %H:%M"}       # a moment, in the United Kingdom's time

Besides: `number = true` for a quantity, `remove = " -"` to drop characters (from an NHS number), `map` alone to
refuse a row whose word is not in the list (capitals do not matter). Numbers in a path are places in a list, from 0.
A part of a resource (a name, an identifier) whose columns are all empty is left out with the fixed values beside it.

The names of columns are matched without regard to capitals or spaces around them. A column that the mapping names and
the file lacks refuses the whole file; a cell that cannot be read refuses its row, naming line and column and never
what stands there. What the sheet says in the wrong column, or a day and a month exchanged (03/04 for 04/03), cannot
be seen from here. Years must have four digits, since nobody can tell 34 for 1934 from 34 for 2034. A cell that
begins with "=" is text like any other: nothing is ever worked out.

Each row is also kept as it was written, below its header, in a Binary of its own.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from locality.record.intake.csv_rows.cells import BadCell, key_of
from locality.record.intake.csv_rows.mapping import Sheet, read_mapping
from locality.record.intake.csv_rows.rows import resources, written
from locality.record.intake.entry import Entry, Unreadable

__all__ = ["entries", "read_mapping"]

DELIMITERS = ",;\t|"
WIDE = (b"\xff\xfe", b"\xfe\xff")


def entries(place: str, content: bytes, mapping: Mapping[str, Any]) -> Iterator[Entry | Unreadable]:
    """The resources of every row, and the row itself. Raise Refused when the mapping itself is wrong."""
    sheet = read_mapping(mapping)
    try:
        table = _table(_text(content, sheet), sheet)
    except _BadFile as bad:
        yield Unreadable(place, content, str(bad))
        return
    for row in table.rows():
        where = f"{place} line {row.line}"
        try:
            made = resources(sheet, row.cells(table.columns), as_written=table.header + row.text)
        except BadCell as bad:
            # with its header, so that it can be tried again by itself
            yield Unreadable(where, (table.header + row.text).encode(), str(bad))
            continue
        for resource in made:
            yield Entry(f"{where}, {resource['resourceType']}", written(resource))


class _BadFile(Exception):  # noqa: N818 -- its sentence becomes the reason of an Unreadable
    """A file in which no row can be read."""


def _text(content: bytes, sheet: Sheet) -> str:
    try:
        return content.decode("utf-16" if content.startswith(WIDE) else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    if not sheet.encoding:
        raise _BadFile("The file is not in UTF-8, and the mapping names no other encoding.")
    try:
        return content.decode(sheet.encoding)
    except UnicodeDecodeError:
        raise _BadFile(f"The file is neither in UTF-8 nor in {sheet.encoding}.") from None


@dataclass(frozen=True, slots=True)
class _Row:
    """One row as written: its first line in the file, its text, and its cells or why there are none."""

    line: int
    text: str
    found: list[str]
    reason: str

    def cells(self, columns: list[str]) -> dict[str, str]:
        """The cells by column; raise BadCell when they cannot be told."""
        if self.reason or "\x00" in self.text:
            raise BadCell(self.reason or "The row holds a NUL character.")
        extra = self.found[len(columns) :]
        if len(self.found) < len(columns) or any(cell.strip() for cell in extra):
            said = f"The row has {len(self.found)} cells where the header has {len(columns)}"
            raise BadCell(f"{said}: a separator or a line end inside a cell needs quotes.")
        return {name: cell.strip() for name, cell in zip(columns, self.found, strict=False)}


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet whose header is known."""

    header: str
    columns: list[str]
    delimiter: str
    lines: list[str]
    first: int  # how many lines stand before the first row

    def rows(self) -> Iterator[_Row]:
        """Every row that is not empty."""
        for row in _records(self.lines, self.delimiter, self.first):
            if row.reason or any(cell.strip() for cell in row.found):
                yield row


def _table(text: str, sheet: Sheet) -> _Table:
    lines = list(io.StringIO(text, newline=""))
    before = sheet.header_line - 1
    if not "".join(lines[before:]).strip():
        raise _BadFile("The file has no header line.")
    delimiters = sheet.delimiter or DELIMITERS
    headers = {mark: next(_records(lines[before:], mark, before)) for mark in delimiters}
    # the right separator is the one by which the columns that the mapping names are there
    mark = min(delimiters, key=lambda one: (len(_missing(headers[one], sheet)), -len(headers[one].found)))
    header = headers[mark]
    if missing := _missing(header, sheet):
        raise _BadFile(f"The file has no column {' and no column '.join(missing)}, which the mapping names.")
    columns = [key_of(name) for name in header.found]
    if twice := [name for key, name in sheet.columns.items() if columns.count(key) > 1]:
        raise _BadFile(f'The file has more than one column "{twice[0]}".')
    while columns and not columns[-1]:
        columns.pop()
    first = before + len(list(io.StringIO(header.text, newline="")))
    ended = header.text if header.text.endswith(("\n", "\r")) else header.text + "\n"
    return _Table(ended, columns, mark, lines[first:], first)


def _missing(header: _Row, sheet: Sheet) -> list[str]:
    there = {key_of(name) for name in header.found}
    return [f'"{name}"' for key, name in sheet.columns.items() if key not in there]


def _records(lines: list[str], delimiter: str, before: int) -> Iterator[_Row]:
    """The records of a CSV with the lines that each was written on: a quoted cell may hold line ends."""
    taken: list[str] = []

    def taking() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(taking(), delimiter=delimiter, strict=True)
    number = before
    while True:
        taken.clear()
        try:
            found, reason = next(reader), ""
        except StopIteration:
            return
        except csv.Error:
            found, reason = [], "The quotes of the row are not closed, or not at the ends of a cell."
        yield _Row(number + 1, "".join(taken), found, reason)
        number += len(taken)
