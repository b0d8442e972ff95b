"""The map: outlines in degrees become paths on a small flat sheet, each with a spot where its name fits."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

# in the sheet's own units: the style sheet gives them a size
WIDTH, EDGE = 400.0, 6.0
SCAN_LINES = 24

Degrees = Sequence[Sequence[float]]
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline on the sheet, and the middle of its widest part."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Flat:
    """From degrees to the sheet: a borough is small enough for the earth to be flat."""

    west: float
    north: float
    narrow: float
    scale: float

    def spot(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where on the sheet a point of the earth lies."""
        return EDGE + (longitude - self.west) * self.narrow * self.scale, EDGE + (self.north - latitude) * self.scale


@dataclass(frozen=True, slots=True)
class Sheet:
    """A map without tiles: shapes in a box of this width and height, and how degrees came onto it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    flat: Flat


def sheet(outlines: Mapping[str, Any], *, named: Collection[str] | None = None) -> Sheet | None:
    """The outlines of a GeoJSON FeatureCollection on one sheet, north up; nothing when there is none.

    named: the codes of those that get a spot for words, where not all do: finding it takes longest.
    """
    found = [(one["properties"], _outlines(one["geometry"])) for one in outlines["features"]]
    if not found:
        return None
    flat, height = _flattened([point for _, rings in found for ring in rings for point in ring])
    shapes = []
    for told, rings in found:
        is_named = named is None or told["code"] in named
        shapes.append(_shape(told, [[flat.spot(*point[:2]) for point in ring] for ring in rings], is_named))
    return Sheet(width=WIDTH, height=height, shapes=tuple(shapes), flat=flat)


def _outlines(geometry: Mapping[str, Any]) -> list[Degrees]:
    if geometry["type"] == "Polygon":
        return list(geometry["coordinates"])
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


def _flattened(points: Degrees) -> tuple[Flat, float]:
    west, east = min(point[0] for point in points), max(point[0] for point in points)
    south, north = min(point[1] for point in points), max(point[1] for point in points)
    # a degree of longitude is shorter than one of latitude, the more so the further from the equator
    narrow = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * EDGE) / ((east - west) * narrow)
    return Flat(west=west, north=north, narrow=narrow, scale=scale), round((north - south) * scale + 2 * EDGE, 1)


def _shape(told: Mapping[str, Any], rings: list[Ring], is_named: bool) -> Shape:
    x, y = _spot(max(rings, key=_size)) if is_named else rings[0][0]
    path = "".join(f"M{_words(ring[0])}L{' '.join(_words(point) for point in ring[1:])}Z" for ring in rings)
    return Shape(code=told["code"], name=told["name"], path=path, x=round(x, 1), y=round(y, 1))


def _words(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _size(ring: Ring) -> float:
    turns = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in turns)) / 2


def _spot(ring: Ring) -> tuple[float, float]:
    """Where a line of words fits best: the middle of the widest way across, not too near the top or the foot."""
    top, foot = min(y for _, y in ring), max(y for _, y in ring)
    best = (0.0, ring[0])
    for line in range(1, SCAN_LINES):
        share = line / SCAN_LINES
        y = top + (foot - top) * share
        for left, right in _across(ring, y):
            room = (right - left) * (1 - abs(share - 0.5))
            best = max(best, (room, ((left + right) / 2, y)))
    return best[1]


def _across(ring: Ring, y: float) -> Iterator[tuple[float, float]]:
    """The stretches of one line that lie inside."""
    crossings = sorted(
        x + (y - from_y) * (next_x - x) / (next_y - from_y)
        for (x, from_y), (next_x, next_y) in zip(ring, ring[1:] + ring[:1], strict=True)
        if (from_y <= y) != (next_y <= y)
    )
    return zip(crossings[::2], crossings[1::2], strict=True)
