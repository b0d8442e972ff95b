"""An analyst's file opened, however it was written: CSV of any delimiter and letters, or Parquet of any types."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locality.base import Refused
from locality.methods.linkage.standardising import quoted

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
            found = way(engine)
            chosen = choose(_headers(path, found.columns))
            columns = [f"{_text(*one)} as c{at}" for at, one in enumerate(_named(found)) if f"c{at}" in chosen]
            engine.register("table_relation", found)
            engine.execute(f"create or replace temp table {FILE} as select {', '.join(columns)} from table_relation")
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


def _ways(path: Path) -> Iterator[Callable[["Engine"], "duckdb.DuckDBPyRelation"]]:
    """How the file may be opened, the likeliest way first."""
    if path.suffix.lower() in PARQUET:
        yield lambda engine: engine.read_parquet(str(path))
        return
    with path.open("rb") as file:
        wide = file.read(2) in UTF_16
    for encoding in ("utf-16",) if wide else ("utf-8", "latin-1"):
        # lines broken within quotes are only read one after the other
        for parallel in (True, False):
            yield partial(_csv, path=path, encoding=encoding, parallel=parallel)


def _csv(engine: "Engine", *, path: Path, encoding: str, parallel: bool) -> "duckdb.DuckDBPyRelation":
    return engine.read_csv(
        str(path),
        all_varchar=True,
        header=True,
        null_padding=True,
        sample_size=SAMPLE,
        encoding=encoding,
        parallel=parallel,
    )


def _headers(path: Path, columns: Sequence[str]) -> list[str]:
    headers = [name.lstrip("\ufeff").strip() for name in columns]
    if len(set(headers)) < len(headers):
        twice = next(name for name in headers if headers.count(name) > 1)
        raise Refused(f"{path} has two columns called {twice!r}.")
    return headers


def _named(found: "duckdb.DuckDBPyRelation") -> list[tuple[str, Any]]:
    return list(zip(found.columns, found.types, strict=True))


def _text(name: str, kind: Any) -> str:
    """A column as text: a number that a spreadsheet made of a word is that word again, a list is its values."""
    cell, said = quoted(name), str(kind)
    if said.endswith("[]"):
        cell = f"array_to_string({cell}::varchar[], chr({ord(APART)}))"
    elif said in ("DOUBLE", "FLOAT"):
        whole = f"{cell} = floor({cell}) and abs({cell}) < {WHOLE_TO}"
        cell = f"case when {whole} then {cell}::bigint::varchar else {cell}::varchar end"
    return f"nullif(trim({cell}::varchar, '{BLANKS}'), '')"
