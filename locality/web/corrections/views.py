"""What people asked to be put right: whoever looks after them reads it and answers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import DataClass
from locality.base import Refused
from locality.base.parts import Part
from locality.neighbourhoods.actions import corrections as actions
from locality.neighbourhoods.rules.corrections import WHY_NOT_WORDS
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page, page_of
from locality.web.words import counted

CHOOSE = "Say whether it is put right, or stays as it is."
ACCEPT, DECLINE = "accept", "decline"


@needs("read", DataClass.WORK)
@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    """What are we asked to put right, and until when do we answer?"""
    which = "all" if request.GET.get("which") == "all" else "open"
    found, part = actions.list_corrections(by=viewer_of(request), which=which, page=page_of(request))
    given = {"answer": _answer(part, which), "asked": found, "part": part, "which": which}
    return page(request, "corrections/list.jinja", given)


def _answer(part: Part, which: str) -> str:
    if which == "all":
        return f"{counted(part.total, 'request')} to put something right"
    return f"{counted(part.total, 'request')} to answer" if part.total else "Nobody waits for something to be put right"


@needs("read", DataClass.WORK)
@require_GET
def correction(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """What do they say is wrong, and what do we answer?"""
    return _open(request, correction_id, Form({}))


def _open(request: HttpRequest, correction_id: UUID, form: Form) -> HttpResponse:
    viewer = viewer_of(request)
    one, grant = actions.open_correction(correction=correction_id, by=viewer)
    given = {
        "about": face(grant=grant, at=viewer.at),
        "glass": glass_of(grant),
        "one": one,
        "reasons": [(str(code), words) for code, words in WHY_NOT_WORDS.items()],
        "form": form,
    }
    return page(request, "corrections/one.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.WORK)
@require_POST
def answer(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """It is put right, or it stays as it is because."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    said = form.chosen("said", {ACCEPT: ACCEPT, DECLINE: DECLINE}, needed=CHOOSE)
    why = form.chosen("why", {str(code): code for code in WHY_NOT_WORDS})
    words = str(form.typed.get("words", "")).strip()
    if not words:
        form.errors.append(("words", actions.SAY_ANSWER))
    if said == DECLINE and why is None:
        form.errors.append(("why", actions.SAY_WHY))
    if form.errors:
        return _open(request, correction_id, form)
    try:
        if said == ACCEPT:
            actions.accept(correction=correction_id, words=words, by=viewer)
        else:
            actions.decline(correction=correction_id, why=why, words=words, by=viewer)
    except Refused as refused:
        form.errors.append(("words", str(refused)))
        return _open(request, correction_id, form)
    way_back = reverse("correction_undo", args=[correction_id])
    request.session[session.UNDO] = {"words": "Answered: they read it on their page.", "address": way_back}
    return redirect("correction", correction_id)


@needs("act", DataClass.WORK)
@require_POST
def undo(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """It was not answered after all."""
    actions.reopen(correction=correction_id, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "It waits for an answer again.", "address": ""}
    return redirect("correction", correction_id)
