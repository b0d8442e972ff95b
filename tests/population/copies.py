"""A small analytical copy from rows written by hand: what a test does not say of a row is null, or usual."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from locality.population.actions.writing import write_file, write_manifest
from locality.population.rules import files
from locality.population.rules.columns import TABLES
from locality.population.rules.files import Manifest
from locality.population.rules.kinds import KINDS

USUAL: dict[str, dict[str, Any]] = {
    "people": {
        "sex": "female",
        "birth_month": date(1950, 1, 1),
        "opted_out": False,
        "care_home": False,
        "carer": False,
    },
    "conditions": {"system": "snomed", "is_current": True, "source": "gp", "sources": 1},
    "events": {"kind": "emergency admission", "source": "acute", "sources": 1},
    "contacts": {"how": "clinic", "outcome": "finished", "source": "gp"},
    "medicines": {"is_current": True, "source": "gp"},
    "measurements": {"system": "snomed", "source": "gp"},
    "social_care": {"source": "social-care"},
}


def write_rows(
    *,
    folder: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    run: str = "by-hand",
    made_at: str = "2026-01-01T00:00:00+00:00",
) -> Manifest:
    """Write a whole copy from rows in memory, each a mapping of columns to values: what is not named is null."""
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


def local_day(at: datetime | None, *, ends: bool = False) -> date | None:
    """The day of a moment in UTC by the clock in London; what ends at midnight ended on the day before."""
    if at is None:
        return None
    moment = at.replace(tzinfo=UTC) - timedelta(microseconds=ends)
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def write_copy(folder: Path, **tables: list[dict[str, Any]]) -> Path:
    """Write a finished copy of these rows, table by table; returns the folder, for `open_copy(folder=...)`.

    A row names its columns (see locality/population/columns.toml). `person` may be any short name ("ann").
    Everybody who has a row and is not among `people` gets a usual row there; who has a day of death, or is one of
    `deaths`, has died. The days of an event follow from its moments.
    """
    rows = {name: [{**USUAL.get(name, {}), **row} for row in given] for name, given in tables.items()}
    known = {row["person"] for row in rows.setdefault("people", [])}
    for table in tables.values():
        for person in dict.fromkeys(row["person"] for row in table if "person" in row):
            if person not in known:
                known.add(person)
                rows["people"].append({**USUAL["people"], "person": person})
    for row in rows.get("contacts", []):
        row.setdefault("happened", row["outcome"] in KINDS["contacts"]["happened"])
    for row in rows.get("events", []):
        for name in ("started", "ended", "ready"):
            row.setdefault(f"{name}_on", local_day(row.get(f"{name}_at"), ends=name == "ended"))
    dead = {row["person"] for row in rows.get("deaths", [])}
    for row in rows["people"]:
        row.setdefault("died", row.get("died_on") is not None or row["person"] in dead)
    write_rows(folder=folder, rows=rows)
    return folder
