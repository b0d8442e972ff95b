"""What help there is: found, looked at, kept. No page here is about a person; what is typed stands in no address."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.rules import DataClass
from locality.base import NoAccess, Refused, Viewer
from locality.base.periods import day_of
from locality.directory.actions import services as keep
from locality.directory.queries import services
from locality.directory.queries.holidays import bank_holidays
from locality.directory.rules.services import ADMINISTRATOR, may_keep, version_of
from locality.web import session
from locality.web.directory import asked as asking
from locality.web.directory import forms, words
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.place.pins import FoundMap, found_map

SHOWN, PRINTED = 30, 100


@needs("read", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def directory(request: HttpRequest) -> HttpResponse:
    """What help is there?"""
    viewer, on = viewer_of(request), day_of(at_of(request))
    # a postcode may be somebody's home: it is read from what is sent, never from an address
    typed = (
        request.POST
        if request.method == "POST"
        else {name: request.GET.get(name, "") for name in ("words", "need", "stale")}
    )
    form, known = Form({name: typed.get(name, "") for name in (*asking.FIELDS, "print")}), services.needs()
    read = asking.read(form, needs={one.code: one for one in known}, at=viewer.at, whose=_whose(viewer))
    prints = bool(form.words("print"))
    most = PRINTED if prints else SHOWN
    found = services.search(asked=read.asked, on=on, most=most) if read.is_asked else None
    given = {
        "form": form,
        "needs": [(one.code, one.name) for one in known],
        "miles": asking.MILES,
        "accesses": asking.ACCESSES,
        "asked": read.asked,
        "found": found,
        "drawn": _drawn(found),
        "answer": words.answer(found, read.asked) if found else "What help is there?",
        "upkeep": services.upkeep(on=on, organisation=_whose(viewer)) if not found else None,
        "say": words,
        "on": on,
        "holiday": bank_holidays().get(on, ""),
        "printed_by": viewer.name,
    }
    template = "directory/print.jinja" if prints and found else "directory/list.jinja"
    return page(request, template, given, status=422 if form.errors else 200)


def _drawn(found: services.Found | None) -> FoundMap | None:
    rows = (found.rows or found.instead) if found else []
    return found_map(rows, places=services.places_to_visit([one.service.pk for one in rows])) if rows else None


def _whose(viewer: Viewer) -> UUID | None:
    return None if viewer.role == ADMINISTRATOR else viewer.organisation


@needs("read", DataClass.WORK)
@require_GET
def service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """What is this service, has it room, and can what stands here be gone by?"""
    return _service(request, service_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def room(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """What room has it now?"""
    by, form = viewer_of(request), Form(request.POST.dict())
    said = forms.room(form)
    if said is None:
        return _service(request, service_id, form)
    return _done(
        request,
        service_id,
        form,
        "state",
        "Written down.",
        lambda: keep.say_capacity(service=service_id, by=by, **said),
    )


@needs("act", DataClass.WORK)
@require_POST
def report(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Something here is wrong."""
    by, form = viewer_of(request), Form(request.POST.dict())
    told = "Thank you. Whoever keeps it sees what you wrote."
    wrong = form.words("wrong")
    return _done(request, service_id, form, "wrong", told, lambda: keep.report(service=service_id, words=wrong, by=by))


@needs("read", DataClass.WORK)
@require_POST
def answer(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """It was mended, or is right as it stands."""
    by, form = viewer_of(request), Form(request.POST.dict())
    mended = form.words("mended") == "yes"
    try:
        row = keep.answer_report(report=report_id, mended=mended, answer=form.words("answer"), by=by)
    except Refused as refused:
        request.session[session.UNDO] = {"words": str(refused), "address": ""}
        return redirect("directory")
    request.session[session.UNDO] = {"words": "Answered.", "address": ""}
    return redirect("service", row.service_id)


@needs("read", DataClass.WORK)
@require_POST
def assure(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """All of this is right today."""
    by = viewer_of(request)
    return _done(request, service_id, Form({}), "", "Checked today.", lambda: keep.assure(service=service_id, by=by))


@needs("read", DataClass.WORK)
@require_POST
def close(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """It is there no more."""
    by, back = viewer_of(request), reverse("service_reopen", args=[service_id])
    return _done(
        request,
        service_id,
        Form({}),
        "",
        "It is found by nobody any more, from today.",
        lambda: keep.close(service=service_id, by=by),
        undo=back,
    )


@needs("read", DataClass.WORK)
@require_POST
def reopen(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """It is there after all."""
    by = viewer_of(request)
    return _done(
        request, service_id, Form({}), "", "It is there again.", lambda: keep.reopen(service=service_id, by=by)
    )


@needs("read", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """What is to stand here of it?"""
    by, on = viewer_of(request), day_of(at_of(request))
    seen = services.service(service_id, on=on)
    if not may_keep(by, owner=seen.service.owner_id, organisation=seen.service.organisation_id):
        raise NoAccess(keep.MAY_NOT)
    known, form = services.needs(), Form(request.POST.dict())
    if request.method == "POST":
        values = forms.changed(form, sent=request.POST, needs=known, by=by, was=seen.service.owner_id)
        if values is not None:
            try:
                keep.change_service(service=service_id, values=values, version=form.words("version"), by=by)
            except Refused as refused:
                form.errors.append(("name", str(refused)))
            else:
                request.session[session.UNDO] = {"words": "It says so now, and no file overwrites it.", "address": ""}
                return redirect("service", service_id)
    given = {
        "form": form if request.method == "POST" else forms.filled(seen.service),
        "service": seen.service,
        "needs": [(one.code, one.name) for one in known],
        "accesses": asking.ACCESSES,
        "version": form.words("version") or version_of(seen.service),
        "chosen": forms.chosen(seen.service, request.POST),
        "owns": seen.service.owner_id == by.id,
    }
    return page(request, "directory/change.jinja", given, status=422 if form.errors else 200)


def _done(
    request: HttpRequest,
    service_id: UUID,
    form: Form,
    at: str,
    words_: str,
    does: Callable[[], object],
    *,
    undo: str = "",
) -> HttpResponse:
    try:
        does()
    except Refused as refused:
        form.errors.append((at or "main", str(refused)))
        return _service(request, service_id, form)
    request.session[session.UNDO] = {"words": words_, "address": undo}
    return redirect("service", service_id)


def _service(request: HttpRequest, service_id: UUID, form: Form) -> HttpResponse:
    viewer, on = viewer_of(request), day_of(at_of(request))
    seen = services.service(service_id, on=on)
    given = {
        "seen": seen,
        "it": seen.service,
        "form": form,
        "say": words,
        "on": on,
        "holiday": bank_holidays().get(on, ""),
        "keeps": may_keep(viewer, owner=seen.service.owner_id, organisation=seen.service.organisation_id),
        "over": seen.service.ends_on is not None and seen.service.ends_on <= on,
        "states": forms.STATES,
    }
    return page(request, "directory/one.jinja", given, status=422 if form.errors else 200)
