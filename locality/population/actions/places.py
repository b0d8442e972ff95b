"""The tables of the copy that come from the pack: small areas, and how many people live there. Real figures."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F

from locality.base import NotFound
from locality.directory.models import Area, Figure, Place
from locality.directory.pack import pack_folder, read_table
from locality.directory.rules import AboutKind
from locality.population.actions.writing import write_file
from locality.population.rules import files
from locality.population.rules.columns import TABLES

POPULATION, DEPRIVATION, TENTHS = "population", "deprivation", "decile"
# the pack's ages end here: 90 is 90 and over
OLDEST = 90


def write_places(*, folder: Path, run: str) -> dict[str, dict[int, str]]:
    """Write `places` and `populations` of the place that is run here; returns their files."""
    place = Place.objects.filter(is_default=True).first()
    rows = (
        {"places": _places(place), "populations": _populations(place)} if place else {"places": [], "populations": []}
    )
    found: dict[str, dict[int, str]] = {}
    for name, some in rows.items():
        found[name] = {files.WHOLE: files.file_of(name, files.WHOLE, run)}
        write_file(folder / found[name][files.WHOLE], TABLES[name], some)
    return found


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
        folder = pack_folder(settings.LOCALITY_PLACE or place.code)
    except NotFound:
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
