"""The place, its neighbourhoods and organisations, its teams and who works in them. No page here is about a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from locality.access.queries.staff import may_keep_staff
from locality.access.rules import DataClass, may_see_linkage_quality
from locality.base import NotFound, Viewer
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.directory.rules import AboutKind, OrganisationKind
from locality.methods.small_numbers import safe_count
from locality.people.queries.counts import people_held
from locality.population.rules.picture import may_see_picture
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.place import answers, found, words
from locality.web.place.areas import area_measures, lines
from locality.web.place.lists import lists
from locality.web.place.maps import sheet
from locality.web.place.measures import Measure, measures
from locality.web.place.story import story


@needs("read", DataClass.WORK)
@require_GET
def place(request: HttpRequest) -> HttpResponse:
    """How is the place divided, and how do its neighbourhoods differ?"""
    on = _today(request)
    seen = directory.overview(on)
    offered = measures(seen.neighbourhoods)
    given = {
        "seen": seen,
        "answer": answers.place(seen),
        "sheet": sheet(directory.outlines(AboutKind.NEIGHBOURHOOD)),
        "measures": offered,
        "measure": _chosen(request, offered),
        "figures": words.side_by_side(seen.figures),
        "teams": [one for one in directory.teams(on) if one.neighbourhood_id is None],
        "keeps_staff": may_keep_staff(viewer_of(request)),
        "held": _held(viewer_of(request)),
        "sees_picture": may_see_picture(viewer_of(request)),
    }
    return page(request, "place.jinja", given | _on(on))


@needs("read", DataClass.WORK)
@require_GET
def neighbourhood(request: HttpRequest, code: str) -> HttpResponse:
    """What is this neighbourhood, and who looks after it?"""
    on = _today(request)
    seen = directory.overview(on)
    one = next((each for each in seen.neighbourhoods if each.neighbourhood.code == code), None)
    if one is None:
        raise NotFound(f"There is no neighbourhood with the code '{code}'.")
    small = list(directory.areas_of(one.neighbourhood))
    of_areas = directory.figures_about_each(AboutKind.AREA, [area.code for area in small])
    offered = area_measures(small, of_areas)
    chosen = _chosen(request, offered)
    given = {
        "one": one,
        "answer": answers.neighbourhood(one),
        "sheet": sheet(directory.outlines(AboutKind.NEIGHBOURHOOD)),
        "measures": measures(seen.neighbourhoods),
        "figures": words.side_by_side(one.totals),
        "lists": lists(one.practices, _of_practices(one)),
        "areas": lines(small, offered, chosen),
        "area_measures": offered,
        "area_measure": chosen,
        "area_sheet": sheet(directory.outlines(AboutKind.AREA, only=[area.code for area in small])),
        "sees_picture": may_see_picture(viewer_of(request)),
    }
    return page(request, "place_neighbourhood.jinja", given | _on(on))


@dataclass(frozen=True, slots=True)
class Held:
    """How many people are held here, as it may be told: None where so few that it is hidden."""

    people: int | None
    invented: bool


def _held(viewer: Viewer) -> Held | None:
    """For those who see figures of linking, which are about nobody too; nothing for others."""
    if not may_see_linkage_quality(viewer):
        return None
    return Held(people=safe_count(people_held()), invented=bool(settings.DEMO_ACCOUNTS))


def _of_practices(one: directory.NeighbourhoodOverview) -> dict[str, list[Any]]:
    return directory.figures_about_each(AboutKind.ORGANISATION, [practice.code for practice in one.practices])


def _chosen(request: HttpRequest, offered: list[Measure]) -> Measure | None:
    asked = request.GET.get("measure", "")
    return next((one for one in offered if one.code == asked), offered[0] if offered else None)


@needs("read", DataClass.WORK)
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """Which organisation are you looking for?"""
    on, asked = _today(request), request.GET.get("words", "").strip()
    kind = _one_of(OrganisationKind, request.GET.get("kind", ""), otherwise="")
    state = _one_of(found.State, request.GET.get("state", ""), otherwise=found.State.ALL)
    answered = found.organisations(on=on, words=asked, kind=kind, state=state)
    answer = found.answer(answered, words=asked, kind=kind)
    given = {"found": answered, "answer": answer, "words": asked, "kind": kind, "state": state}
    return page(request, "place_organisations.jinja", given)


def _one_of(known: Iterable[str], asked: str, *, otherwise: str) -> str:
    return asked if asked in list(known) else otherwise


@needs("read", DataClass.WORK)
@require_GET
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """What is this organisation, what was before it, and what became of it?"""
    on = _today(request)
    seen = directory.organisation_history(code, on=on)
    given = {
        "seen": seen,
        "answer": answers.organisation(seen, on),
        "story": story(seen, on=on),
        "figures": words.side_by_side(seen.figures),
        "sends": [one for one in directory.sources() if one.organisation_id == seen.organisation.pk],
    }
    return page(request, "place_organisation.jinja", given | _on(on))


@needs("read", DataClass.WORK)
@require_GET
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Who is this team, and whom does it look after?"""
    on = _today(request)
    seen = directory.team_on(code, on=on)
    given = {
        "seen": seen,
        "answer": answers.team(seen),
        "employers": answers.by_employer(seen.members),
        "left": found.left(seen.team, on=on),
    }
    return page(request, "place_team.jinja", given | _on(on))


@needs("read", DataClass.WORK)
@require_GET
def practitioner(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """Who is this, and in which teams do they work?"""
    on = _today(request)
    seen = directory.practitioner_history(practitioner_id)
    now, other = answers.now_and_other(seen.memberships, on)
    given = {"seen": seen, "answer": answers.practitioner(seen, now), "now_in": now, "other": other}
    given["keeps_staff"] = may_keep_staff(viewer_of(request))
    return page(request, "place_practitioner.jinja", given | _on(on))


def _today(request: HttpRequest) -> date:
    return day_of(at_of(request))


def _on(on: date) -> dict[str, Any]:
    """The day of the page, and how its dates and codes are said."""
    return {"on": on, "say": words}
