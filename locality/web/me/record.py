"""What is held of a person, as they, or whoever acts for them, may read it."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from locality.access.actions import open_record
from locality.access.rules import DataClass
from locality.base import Viewer
from locality.neighbourhoods.queries import corrections
from locality.record import queries
from locality.record.queries.releasing import released_things
from locality.record.queries.shapes import Timeline
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import kept_file, page
from locality.web.words import counted

FILE_WORDS = {
    "application/pdf": "a PDF",
    "image/png": "a picture",
    "image/jpeg": "a picture",
    "image/tiff": "a picture",
}
own = needs("read", DataClass.SUM, people=True, practitioners=False)


@own
@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """What is held about me?"""
    viewer, chapter = viewer_of(request), request.GET.get("chapter", "all")
    grant = open_record(person_id=_whose(viewer), by=viewer)
    lines = queries.timeline(grant=grant, at=viewer.at, chapter=chapter, before=request.GET.get("before") or None)
    given = {
        "answer": _answer(lines, viewer),
        "timeline": _more(lines),
        "released": released_things(grant),
        "pronoun": "them" if viewer.acts_for else "you",
    }
    return page(request, "me/record.jinja", given)


def _whose(viewer: Viewer) -> UUID:
    return viewer.acts_for or viewer.id


def _answer(lines: Timeline, viewer: Viewer) -> str:
    about = viewer.acts_for_name if viewer.acts_for else "you"
    total = next(count for code, _, count in lines.chapters if code == "all")
    if not total:
        return f"Nothing is held about {about} that can be shown here"
    return f"{counted(total, 'line')} {'is' if total == 1 else 'are'} held about {about}"


def _more(lines: Timeline) -> Timeline:
    if not lines.more:
        return lines
    return replace(lines, more=f"{reverse('me_record')}?{urlencode({'chapter': lines.chapter, 'before': lines.more})}")


@own
@require_GET
def line(request: HttpRequest, thing: UUID) -> HttpResponse:
    """What does this line say in full?"""
    viewer = viewer_of(request)
    grant = open_record(person_id=_whose(viewer), by=viewer, what="line.opened", about=thing)
    opened = queries.opened(grant=grant, thing=thing)
    asked = corrections.of_person(grant=grant, thing=thing)
    given = {
        "asked": asked,
        "waits": any(one.waits for one in asked),
        "thing": thing,
        "fact": opened.fact,
        "kind": opened.kind,
        "rows": opened.rows,
        "narrative": opened.narrative,
        "texts": [one.text for one in opened.enclosed if one.text],
        "files": [one for one in opened.enclosed if not one.text],
        "file_words": FILE_WORDS,
        "is_released": thing in released_things(grant),
        "at": at_of(request),
    }
    return page(request, "me/line.jinja", given)


@own
@require_GET
def file(request: HttpRequest, thing: UUID, number: int) -> HttpResponse:
    """What this line carries, to keep."""
    viewer = viewer_of(request)
    grant = open_record(person_id=_whose(viewer), by=viewer, what="attachment.opened", about=thing)
    kind, content, name = queries.attachment(grant=grant, thing=thing, number=number)
    return kept_file(content, kind=kind, name=name)
