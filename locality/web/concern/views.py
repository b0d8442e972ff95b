"""Raising a safeguarding concern, and what its leads do with it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.rules import DataClass
from locality.base import NotFound, Refused
from locality.base.periods import day_of
from locality.record import queries
from locality.record.actions import concerns
from locality.record.queries.concerns import NO_CONCERN, Full, may_receive, route
from locality.record.rules import CAUSE_WORDS, KNOWS_WORDS, OUTCOME_WORDS
from locality.web import session
from locality.web.concern import forms
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page, page_of
from locality.web.words import counted

SENT = "Your concern was sent."
NOBODY = "It is kept, but nobody can receive it here today. Ring now: {ring}."
LISTS = ("waiting", "done", "receipts")
WORDS = {"causes": CAUSE_WORDS, "knowing": KNOWS_WORDS, "outcomes": OUTCOME_WORDS}


@needs("act", DataClass.SAFE)
@require_http_methods(["GET", "POST"])
def raise_concern(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What did you see or hear? Opening the form leaves the same line as opening the record, and tells no more."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer)
    form, mark = Form(request.POST.dict()), forms.filling(request.POST.get("form", ""))
    told = forms.told(form) if request.method == "POST" else None
    where = route(grant.person, on=day_of(viewer.at))
    if told is not None:
        sent = concerns.raise_concern(form=mark, told=told, grant=grant, by=viewer)
        words = SENT if sent.received or where is None else NOBODY.format(ring=where.ring)
        undo = reverse("concern_withdraw", args=[sent.concern])
        request.session[session.UNDO] = {"words": words, "address": undo}
        return redirect("concern", sent.concern)
    given = {
        "about": queries.face(grant=grant, at=viewer.at),
        "form": form,
        "mark": mark,
        "where": where,
        "danger": forms.DANGER,
        "causes": forms.CAUSES,
        "knowing": forms.KNOWS,
    }
    return page(request, "concern/form.jinja", given, status=422 if form.errors else 200)


@needs("read", DataClass.SAFE)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for me, and what did I raise?"""
    viewer = viewer_of(request)
    desk = concerns.list_concerns(pages={name: page_of(request, name) for name in LISTS}, by=viewer)
    return page(request, "concern/list.jinja", {"answer": _answer(desk, lead=may_receive(viewer)), "desk": desk})


def _answer(desk: concerns.Desk, *, lead: bool) -> str:
    if not lead:
        raised = desk.shown["receipts"].total
        return f"You raised {counted(raised, 'concern')}" if raised else "You have raised no concern"
    if not desk.new:
        return "No concern waits to be acknowledged"
    words = f"{counted(desk.new, 'concern')} {'waits' if desk.new == 1 else 'wait'} to be acknowledged"
    return f"{words}, {desk.in_danger} with immediate danger" if desk.in_danger else words


@needs("read", DataClass.SAFE)
@require_GET
def concern(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """What is the concern, and what is to be done? Or, for whoever raised it: has it arrived?"""
    return _shown(request, concerns.open_concern(concern=concern_id, by=viewer_of(request)), Form({}))


@needs("read", DataClass.SAFE)
@require_GET
def concern_print(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """The same on paper, for its leads."""
    viewer = viewer_of(request)
    found = concerns.open_concern(concern=concern_id, by=viewer, what=concerns.PRINTED)
    printed_by = f"{viewer.name}, {viewer.organisation_name}"
    return page(request, "concern/print.jinja", {"concern": found, "printed_by": printed_by, **WORDS})


@needs("act", DataClass.SAFE)
@require_POST
def acknowledge(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """I have read it, and take it on."""
    concerns.acknowledge_concern(concern=concern_id, by=viewer_of(request))
    back = reverse("concern_put_back", args=[concern_id])
    request.session[session.UNDO] = {"words": "Acknowledged: you have taken it on.", "address": back}
    return redirect("concern", concern_id)


@needs("act", DataClass.SAFE)
@require_POST
def close(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """What came of it?"""
    form = Form(request.POST.dict())
    said = forms.closing(form)
    if said is None:
        found = concerns.open_concern(concern=concern_id, by=viewer_of(request))
        if not isinstance(found, Full):
            # whoever raised it reads a receipt, and has no such form
            raise NotFound(NO_CONCERN)
        return _shown(request, found, form)
    concerns.close_concern(concern=concern_id, outcome=said[0], words=said[1], by=viewer_of(request))
    back = reverse("concern_reopen", args=[concern_id])
    request.session[session.UNDO] = {"words": "The concern is closed.", "address": back}
    return redirect("concern", concern_id)


@needs("act", DataClass.SAFE)
@require_POST
def put_back(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """I acknowledged it by mistake."""
    concerns.put_back_concern(concern=concern_id, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "It waits to be acknowledged again.", "address": ""}
    return redirect("concern", concern_id)


@needs("act", DataClass.SAFE)
@require_POST
def reopen(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """It was closed too early."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    try:
        concerns.reopen_concern(concern=concern_id, words=form.typed.get("why", ""), by=viewer)
    except Refused as refused:
        form.errors.append(("why", str(refused)))
        return _shown(request, concerns.open_concern(concern=concern_id, by=viewer), form)
    request.session[session.UNDO] = {"words": "The concern is open again.", "address": ""}
    return redirect("concern", concern_id)


@needs("act", DataClass.SAFE)
@require_POST
def withdraw(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """Take it back, while nobody has acknowledged it."""
    concerns.withdraw_concern(concern=concern_id, by=viewer_of(request))
    return redirect("concern", concern_id)


def _shown(request: HttpRequest, found: Any, form: Form) -> HttpResponse:
    status = 422 if form.errors else 200
    given = {"concern": found, "form": form, "today": day_of(at_of(request)), **WORDS}
    if isinstance(found, Full):
        return page(request, "concern/lead.jinja", given | {"choices": forms.OUTCOMES}, status=status)
    return page(request, "concern/receipt.jinja", given)
