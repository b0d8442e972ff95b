"""Correcting a note, and saying that it is about somebody else."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NotFound, Refused
from locality.base.periods import LONDON
from locality.neighbourhoods.actions import notes
from locality.neighbourhoods.queries import notes as queries
from locality.neighbourhoods.queries.families import person_of_number
from locality.neighbourhoods.rules.notes import FALL_FIELDS, MEASURES, WOUND_FIELDS
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.notes import forms
from locality.web.notes.views import form_of
from locality.web.pages import page
from locality.web.refusals import write_down
from locality.web.words import family_first

CORRECTED = "The note is corrected. What it said before stays with it."
STRUCK = "The note says now that it was about somebody else."
MOVED = "The note stands on the right record now, and is struck here."
BACK = "The note says again what it said."


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person_id: UUID, note_id: UUID) -> HttpResponse:
    """What should it have said, and why?"""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="notes.opened", about=note_id)
    now = queries.note(grant=grant, thing=note_id)
    form = Form(request.POST.dict() if request.method == "POST" else _typed(grant, note_id))
    told = forms.said(form, at=now.happened_at) if request.method == "POST" else None
    files = forms.brought(form, request) if told is not None else []
    if told is not None and not form.errors:
        try:
            notes.correct(
                thing=note_id,
                version=form.version(),
                said=told,
                why=form.words("why"),
                files=files,
                takes_out=forms.ids(request.POST.getlist("takes_out")),
                grant=grant,
                by=viewer,
            )
        except Refused as refused:
            write_down(request, refused)
            form.errors.append(("why" if str(refused) == notes.SAY_WHY else "words", str(refused)))
        else:
            request.session[session.UNDO] = {"words": CORRECTED, "address": ""}
            return redirect("note_opened", person_id, note_id)
    given = form_of(grant, form=form) | {"begun": None, "chosen": [], "correcting": now}
    return page(request, "notes/form.jinja", given, status=422 if form.errors else 200)


def _typed(grant: Grant, note_id: UUID) -> dict[str, str]:
    """A note as its form would have been typed."""
    row = queries.row(grant=grant, thing=note_id)
    happened = row.happened_at.astimezone(LONDON)
    told: dict[str, Any] = {
        "words": row.words,
        "kind": row.kind,
        "on": happened.date().isoformat(),
        "time": f"{happened:%H:%M}",
        "with_whom": row.with_whom,
        "mood": row.mood,
        "on_oxygen": {True: "yes", False: "no"}.get(row.on_oxygen, "") if row.on_oxygen is not None else "",
        "oxygen_scale_2": "yes" if row.oxygen_scale_2 else "",
        "consciousness": row.consciousness,
        "sensitive": "yes" if row.data_class == DataClass.SENS else "",
        "restricted": "yes" if row.restricted_why else "",
        "restricted_why": row.restricted_why,
    }
    told |= {one.name: str(value) for one in MEASURES if (value := getattr(row, one.name)) is not None}
    told |= {f"fall_{name}": (row.fall or {}).get(name, "") for name in FALL_FIELDS}
    return told | {f"wound_{name}": (row.wound or {}).get(name, "") for name in WOUND_FIELDS}


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def another(request: HttpRequest, person_id: UUID, note_id: UUID) -> HttpResponse:
    """Is it about somebody else? Then it says so here, and can be given to whom it is about."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    if request.method == "POST" and form.words("why", needed=notes.SAY_WHY):
        try:
            return _struck(request, person_id, note_id, form)
        except (Refused, NotFound) as refused:
            if isinstance(refused, Refused):
                write_down(request, refused)
            form.errors.append(("number" if isinstance(refused, NotFound) else "why", str(refused)))
    grant = open_record(person_id=person_id, by=viewer, what="notes.opened", about=note_id)
    given = {
        "about": face(grant=grant, at=viewer.at),
        "glass": glass_of(grant),
        "note": queries.note(grant=grant, thing=note_id),
        "form": form,
    }
    return page(request, "notes/another.jinja", given, status=422 if form.errors else 200)


def _struck(request: HttpRequest, person_id: UUID, note_id: UUID, form: Form) -> HttpResponse:
    viewer, version, why = viewer_of(request), form.version(), form.words("why")
    number = form.words("number")
    whose = person_of_number(number=number, viewer=viewer) if number else None
    to = open_record(person_id=whose, by=viewer, what="note.begun") if whose else None
    # opened last, so that this page shows this person
    grant = open_record(person_id=person_id, by=viewer, what="notes.opened", about=note_id)
    told: dict[str, Any] = {"thing": note_id, "version": version, "why": why, "grant": grant, "by": viewer}
    if to is not None:
        notes.move(to=to, **told)
        words = f"{MOVED} It is on the record of {family_first(to.person)}."
        request.session[session.UNDO] = {"words": words, "address": ""}
    else:
        notes.say_about_another(**told)
        back = reverse("note_after_all", args=[person_id, note_id])
        request.session[session.UNDO] = {"words": STRUCK, "address": back}
    return redirect("notes", person_id)


@needs("act", DataClass.WORK)
@require_POST
def after_all(request: HttpRequest, person_id: UUID, note_id: UUID) -> HttpResponse:
    """It is about them after all."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="notes.opened", about=note_id)
    now = queries.note(grant=grant, thing=note_id)
    notes.theirs_after_all(thing=note_id, version=now.version, grant=grant, by=viewer)
    request.session[session.UNDO] = {"words": BACK, "address": ""}
    return redirect("note_opened", person_id, note_id)
