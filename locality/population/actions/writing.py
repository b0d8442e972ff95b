"""Writing the files of a copy, and letting a finished one be read."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from locality.population.rules import files
from locality.population.rules.columns import Table
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
