"""The place, how it is divided, and where somebody lives."""

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from locality.base import NotFound
from locality.directory import rules
from locality.directory.models import Area, Boundary, Neighbourhood, Place, Postcode, Ward
from locality.directory.pack import pack_folder
from locality.directory.queries.spans import held_on, in_place
from locality.directory.rules import AboutKind


def place(code: str = "") -> Place:
    """The place of this code, or the default one."""
    found = Place.objects.filter(code=code) if code else Place.objects.filter(is_default=True)
    row = found.first()
    if row is None:
        named = f"'{code}' " if code else ""
        raise NotFound(f"The place {named}is not loaded yet: run `locality load-pack`.")
    return row


def pack_of(place: Place) -> Path:
    """The folder of the pack that a place was loaded from; NotFound where it is there no more."""
    folder = Path(place.folder)
    if place.folder and not (folder / "pack.toml").is_file():
        raise NotFound(f"The pack of {place.name} was loaded from {folder}: bring it back, or load it from elsewhere.")
    return pack_folder(folder if place.folder else place.code)


def neighbourhoods(on: date, *, place: str = "") -> QuerySet[Neighbourhood]:
    """The areas that the place is divided into on a day, by name."""
    return Neighbourhood.objects.filter(in_place(place), held_on(on)).order_by("name")


def areas_of(neighbourhood: Neighbourhood) -> QuerySet[Area]:
    """The small areas that a neighbourhood is made of, by name, each with its ward."""
    return Area.objects.filter(neighbourhood=neighbourhood).select_related("ward").order_by("name", "code")


def neighbourhood_of(postcode: str, *, place: str = "") -> Neighbourhood | None:
    """The neighbourhood in which a postcode lies, in any spacing and case; nothing for one from elsewhere."""
    return neighbourhoods_of([postcode], place=place).get(postcode)


def neighbourhoods_of(postcodes: Iterable[str], *, place: str = "") -> dict[str, Neighbourhood]:
    """The neighbourhoods of many postcodes in one query, by the postcodes as they were asked for."""
    asked = {words: code for words in postcodes if (code := rules.postcode(words))}
    rows = Postcode.objects.filter(in_place(place), code__in=set(asked.values()))
    areas = rows.select_related("neighbourhood")
    found = {row.code: row.neighbourhood for row in areas if row.neighbourhood is not None}
    return {words: found[code] for words, code in asked.items() if code in found}


def outlines(kind: AboutKind, *, only: Collection[str] | None = None, place: str = "") -> dict[str, Any]:
    """The outlines of the neighbourhoods, wards or small areas, each with its code and name: a FeatureCollection.

    All of them, or `only` those of some codes.

    https://www.rfc-editor.org/rfc/rfc7946
    """
    names = _NAMED[kind].objects.filter(in_place(place)).values_list("code", "name")  # type: ignore[attr-defined]
    known = dict(names)
    rows = Boundary.objects.filter(in_place(place), about_kind=kind).order_by("about")
    if only is not None:
        rows = rows.filter(about__in=only)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": row.about, "name": known[row.about]},
                "geometry": row.geometry,
            }
            for row in rows
        ],
    }


_NAMED = {AboutKind.NEIGHBOURHOOD: Neighbourhood, AboutKind.WARD: Ward, AboutKind.AREA: Area}
