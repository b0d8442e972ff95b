"""One meeting of a class at the door, cancelling it; one person's place and what was measured."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import DataClass
from locality.base import Refused
from locality.neighbourhoods.actions import course_sessions
from locality.neighbourhoods.queries.course_shapes import OnePlace
from locality.neighbourhoods.rules.courses import When
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.access.words import glass_of
from locality.web.courses import forms, views, words
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted


@needs("read", DataClass.WORK)
@require_GET
def door(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Who came?"""
    return _door(request, session_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def attended(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """These came, these did not."""
    form = Form(request.POST.dict())
    came = forms.said_at_the_door(dict(form.typed))
    if not came:
        form.errors.append(("door", "Say of somebody whether they came."))
        return _door(request, session_id, form)
    try:
        many = course_sessions.note_attendance(session=session_id, came=came, by=viewer_of(request))
    except Refused as refused:
        return _door(request, session_id, form, refused)
    said = f"{counted(many, 'person', 'people')} written down." if many else "It says so already."
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("class_door", session_id)


@needs("act", DataClass.WORK)
@require_POST
def cancelled(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """It is not held."""
    form = Form(request.POST.dict())
    why = form.words("why", needed=course_sessions.SAY_WHY)
    if form.errors:
        return _door(request, session_id, form)
    try:
        told = course_sessions.cancel(session=session_id, why=why, by=viewer_of(request))
    except Refused as refused:
        return _door(request, session_id, form, refused, at="why")
    said = f"Cancelled. {counted(told.at_once, 'person is', 'people are')} told by text."
    if told.by_letter:
        letters = counted(told.by_letter, "letter waits", "letters wait")
        said += f" {letters} in the outbox to be posted: ring them where it is soon."
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("class_door", session_id)


@needs("act", DataClass.WORK)
@require_POST
def put_back(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """It is held after all."""
    try:
        course_sessions.put_back(session=session_id, by=viewer_of(request))
    except Refused as refused:
        return _door(request, session_id, Form({}), refused)
    said = "It is held after all. Whoever was told that it is not has to be rung."
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("class_door", session_id)


def _door(
    request: HttpRequest, session_id: UUID, form: Form, refused: Refused | None = None, *, at: str = "door"
) -> HttpResponse:
    if refused is not None:
        refusals.write_down(request, refused)
        form.errors.append((at, str(refused)))
    found = course_sessions.open_door(session=session_id, by=viewer_of(request))
    given = {"door": found, "form": form, "say": words, "now": at_of(request), "doors": course_sessions.DOORS}
    return page(request, "courses/door.jinja", given, status=422 if form.errors else 200)


@needs("read", DataClass.WORK)
@require_GET
def place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """How does the class go for them?"""
    return _place(request, place_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def measured(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """This was measured."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    said = forms.measured(form, viewer=viewer)
    if said is None:
        return _place(request, place_id, form)
    measure, when, value, on = said
    return views.done(
        request,
        lambda: course_sessions.note_measure(place=place_id, measure=measure, when=when, value=value, on=on, by=viewer),
        "Written down.",
        otherwise=lambda refused: _place(request, place_id, form, refused),
        to=("class_place", place_id),
    )


def _place(request: HttpRequest, place_id: UUID, form: Form, refused: Refused | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    if refused is not None:
        refusals.write_down(request, refused)
        form.errors.append(("value", str(refused)))
    found, grant = course_sessions.open_place(place=place_id, by=viewer)
    given = {
        "one": found,
        "about": face(grant=grant, at=viewer.at),
        "glass": glass_of(grant),
        "table": _table(found),
        "form": form,
        "measures": [(value, said) for value, said, _ in forms.MEASURE],
        "when": forms.WHEN,
        "say": words,
        "now": viewer.at,
    }
    return page(request, "courses/place.jinja", given, status=422 if form.errors else 200)


def _table(one: OnePlace) -> list[tuple[str, str, str, str]]:
    """Each measure with its hint, before and after; "not measured" where it was not."""
    said = {(row.measure, row.when): words.number(row.value, row.measure) for row in one.measured}
    return [
        (told.words, told.hint, said.get((measure, When.BEFORE), ""), said.get((measure, When.AFTER), ""))
        for measure, told in words.measures.items()
    ]
