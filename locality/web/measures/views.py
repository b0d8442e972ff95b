"""How is the place doing? Figures that were worked out beforehand and may be told; nothing is worked out here."""

import csv
import io
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from locality.access.rules import DataClass
from locality.base import NotFound
from locality.population.queries.copy import pack
from locality.population.queries.kept import kept_measures
from locality.population.queries.measures import Published, known_here
from locality.population.rules.kept import Kept
from locality.population.rules.measures import Measure
from locality.population.rules.telling import Figures
from locality.web.guard import needs, viewer_of
from locality.web.measures import rows, words
from locality.web.pages import page


@needs("read", DataClass.WORK)
@require_GET
def measures(request: HttpRequest) -> HttpResponse:
    """Which figures of the place changed, and which miss their target?"""
    kept = kept_measures(viewer=viewer_of(request))
    known, beside = _known()
    asked = " ".join(request.GET.get("words", "").split())[:100]
    found = rows.found(known, beside, kept, asked=asked)
    answer = rows.answer(found, asked=asked, has_figures=kept is not None)
    return page(request, "measures/list.jinja", {"found": found, "answer": answer, "words": asked} | _of(kept))


@needs("read", DataClass.WORK)
@require_GET
def measures_table(request: HttpRequest) -> HttpResponse:
    """Every measure with its figure, as a file."""
    kept = kept_measures(viewer=viewer_of(request))
    known, beside = _known()
    head = ["area", "measure", "figure", "unit", "over time", "target", "target expected", "better", "period", "data"]
    lines = []
    for name, one in known.items():
        row = rows.row(one, kept, published=name in beside)
        signs = [sign.words if sign else "" for sign in (row.variation, row.assurance)]
        target = one.target.says if one.target else ""
        told = [one.area, one.name, row.told or row.reason, row.unit, signs[0], target, signs[1], str(one.better)]
        lines.append([*told, words.period(kept.until) if kept else "", _data(kept)])
    return _file("measures.csv", [head, *sorted(lines)])


@needs("read", DataClass.WORK)
@require_GET
def measure(request: HttpRequest, name: str) -> HttpResponse:
    """What does this measure say, and how sure is it?"""
    kept = kept_measures(viewer=viewer_of(request))
    one, published = _one(name)
    figures, reason = rows.told(one, kept)
    shown = rows.shown(one, figures, kept.names) if figures and kept else None
    given = {"one": one, "shown": shown, "reason": reason, "published": published, "latest": rows.LATEST}
    return page(request, "measures/one.jinja", given | _of(kept))


@needs("read", DataClass.WORK)
@require_GET
def months_table(request: HttpRequest, name: str) -> HttpResponse:
    """The chart of a measure, as a file."""
    kept = kept_measures(viewer=viewer_of(request))
    one, _ = _one(name)
    shown = rows.shown(one, _figures(one, kept), {})
    head = ["month", one.unit, "mean", "lower limit", "upper limit", "special cause", "rule", "data"]
    told = [[m.words, m.told, m.mean, m.low, m.high, m.kind, m.rules, _data(kept)] for m in shown.months]
    return _file(f"{name}-months.csv", [head, *told])


@needs("read", DataClass.WORK)
@require_GET
def groups_table(request: HttpRequest, name: str) -> HttpResponse:
    """The groups of a measure, as a file."""
    kept = kept_measures(viewer=viewer_of(request))
    one, _ = _one(name)
    shown = rows.shown(one, _figures(one, kept), kept.names if kept else {})
    head = ["by", "group", one.unit, "95% interval", "counted", "as if ages were alike", "beside the whole", "data"]
    whole = ["everybody", "", shown.value or words.KEPT, shown.interval, shown.counted, shown.standardised, ""]
    told = [
        [way.words, line.name, line.told, line.interval, line.counted, line.standardised, line.place, _data(kept)]
        for way in shown.ways
        for line in way.lines
    ]
    return _file(f"{name}-groups.csv", [head, [*whole, _data(kept)], *told])


@needs("read", DataClass.WORK)
@require_GET
def published_table(request: HttpRequest, name: str) -> HttpResponse:
    """What is published of the real place beside a measure, as a file."""
    kept_measures(viewer=viewer_of(request))
    _, published = _one(name)
    head = ["series", "period", "place", "region", "England", "unit", "in what it differs", "published by", "data"]
    lines = [
        [one.name, period, *("" if told is None else str(told) for told in figures), *_said(one)]
        for one in published
        for period, *figures in one.rows
    ]
    return _file(f"{name}-published.csv", [head, *lines])


# ---- parts


def _known() -> tuple[Mapping[str, Measure], Mapping[str, Sequence[Published]]]:
    known, published, _ = known_here(pack(otherwise=str(settings.LOCALITY_PLACE or "")))
    return known, published


def _one(name: str) -> tuple[Measure, Sequence[Published]]:
    known, published = _known()
    if name not in known:
        raise NotFound("There is no such measure here.")
    return known[name], published.get(name, ())


def _figures(one: Measure, kept: Kept | None) -> Figures:
    figures, reason = rows.told(one, kept)
    if figures is None:
        raise NotFound(f"There are no figures of it. {reason}")
    return figures


def _of(kept: Kept | None) -> dict[str, object]:
    return {"kept": kept, "period": words.period(kept.until) if kept else "", "say": words}


def _said(one: Published) -> list[str]:
    return [one.unit, one.apart, one.origin, "real"]


def _data(kept: Kept | None) -> str:
    return "" if kept is None else "synthetic" if kept.synthetic else "real"


def _file(name: str, lines: list[list[str]]) -> HttpResponse:
    written = io.StringIO()
    csv.writer(written).writerows(lines)
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
