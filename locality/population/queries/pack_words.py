"""Whether what a pack says for measures leads anywhere: its own measures, its services' words, its promises."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from locality.base import Refused
from locality.directory.pack import PACKS, PackFaults, Row, pack_folder, table_rows
from locality.directory.pack.tables import CLASSES
from locality.population.queries.measures import general_measures
from locality.population.rules.measures import Measure, read_measure


def check_measured(*, pack: str | Path = "") -> None:
    """Raise PackFaults, each with file and line, where a pack's words for measures lead nowhere."""
    folder = pack_folder(pack)
    shown = f"packs/{folder.name}" if folder.parent == PACKS else str(folder)
    faults: list[str] = []
    known = {**general_measures(), **_own(folder, shown=shown, faults=faults)}
    classes = {*CLASSES, *(name for one in known.values() for name in one.needs)}
    faults += _unknown(table_rows("contact-kinds", folder), "class", classes, "a class that a measure needs")
    faults += _unknown(table_rows("promises", folder), "measure", known, "a measure")
    if faults:
        raise PackFaults(faults)


def _own(folder: Path, *, shown: str, faults: list[str]) -> dict[str, Measure]:
    found = {}
    for path in sorted((folder / "measures").glob("*")):
        try:
            found[path.stem] = read_measure(path)
        except Refused as fault:
            faults.append(
                f"{shown}/measures/{path.name} line 1: {str(fault).removeprefix(f'{path.name}: ').rstrip('.')}"
            )
    return found


def _unknown(rows: list[Row], column: str, known: Collection[str], kind: str) -> Iterator[str]:
    for row in rows:
        if (said := row.values[column]) not in known:
            near = get_close_matches(said, sorted(known), n=1)
            meant = f" (did you mean '{near[0]}'?)" if near else ""
            yield row.fault(f"'{column}' names {said}, which is not {kind}{meant}", key=column)
