"""Writing the files of a copy, and letting a finished one be read."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from locality.population.rules import files
from locality.population.rules.columns import TABLES, Table
from locality.population.rules.files import Manifest

ARROW = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
}


def write_manifest(*, folder: Path, manifest: Manifest) -> None:
    """Let what this refresh wrote be what is read, in one step; what it no longer names may go."""
    written = folder / f"{files.MANIFEST}.{os.getpid()}"
    with written.open("w", encoding="utf-8") as file:
        file.write(manifest.written())
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / files.MANIFEST)


def write_rows(
    *,
    folder: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    run: str = "by-hand",
    made_at: str = "2026-01-01T00:00:00+00:00",
) -> Manifest:
    """Write a whole copy from rows in memory, each a mapping of columns to values: what is not named is null.

    For few rows: a copy of a record is made by `refresh`.
    """
    listed: dict[str, dict[int, str]] = {}
    for name, given in rows.items():
        table = TABLES[name]
        if unknown := {column for row in given for column in row} - set(table.names):
            raise ValueError(f"{name} has no column {', '.join(sorted(unknown))}")
        part = 0 if table.of_people else files.WHOLE
        listed[name] = {part: files.file_of(name, part, run)}
        write_file(folder / listed[name][part], table, given)
    manifest = Manifest(run=run, made_at=made_at, files=listed)
    write_manifest(folder=folder, manifest=manifest)
    return manifest


def write_file(path: Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write one file of a table from rows in memory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {one.name: pa.array([row.get(one.name) for row in rows], type=ARROW[one.type]) for one in table.columns}
    pq.write_table(pa.table(columns), path)


def forget_files(*, folder: Path, keep: Iterable[Manifest]) -> None:
    """Delete the files that none of these manifests names: whoever reads holds to the one before the last at most."""
    named = {folder / name for one in keep for parts in one.files.values() for name in parts.values()}
    named |= {folder / one.state for one in keep if one.state}
    for path in folder.rglob("*.parquet"):
        if path not in named and (folder / "tmp") not in path.parents:
            path.unlink(missing_ok=True)


def rows_of(folder: Path, listed: Mapping[str, Mapping[int, str]]) -> dict[str, int]:
    """How many rows each table has, from the ends of its files."""
    return {
        table: sum(pq.read_metadata(folder / name).num_rows for name in parts.values())
        for table, parts in listed.items()
    }
