"""Who sends to us, how lately, and what could not be stored."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import DataClass
from locality.directory import queries as directory
from locality.record import actions, queries
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.sources.words import ending_words, sources_words
from locality.web.words import counted


@needs("run", DataClass.WORK)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Who is sending, and who is late?"""
    rows = queries.sources_state(viewer=viewer_of(request), at=at_of(request))
    return page(
        request, "sources.jinja", {"answer": sources_words(rows), "ending": ending_words(rows), "sources": rows}
    )


@needs("run", DataClass.WORK)
@require_GET
def quarantine(request: HttpRequest, code: str) -> HttpResponse:
    """What could not be stored, and why?"""
    asked = request.GET.get("page", "1")
    found = queries.refused(viewer=viewer_of(request), code=code, page=int(asked) if asked.isdecimal() else 1)
    answer = f"{counted(found.total, 'entry', 'entries')} from {found.name} could not be stored"
    given = {"answer": answer if found.total else f"Nothing from {found.name} was refused", "source": found}
    return page(request, "quarantine.jinja", given | {"reasons": found.reasons})


@needs("run", DataClass.WORK)
@require_POST
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """Try again what was refused."""
    actions.retry(source=directory.source(code), by=viewer_of(request))
    return redirect("quarantine", code)


@needs("run", DataClass.WORK)
@require_GET
def quarantine_original(request: HttpRequest, code: str, refused: UUID) -> HttpResponse:
    """What exactly was sent that could not be stored?"""
    entry, text = actions.open_refused(refused=refused, by=viewer_of(request))
    given = {
        "heading": "What was sent, as text",
        "rows": [("Where", entry.place), ("Why it was refused", entry.reason)],
        "original": text,
        "back": (f"Refused from {code}", reverse("quarantine", args=[code])),
    }
    return page(request, "original.jinja", given)
