"""The analytical copy, opened for questions in SQL."""

from contextlib import suppress
from pathlib import Path

import duckdb
from django.conf import settings

from locality.base import NotFound, Refused
from locality.population.rules import files
from locality.population.rules.columns import TABLES, Table
from locality.population.rules.files import Manifest

NONE_YET = "There is no analytical copy yet: run `locality refresh`."


def copy_folder() -> Path:
    """Where the copy of this place lies."""
    return settings.LOCALITY_HOME / files.FOLDER


def manifest(*, folder: Path | None = None) -> Manifest:
    """What the last finished refresh wrote, and when; NotFound where there was none."""
    path = (folder or copy_folder()) / files.MANIFEST
    try:
        return files.manifest_of(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(NONE_YET) from None
    except (OSError, ValueError, KeyError) as fault:
        raise Refused(f"The manifest of the analytical copy cannot be read from {path}.") from fault


def pack(*, otherwise: str, folder: Path | None = None) -> str:
    """The pack of whose people the copy is, by name or folder; `otherwise` where there is no copy yet."""
    with suppress(NotFound, Refused):
        return manifest(folder=folder).pack or otherwise
    return otherwise


def open_copy(*, folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection of its own with one view for each table of columns.toml; close it when done.

    It reads the files of the last finished refresh, and nothing else on this machine: what a question in SQL names
    besides is refused. Raises NotFound where there is no copy yet.
    """
    folder = folder or copy_folder()
    held = manifest(folder=folder)
    duck = duckdb.connect()
    duck.execute("set allowed_directories = ?", [[str(folder)]])
    duck.execute("set temp_directory = ?", [str(folder / "tmp")])
    duck.execute("set enable_external_access = false")
    for table in TABLES.values():
        duck.execute(view(table, [str(folder / name) for name in held.files.get(table.name, {}).values()]))
    duck.execute("set lock_configuration = true")
    return duck


def view(table: Table, paths: list[str]) -> str:
    """The words that make the view of one table over its files, in the types that columns.toml says."""
    if not paths:
        nulls = ", ".join(f'cast(null as {one.type}) as "{one.name}"' for one in table.columns)
        return f"create view {table.name} as select {nulls} where false"
    columns = ", ".join(f'cast("{one.name}" as {one.type}) as "{one.name}"' for one in table.columns)
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"create view {table.name} as select {columns} from read_parquet([{listed}], hive_partitioning = false)"
