"""The tables of the copy that come from the pack: small areas, and how many people live there. Real figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.models import F

from locality.base import NotFound
from locality.directory.models import Area, Figure, Place
from locality.directory.pack import read_table
from locality.directory.queries import pack_of
from locality.directory.rules import AboutKind
from locality.population.actions.writing import write_file
from locality.population.rules import files
from locality.population.rules.columns import TABLES

POPULATION, DEPRIVATION, TENTHS = "population", "deprivation", "decile"
# the pack's ages end here: 90 is 90 and over
OLDEST = 90


def pack() -> str:
    """The pack of the place that is run here, by name or folder; '' where none is loaded."""
    place = Place.objects.filter(is_default=True).first()
    return (place.folder or place.code) if place else ""


def write_places(*, folder: Path, run: str, old: Mapping[str, Mapping[int, str]]) -> dict[str, dict[int, str]]:
    """Write `places` and `populations` of the place that is run here; returns their files.

    The pack's own tables take longer to read than most runs: where there is a file of them, it stays until all is
    made anew.
    """
    place = Place.objects.filter(is_default=True).first()
    found = {"places": _write("places", _places(place) if place else [], folder=folder, run=run)}
    if "populations" in old:
        return found | {"populations": dict(old["populations"])}
    return found | {"populations": _write("populations", _populations(place) if place else [], folder=folder, run=run)}


def _write(name: str, rows: list[dict[str, Any]], *, folder: Path, run: str) -> dict[int, str]:
    file = files.file_of(name, files.WHOLE, run)
    write_file(folder / file, TABLES[name], rows)
    return {files.WHOLE: file}


def _places(place: Place) -> list[dict[str, Any]]:
    people = _newest(place, kind=POPULATION, unit="people")
    tenths = _newest(place, kind=DEPRIVATION, unit=TENTHS)
    rows = Area.objects.filter(place=place).order_by("code").values("code", "name", "ward__code", "neighbourhood__code")
    return [
        {
            "small_area": row["code"],
            "name": row["name"],
            "ward": row["ward__code"],
            "neighbourhood": row["neighbourhood__code"],
            "deprivation": tenths.get(row["code"]),
            "people": people.get(row["code"]),
        }
        for row in rows
    ]


def _newest(place: Place, *, kind: str, unit: str) -> dict[str, int]:
    """Of each small area, the figure of the newest dated series of a kind; what has no date gives way to what has."""
    rows = Figure.objects.filter(
        series__place=place, series__kind=kind, series__unit=unit, series__about_kind=AboutKind.AREA
    )
    # the last of each area stays
    ordered = rows.order_by(F("series__on").asc(nulls_first=True), "series__code")
    return {about: int(value) for about, value in ordered.values_list("about", "value")}


def _populations(place: Place) -> list[dict[str, Any]]:
    try:
        folder = pack_of(place)
    except NotFound:
        if place.folder:
            raise
        # no pack was loaded of it
        return []
    return [
        {
            "small_area": row["lsoa"],
            "sex": None,
            "age_from": row["age"],
            "age_to": row["age"] + 1 if row["age"] < OLDEST else None,
            "people": row["persons"],
        }
        for row in sorted(read_table("ages", folder), key=lambda row: (row["lsoa"], row["age"]))
    ]
