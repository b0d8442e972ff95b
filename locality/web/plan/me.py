"""My plan: what the person, or whoever acts for them, reads of it, and writes in it themselves."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.plan import views

own = needs("read", DataClass.PLAN, people=True, practitioners=False)
own_act = needs("act", DataClass.PLAN, people=True, practitioners=False)


def _grant(request: HttpRequest, what: str = views.PLAN_OPENED) -> Grant:
    viewer = viewer_of(request)
    return open_record(person_id=viewer.acts_for or viewer.id, by=viewer, what=what)


@own
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """What is my plan, and what do I do next?"""
    return page(request, "plan/mine.jinja", views.given_of(request, _grant(request)))


@own
@require_GET
def plain(request: HttpRequest) -> HttpResponse:
    """The same in easy words and large letters, to print."""
    given = views.given_of(request, _grant(request, views.PLAN_PRINTED))
    return page(request, "plan/plain.jinja", given | {"back": reverse("me_plan")})


@own
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Who changed what?"""
    grant = _grant(request)
    given = views.history_of(request, grant)
    return page(request, "plan/history.jinja", given | {"back": reverse("me_plan"), "about": None, "glass": None})


@own_act
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Write my own words, or what I do."""
    return views.written(request, _grant(request), "me_plan")


@own_act
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """What was sent about me is so."""
    return views.confirmed(request, _grant(request), "me_plan")


@own_act
@require_POST
def went(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """I did it, or I did not."""
    return views.said_how_it_went(request, _grant(request), part_id, "me_plan")


@own_act
@require_POST
def undo(request: HttpRequest, part_id: UUID, version: int) -> HttpResponse:
    """Undo the last change of what I wrote."""
    return views.undone(request, _grant(request), part_id, version, "me_plan")
