"""The picture's pages: the place, one subject at a time, one neighbourhood, falls, and how unequal it is."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from locality.access.rules import DataClass
from locality.base import NotFound
from locality.directory import queries as directory
from locality.directory.rules import AboutKind
from locality.population.queries.picture import Told, last_picture
from locality.population.rules.groups import FIFTHS
from locality.population.rules.picture import FIFTH
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.picture import files, indicators, outcomes, words
from locality.web.picture import lines as found
from locality.web.picture.falls import falls as told_falls
from locality.web.picture.falls import share as older_share
from locality.web.picture.unequal import gradients
from locality.web.place.maps import sheet

FALLS = "falls"
NOTHING = "There is nothing of that name in the picture of the neighbourhoods."
NO_NEIGHBOURHOOD = "There is no neighbourhood with the code '{}' in the picture."


@needs("read", DataClass.WORK)
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """What sets each neighbourhood apart?"""
    told = last_picture(viewer=viewer_of(request))
    if told is None:
        return page(request, "picture/none.jinja", {})
    every = [line for topic in found.TITLES for line in found.lines(told, topic)]
    apart = {code: found.apart(every, only=code) for code in told.published.names}
    given = {
        "apart": apart,
        "people": {code: _people(told, code) for code in told.published.names},
        "indicators": indicators.shown(told),
    }
    return page(request, "picture/picture.jinja", given | _shared(told))


@needs("read", DataClass.WORK)
@require_GET
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """How do the neighbourhoods differ in this?"""
    told = last_picture(viewer=viewer_of(request))
    if topic not in dict(TABS):
        raise NotFound(NOTHING)
    if told is None:
        return page(request, "picture/none.jinja", {})
    if topic == FALLS:
        given = _falls(told, request.GET.get("measure", ""))
    else:
        given = SUBJECTS[topic](told) if topic in SUBJECTS else _lines(told, topic)
    template = f"picture/{topic}.jinja" if topic in (*SUBJECTS, FALLS) else "picture/topic.jinja"
    return page(request, template, {"topic": topic, **given} | _shared(told))


@needs("read", DataClass.WORK)
@require_GET
def neighbourhood(request: HttpRequest, code: str) -> HttpResponse:
    """What is this neighbourhood like, beside the whole place?"""
    told = last_picture(viewer=viewer_of(request))
    if told is None:
        return page(request, "picture/none.jinja", {})
    _known(told, code)
    topics = {topic: found.lines(told, topic) for topic in found.TITLES}
    given = {
        "code": code,
        "name": told.published.names[code],
        "people": _people(told, code),
        "apart": found.apart([line for held in topics.values() for line in held], only=code),
        "topics": topics,
        "charts": {topic: words.of_one(held, code) for topic, held in topics.items()},
        "nothing": [name for topic in topics for name in found.nothing(told, topic)],
        "outcomes": outcomes.of_one(told, code),
        "figure": outcomes,
        "falls": next(one for one in told_falls(told).neighbourhoods if one.code == code),
    }
    return page(request, "picture/neighbourhood.jinja", given | _shared(told))


@needs("read", DataClass.WORK)
@require_GET
def topic_table(request: HttpRequest, topic: str) -> HttpResponse:
    """One subject of all neighbourhoods, as a file."""
    told = last_picture(viewer=viewer_of(request))
    if told is None or topic not in files.TABLES:
        raise NotFound(NOTHING)
    return files.file(f"picture-{topic}-{told.on:%Y-%m}.csv", files.TABLES[topic](told))


@needs("read", DataClass.WORK)
@require_GET
def neighbourhood_table(request: HttpRequest, code: str) -> HttpResponse:
    """Everything told of one neighbourhood, as a file."""
    told = last_picture(viewer=viewer_of(request))
    if told is None:
        raise NotFound(NOTHING)
    _known(told, code)
    return files.file(f"picture-{code}-{told.on:%Y-%m}.csv", files.of_one(told, code))


def _lines(told: Told, topic: str) -> dict[str, Any]:
    held = found.lines(told, topic)
    names = dict(told.published.names)
    return {
        "title": found.TITLES[topic],
        "answer": words.answer(found.apart(held), names),
        "lines": [(line, words.by_neighbourhood(line, names)) for line in held],
        "has_real": any(line.real for line in held),
        "nothing": found.nothing(told, topic),
    }


def _outcomes(told: Told) -> dict[str, Any]:
    return {"outcomes": outcomes.shown(told), "not_computed": outcomes.not_computed(told), "figure": outcomes}


def _inequality(told: Told) -> dict[str, Any]:
    fifths = told.safe.whole.tables.get(FIFTH) or {}
    people = {name: each.columns[0] for name, each in fifths.items() if each.columns is not None}
    return {"gradients": gradients(told), "fifths": FIFTHS, "people": people}


def _falls(told: Told, asked: str) -> dict[str, Any]:
    """The map is of one measure at a time: the first, or the one that was asked for."""
    seen = told_falls(told)
    measure = next((one for one in seen.measures if one.code == asked), seen.measures[0] if seen.measures else None)
    outlines = directory.outlines(AboutKind.AREA)
    outlines["features"] += directory.outlines(AboutKind.NEIGHBOURHOOD)["features"]
    drawn = sheet(outlines, named=told.published.names)
    shapes = drawn.shapes if drawn else ()
    return {
        "falls": seen,
        "measure": measure,
        "sheet": drawn,
        "areas_drawn": [one for one in shapes if one.code not in told.published.names],
        "borders": [one for one in shapes if one.code in told.published.names],
        "older_share": older_share,
    }


SUBJECTS: dict[str, Callable[[Told], dict[str, Any]]] = {"outcomes": _outcomes, "inequality": _inequality}


def _known(told: Told, code: str) -> None:
    if code not in told.published.names:
        raise NotFound(NO_NEIGHBOURHOOD.format(code))


def _people(told: Told, code: str) -> int | None:
    one = (told.safe.whole.tables.get("neighbourhood") or {}).get(code)
    return one.columns[0] if one is not None and one.columns is not None else None


def _shared(told: Told) -> dict[str, Any]:
    whole = told.safe.whole.total.columns
    return {
        "told": told,
        "say": words,
        "names": told.published.names,
        "whole_people": whole[0] if whole else None,
        "is_invented": bool(settings.DEMO_ACCOUNTS),
        "tabs": TABS,
    }


TABS = (
    *((topic, title) for topic, title in found.TITLES.items()),
    ("outcomes", "Outcomes"),
    ("inequality", "Inequality"),
    (FALLS, "Falls"),
)
