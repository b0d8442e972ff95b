"""Writing a note in seconds, what is being written, and the notes of a person."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NotFound, Refused
from locality.neighbourhoods.actions import note_drafts, notes
from locality.neighbourhoods.actions.relationships import READ_ONLY
from locality.neighbourhoods.queries import notes as queries
from locality.neighbourhoods.queries.knowers import knowers, own_teams
from locality.neighbourhoods.queries.note_drafts import draft
from locality.neighbourhoods.rules import attachments
from locality.neighbourhoods.rules.notes import (
    FALL_FIELDS,
    KIND_WORDS,
    MEASURES,
    NEWS2_NOTE,
    SENSITIVE_WORDS,
    WOUND_FIELDS,
    NoteKind,
    may_be_sensitive,
)
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.notes import forms
from locality.web.pages import kept_file, page, page_of
from locality.web.refusals import write_down
from locality.web.sealed import seal, unseal
from locality.web.words import clock, counted, when

KEPT = "Your note is kept."
RESTRICTED = "Your note is kept. It is restricted: it opens to nobody without breaking the glass, you among them."
# where on the form stands what is wrong
AT = {
    notes.TOO_MANY: "files",
    attachments.TOO_LARGE: "files",
    notes.NOT_KNOWN_TO: "tell",
    notes.NOT_YET: "on",
    notes.NOT_YOUR_TEAM: "task_team",
}
DROPPED = "What you had begun is gone."


@needs("act", DataClass.SUM)
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What did you do, see, or hear?"""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="note.begun")
    if not grant.opening.writes:
        raise Refused(READ_ONLY)
    form = Form(request.POST.dict())
    told = forms.said(form, at=viewer.at) if request.method == "POST" else None
    also = forms.also(form, request) if told is not None else None
    if told is not None and also is not None:
        mark = forms.filling(request.POST.get("form", ""))
        try:
            notes.write(form=mark, said=told, also=also, grant=grant, by=viewer)
        except Refused as refused:
            write_down(request, refused)
            form.errors.append((_where(str(refused)), str(refused)))
        else:
            words = RESTRICTED if told.restricted_why else KEPT
            request.session[session.UNDO] = {"words": words, "address": ""}
            return redirect("notes", person_id)
    begun = None
    if request.method == "GET":
        form, begun = _draft(grant)
    chosen = request.POST.getlist("tell") if request.method == "POST" else form.typed.get("tell", [])
    given = form_of(grant, form=form) | {"begun": begun, "chosen": chosen, "correcting": None}
    return page(request, "notes/form.jinja", given, status=422 if form.errors else 200)


def _where(said: str) -> str:
    """At which field stands what was refused."""
    return AT.get(said) or next((one.name for one in MEASURES if said.startswith(f"{one.words}:")), "words")


def form_of(grant: Grant, *, form: Form) -> dict[str, Any]:
    """What the form of a note is given, to write one or to correct one."""
    at = grant.viewer.at
    return {
        "about": face(grant=grant, at=at),
        "glass": glass_of(grant),
        "form": form,
        "mark": forms.filling(form.typed.get("form", "")),
        "kinds": forms.KINDS,
        "moods": forms.MOODS,
        "measures": MEASURES,
        "alert": forms.ALERT,
        "oxygen": forms.OXYGEN,
        "news2_note": NEWS2_NOTE,
        "fall_fields": FALL_FIELDS,
        "wound_fields": WOUND_FIELDS,
        "knowers": knowers(grant=grant),
        "teams": [(str(one), name) for one, name in own_teams(grant=grant)],
        "in_a_week": forms.in_a_week(at),
        "sensitive": SENSITIVE_WORDS if may_be_sensitive(grant.viewer.role) else "",
    }


# ---- what is being written


def _draft(grant: Grant) -> tuple[Form, str | None]:
    """What the viewer had begun about this person, and when; an empty form where they had not."""
    row = draft(grant=grant)
    if row is None:
        return Form({"kind": NoteKind.VISIT}), None
    try:
        told = json.loads(unseal(_purpose(grant.viewer.id), bytes(row.sealed)))
    except NotFound:
        return Form({"kind": NoteKind.VISIT}), None
    return Form(told), when(row.kept_at, grant.viewer.at)


def _purpose(practitioner: UUID) -> str:
    # whom it is about the row says: two people may be found to be one while it waits
    return f"note of {practitioner}"


@needs("act", DataClass.SUM)
@require_POST
def note_draft(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Keep what is typed so far. Sent by the page itself; sent by hand, it goes back to the form."""
    viewer, told = viewer_of(request), forms.drafted(request.POST)
    if forms.has_words(told):
        sealed = seal(_purpose(viewer.id), json.dumps(told).encode())
        note_drafts.keep_draft(person_id=person_id, sealed=sealed, by=viewer)
    if "application/json" not in request.headers.get("Accept", ""):
        return redirect("note", person_id)
    return JsonResponse({"words": f"Kept for you at {clock(viewer.at)}, and shown to nobody else."})


@needs("act", DataClass.SUM)
@require_POST
def note_draft_dropped(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Start afresh."""
    note_drafts.drop_draft(person_id=person_id, by=viewer_of(request))
    request.session[session.UNDO] = {"words": DROPPED, "address": ""}
    return redirect("note", person_id)


# ---- the notes of a person


@needs("read", DataClass.WORK)
@require_GET
def notes_of(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What did everybody do, see and hear?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="notes.opened")
    kind = _kind(request)
    found, shown = queries.of_person(grant=grant, kind=kind, page=page_of(request))
    given = _given(grant) | {"answer": _answer(found, shown.total, kind), "notes": found, "part": shown, "kind": kind}
    given |= {"trends": queries.trends(grant=grant), "at_kind": f"&{urlencode({'kind': kind})}" if kind else ""}
    return page(request, "notes/list.jinja", given)


@needs("read", DataClass.WORK)
@require_GET
def notes_print(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same on paper: the last fifty, whole."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="notes.printed")
    kind = _kind(request)
    found, shown = queries.of_person(grant=grant, kind=kind, most=50)
    given = _given(grant) | {"answer": _answer(found, shown.total, kind), "notes": found, "part": shown}
    given |= {"trends": queries.trends(grant=grant), "printed_by": f"{viewer.name}, {viewer.organisation_name}"}
    return page(request, "notes/print.jinja", given)


@needs("read", DataClass.WORK)
@require_GET
def note_opened(request: HttpRequest, person_id: UUID, note_id: UUID) -> HttpResponse:
    """What does this note say, and what did it say before?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="notes.opened", about=note_id)
    found = queries.note(grant=grant, thing=note_id)
    given = _given(grant) | {"note": found, "earlier": queries.earlier(grant=grant, thing=note_id)}
    return page(request, "notes/one.jinja", given)


@needs("read", DataClass.WORK)
@require_GET
def note_file(request: HttpRequest, person_id: UUID, note_id: UUID, file_id: UUID) -> HttpResponse:
    """A picture or a PDF with a note, to keep: never opened by the browser as a page of ours."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="note-file.opened", about=note_id)
    row = queries.file(grant=grant, thing=note_id, file_id=file_id)
    return kept_file(bytes(row.content), kind=row.kind, name=row.name)


def _given(grant: Grant) -> dict[str, Any]:
    return {
        "about": face(grant=grant, at=grant.viewer.at),
        "glass": glass_of(grant),
        "kinds": KIND_WORDS,
        "may_write": grant.opening.writes,
    }


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in list(NoteKind) else ""


def _answer(found: list[queries.Written], total: int, kind: str) -> str:
    what = f"{counted(total, 'note')}{f' of one kind ({KIND_WORDS[NoteKind(kind)].lower()})' if kind else ''}"
    if not found:
        return "No note is shown here" if not kind else f"No note of this kind ({KIND_WORDS[NoteKind(kind)].lower()})"
    return f"{what}; the last by {found[0].by_name}"


# ---- of oneself

own = needs("read", DataClass.SUM, people=True, practitioners=False)


@own
@require_GET
def me_notes(request: HttpRequest) -> HttpResponse:
    """What did those who look after me write down?"""
    viewer = viewer_of(request)
    grant = open_record(person_id=viewer.acts_for or viewer.id, by=viewer, what="notes.opened")
    found, shown = queries.of_person(grant=grant, page=page_of(request))
    answer = f"{counted(shown.total, 'note')} about {viewer.acts_for_name or 'you'}"
    if not shown.total:
        answer = f"No note about {viewer.acts_for_name or 'you'} is shown here"
    given = {"answer": answer, "notes": found, "part": shown, "trends": queries.trends(grant=grant)}
    return page(request, "me/notes.jinja", given | {"at": at_of(request)})


@own
@require_GET
def me_note_file(request: HttpRequest, note_id: UUID, file_id: UUID) -> HttpResponse:
    """What a note carries, to keep."""
    viewer = viewer_of(request)
    person = viewer.acts_for or viewer.id
    grant = open_record(person_id=person, by=viewer, what="note-file.opened", about=note_id)
    row = queries.file(grant=grant, thing=note_id, file_id=file_id)
    return kept_file(bytes(row.content), kind=row.kind, name=row.name)
