"""Writing the files of a copy, and letting a finished one be read."""

import hashlib
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
        listed[name] = {}
        for part, some in _by_part(table, given):
            listed[name][part] = files.file_of(name, part, run)
            _write(folder / listed[name][part], table, some)
    manifest = Manifest(run=run, made_at=made_at, files=listed)
    write_manifest(folder=folder, manifest=manifest)
    return manifest


def _by_part(table: Table, rows: Sequence[Mapping[str, Any]]) -> Iterable[tuple[int, Sequence[Mapping[str, Any]]]]:
    if not table.of_people:
        return [(files.WHOLE, rows)]
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(_part(row["person"]), []).append(row)
    return sorted(found.items())


def _part(person: str) -> int:
    # a short name of a test is no pseudonym: it lies where the hash of it would
    return files.part_of(hashlib.sha256(person.encode()).hexdigest())


def _write(path: Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {one.name: pa.array([row.get(one.name) for row in rows], type=ARROW[one.type]) for one in table.columns}
    pq.write_table(pa.table(columns), path)
