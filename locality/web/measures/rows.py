"""What the pages of measures show: a row for each, by area; one with its chart, its groups and what is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from locality.base.words import sort_key
from locality.directory.rules import answering
from locality.methods.spc import Variation
from locality.population.queries.measures import Published
from locality.population.rules.kept import Kept
from locality.population.rules.measures import AREAS, By, Measure
from locality.population.rules.telling import Figure, Figures
from locality.web.measures import charts, words
from locality.web.measures.charts import Bar, Drawing
from locality.web.measures.words import Sign
from locality.web.words import counted

LATEST = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of the list; `reason` says why there is no figure."""

    measure: Measure
    told: str
    unit: str
    variation: Sign | None
    assurance: Sign | None
    reason: str
    published: bool


@dataclass(frozen=True, slots=True)
class Area:
    """The measures of one area: those that are worked out, and those that are not."""

    name: str
    told: tuple[Row, ...]
    not_told: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by area; `read_as` where nothing is called exactly that."""

    areas: tuple[Area, ...]
    total: int
    read_as: str


def found(
    known: Mapping[str, Measure], beside: Mapping[str, Sequence[Published]], kept: Kept | None, *, asked: str
) -> Found:
    """The measures that answer to the words, by area; all of them without words."""
    searched = {name: sort_key(_searched(one)) for name, one in known.items()}
    answered, read_as = answering(searched, words=sort_key(asked).split())
    rows = [row(known[name], kept, published=name in beside) for name in answered]
    named = dict.fromkeys([*AREAS, *sorted(one.area for one in known.values())])
    areas = (
        Area(
            name,
            tuple(one for one in rows if one.measure.area == name and not one.reason),
            tuple(one for one in rows if one.measure.area == name and one.reason),
        )
        for name in named
    )
    return Found(tuple(one for one in areas if one.told or one.not_told), len(rows), read_as)


def _searched(one: Measure) -> str:
    return " ".join([one.id, one.name, one.says, one.area, one.unit, *(said for said, _ in one.promises)])


def row(one: Measure, kept: Kept | None, *, published: bool) -> Row:
    """One measure with what was kept of it."""
    figures, reason = told(one, kept)
    if figures is None:
        return Row(one, "", "", None, None, reason, published)
    whole = words.value(one, figures.whole.value) or words.KEPT
    signs = words.variation(figures.chart), words.assurance(figures.chart)
    return Row(one, whole, words.unit(one), *signs, "", published)


def told(one: Measure, kept: Kept | None) -> tuple[Figures | None, str]:
    """What was kept of a measure, or why there is nothing."""
    held = kept.measures.get(one.id) if kept else None
    if held is not None:
        return held.figures, held.reason
    return None, one.not_computed or "Not worked out yet."


def answer(shown: Found, *, asked: str, has_figures: bool) -> str:
    """The heading of the list."""
    if asked:
        return f"{counted(shown.total, 'measure')} found for “{asked}”"
    if not has_figures:
        return f"{counted(shown.total, 'measure')}, and no figures yet"
    rows = [one for area in shown.areas for one in area.told]
    better, worse = (
        sum(one.variation is not None and one.variation.kind == kind for one in rows) for kind in ("better", "worse")
    )
    return f"{counted(len(rows), 'measure')}: {better} getting better, {worse} getting worse, beyond chance"


# ---- one measure


@dataclass(frozen=True, slots=True)
class Line:
    """One group, as it may be told."""

    name: str
    told: str
    interval: str
    counted: str
    standardised: str
    place: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Way:
    """A measure parted one way; no lines where a table would give away what must be kept back."""

    by: By
    words: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the chart, for its table and its file."""

    words: str
    told: str
    kind: str
    rules: str
    mean: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One measure with everything that is told of it."""

    whole: Figure
    value: str
    interval: str
    counted: str
    standardised: str
    drawing: Drawing | None
    months: tuple[Month, ...]
    variation: Sign | None
    assurance: Sign | None
    ways: tuple[Way, ...]
    slope: str
    left_out: int | None


KIND_WORDS = {
    Variation.COMMON: "",
    Variation.IMPROVEMENT: "better",
    Variation.CONCERN: "worse",
    Variation.HIGHER: "higher",
    Variation.LOWER: "lower",
}


def shown(one: Measure, figures: Figures, names: Mapping[str, str]) -> Shown:
    """A measure with its chart and its groups. Practices are not among them: they are told where it was agreed."""
    whole, chart = figures.whole, figures.chart
    return Shown(
        whole=whole,
        value=words.value(one, whole.value),
        interval=words.interval(one, whole.low, whole.high),
        counted=words.counted(one, whole),
        standardised=_standardised(one, whole),
        drawing=charts.control_chart(one, figures.months, chart) if chart else None,
        months=_months(one, figures),
        variation=words.variation(chart),
        assurance=words.assurance(chart),
        ways=tuple(_way(one, by, figures, names) for by in words.WAYS if by in figures.by),
        slope=words.slope(one, figures.slope),
        left_out=figures.left_out,
    )


def _way(one: Measure, by: By, figures: Figures, names: Mapping[str, str]) -> Way:
    groups, whole = figures.by[by] or (), figures.whole
    most = max((figure for group in (*groups, whole) for figure in (group.high, group.value) if figure), default=0.0)
    return Way(by, words.WAYS[by], tuple(_line(one, by, group, whole, most, names) for group in groups))


def _line(one: Measure, by: By, group: Figure, whole: Figure, most: float, names: Mapping[str, str]) -> Line:
    name = words.group(by, group.group, names)
    if not group.is_told:
        return Line(name, words.KEPT, "", "", "", "", None)
    return Line(
        name=name,
        told=words.value(one, group.value) or "none counted",
        interval=words.interval(one, group.low, group.high),
        counted=words.counted(one, group),
        standardised=_standardised(one, group),
        place=words.place(group),
        bar=charts.bar(group, whole, most=most),
    )


def _standardised(one: Measure, group: Figure) -> str:
    alike = group.standardised
    return f"{words.value(one, alike.value)} ({words.interval(one, alike.low, alike.high)})" if alike else ""


def _months(one: Measure, figures: Figures) -> tuple[Month, ...]:
    if figures.chart is None:
        return ()
    return tuple(
        Month(
            words=words.month(month),
            told=words.value(one, point.value),
            kind=KIND_WORDS[point.variation],
            rules=", ".join(point.rules),
            mean=words.value(one, point.limits.mean),
            low=words.value(one, max(0.0, point.limits.low)),
            high=words.value(one, point.limits.high),
        )
        for month, point in zip(figures.months, figures.chart.points, strict=True)
    )
