"""The one plan of a person, for whoever looks after them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import Viewer, ViewerKind
from locality.neighbourhoods.actions import plans as actions
from locality.neighbourhoods.queries import plans as queries
from locality.neighbourhoods.queries.plans import Part
from locality.neighbourhoods.rules.plans import KIND_WORDS, PartKind
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.plan import forms
from locality.web.plan.words import answer, is_open, lines, possessive

PLAN_OPENED = "plan.opened"
PLAN_PRINTED = "plan.printed"


@needs("read", DataClass.PLAN)
@require_GET
def plan(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What matters to them, what happens next, and what to do if?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=PLAN_OPENED)
    return page(request, "plan/plan.jinja", given_of(request, grant))


@needs("read", DataClass.PLAN)
@require_GET
def plan_print(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same on paper."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what=PLAN_PRINTED)
    given = {"printed_by": f"{viewer.name}, {viewer.organisation_name}"}
    return page(request, "plan/print.jinja", given_of(request, grant) | given)


@needs("read", DataClass.PLAN)
@require_GET
def plan_plain(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same in easy words and large letters, to give to the person."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=PLAN_PRINTED)
    return page(request, "plan/plain.jinja", given_of(request, grant) | {"back": reverse("plan", args=[person_id])})


@needs("read", DataClass.PLAN)
@require_GET
def plan_history(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who wrote what, and when?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=PLAN_OPENED)
    told = queries.plan(grant=grant, at=at_of(request))
    given = {"about": told.known.face, "glass": glass_of(grant), "back": reverse("plan", args=[person_id])}
    return page(request, "plan/history.jinja", given | history_of(request, grant))


@needs("act", DataClass.PLAN)
@require_POST
def write(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Write a part: a new one, or another version of one."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=PLAN_OPENED)
    return written(request, grant, "plan")


@needs("act", DataClass.PLAN)
@require_POST
def confirm(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What a source sent is so: it stands in the plan, with its sender and date."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=PLAN_OPENED)
    return confirmed(request, grant, "plan")


@needs("act", DataClass.PLAN)
@require_POST
def went(request: HttpRequest, person_id: UUID, part_id: UUID) -> HttpResponse:
    """How far is it?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=PLAN_OPENED)
    return said_how_it_went(request, grant, part_id, "plan")


@needs("act", DataClass.PLAN)
@require_POST
def remove(request: HttpRequest, person_id: UUID, part_id: UUID, version: int) -> HttpResponse:
    """Take a part out; it can be put back."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what=PLAN_OPENED)
    row = actions.remove(part=part_id, version=version, grant=grant, by=viewer)
    told(request, "It is taken out of the plan.", "plan_undo", person_id, row.pk, row.version)
    return redirect("plan", person_id)


@needs("act", DataClass.PLAN)
@require_POST
def undo(request: HttpRequest, person_id: UUID, part_id: UUID, version: int) -> HttpResponse:
    """Undo the last change of a part."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what=PLAN_OPENED)
    actions.undo(part=part_id, version=version, grant=grant, by=viewer)
    session_words(request, "It says again what it said before.")
    return redirect("plan", person_id)


# ---- shared with the person's own pages


def given_of(request: HttpRequest, grant: Grant) -> dict[str, Any]:
    """What every page of the plan is given."""
    found = queries.plan(grant=grant, at=at_of(request))
    viewer, name = viewer_of(request), grant.person.likes or grant.person.given
    is_own = viewer.kind != ViewerKind.PRACTITIONER
    whose = "My" if is_own and not viewer.acts_for else possessive(name)
    return {
        "about": None if is_own else found.known.face,
        "glass": None if is_own else glass_of(grant),
        "plan": found,
        "name": name,
        "whose": whose,
        "answer": answer(found, whose),
        "editor": editor(request, grant) if found.may_write else None,
        "is_open": is_open,
    }


def editor(request: HttpRequest, grant: Grant) -> dict[str, Any]:
    """What the forms of parts are given: where they go, and what their fields offer."""
    viewer = viewer_of(request)
    is_own = viewer.kind != ViewerKind.PRACTITIONER
    teams = [] if is_own else team_choices(grant, viewer)

    def options(kind: PartKind, name: str, is_new: bool) -> forms.Choices:
        return forms.choices(kind, name, teams=teams, is_own=is_own, is_new=is_new)

    return {
        "person": "" if is_own else str(grant.person.pk),
        "subject": str(viewer.acts_for or viewer.id) if is_own else str(grant.person.pk),
        "is_own": is_own,
        "fields": forms.FIELDS,
        "asked": forms.ASKED,
        "long": forms.LONG,
        "options": options,
        "typed_of": forms.typed_of,
        "kinds": PartKind,
    }


def team_choices(grant: Grant, viewer: Viewer) -> list[tuple[str, str]]:
    """To whom an action may be given: oneself, for a team of one's own that knows them, and the teams that do."""
    known = queries.teams_that_know(grant)
    own = [(f"{forms.ME}:{one.pk}", f"I do it, for {one.name}") for one in known if one.pk in viewer.teams][:1]
    return [*own, *((f"{forms.TEAM}{one.pk}", one.name) for one in known)]


def history_of(request: HttpRequest, grant: Grant) -> dict[str, Any]:
    """Every version, told label by label."""
    found = queries.changes(grant=grant)
    told = [(one, KIND_WORDS[one.kind], lines(one.kind, one.content)) for one in found]
    return {"changes": told}


def written(request: HttpRequest, grant: Grant, name: str) -> HttpResponse:
    """Keep what was sent, or show what is wrong with it, or both versions where somebody was first."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    part_id = forms.id_in(form.typed.get("part", ""))
    before = queries.part(grant=grant, part_id=part_id) if part_id else None
    sent = forms.sent(form, before=before, viewer=viewer)
    if form.errors:
        return form_page(request, grant, sent, name, status=422)
    try:
        row = actions.write(
            kind=sent.kind, content=sent.content, grant=grant, by=viewer, part=sent.part, version=sent.version
        )
    except actions.Overtaken as overtaken:
        theirs = queries.part(grant=grant, part_id=overtaken.part)
        return form_page(request, grant, sent, name, theirs=theirs, status=409)
    words = f"Saved: {KIND_WORDS[sent.kind].lower()}."
    told(request, words, f"{name}_undo", *_person(grant, name), row.pk, row.version)
    return redirect(name, *_person(grant, name))


def confirmed(request: HttpRequest, grant: Grant, name: str) -> HttpResponse:
    """Take over what was sent under one heading."""
    thing = forms.id_in(request.POST.get("thing", "")) or grant.person.pk
    version = request.POST.get("version", "0")
    row = actions.take_over(
        heading=request.POST.get("heading", ""),
        thing=thing,
        version=int(version) if version.isdecimal() and len(version) < 9 else 0,
        grant=grant,
        by=viewer_of(request),
    )
    told(request, "Confirmed: it stands in the plan.", f"{name}_undo", *_person(grant, name), row.pk, row.version)
    return redirect(name, *_person(grant, name))


def said_how_it_went(request: HttpRequest, grant: Grant, part_id: UUID, name: str) -> HttpResponse:
    """Done, not done, or how far."""
    version = request.POST.get("version", "0")
    row = actions.say_how_it_went(
        part=part_id,
        state=request.POST.get("state", ""),
        version=int(version) if version.isdecimal() and len(version) < 9 else 0,
        grant=grant,
        by=viewer_of(request),
    )
    told(request, "Saved.", f"{name}_undo", *_person(grant, name), row.pk, row.version)
    return redirect(name, *_person(grant, name))


def form_page(
    request: HttpRequest, grant: Grant, sent: forms.Sent, name: str, *, theirs: Part | None = None, status: int
) -> HttpResponse:
    """The form of one part alone: with what is wrong, or beside the words that somebody saved first."""
    found = given_of(request, grant)
    given = {
        "form": sent.form,
        "sent": sent,
        "kind_words": KIND_WORDS[sent.kind],
        "heading": forms.heading_of(sent.kind, sent.content),
        "theirs": theirs,
        "their_lines": lines(sent.kind, theirs.content) if theirs else [],
        "my_lines": lines(sent.kind, sent.content) if theirs else [],
        "back": reverse(name, args=_person(grant, name)),
    }
    return page(request, "plan/form.jinja", found | given, status=status)


def told(request: HttpRequest, words: str, route: str, *parts: Any) -> None:
    """Say what was done, and the way back."""
    # for whom one acts stands in no banner whose form could carry it: they change it again instead
    address = "" if viewer_of(request).acts_for else reverse(route, args=parts)
    request.session[session.UNDO] = {"words": words, "address": address}


def session_words(request: HttpRequest, words: str) -> None:
    """Say what was done, without a way back."""
    request.session[session.UNDO] = {"words": words, "address": ""}


def _person(grant: Grant, name: str) -> list[UUID]:
    return [] if name == "me_plan" else [grant.person.pk]
