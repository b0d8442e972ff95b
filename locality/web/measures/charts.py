"""Where everything of a control chart lies, and of the bars beside groups: drawn here, without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from locality.methods.spc import Chart, Point, Variation
from locality.population.rules.measures import Kind, Measure
from locality.population.rules.telling import Figure
from locality.web.measures import words

# in the drawing's own units: the style sheet gives it a size
WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 480, 216, 50, 12, 12, 28
BAR = 100
TICKS, EACH_LABEL = 4, 6
KINDS = {
    Variation.COMMON: "common",
    Variation.IMPROVEMENT: "better",
    Variation.CONCERN: "worse",
    Variation.HIGHER: "other",
    Variation.LOWER: "other",
}
# the mark of a month tells without its colour too: a dot, a square, a triangle, a diamond
MARKS = {
    "common": "M{x} {y}m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z",
    "better": "M{x} {y}m-3.8-3.8h7.6v7.6h-7.6z",
    "worse": "M{x} {y}m0-5l5 8.6h-10z",
    "other": "M{x} {y}m0-5l5 5l-5 5l-5-5z",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One month in the drawing."""

    x: float
    y: float
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the drawing at one figure."""

    kind: str
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A control chart in a box of WIDTH by HEIGHT."""

    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - FOOT

    @property
    def path(self) -> str:
        """The line through the months."""
        return " ".join(f"{one.x},{one.y}" for one in self.marks)


def control_chart(measure: Measure, months: Sequence[str], chart: Chart) -> Drawing:
    """The months with their mean, their limits and the target, as Making Data Count draws them."""
    last, least = chart.points[-1], 0.0 if all(one.value >= 0 for one in chart.points) else None
    low = last.limits.low if least is None else max(least, last.limits.low)
    found = [("mean", last.limits.mean), ("limit", last.limits.high), ("limit", low)]
    if measure.target is not None:
        found.append(("target", measure.target.value))
    ticks = _ticks([*(one.value for one in chart.points), *(figure for _, figure in found)])

    def y(figure: float) -> float:
        share = (figure - ticks[0]) / (ticks[-1] - ticks[0])
        return round(HEIGHT - FOOT - share * (HEIGHT - FOOT - TOP), 1)

    across = [
        round(LEFT + 8 + at * (WIDTH - LEFT - RIGHT - 16) / max(1, len(months) - 1), 1) for at in range(len(months))
    ]
    return Drawing(
        marks=tuple(_mark(x, y(one.value), one) for x, one in zip(across, chart.points, strict=True)),
        lines=tuple(Line(kind, y(figure), words.value(measure, figure)) for kind, figure in found),
        ticks=tuple((y(figure), _short(measure, figure)) for figure in ticks),
        labels=tuple((across[at], words.month(months[at])) for at in range(0, len(months) - 2, EACH_LABEL)),
    )


def _mark(x: float, y: float, one: Point) -> Mark:
    kind = KINDS[one.variation]
    return Mark(x, y, kind, MARKS[kind].format(x=x, y=y))


def _ticks(figures: Sequence[float]) -> list[float]:
    """Round figures around all of these, some four apart."""
    low, high = min(figures), max(figures)
    rough = (high - low or abs(high) or 1.0) / TICKS
    power = 10 ** floor(log10(rough))
    step = next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [step * at for at in range(first, max(last, first + 1) + 1)]


def _short(measure: Measure, figure: float) -> str:
    number = f"{figure:,.2f}".rstrip("0").rstrip(".")
    return f"{number}%" if measure.kind is Kind.SHARE else number


@dataclass(frozen=True, slots=True)
class Bar:
    """A group's figure with its interval, and the whole's, on one line of BAR units."""

    at: float
    low: float
    high: float
    whole: float


def bar(one: Figure, whole: Figure, *, most: float) -> Bar | None:
    """Where a group's dot and whiskers lie; None where nothing may be told."""
    if one.value is None or not most:
        return None
    low, high = one.low if one.low is not None else one.value, one.high if one.high is not None else one.value

    def place(figure: float) -> float:
        return round(2 + (BAR - 4) * min(1.0, max(0.0, figure / most)), 1)

    return Bar(at=place(one.value), low=place(low), high=place(high), whole=place(whole.value or 0.0))
