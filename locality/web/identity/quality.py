"""How well patients are linked: what was last measured, as figures about groups. Nobody is on this page."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from locality.access.rules import DataClass, may_see_linkage_quality
from locality.base import NoAccess, NotFound, Viewer
from locality.methods.linkage_figures import tables
from locality.people.queries import quality as queries
from locality.web.guard import needs, viewer_of
from locality.web.identity import quality_words as words
from locality.web.pages import page

BEFORE = 12
# the box that a mark is drawn in; the left and right edges keep a dot whole
WIDTH, EDGE = 220, 6


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value and its interval lie in the box."""

    low: float
    at: float
    high: float


def mark(one: Mapping[str, Any], *, most: float, missing: bool = False) -> Mark | None:
    """A share's place on a scale from nought to `most`; with `missing`, of what the share leaves."""
    if one["value"] is None:
        return None
    low, at, high = one["low"], one["value"], one["high"]
    if missing:
        low, at, high = 1 - high, 1 - at, 1 - low
    return Mark(*(round(EDGE + (WIDTH - 2 * EDGE) * min(1.0, value / most), 1) for value in (low, at, high)))


@needs("run", DataClass.WORK)
@require_GET
def linkage_quality(request: HttpRequest) -> HttpResponse:
    """How well are patients linked, and as well for everybody?"""
    viewer = viewer_of(request)
    _may(viewer)
    kept = queries.latest()
    whole = next((one for one in kept if "overall" in one.figures), None)
    review = next((one for one in kept if "states" in one.figures), None)
    given = {
        "answer": words.answer(whole.figures if whole else None),
        "whole": whole,
        "review": review,
        "newest": kept[0] if kept else None,
        "headlines": words.headlines(whole.figures) if whole else [],
        "aspects": [_aspect(one) for one in whole.figures["by"]] if whole else [],
        "bands": _bands((whole or kept[0]).figures) if kept else [],
        "queue": kept[0].figures["queue"] if kept else None,
        "deciding": words.deciding(kept[0].figures["deciding"]) if kept else "",
        "before": queries.measured_before(whole, most=BEFORE) if whole else [],
        "words": words,
        "mark": mark,
        "width": WIDTH,
    }
    return page(request, "identity/quality.jinja", given)


@needs("run", DataClass.WORK)
@require_GET
def linkage_quality_table(request: HttpRequest, measure: UUID, name: str) -> HttpResponse:
    """One of the figures' tables, to take away."""
    _may(viewer_of(request))
    kept = next((one for one in queries.latest() if one.pk == measure), None)
    found = tables(kept.figures).get(name) if kept else None
    if found is None:
        raise NotFound(
            "There is no such table of the last measure. It may have been measured anew: open the page again."
        )
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([found[0], *found[1]])
    response = HttpResponse(lines.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="linkage-{name}.csv"'
    return response


def _may(viewer: Viewer) -> None:
    if not may_see_linkage_quality(viewer):
        raise NoAccess(
            "How well patients are linked is for the identity custodian, analysts and administrators. It names nobody,"
            " and they may tell you what it says."
        )


@dataclass(frozen=True, slots=True)
class Aspect:
    """One way to part people, and the scale that its groups' misses are drawn on."""

    title: str
    against: str
    left_out: int
    groups: list[Mapping[str, Any]]
    most: float


def _aspect(one: Mapping[str, Any]) -> Aspect:
    ends = [1 - group["recall"]["low"] for group in one["groups"] if group["recall"]["value"] is not None]
    return Aspect(one["aspect"], one["against"], one["left_out"], one["groups"], most=_round_up(max(ends, default=1.0)))


def _round_up(share: float) -> float:
    """A little more than a share, as a number that is easily read: 0.013 is drawn on a scale up to 0.02."""
    steps = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    return next((step for step in steps if share <= step), 1.0)


def _bands(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """From the highest probability down: what was said, and what was so."""
    return list(reversed(figures["calibration"]))
