"""Outlines for the map, as rows that know their file and line. https://www.rfc-editor.org/rfc/rfc7946"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from locality.directory.pack.rows import Fault, Row, file_text
from locality.directory.rules import AboutKind

FILES = {
    "neighbourhoods.geojson": AboutKind.NEIGHBOURHOOD,
    "wards.geojson": AboutKind.WARD,
    "areas.geojson": AboutKind.AREA,
}
SHAPES = ("Polygon", "MultiPolygon")


def boundary_rows(folder: Path, *, shown: str, faults: list[str]) -> list[Row]:
    """Every outline in a pack's GeoJSON files; what cannot be read becomes a fault."""
    rows: list[Row] = []
    for name, kind in FILES.items():
        if (folder / name).exists():
            try:
                rows += _rows(folder / name, kind, shown=f"{shown}/{name}")
            except Fault as fault:
                faults.append(str(fault))
    return rows


def _rows(path: Path, kind: AboutKind, *, shown: str) -> Iterator[Row]:
    text = file_text(path, shown=shown)
    try:
        parsed = json.loads(text)
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise Fault(f"{shown} line {line}: not valid JSON: {error}") from error
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        raise Fault(f"{shown} line 1: must be a GeoJSON FeatureCollection")
    after = 0
    for feature in features:
        code, geometry = _feature(feature, shown=shown)
        # JSON forgets where it was read; a code is found again by looking for it after the one before
        after = max(text.find(json.dumps(code), after), after)
        line = text.count("\n", 0, after) + 1
        if geometry.get("type") not in SHAPES or not geometry.get("coordinates"):
            raise Fault(f"{shown} line {line}: the geometry of {code} must be a {' or a '.join(SHAPES)}")
        yield Row(shown, line, {"about_kind": kind, "about": code, "geometry": geometry})


def _feature(feature: Any, *, shown: str) -> tuple[str, dict[str, Any]]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str) or not isinstance(feature.get("geometry"), dict):
        raise Fault(f'{shown} line 1: each feature needs a geometry and the property "code"')
    return code, feature["geometry"]
