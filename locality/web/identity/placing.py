"""What was written while two people were one, and waits for somebody to say whose it is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access.actions import identity
from locality.access.rules import DataClass
from locality.base import NotFound
from locality.record.actions import remarks
from locality.record.queries import to_place as waiting
from locality.record.queries.to_place import Side
from locality.web import session
from locality.web.guard import needs, viewer_of
from locality.web.pages import page

NEITHER = "neither"


@needs("read", DataClass.ID)
@require_GET
def to_place(request: HttpRequest) -> HttpResponse:
    """What was said of two people while they were one, and whose is it?"""
    viewer = viewer_of(request)
    rows = waiting.to_place(viewer=viewer)
    may = identity.list_parted(two_by_two=[(row.kept.id, row.parted.id) for row in rows], by=viewer)
    shown = [row for row, named in zip(rows, may, strict=True) if named]
    return page(request, "identity/placing.jinja", {"rows": shown})


@needs("act", DataClass.ID)
@require_POST
def place(request: HttpRequest, merge: UUID, remark: UUID) -> HttpResponse:
    """It belongs with this one, with that one, or is true of neither."""
    viewer, side = viewer_of(request), request.POST.get("side", "")
    # the couple is looked at as on the list, so that nobody places what may not be named to them
    found = [row for row in waiting.to_place(viewer=viewer, remark=remark) if row.merge == merge]
    may = identity.list_parted(two_by_two=[(row.kept.id, row.parted.id) for row in found], by=viewer)
    if may != [True] or side not in (*Side, NEITHER):
        raise NotFound("Nothing waits to be placed here.")
    if side == NEITHER:
        remarks.let_remark_go(remark=remark, merge=merge, by=viewer)
    else:
        remarks.place_remark(remark=remark, merge=merge, side=Side(side), by=viewer)
    request.session[session.UNDO] = {"words": "Placed.", "address": ""}
    return redirect("identity_to_place")
