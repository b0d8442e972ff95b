"""TOML and CSV as rows that know their file and line."""

import csv
import difflib
import gzip
import io
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from locality.directory.pack.columns import SLASHED_DAY, day_instead

# A pack is written by hand or cut from public lists; the postcodes of a country unpack to about this much.
LARGEST_FILE = 256 * 1024 * 1024

TOML_ERROR_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
TOML_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*|\n|[\[\]{}]|[^\"'\#\n\[\]{}]+",
    re.DOTALL,
)


class Fault(Exception):  # noqa: N818 -- found, collected and told together with the others
    """One thing wrong in a pack, as a sentence with its file and line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One table or line of a pack file: its values, and where each stands."""

    file: str
    line: int
    values: dict[str, Any]
    key_lines: dict[str, int] = field(default_factory=dict)

    def fault(self, words: str, *, key: str = "") -> str:
        """The sentence for something wrong in this row, at the key's own line where it has one."""
        return f"{self.file} line {self.key_lines.get(key, self.line)}: {words}"


def file_text(path: Path, *, shown: str) -> str:
    """The words in a file, gzipped or not; a Fault if they are not UTF-8."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Fault(f"{shown} line 1: the file cannot be read ({error})") from error
    if len(content) > LARGEST_FILE:
        raise Fault(f"{shown} line 1: the file is larger than {LARGEST_FILE // 1024 // 1024} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Fault(f"{shown} line {line}: the file is not UTF-8 text") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Fault(f"{shown} line {line}: there is a NUL character, which no text may hold")
    return text


def meant(key: str, known: Collection[str]) -> str:
    """What a misspelt key was probably meant to be; else all that may be written."""
    near = difflib.get_close_matches(key, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else f": write one of {', '.join(known)}, or leave it out"


def toml_rows(text: str, *, shown: str) -> tuple[Row, dict[str, list[Row]]]:
    """The top of a TOML file as one row, and its arrays of tables as rows by name."""
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        found = TOML_ERROR_LINE.search(words)
        line = int(found[1]) if found else text.count("\n") + 1
        raise Fault(f"{shown} line {line}: {_not_toml(text, line, words)}") from error
    headers, keys = _toml_lines(text)
    tables = {name: value for name, value in parsed.items() if _is_tables(value)}
    top = Row(shown, 1, {k: v for k, v in parsed.items() if k not in tables}, keys.get(("", 0), {}))
    rows = {
        name: [
            Row(shown, headers.get((name, at), top.key_lines.get(name, 1)), table, keys.get((name, at), {}))
            for at, table in enumerate(value)
        ]
        for name, value in tables.items()
    }
    return top, rows


def _not_toml(text: str, line: int, words: str) -> str:
    lines = text.splitlines()
    slashed = SLASHED_DAY.search(lines[line - 1]) if line <= len(lines) else None
    instead = f" ({slashed[0]} is no day here{day_instead(slashed[0])})" if slashed else ""
    return f"not valid TOML: {TOML_ERROR_LINE.sub('', words)}{instead}"


def csv_rows(text: str, *, shown: str, known: Collection[str]) -> Iterator[Row]:
    """The lines of a CSV file under its heading, which may name known columns; a blank cell is an absent value."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading: list[str] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if not heading:
                    heading = _heading(cells, known=known, shown=shown, line=line)
                else:
                    yield _csv_row(heading, cells, shown=shown, line=line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Fault(f"{shown} line {line}: not valid CSV: {error}") from error
    if not heading:
        raise Fault(f"{shown} line 1: the first line must name the columns")


def _csv_row(heading: list[str], cells: list[str], *, shown: str, line: int) -> Row:
    if len(cells) != len(heading):
        raise Fault(f"{shown} line {line}: {len(cells)} cells under {len(heading)} columns")
    filled = zip(heading, (cell.strip() for cell in cells), strict=True)
    return Row(shown, line, {name: cell for name, cell in filled if cell})


def _heading(cells: list[str], *, known: Collection[str], shown: str, line: int) -> list[str]:
    names = [cell.strip() for cell in cells]
    # spreadsheets leave nameless columns behind; they are passed over while nothing stands in them
    twice = [name for name, times in Counter(filter(None, names)).items() if times > 1]
    if twice:
        raise Fault(f"{shown} line {line}: the column '{twice[0]}' is there twice")
    for name in names:
        if name and name not in known:
            raise Fault(f"{shown} line {line}: '{name}' is not a column here{meant(name, known)}")
    return names


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(table, dict) for table in value)


def _toml_lines(text: str) -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], dict[str, int]]]:
    """On which line each table begins and each of its keys stands; tomllib reads, and forgets where."""
    headers: dict[tuple[str, int], int] = {}
    keys: dict[tuple[str, int], dict[str, int]] = {}
    times: Counter[str] = Counter()
    table = ("", 0)
    for line, statement in _statements(text):
        if statement.startswith("["):
            name = statement.strip("[] \t").strip("\"'")
            table = (name, times[name])
            times[name] += 1
            headers[table] = line
        else:
            key = statement.split("=", 1)[0].strip().split(".")[0].strip("\"' ")
            keys.setdefault(table, {}).setdefault(key, line)
    return headers, keys


def _statements(text: str) -> Iterator[tuple[int, str]]:
    line, began, depth = 1, 1, 0
    words: list[str] = []
    for piece in TOML_PIECE.findall(text):
        if piece == "\n" and depth == 0:
            if words:
                yield began, "".join(words).strip()
            words = []
        elif not piece.startswith("#") and (words or piece.strip()):
            began = began if words else line
            words.append(piece)
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(piece, 0)
        line += piece.count("\n")
    if words:
        yield began, "".join(words).strip()
