"""Cut the outlines of one district's small areas down for its pack, and join them to neighbourhoods.

    python scripts/build_boundaries.py AREAS PACK

AREAS is a GeoJSON file of small areas (LSOA 2021) of which those in PACK/areas.csv are taken; PACK is the pack's
folder, whose wards.csv says which neighbourhood each ward lies in. Neighbours share their simplified edges, so that
no gaps open between them. Needs shapely 2.1 or later, which nothing else in Locality does.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

import shapely
from shapely.geometry import mapping, shape

# degrees: about 15 m and 25 m on the ground there; the source is itself drawn to 20 m
AREA_TOLERANCE, NEIGHBOURHOOD_TOLERANCE = 0.0002, 0.0003
PLACES = 5  # decimal places of a degree: about a metre


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def outlines(path: Path, codes: set[str]) -> dict[str, shapely.Geometry]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    found = {_code(feature["properties"]): shape(feature["geometry"]) for feature in features}
    missing = codes - set(found)
    if missing:
        sys.exit(f"{path} has no outline of {', '.join(sorted(missing))}")
    return {code: found[code] for code in sorted(codes)}


def _code(properties: dict[str, str]) -> str:
    return next(value for name, value in properties.items() if name.lower() in ("lsoa21cd", "area_code", "code"))


def simpler(found: dict[str, shapely.Geometry], tolerance: float) -> dict[str, shapely.Geometry]:
    simple = shapely.coverage_simplify(list(found.values()), tolerance=tolerance)
    return dict(zip(found, simple, strict=True))


def joined(found: dict[str, shapely.Geometry], of: dict[str, str]) -> dict[str, shapely.Geometry]:
    parts = defaultdict(list)
    for code, outline in found.items():
        parts[of[code]].append(outline)
    return {name: shapely.coverage_union_all(together) for name, together in sorted(parts.items())}


def write(path: Path, found: dict[str, shapely.Geometry]) -> None:
    features = []
    for code, outline in found.items():
        rounded = shapely.transform(outline, lambda points: points.round(PLACES))
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": mapping(rounded)})
    # one feature a line, so that a fault can be told by its line
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{path.name}: {len(features)} outlines, {path.stat().st_size:,} bytes")


def main() -> None:
    source, pack = Path(sys.argv[1]), Path(sys.argv[2])
    neighbourhood_of_ward = {row["code"]: row["neighbourhood"] for row in rows(pack / "wards.csv")}
    of = {row["code"]: neighbourhood_of_ward[row["ward"]] for row in rows(pack / "areas.csv")}
    areas = outlines(source, set(of))
    write(pack / "areas.geojson", simpler(areas, AREA_TOLERANCE))
    write(pack / "neighbourhoods.geojson", simpler(joined(areas, of), NEIGHBOURHOOD_TOLERANCE))


if __name__ == "__main__":
    main()
