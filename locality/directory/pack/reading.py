"""A pack's folder, read and checked whole: every fault is told, each with its file and line."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import locality
from locality.base import NotFound, Refused
from locality.directory.pack import boundaries
from locality.directory.pack.checks import faults_of, neighbourhood_of, neighbourhoods_of_areas
from locality.directory.pack.columns import Column
from locality.directory.pack.rows import Fault, Row, csv_rows, file_text, meant, toml_rows
from locality.directory.pack.sections import BOUNDARIES, PLACE, SECTIONS, Section
from locality.directory.pack.tables import TABLE_BY_NAME

PACKS = Path(locality.__file__).parent / "packs"

SUFFIXES = (".toml", ".csv", ".csv.gz")
FAULTS_TOLD = 20


class PackFaults(Refused):
    """What is wrong in a pack: nothing of it was loaded."""

    def __init__(self, faults: list[str]):
        self.faults = tuple(faults)
        told = [f"{fault}." for fault in faults[:FAULTS_TOLD]]
        if len(faults) > FAULTS_TOLD:
            told.append(f"There are {len(faults) - FAULTS_TOLD} more faults.")
        super().__init__("\n".join(told))


@dataclass(frozen=True, slots=True)
class Pack:
    """A place as its files say it: every reference is known to lead somewhere."""

    folder: Path
    shown: str
    place: Row
    sections: dict[str, list[Row]]

    def rows(self, section: str) -> list[Row]:
        return self.sections[section]


def pack_folder(name: str | Path, *, packs: Path = PACKS) -> Path:
    """The folder of a pack that comes with Locality, by name (the default one without), or any folder, by its path."""
    name = name or default_pack(packs=packs)
    folder = Path(name) if isinstance(name, Path) or "/" in name else packs / name
    if not (folder / "pack.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in packs.glob("*/pack.toml")))
        raise NotFound(f"There is no pack '{name}': {folder}/pack.toml is not there. Known packs: {known}.")
    return folder


def default_pack(*, packs: Path = PACKS) -> str:
    """The name of the one pack marked `default = true`, for when none is named."""
    marked = [
        path.parent.name
        for path in sorted(packs.glob("*/pack.toml"))
        if _top_of(path, shown=_shown(path.parent, packs=packs)).values.get("default") is True
    ]
    if len(marked) != 1:
        said = ", ".join(marked) or "none"
        raise NotFound(f"Exactly one pack must say `default = true` ({said} does): name the pack to use.")
    return marked[0]


def read_pack(folder: Path, *, packs: Path = PACKS) -> Pack:
    """Read and check a pack's folder; raises PackFaults naming the file and line of each fault."""
    shown = _shown(folder, packs=packs)
    faults: list[str] = []
    place = _place(folder, shown=shown, faults=faults)
    sections = {section.name: _section(section, folder, shown=shown, faults=faults) for section in SECTIONS}
    sections[BOUNDARIES.name] = boundaries.boundary_rows(folder, shown=shown, faults=faults)
    pack = Pack(folder, shown, place, sections)
    faults += _stray_files(folder, shown=shown)
    # What one row names can be looked up only once every row could be read.
    faults = faults or faults_of(sections, place=place.values["code"], folder=folder)
    if faults:
        raise PackFaults(faults)
    _place_areas(sections)
    return pack


def read_table(name: str, folder: Path, *, packs: Path = PACKS) -> list[dict[str, Any]]:
    """The rows of a table that lies beside a pack and is not loaded; none without it; PackFaults with file and line."""
    return [row.values for row in table_rows(name, folder, packs=packs)]


def table_rows(name: str, folder: Path, *, packs: Path = PACKS) -> list[Row]:
    """The same, each row with its file and line."""
    faults: list[str] = []
    rows = _section(TABLE_BY_NAME[name], folder, shown=_shown(folder, packs=packs), faults=faults)
    if faults:
        raise PackFaults(faults)
    return rows


def _place_areas(sections: dict[str, list[Row]]) -> None:
    lies = neighbourhoods_of_areas(sections)
    for row in (*sections["areas"], *sections["postcodes"]):
        row.values["neighbourhood"] = neighbourhood_of(row, lies)


def _shown(folder: Path, *, packs: Path) -> str:
    return f"packs/{folder.name}" if folder.parent == packs else str(folder)


def _top_of(path: Path, *, shown: str) -> Row:
    try:
        return toml_rows(file_text(path, shown=f"{shown}/{path.name}"), shown=f"{shown}/{path.name}")[0]
    except Fault as fault:
        raise PackFaults([str(fault)]) from fault


def _place(folder: Path, *, shown: str, faults: list[str]) -> Row:
    file = f"{shown}/pack.toml"
    try:
        top, tables = toml_rows(file_text(folder / "pack.toml", shown=file), shown=file)
    except Fault as fault:
        faults.append(str(fault))
        return Row(file, 1, {})
    for name, rows in tables.items():
        faults.append(rows[0].fault(f"[[{name}]] does not belong here, but in a file of its own"))
    place = checked(top, PLACE, "pack.toml", faults=faults)
    if place.values.get("code") not in (None, folder.name):
        words = f"'code' is '{place.values['code']}', but the pack's folder is '{folder.name}'"
        faults.append(place.fault(words, key="code"))
    return place


def _section(section: Section, folder: Path, *, shown: str, faults: list[str]) -> list[Row]:
    rows: list[Row] = []
    for suffix in SUFFIXES:
        path = folder / f"{section.name}{suffix}"
        if path.exists():
            try:
                rows += _raw_rows(section, path, shown=f"{shown}/{path.name}", faults=faults)
            except Fault as fault:
                faults.append(str(fault))
    return [checked(row, section.columns, section.singular, faults=faults) for row in rows]


def _raw_rows(section: Section, path: Path, *, shown: str, faults: list[str]) -> list[Row]:
    words = file_text(path, shown=shown)
    if not path.name.endswith(".toml"):
        return list(csv_rows(words, shown=shown, known=[column.name for column in section.columns]))
    top, tables = toml_rows(words, shown=shown)
    for key in top.values:
        faults.append(top.fault(f"'{key}' stands outside any [[{section.singular}]]", key=key))
    for name, rows in tables.items():
        if name != section.singular:
            faults.append(rows[0].fault(f"[[{name}]] is unknown here; this file holds [[{section.singular}]]"))
    return tables.get(section.singular, [])


def checked(row: Row, columns: tuple[Column, ...], kind: str, *, faults: list[str]) -> Row:
    """A row with its values read, each fault added to those found."""
    by_name = {column.name: column for column in columns}
    for key in row.values:
        if key not in by_name:
            faults.append(row.fault(f"'{key}' is not a key of {kind}{meant(key, by_name)}", key=key))
    values: dict[str, Any] = {}
    for column in columns:
        if column.name not in row.values:
            values[column.name] = column.otherwise
            if column.required:
                faults.append(row.fault(f"'{column.name}' is missing"))
            continue
        try:
            values[column.name] = _value(column, row.values[column.name])
        except ValueError as error:
            faults.append(row.fault(f"'{column.name}' {error}", key=column.name))
    return Row(row.file, row.line, values, row.key_lines)


def _value(column: Column, written: Any) -> Any:
    value = column.kind(written)
    if column.required and value in ("", []):
        raise ValueError("must not be empty")
    return value


def _near(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else "; docs/packs.md lists those there are"


def _stray_files(folder: Path, *, shown: str) -> list[str]:
    """Files that look as if they belonged to the pack and would be read by nobody."""
    known = {
        "pack.toml",
        *boundaries.FILES,
        *(f"{section.name}{suffix}" for section in (*SECTIONS, *TABLE_BY_NAME.values()) for suffix in SUFFIXES),
    }
    return [
        f"{shown}/{path.name} line 1: no pack has a file of this name{_near(path.name, known)}"
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name.endswith((*SUFFIXES, ".geojson")) and path.name not in known
    ]
