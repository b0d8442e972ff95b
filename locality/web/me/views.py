"""The person's own pages about who looked at their record."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from locality.access.actions import looking
from locality.access.actions.looking import Own
from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.neighbourhoods.queries import untold
from locality.web.asked_days import as_asked, asked_of
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted, day

own = needs("read", DataClass.AUD, people=True, practitioners=False)
own_act = needs("act", DataClass.AUD, people=True, practitioners=False)


@own
@require_GET
def who_looked(request: HttpRequest) -> HttpResponse:
    """Who looked at my record?"""
    asked = asked_of(request)
    viewer = viewer_of(request)
    mine = looking.own(asked=asked, by=viewer, untold=untold.lookers_untold(viewer=viewer))
    return page(
        request,
        "me/who_looked.jinja",
        {"answer": _answer(mine, viewer), "mine": mine, "again": as_asked(asked)},
    )


@own
@require_GET
def who_looked_print(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    viewer, asked = viewer_of(request), asked_of(request)
    hidden = untold.lookers_untold(viewer=viewer)
    mine = looking.own(asked=asked, by=viewer, what="looked.printed", untold=hidden)
    given = {"answer": _answer(mine, viewer), "found": mine.found, "printed_by": viewer.name, "again": as_asked(asked)}
    return page(request, "me/who_looked_print.jinja", given)


@own_act
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """This looks wrong: ask."""
    told = request.POST if request.method == "POST" else request.GET
    on, by = _day(told.get("on", "")), _id(told.get("by", ""))
    words, errors = told.get("words", "").strip(), []
    if request.method == "POST":
        try:
            looking.ask(words=words, looked_by=by, looked_on=on, by=viewer_of(request))
        except Refused as refused:
            errors = [("words", str(refused))]
        else:
            return redirect("me_who_looked")
    given = {"on": on, "by": by or "", "who": told.get("who", "")[:200], "words": words, "errors": errors}
    return page(request, "me/ask.jinja", given, status=422 if errors else 200)


def _answer(mine: Own, viewer: Viewer) -> str:
    found, whose = mine.found, f"{viewer.acts_for_name}\u2019s" if viewer.acts_for else "your"
    span = f"from {day(found.asked.since)} to {day(found.asked.until)}"
    if not found.people:
        return f"Nobody is listed as having looked at {whose} record {span}"
    return f"{counted(found.people, 'person', 'people')} looked at {whose} record {span}"


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
