"""Classes: which there are, one with its people, inviting a cohort, and what came of it."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.rules import DataClass
from locality.base import NoAccess, Refused
from locality.base.periods import day_of
from locality.directory.queries.holidays import bank_holidays
from locality.neighbourhoods.actions import course_sessions, courses
from locality.neighbourhoods.actions.courses import Invited
from locality.neighbourhoods.queries import courses as queries
from locality.neighbourhoods.queries import names, support
from locality.neighbourhoods.rules.courses import PlaceState, came_of
from locality.neighbourhoods.rules.tasks import may_work
from locality.population.actions.cohorts import those_of_mine
from locality.population.queries.cohorts import cohorts_of
from locality.population.queries.copy import open_copy, pack
from locality.population.queries.kept import kept_measures
from locality.population.rules.kept import may_name_people
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.courses import forms, words
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page

NOT_YOUR_WORK = "The role you signed in with has nothing to do with the work of teams."
ORDER = (PlaceState.COMING, PlaceState.WAITING, PlaceState.INVITED, PlaceState.DECLINED, PlaceState.LEFT)
INVITING = "Inviting them to a class: {name}"


@needs("read", DataClass.WORK)
@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """Which classes does my team hold, and where is a place free?"""
    rows = queries.courses(viewer=viewer_of(request))
    given = {"answer": words.answer(rows), "rows": rows, "waiting": queries.sessions_waiting(viewer=viewer_of(request))}
    return page(request, "courses/list.jinja", given)


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def new_class(request: HttpRequest) -> HttpResponse:
    """What is held, where, when and for how many?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    if not may_work(viewer):
        raise NoAccess(NOT_YOUR_WORK)
    named = names.team_names(on=day_of(viewer.at))
    teams = {str(one): one for one in sorted(viewer.teams, key=lambda one: named.get(one, ""))}
    services = support.services_to_offer(viewer=viewer)
    by_id = {str(one.pk): one.pk for one in services}
    new = forms.new(form, teams=teams, services=by_id) if request.method == "POST" and teams else None
    if new is not None:
        try:
            made = courses.make(new=new, by=viewer)
        except Refused as refused:
            refusals.write_down(request, refused)
            form.errors.append(("name", str(refused)))
        else:
            request.session[session.UNDO] = {"words": "Made. Invite people to it now.", "address": ""}
            return redirect("class", made.pk)
    given = {
        "form": form,
        "holidays_words": words.holidays(bank_holidays()),
        "teams": [(value, named.get(one, "")) for value, one in teams.items()],
        "services": [(str(one.pk), f"{one.name} ({one.organisation.name})") for one in services],
    }
    return page(request, "courses/new.jinja", given, status=422 if form.errors else 200)


@needs("read", DataClass.WORK)
@require_GET
def one(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Who comes, when does it meet, and what came of it?"""
    return open_page(request, course_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def places(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """More places, or fewer."""
    form = Form(request.POST.dict())
    many = forms.places(form)
    if many is None:
        return open_page(request, course_id, form)
    return done(
        request,
        lambda: courses.set_places(course=course_id, places=many, by=viewer_of(request)),
        "So many places there are now; whoever waited and has one is told.",
        otherwise=lambda refused: open_page(request, course_id, form, refused, at="places"),
        to=("class", course_id),
    )


@needs("act", DataClass.WORK)
@require_POST
def changed(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """It is called otherwise, or meets elsewhere."""
    form = Form(request.POST.dict())
    name, where, what, version = forms.changed(form)
    if form.errors:
        return open_page(request, course_id, form, at="change")
    try:
        told = courses.change(
            course=course_id, name=name, where=where, what=what, version=version, by=viewer_of(request)
        )
    except Refused as refused:
        return open_page(request, course_id, form, refused, at="name")
    request.session[session.UNDO] = {"words": words.changed(told), "address": ""}
    return redirect("class", course_id)


@needs("act", DataClass.WORK)
@require_POST
def invite(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Everybody of a cohort whom I look after."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    shown = course_sessions.open_course(course=course_id, by=viewer)
    kept = kept_measures(viewer=viewer) if may_name_people(viewer) else None
    known = {one.code: one.code for one in kept.cohorts} if kept else {}
    code = form.chosen("cohort", known, needed="Choose whom to invite.")
    if code is None:
        return open_page(request, course_id, form)
    try:
        with open_copy() as duck:
            meant = cohorts_of(place=pack(otherwise=str(settings.LOCALITY_PLACE or "")))[code]
            why, on = INVITING.format(name=shown.course.name), day_of(viewer.at)
            people = those_of_mine(duck=duck, cohort=meant, on=on, key=settings.COPY_KEY(), why=why, by=viewer)
        told = courses.invite(course=course_id, people=[one.pk for one in people], by=viewer)
    except Refused as refused:
        return open_page(request, course_id, form, refused, at="cohort")
    request.session[session.UNDO] = {"words": words.invited(told), "address": ""}
    return redirect("class", course_id)


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def person_class(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Which class is for them?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    grant = open_record(person_id=person_id, by=viewer)
    rows = [row for row in queries.courses(viewer=viewer) if row.next_at]
    known = {str(row.id): row.id for row in rows}
    chosen = form.chosen("class", known, needed="Choose a class.") if request.method == "POST" else None
    if chosen is not None:
        try:
            told = courses.invite(course=chosen, people=[grant.person.pk], by=viewer)
        except Refused as refused:
            refusals.write_down(request, refused)
            form.errors.append(("class", str(refused)))
        else:
            return _invited(request, chosen, told)
    about = face(grant=grant, at=at_of(request))
    given = {"about": about, "form": form, "rows": rows, "now": viewer.at}
    return page(request, "courses/person.jinja", given, status=422 if form.errors else 200)


def _invited(request: HttpRequest, course_id: UUID, told: Invited) -> HttpResponse:
    request.session[session.UNDO] = {"words": words.invited(told), "address": ""}
    return redirect("class", course_id)


@needs("act", DataClass.WORK)
@require_POST
def place_moved(request: HttpRequest, course_id: UUID, place_id: UUID) -> HttpResponse:
    """They want to come, they do not, or they stopped."""
    form = Form(request.POST.dict())
    move = form.chosen("move", forms.MOVES, needed="Press what they say.")
    if move is None:
        return open_page(request, course_id, form)
    try:
        row = courses.move_place(place=place_id, move=move, why=form.words("why"), by=viewer_of(request))
    except Refused as refused:
        return open_page(request, course_id, form, refused, at="people")
    said = f"{words.place[PlaceState(row.state)]}: written down."
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("class", course_id)


def done(
    request: HttpRequest,
    act: Callable[[], object],
    notice: str,
    *,
    otherwise: Callable[[Refused], HttpResponse],
    to: tuple[str, UUID],
) -> HttpResponse:
    """Do it and say so, or show what was refused."""
    try:
        act()
    except Refused as refused:
        return otherwise(refused)
    request.session[session.UNDO] = {"words": notice, "address": ""}
    return redirect(reverse(to[0], args=[to[1]]))


def open_page(
    request: HttpRequest, course_id: UUID, form: Form, refused: Refused | None = None, *, at: str = "class"
) -> HttpResponse:
    """One class with its forms, and what is wrong with what was sent."""
    viewer = viewer_of(request)
    if refused is not None:
        refusals.write_down(request, refused)
        form.errors.append((at, str(refused)))
    found = course_sessions.open_course(course=course_id, by=viewer)
    kept = kept_measures(viewer=viewer) if may_name_people(viewer) else None
    given = {
        "one": found,
        "row": found.course,
        "groups": [(state, found.of(state)) for state in ORDER if found.of(state)],
        "came_of": came_of(queries.measured_twice(viewer=viewer, course_id=course_id)),
        "cohorts": [(one.code, one.says) for one in kept.cohorts] if kept else [],
        "form": form,
        "at": at,
        "say": words,
        "now": viewer.at,
    }
    return page(request, "courses/one.jinja", given, status=422 if form.errors else 200)
