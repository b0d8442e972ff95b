"""The tables of the picture as files: what the pages show, and nothing more."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.http import HttpResponse

from locality.population.queries.picture import Told
from locality.population.rules.comparing import Compared
from locality.web.picture import lines as found
from locality.web.picture import outcomes
from locality.web.picture.falls import Place, falls
from locality.web.picture.indicators import shown
from locality.web.picture.lines import Line, Real
from locality.web.picture.unequal import gradients
from locality.web.picture.words import compared

Rows = Iterator[Sequence[object]]
HEAD = ["of", "group", "where", "figures", "count", "out of", "percent", "low", "high", "beside the whole place"]
WHOLE = "the whole place"
REAL = "published"


def record() -> str:
    """What figures of the copy are: on the demo of nobody real."""
    return "synthetic" if settings.DEMO_ACCOUNTS else "from the record"


def file(name: str, rows: Rows) -> HttpResponse:
    """Rows as a file to be kept."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def of_one(told: Told, code: str) -> Rows:
    """One neighbourhood, every subject."""
    yield HEAD
    for topic, title in found.TITLES.items():
        for line in found.lines(told, topic):
            yield from _line(told, title, line, only=code)
    for one, part in outcomes.of_one(told, code):
        figures = [part.count, part.of, part.value, part.low, part.high, part.place]
        yield [one.outcome.unit, one.outcome.name, told.published.names[code], record(), *map(_or_blank, figures)]


def _topic(topic: str) -> Callable[[Told], Rows]:
    def rows(told: Told) -> Rows:
        yield HEAD
        for line in found.lines(told, topic):
            yield from _line(told, found.TITLES[topic], line)

    return rows


def _line(told: Told, title: str, line: Line, *, only: str = "") -> Rows:
    of = line.under or title
    yield [of, line.name, WHOLE, record(), *_figures(line.whole), ""]
    if line.real_whole:
        yield [of, line.name, WHOLE, REAL, *_figures(line.real_whole), ""]
    for code, name in told.published.names.items():
        if only in ("", code):
            yield [of, line.name, name, record(), *_figures(line.of[code]), compared(line.of[code])]
            if code in line.real:
                yield [of, line.name, name, REAL, *_figures(line.real[code]), ""]


def _figures(one: Compared | Real) -> list[object]:
    if one.share is None or one.low is None or one.high is None:
        return ["kept back", "", "", "", ""]
    return [one.count, one.of, *(round(value, 2) for value in (one.share, one.low, one.high))]


def _outcomes(told: Told) -> Rows:
    yield ["measure", "unit", "where", "figures", "count", "out of", "value", "low", "high", "as the standard's ages",
           "beside the whole place"]  # fmt: skip
    for one in outcomes.shown(told):
        for name, part in ((WHOLE, one.whole), *((told.published.names[code], each) for code, each in one.of.items())):
            figures = [part.count, part.of, part.value, part.low, part.high, part.standardised, part.place]
            yield [
                one.outcome.name,
                one.outcome.unit,
                name,
                record(),
                *("" if figure is None else figure for figure in figures),
            ]


def _inequality(told: Told) -> Rows:
    yield ["what", "unit", "figures", "fifth", "value", "low", "high", "slope", "slope low", "slope high",
           "relative index", "concentration index"]  # fmt: skip
    for one in gradients(told):
        slopes = [_or_blank(value) for value in (one.slope, one.low, one.high, one.relative, one.concentration)]
        for fifth in one.fifths:
            values = [_or_blank(value) for value in (fifth.value, fifth.low, fifth.high)]
            yield [one.name, one.unit, record(), fifth.name, *values, *slopes]


def _falls(told: Told) -> Rows:
    seen, whose = falls(told), record()
    yield ["what", "code", "name", "in", "residents (published)", "65 and over (published)", "80 and over (published)",
           "target", f"people ({whose})", f"65 and over ({whose})", f"fell ({whose})"]  # fmt: skip
    for what, places in (("neighbourhood", seen.neighbourhoods), ("small area", seen.areas), ("ward", seen.wards)):
        for one in places:
            yield [what, one.code, one.name, one.within, *_published(one), one.code in seen.targets,
                   _or_blank(one.older.of), _or_blank(one.older.count), _or_blank(one.fallen.count)]  # fmt: skip


def _published(one: Place) -> list[object]:
    return ["", "", ""] if one.real is None else [one.real.estimated, one.real.older, one.real.oldest]


def _indicators(told: Told) -> Rows:
    yield ["indicator", "who", "unit", "area", "period", "value", "origin"]
    for one in shown(told):
        for area, figures in one.figures.items():
            for period, figure in zip(one.periods, figures, strict=True):
                yield [one.name, one.who, one.unit, area, period, figure, one.origin]


def _or_blank(value: float | str | None) -> object:
    return "" if value is None else round(value, 4) if isinstance(value, float) else value


TABLES: dict[str, Callable[[Told], Rows]] = {
    **{topic: _topic(topic) for topic in found.TITLES},
    "outcomes": _outcomes,
    "inequality": _inequality,
    "falls": _falls,
    "published": _indicators,
}
