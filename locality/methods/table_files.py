"""An analyst's file opened, however it was written: CSV of any delimiter and letters, or Parquet; and one written."""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locality.base import Refused

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

FILE = "table_file"
APART = "\x1f"  # between several values of one cell: no file has it
BLANKS = " \t\r\n\u00a0\u200b\ufeff"
SAMPLE = 20_000  # rows by which it is found how a CSV file is written
WHOLE_TO = 1e15  # a larger number is not kept whole by a spreadsheet either
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
PARQUET = (".parquet", ".pq")
SHEETS = (".xlsx", ".xls", ".xlsm", ".ods")
SHOWN = 12  # columns named in a refusal
LONGEST_WORD = 200  # of an error that the engine tells


def load(engine: "Engine", path: Path, choose: Callable[[list[str]], Collection[str]]) -> None:
    """Make `table_file` of the columns chosen: text, trimmed, blanks missing, in the order of the file.

    `choose` is given the trimmed headers and answers with places in the file, as c0, c1 ...; raise Refused where the
    file cannot be read.
    """
    import duckdb

    _check(path)
    failed: Exception | None = None
    for way in _ways(path):
        try:
            with way() as (readable, how):
                found = _relation(engine, readable, **how)
                chosen = choose(_headers(path, found.columns))
                named = enumerate(zip(found.columns, found.types, strict=True))
                columns = ", ".join(f"{_text(*one)} as c{at}" for at, one in named if f"c{at}" in chosen)
                engine.register("table_relation", found)
                engine.execute(f"create or replace temp table {FILE} as select {columns} from table_relation")
                engine.unregister("table_relation")
            return
        except (duckdb.Error, OSError) as error:
            failed = failed or error
    word = str(failed).splitlines()[0][:LONGEST_WORD]
    raise Refused(f"{path} cannot be read: {word}")


def _check(path: Path) -> None:
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    if path.suffix.lower() in SHEETS:
        raise Refused(f"{path} is a spreadsheet: save it as CSV first.")
    if not path.stat().st_size:
        raise Refused(f"{path} is empty.")


Way = Callable[[], AbstractContextManager[tuple[Path, dict[str, Any]]]]


def _ways(path: Path) -> Iterator[Way]:
    """How the file may be opened, the likeliest way first: what to read, and how."""
    if path.suffix.lower() in PARQUET:
        yield partial(_as_it_is, path)
        return
    with path.open("rb") as file:
        wide = file.read(2) in UTF_16
    # lines broken within quotes are only read one after the other
    for parallel in (True, False):
        if not wide:
            yield partial(_as_it_is, path, parallel=parallel)
    for parallel in (True, False):
        yield partial(_in_utf_8, path, "utf-16" if wide else "cp1252", parallel=parallel)


def _as_it_is(path: Path, **how: Any) -> AbstractContextManager[tuple[Path, dict[str, Any]]]:
    return nullcontext((path, how))


@contextmanager
def _in_utf_8(path: Path, encoding: str, *, parallel: bool) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A copy of the file in the letters that the engine reads, for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="locality-table-") as folder:
        copy = Path(folder) / "copy.csv"
        with (
            path.open(encoding=encoding, errors="replace", newline="") as file,
            copy.open("w", encoding="utf-8", newline="") as made,
        ):
            shutil.copyfileobj(file, made)
        yield copy, {"parallel": parallel}


def _relation(engine: "Engine", path: Path, **how: Any) -> "duckdb.DuckDBPyRelation":
    if path.suffix.lower() in PARQUET:
        return engine.read_parquet(str(path))
    return engine.read_csv(str(path), all_varchar=True, header=True, null_padding=True, sample_size=SAMPLE, **how)


def place(path: Path, name: str, headers: list[str]) -> str:
    """Where a column stands, by its name in any case; raise Refused, naming what there is, where it is not there."""
    if name in headers:
        return f"c{headers.index(name)}"
    loosely = [at for at, one in enumerate(headers) if one.casefold() == name.casefold()]
    if len(loosely) == 1:
        return f"c{loosely[0]}"
    more = f" and {len(headers) - SHOWN} more" if len(headers) > SHOWN else ""
    raise Refused(f"{path} has no column {name!r}. It has {', '.join(headers[:SHOWN])}{more}.")


def _headers(path: Path, columns: Sequence[str]) -> list[str]:
    headers = [name.lstrip("\ufeff").strip() for name in columns]
    if len(set(headers)) < len(headers):
        twice = next(name for name in headers if headers.count(name) > 1)
        raise Refused(f"{path} has two columns called {twice!r}.")
    return headers


def _text(name: str, kind: Any) -> str:
    """A column as text: a number that a spreadsheet made of a word is that word again, a list is its values."""
    cell, said = quoted(name), str(kind)
    if said.endswith("[]"):
        cell = f"array_to_string({cell}::varchar[], chr({ord(APART)}))"
    elif said in ("DOUBLE", "FLOAT"):
        whole = f"{cell} = floor({cell}) and abs({cell}) < {WHOLE_TO}"
        cell = f"case when {whole} then {cell}::bigint::varchar else {cell}::varchar end"
    return f"nullif(trim({cell}::varchar, '{BLANKS}'), '')"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def write(engine: "Engine", sql: str, out: Path) -> None:
    """Write the outcome of a query whole or not at all; CSV, or Parquet where `out` says so."""
    import duckdb

    kind = "parquet" if out.suffix.lower() in PARQUET else "csv, header"
    part = out.with_name(f".{out.name}.part")
    name = str(part).replace("'", "''")
    try:
        engine.execute(f"copy ({sql}) to '{name}' (format {kind})")
        os.replace(part, out)
    except (duckdb.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise Refused(f"{out} cannot be written: {str(error).splitlines()[0]}") from None
