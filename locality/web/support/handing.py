"""Handing a support to somebody else of the team."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from locality.access.rules import DataClass
from locality.base import Refused
from locality.base.periods import day_of
from locality.neighbourhoods.actions import support
from locality.neighbourhoods.queries import names
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.support import forms, views


@needs("act", DataClass.WORK)
@require_POST
def hand(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """From now on somebody else supports them."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    there = names.colleagues(teams=viewer.teams, on=day_of(viewer.at))
    said = forms.handed(form, to={str(who): who for _, who, _, _ in there})
    if said is None:
        return views.open_page(request, support_id, form, opened="hand")
    owner, why, version = said
    try:
        support.hand_over(support=support_id, owner=owner, why=why, version=version, by=viewer)
    except Refused as refused:
        return views.open_page(request, support_id, form, refused, at="to")
    request.session[session.UNDO] = {"words": "Handed over.", "address": ""}
    return redirect("support_one", support_id)
