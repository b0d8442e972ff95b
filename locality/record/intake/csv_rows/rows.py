"""One row as FHIR resources, and as it was written."""

import base64
from typing import Any

import msgspec

from locality.base.ids import named_id
from locality.record.intake.csv_rows.cells import BadCell, Cell, Row, instant, key_of, resource_id
from locality.record.intake.csv_rows.mapping import Path, Recipe, Sheet

CSV = "text/csv; charset=utf-8"
# sorted, so that the same row gives the same bytes; numbers as written in the sheet
ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="number")

Json = dict[str, Any]


def written(resource: Json) -> bytes:
    """The resource as JSON, always in the same bytes."""
    return ENCODER.encode(resource)


def resources(sheet: Sheet, row: Row, *, as_written: str) -> list[Json]:
    """What a row becomes, and last the row itself as a Binary; raise BadCell when any of it cannot be read."""
    made = [_made(recipe, row) for recipe in sheet.recipes if _applies(recipe, row)]
    if not made:
        raise BadCell("No part of the mapping applies to this row.")
    binary = {
        "resourceType": "Binary",
        "id": str(named_id("csv", "Binary", as_written)),
        "contentType": CSV,
        "data": base64.b64encode(as_written.encode()).decode(),
        **_security_context(made),
    }
    meta = {"source": f"Binary/{binary['id']}"}
    if sheet.as_at and (at := instant(sheet.as_at.read(row))):
        meta["lastUpdated"] = at
    return [{**one, "meta": {**meta, **one.get("meta", {})}} for one in (*made, binary)]


def _security_context(made: list[Json]) -> Json:
    """The patient whom the row is about, so that the row is kept as carefully as what came of it."""
    for one in made:
        if one["resourceType"] == "Patient":
            return {"securityContext": {"reference": f"Patient/{one['id']}"}}
    for one in made:
        for name in ("subject", "patient", "beneficiary"):
            if isinstance(one.get(name), dict) and "reference" in one[name]:
                return {"securityContext": {"reference": one[name]["reference"]}}
    return {}


def _applies(recipe: Recipe, row: Row) -> bool:
    return all(row[key] and (not known or key_of(row[key]) in known) for key, known in recipe.when.items())


def _made(recipe: Recipe, row: Row) -> Json:
    name = recipe.id.read(row)
    if name is None:
        empty = next(column for key, column in recipe.id.columns.items() if not row[key])
        raise BadCell(f'The column "{empty}" is empty, and it names the {recipe.kind}.')
    values = {path: value for path, one in recipe.fields.items() if (value := one.read(row)) is not None}
    return {
        **_nested(_without_empty_parts(recipe.fields, values)),
        "resourceType": recipe.kind,
        "id": resource_id(recipe.kind, name),
    }


def _without_empty_parts(fields: dict[Path, Cell], values: dict[Path, Any]) -> dict[Path, Any]:
    """Fixed values stay only in parts that have something to say: a system without its number says nothing."""
    waiting = {part for path, one in fields.items() if one.columns for part in _parts(path)}
    filled = {part for path in values if fields[path].columns for part in _parts(path)}
    empty = waiting - filled
    return {path: value for path, value in values.items() if not any(part in empty for part in _parts(path))}


def _parts(path: Path) -> list[Path]:
    return [path[:end] for end in range(1, len(path))]


def _nested(values: dict[Path, Any]) -> Json:
    """Paths and values as one structure; places in lists close up where one was left out."""
    tree: dict[str | int, Any] = {}
    for path, value in values.items():
        branch = tree
        for part in path[:-1]:
            branch = branch.setdefault(part, {})
        branch[path[-1]] = value
    return {str(name): _closed(part) for name, part in tree.items()}


def _closed(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    if part and all(isinstance(name, int) for name in part):
        return [_closed(part[place]) for place in sorted(part)]
    return {name: _closed(one) for name, one in part.items()}
