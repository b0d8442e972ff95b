"""Writing to the people whose service moved: who gets what, in which words, and then it goes into the outbox."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from locality.access.rules import DataClass
from locality.base import Refused
from locality.neighbourhoods.actions.transfer_people import write_to_people
from locality.neighbourhoods.queries import transfer_people as queries
from locality.neighbourhoods.queries import transfers
from locality.neighbourhoods.queries.message_templates import of_place
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.transfer import words

BEGUN = "They are being written to. Each message goes by the outbox, which asks once more whether it may go."


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Who would be told, who would not and why, and in which words?"""
    viewer, form = viewer_of(request), Form({})
    templates, _ = of_place()
    if request.method == "POST":
        try:
            write_to_people(transfer=transfer_id, templates=templates, by=viewer)
        except Refused as refused:
            refusals.write_down(request, refused)
            form.errors.append(("form", str(refused)))
        else:
            request.session[session.UNDO] = {"words": BEGUN, "address": ""}
            return redirect("transfer", transfer_id)
    given = {
        "one": transfers.one_listed(viewer=viewer, transfer=transfer_id),
        "told": queries.preview(viewer=viewer, transfer=transfer_id, templates=templates),
        "form": form,
        "say": words,
    }
    return page(request, "transfer/people.jinja", given, status=422 if form.errors else 200)
