"""NHS numbers that were corrected: by hand, looked at, taken back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import identity, numbers
from locality.access.rules import DataClass
from locality.base import Refused
from locality.base.words import nhs_number_words
from locality.people.queries.side_by_side import Identity
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.identity import words
from locality.web.identity.asking import uuid_of
from locality.web.pages import page, page_of

A_PAGE = 25
KINDS = {
    "superseded": "A new number took its place, whoever sends it",
    "void": "It was made invalid, whoever sends it",
    "another's": "It is another person's, and wrong on this record only",
    "given": "This record had no number, and one was given",
    "restricted": "Where this person lives is protected, says the national service",
}
SAID = {
    "superseded": "was replaced by a new number",
    "void": "was made invalid",
    "another's": "was another person's",
    "given": "was given",
    "restricted": "has a protected address",
}


@needs("read", DataClass.ID)
@require_GET
def corrected(request: HttpRequest) -> HttpResponse:
    """Which NHS numbers were corrected, and must somebody look?"""
    number = page_of(request)
    found = numbers.corrected_numbers(most=A_PAGE, page=number, by=viewer_of(request))
    given = {"rows": found.rows, "shown": found.shown, "waiting": found.waiting, "said": SAID}
    return page(request, "identity/numbers.jinja", given)


@needs("act", DataClass.ID)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Which number is wrong, and who says so? It can be undone."""
    viewer = viewer_of(request)
    found = identity.open_identity(person_id=person_id, by=viewer, beside=False)
    form = Form(request.POST.dict())
    if request.method == "POST":
        done = _correct(request, form, found)
        if done is not None:
            return done
    given = {"about": words.about(found), "form": form, "which": _which(found), "kinds": list(KINDS.items())}
    return page(request, "identity/number.jinja", given, status=422 if form.errors else 200)


def _correct(request: HttpRequest, form: Form, found: Identity) -> HttpResponse | None:
    which = form.chosen("which", {key: key for key, _ in _which(found)}, needed="Choose one.")
    kind = form.chosen("kind", {key: key for key in KINDS}, needed="Say what happened to the number.")
    provenance = form.words("provenance", needed="Say who says so, and when.")
    if form.errors or which is None or kind is None:
        return None
    patient, _, was = which.partition(":")
    told: dict[str, Any] = {"was": was, "now": form.words("now"), "kind": kind, "provenance": provenance}
    try:
        row = numbers.correct_number(person_id=found.person.pk, patient=uuid_of(patient), **told, by=viewer_of(request))
    except Refused as why:
        form.errors.append(("now", str(why)))
        return None
    undo = reverse("identity_number_back", args=[row.pk])
    request.session[session.UNDO] = {"words": "The number was corrected. Both records say so.", "address": undo}
    return redirect("identity_numbers")


def _which(found: Identity) -> list[tuple[str, str]]:
    """Each record with each number it holds, and that it may have had none."""
    held = []
    for record in found.records:
        whose = f"{record.source} {record.local_id}"
        for number, _ in record.numbers:
            held.append((f"{record.id}:{number}", f"{nhs_number_words(number)}, as {whose} has it"))
        if not record.numbers:
            held.append((f"{record.id}:", f"None yet, at {whose}"))
    return held


@needs("act", DataClass.ID)
@require_POST
def settle(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Somebody has looked at both records."""
    numbers.settle_number(correction_id=correction, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "Both records were looked at: they no longer ask for it.", "address": ""}
    return redirect("identity_numbers")


@needs("act", DataClass.ID)
@require_POST
def take_back(request: HttpRequest, correction: UUID) -> HttpResponse:
    """It was no mistake: what senders say is believed again."""
    numbers.withdraw_number(correction_id=correction, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "Taken back: what senders say is believed again.", "address": ""}
    return redirect("identity_numbers")
