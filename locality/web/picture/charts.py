"""Dots with their intervals on one scale, drawn here: each chart stands over the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from locality.methods.funnel import Place

# in the sheet's own units: the style sheet gives it a size
WIDTH, EDGE, SCALE_HEIGHT = 360.0, 12.0, 24.0
ROW = 40.0
# of the row: where its words stand, and where its dot lies
WORDS_AT, DOT_AT = 15.0, 28.0
HIGHER, LOWER, SAME = "higher", "lower", "same"
# a shape of its own for what words call higher or lower, without "perhaps"
MARKS = {Place.FAR_HIGH: HIGHER, Place.FAR_LOW: LOWER}


@dataclass(frozen=True, slots=True)
class Spot:
    """One figure to draw: its words and its value in them, None where it is kept back; beside it that of the whole."""

    words: str
    value: float | None
    low: float | None = None
    high: float | None = None
    said: str = "kept back"
    whole: float | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart, in the sheet's units; `mark` says the shape of the dot."""

    spot: Spot
    y: float
    x: float | None = None
    low: float | None = None
    high: float | None = None
    whole: float | None = None
    mark: str = SAME


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines under each other on one scale that begins with nought."""

    height: float
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    foot: float
    width: float = WIDTH


def chart(spots: Sequence[Spot], *, unit: str = "%") -> Chart | None:
    """Draw figures under each other; nothing where all are kept back."""
    tops = [one for spot in spots for one in (spot.value, spot.high, spot.whole) if one is not None]
    if not any(spot.value is not None for spot in spots):
        return None
    top = _rounded_up(max(tops))
    foot = ROW * len(spots)

    def across(value: float | None) -> float | None:
        return None if value is None else round(EDGE + (WIDTH - 2 * EDGE) * min(value, top) / top, 1)

    lines = tuple(
        Line(
            spot,
            y=round(at * ROW, 1),
            x=across(spot.value),
            low=across(spot.low),
            high=across(spot.high),
            whole=across(spot.whole),
            mark=SAME if spot.place is None else MARKS.get(spot.place, SAME),
        )
        for at, spot in enumerate(spots)
    )
    ticks = tuple((across(part * top) or EDGE, _tick(part * top, unit)) for part in (0.0, 0.5, 1.0))
    return Chart(foot + SCALE_HEIGHT, lines, ticks, foot)


def _rounded_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8 or 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(power * step for step in (1, 2, 4, 6, 8, 10) if value <= power * step)


def _tick(value: float, unit: str) -> str:
    return f"{value:,.0f}{unit}" if value == round(value) else f"{value:,.1f}{unit}"
