"""The rows that a pack's files ask for. Ids follow from codes, so no row needs another to be looked up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import models

from locality.base.ids import named_id
from locality.base.words import sort_key
from locality.directory.models import (
    Affiliation,
    Agreement,
    Area,
    Boundary,
    Figure,
    Need,
    Neighbourhood,
    OpeningHours,
    Organisation,
    Place,
    Postcode,
    PracticeNeighbourhood,
    Practitioner,
    Safeguarding,
    Series,
    Service,
    Site,
    Source,
    Successor,
    Team,
    TeamMembership,
    Ward,
)
from locality.directory.pack import PACKS, Pack, Row, file_text
from locality.directory.pack.sections import BY_NAME, Section


class Gone(StrEnum):
    """What becomes of a loaded row that is in the files no more."""

    REFUSED = "refused"  # others point at it: it is ended, never taken out
    REMOVED = "removed"
    REPLACED = "replaced"  # nothing points at it, so it goes before what takes its place comes
    LEFT = "left"  # people also make such rows by hand


@dataclass(frozen=True, slots=True)
class Kind:
    """How one section of a pack stands in the database."""

    section: str
    model: type[models.Model]
    gone: Gone
    place: str = "place"  # the way from a row to its place
    fed: bool = False  # some rows are brought by a directory's file, and are none of the pack's

    @property
    def key(self) -> list[str]:
        """The fields that name a row of this kind; the last word of each way leads to a code, a day or a word."""
        section = BY_NAME[self.section]
        points_at = {column.name for column in section.columns if column.names}
        fields = [(FIELDS.get(name, name), name in points_at) for name in section.key]
        return [f"{name}__code" if points else name for name, points in fields]


# Each kind after those it points at.
KINDS = (
    Kind("organisations", Organisation, Gone.REFUSED, fed=True),
    Kind("successors", Successor, Gone.REMOVED, place="from_organisation__place"),
    Kind("affiliations", Affiliation, Gone.REPLACED, place="member__place"),
    Kind("sites", Site, Gone.REFUSED),
    Kind("hours", OpeningHours, Gone.REPLACED, place="site__place"),
    Kind("needs", Need, Gone.REMOVED),
    Kind("services", Service, Gone.REFUSED, fed=True),
    Kind("neighbourhoods", Neighbourhood, Gone.REFUSED),
    Kind("wards", Ward, Gone.REMOVED),
    Kind("areas", Area, Gone.REMOVED),
    Kind("practices", PracticeNeighbourhood, Gone.REPLACED, place="practice__place"),
    Kind("teams", Team, Gone.REFUSED),
    Kind("safeguarding", Safeguarding, Gone.REMOVED),
    Kind("practitioners", Practitioner, Gone.LEFT),
    Kind("memberships", TeamMembership, Gone.LEFT, place="team__place"),
    Kind("agreements", Agreement, Gone.REFUSED),
    Kind("sources", Source, Gone.REFUSED),
    Kind("postcodes", Postcode, Gone.REMOVED),
    Kind("series", Series, Gone.REMOVED),
    Kind("figures", Figure, Gone.REPLACED, place="series__place"),
    Kind("boundaries", Boundary, Gone.REPLACED),
)

FIELDS = {
    "from": "from_organisation",
    "to": "to_organisation",
    "public": "is_public",
    "trial": "is_trial",
    "free": "is_free",
    "lsoa": "area",
}


def row_id(place: str, section: str, *key: str) -> UUID:
    """The same id for the same codes in the same place, on every machine."""
    return named_id(place, BY_NAME[section].singular, *key)


def wanted_place(pack: Pack) -> Place:
    """The place itself, as its pack says it; which place is the default is not the pack's alone to say."""
    said = pack.place.values
    return Place(
        id=named_id("place", said["code"]),
        **{name: said[name] for name in ("code", "name", "tagline", "header")},
        responsible_team=list(said["responsible_team"]),
        folder="" if pack.folder.parent == PACKS else str(pack.folder.resolve()),
    )


def wanted_rows(kind: Kind, *, pack: Pack, place: Place) -> dict[str, Any]:
    """The rows of one kind, in the order of the files, by what they are called."""
    section = BY_NAME[kind.section]
    derived = DERIVED.get(kind.section, lambda row, pack: {})
    rows: dict[str, Any] = {}
    for row in pack.rows(kind.section):
        key = [str(row.values[part]) for part in section.key]
        values = {**_columns(section, row, place=place), **derived(row, pack)}
        if kind.place == "place":
            values["place_id"] = place.pk
        rows[" ".join([section.singular, *key])] = kind.model(id=row_id(place.code, section.name, *key), **values)
    return rows


def _columns(section: Section, row: Row, *, place: Place) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in section.columns:
        name, value = FIELDS.get(column.name, column.name), row.values[column.name]
        if column.names:
            values[f"{name}_id"] = row_id(place.code, column.names, value) if value else None
        else:
            values[name] = list(value) if isinstance(value, tuple) else value
    return values


def _organisation(row: Row, pack: Pack) -> dict[str, Any]:
    return {"short_name": row.values["short_name"] or row.values["name"]}


def _practitioner(row: Row, pack: Pack) -> dict[str, Any]:
    return {"sort_key": sort_key(f"{row.values['family']} {row.values['given']}")}


def _source(row: Row, pack: Pack) -> dict[str, Any]:
    agreement = next(
        (one.values for one in pack.rows("agreements") if one.values["code"] == row.values["agreement"]), {}
    )
    values = {
        "agreement_purpose": agreement.get("purpose", ""),
        "agreement_starts_on": agreement.get("starts_on"),
        "agreement_ends_on": agreement.get("ends_on"),
    }
    # Kept whole: intake may run where the pack's folder is not.
    path = row.values["mapping"]
    if path:
        values["mapping_text"] = file_text(pack.folder / path, shown=f"{pack.shown}/{path}")
    return values


DERIVED = {"organisations": _organisation, "practitioners": _practitioner, "sources": _source}
