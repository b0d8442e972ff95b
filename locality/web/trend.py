"""Where the dots of a small trend lie."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

WIDTH, HEIGHT, EDGE = 120, 28, 4


class Point(Protocol):
    at: datetime
    value: float


def dots(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Dots in a box of 120 by 28, spaced by time, oldest first; a flat line lies in the middle."""
    values = [float(point.value) for point in points]
    low, spread = min(values), max(values) - min(values)
    first, seconds = points[0].at, (points[-1].at - points[0].at).total_seconds()
    return [
        (
            round(EDGE + (WIDTH - 2 * EDGE) * share((point.at - first).total_seconds(), seconds), 1),
            round(EDGE + (HEIGHT - 2 * EDGE) * (1 - share(value - low, spread)), 1),
        )
        for point, value in zip(points, values, strict=True)
    ]


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.5
