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
from locality.base import Overtaken, Viewer, ViewerKind
from locality.neighbourhoods.actions import plans as actions
from locality.neighbourhoods.queries import plans as queries
from locality.neighbourhoods.queries.plan_shapes import Part, WholePlan
from locality.neighbourhoods.rules.plans import KIND_WORDS, SUBJECT_WORDS, NotAGoal, PartKind
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.plan import forms, overtaken
from locality.web.plan.words import answer, how_far, lines, possessive, wish_words

PLAN_OPENED = "plan.opened"
PLAN_PRINTED = "plan.printed"
TAKEN_BACK = "It is taken back out of the plan."
TASK_TAKEN_BACK = "It is taken back out of the plan, and the team is not asked for it any more."


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
    given: dict[str, Any] = {"about": face(grant=grant, at=at_of(request)), "glass": glass_of(grant)}
    given |= {"back": reverse("plan", args=[person_id])}
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
    try:
        row = actions.remove(part=part_id, version=version, grant=grant, by=viewer)
    except Overtaken as fault:
        return _overtaken(request, grant, "plan", fault, wanted=overtaken.REMOVE)
    told(request, "It is taken out of the plan.", "plan_undo", person_id, row.pk, row.version)
    return redirect("plan", person_id)


@needs("act", DataClass.PLAN)
@require_POST
def undo(request: HttpRequest, person_id: UUID, part_id: UUID, version: int) -> HttpResponse:
    """Undo the last change of a part."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=PLAN_OPENED)
    return undone(request, grant, part_id, version, "plan")


# ---- shared with the person's own pages


def given_of(request: HttpRequest, grant: Grant) -> dict[str, Any]:
    """What every page of the plan is given."""
    found = queries.plan(grant=grant, at=at_of(request))
    viewer, name = viewer_of(request), name_of(grant)
    is_own = viewer.kind != ViewerKind.PRACTITIONER
    whose = "My" if is_own and not viewer.acts_for else possessive(name)
    return {
        "about": None if is_own else found.known.face,
        "glass": None if is_own else glass_of(grant),
        "plan": found,
        "name": name,
        "whose": whose,
        "answer": answer(found, whose),
        "editor": editor(request, grant, found) if found.may_write else None,
        "how_far": how_far,
        "wish_words": wish_words,
        "subjects": SUBJECT_WORDS,
    }


def editor(request: HttpRequest, grant: Grant, found: WholePlan) -> dict[str, Any]:
    """What the forms of parts are given: where they go, and what their fields offer."""
    viewer = viewer_of(request)
    is_own = viewer.kind != ViewerKind.PRACTITIONER
    teams = [] if is_own else team_choices(grant, viewer)

    def options(kind: PartKind, name: str, is_new: bool, chosen: str) -> forms.Choices:
        if name == "goal":
            return forms.goal_choices(found, chosen)
        return forms.choices(kind, name, teams=teams, is_own=is_own, is_new=is_new)

    return {
        "person": "" if is_own else str(grant.person.pk),
        "subject": str(viewer.acts_for or viewer.id) if is_own else str(grant.person.pk),
        "is_own": is_own,
        "fields": forms.fields_of(found),
        "of_a_task": forms.OF_A_TASK,
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


def name_of(grant: Grant) -> str:
    """The name they like."""
    return grant.person.likes or grant.person.given


def history_of(request: HttpRequest, grant: Grant) -> dict[str, Any]:
    """Every version, told label by label."""
    viewer, found = viewer_of(request), queries.changes(grant=grant)
    is_practitioner = viewer.kind == ViewerKind.PRACTITIONER
    name = "plan" if is_practitioner else "me_plan"
    told = [(one, KIND_WORDS[one.kind], lines(one.kind, one.content, one.towards)) for one in found]
    return {
        "changes": told,
        "subject": str(grant.person.pk if is_practitioner else viewer.acts_for or viewer.id),
        "put_back": lambda one: reverse(f"{name}_undo", args=[*person_of(grant, name), one.part, one.version]),
        "opens": DataClass.PLAN in grant.opening.whole | grant.opening.redacted,
        "name": name_of(grant),
    }


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
    except Overtaken as fault:
        refusals.write_down(request, fault)
        theirs = queries.part(grant=grant, part_id=fault.about) if fault.about else None
        return form_page(request, grant, sent, name, theirs=theirs, status=409)
    except NotAGoal as fault:
        refusals.write_down(request, fault)
        form.errors.append(("goal", str(fault)))
        return form_page(request, grant, sent, name, status=422)
    words = f"Saved: {KIND_WORDS[sent.kind].lower()}."
    told(request, words, f"{name}_undo", *person_of(grant, name), row.pk, row.version)
    return redirect(name, *person_of(grant, name))


def confirmed(request: HttpRequest, grant: Grant, name: str) -> HttpResponse:
    """Take over what was sent under one heading."""
    form = Form(request.POST.dict())
    heading, thing = form.typed.get("heading", ""), forms.id_in(form.typed.get("thing", "")) or grant.person.pk
    version = form.version()
    try:
        row = actions.take_over(heading=heading, thing=thing, version=version, grant=grant, by=viewer_of(request))
    except Overtaken as fault:
        return _overtaken(request, grant, name, fault, wanted=overtaken.CONFIRM)
    told(request, "Confirmed: it stands in the plan.", f"{name}_undo", *person_of(grant, name), row.pk, row.version)
    return redirect(name, *person_of(grant, name))


def said_how_it_went(request: HttpRequest, grant: Grant, part_id: UUID, name: str) -> HttpResponse:
    """Done, not done, or how far."""
    form = Form(request.POST.dict())
    state, version = form.typed.get("state", ""), form.version()
    try:
        row = actions.say_how_it_went(part=part_id, state=state, version=version, grant=grant, by=viewer_of(request))
    except Overtaken as fault:
        return _overtaken(request, grant, name, fault, wanted=overtaken.WENT)
    told(request, "Saved.", f"{name}_undo", *person_of(grant, name), row.pk, row.version)
    return redirect(name, *person_of(grant, name))


def undone(request: HttpRequest, grant: Grant, part_id: UUID, version: int, name: str) -> HttpResponse:
    """Undo the last change, or put back what was taken out."""
    try:
        row = actions.undo(part=part_id, version=version, grant=grant, by=viewer_of(request))
    except Overtaken as fault:
        return _overtaken(request, grant, name, fault, wanted=overtaken.UNDO)
    if row.removed_at is None:
        session_words(request, "It says again what it said before.")
    else:
        words = TASK_TAKEN_BACK if row.task_id else TAKEN_BACK
        told(request, words, f"{name}_undo", *person_of(grant, name), row.pk, row.version)
    return redirect(name, *person_of(grant, name))


def _overtaken(request: HttpRequest, grant: Grant, name: str, fault: Overtaken, *, wanted: str) -> HttpResponse:
    at = overtaken.At(route=name, whose=person_of(grant, name), given=given_of(request, grant))
    return overtaken.page_of(request, grant, fault, wanted=wanted, at=at)


def form_page(
    request: HttpRequest, grant: Grant, sent: forms.Sent, name: str, *, theirs: Part | None = None, status: int
) -> HttpResponse:
    """The form of one part alone: with what is wrong, or beside the words that somebody saved first."""
    found = given_of(request, grant)
    plan: WholePlan = found["plan"]
    given = {
        "form": sent.form,
        "sent": sent,
        "names": forms.names_of(sent, plan),
        "kind_words": KIND_WORDS[sent.kind],
        "heading": forms.heading_of(sent.kind, sent.content),
        "theirs": theirs,
        "their_lines": lines(sent.kind, theirs.content, theirs.towards) if theirs else [],
        "my_lines": lines(sent.kind, sent.content, forms.towards(sent, plan)) if theirs else [],
        "back": reverse(name, args=person_of(grant, name)),
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


def person_of(grant: Grant, name: str) -> list[UUID]:
    """Whose page it is, where their address does not say it by itself."""
    return [] if name == "me_plan" else [grant.person.pk]
