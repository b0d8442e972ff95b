"""Who may know where somebody lives whose address is protected, until when, and why."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access import actions
from locality.access.actions import keeping
from locality.access.rules import DataClass, may_review
from locality.base import Refused
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.record.queries import face
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.privacy.whom import Offered, practitioner_of
from locality.web.words import day

ONE_OF_TWO = "Type a practitioner's name, or choose a team: one of the two."
LAST_DAY = "Type the last day on which they may know it."
SAY_WHY = "Say why they need to know it."
# longer than this nobody needs it without being asked again
MOST_DAYS = 366
TOO_LONG = "Choose a last day within a year: then it is asked again."


@needs("act", DataClass.LOC)
@require_GET
def address(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who may know where they live?"""
    return _address(request, person_id, Form({}), [])


def _address(request: HttpRequest, person_id: UUID, form: Form, offered: Offered) -> HttpResponse:
    viewer = viewer_of(request)
    found = keeping.open_address(person_id=person_id, by=viewer)
    given = {
        "about": face(grant=found.grant, at=viewer.at) if found.grant else None,
        "found": found,
        "form": form,
        "offered": offered,
        "teams": [(str(one.pk), one.name) for one in directory.teams(day_of(viewer.at))],
        "officer": may_review(viewer),
    }
    return page(request, "access/address.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.LOC)
@require_POST
def address_granted(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One practitioner, or one team, may know it until a day."""
    viewer, form = viewer_of(request), Form(request.POST)
    on = day_of(viewer.at)
    # who may say so at all is asked before anything typed is answered
    keeping.open_address(person_id=person_id, by=viewer)
    team = form.chosen("team", {str(one.pk): (one.pk, one.name) for one in directory.teams(on)})
    who, offered = practitioner_of(form, on=on)
    if bool(form.typed.get("who")) == bool(form.typed.get("team")):
        form.errors.append(("who", ONE_OF_TWO))
    ends_on, why = form.first_day_after("last_day", needed=LAST_DAY), form.words("why", needed=SAY_WHY)
    if ends_on is not None and (ends_on - on).days > MOST_DAYS:
        form.errors.append(("last_day", TOO_LONG))
    if not form.errors and ends_on is not None:
        whom = {"practitioner": who[0] if who else None, "team": team[0] if team else None}
        told: dict[str, Any] = {**whom, "starts_on": on, "ends_on": ends_on, "words": why}
        try:
            actions.grant_address(person_id=person_id, by=viewer, **told)
        except Refused as refused:
            form.errors.append(("who", str(refused)))
        else:
            _, name = who or team or (None, "")
            until = day(ends_on - timedelta(days=1))
            return _done(request, person_id, f"{name} may know the address from now on, until {until} is over.")
    return _address(request, person_id, form, offered)


@needs("act", DataClass.LOC)
@require_POST
def address_ended(request: HttpRequest, person_id: UUID, grant_id: UUID) -> HttpResponse:
    """They may know it no longer."""
    form = Form(request.POST)
    words = form.words("words")
    if not words:
        form.errors.append((f"why-{grant_id}", SAY_WHY))
        return _address(request, person_id, form, [])
    actions.end_address_grant(grant_id=grant_id, words=words, of=person_id, by=viewer_of(request))
    return _done(request, person_id, "They may no longer know the address.")


def _done(request: HttpRequest, person_id: UUID, words: str) -> HttpResponse:
    request.session[session.UNDO] = {"words": words, "address": ""}
    return redirect("address", person_id)
