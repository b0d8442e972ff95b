"""Joiners, movers and leavers: one page or form for each, and each with its way back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import postings
from locality.access.queries import staff as access
from locality.access.rules import DataClass, RoleCode
from locality.base import Refused
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.place import staff_forms, staff_words
from locality.web.place.staff import member_given
from locality.web.words import day

CHANGE = "staff_change"


@needs("run", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Who joins?"""
    by = viewer_of(request)
    access.keeps_staff(by)
    form, choices = Form(request.POST.dict()), staff_forms.offered(_today(request))
    if request.method == "POST":
        joins = staff_forms.joiner(form, choices)
        if joins is not None:
            told = _done(form, lambda: postings.add_staff(place=directory.place(), joiner=joins, by=by))
            if told is not None:
                request.session[session.UNDO] = {"words": f"{told.name} was added.", "address": ""}
                return redirect("staff_member", told.pk)
    given = {"form": form, "choices": choices, "roles": staff_words.role_choices(), "on": _today(request)}
    return page(request, "place/staff_add.jinja", given, status=422 if form.errors else 200)


@needs("run", DataClass.WORK)
@require_GET
def member(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """What does one of the staff do here, and what changes?"""
    return _member(request, practitioner_id, Form({}))


@needs("run", DataClass.WORK)
@require_POST
def move(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """Out of a team on a day, into another on a day."""
    by, form = viewer_of(request), Form(request.POST.dict())
    one = access.member(viewer=by, practitioner_id=practitioner_id)
    memberships = {str(row.pk): row for row in one.memberships}
    wanted = staff_forms.move(form, staff_forms.offered(_today(request)), memberships=memberships)
    if wanted is not None:
        change = _done(form, lambda: postings.move_staff(practitioner=one.practitioner, move=wanted, by=by))
        if change is not None:
            return _changed(request, change)
    return _member(request, practitioner_id, form)


@needs("run", DataClass.WORK, fresh=True)
@require_POST
def give_role(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """Something to sign in as, from a day."""
    by, form = viewer_of(request), Form(request.POST.dict())
    one = access.member(viewer=by, practitioner_id=practitioner_id).practitioner
    known = staff_forms.offered(_today(request)).organisations
    code = form.chosen("role", {role: role for role in RoleCode}, needed="Choose what they sign in as.")
    organisation = form.chosen("organisation", known, needed="Choose for whom.")
    starts_on = form.day("role_from", needed="Type the first day.")
    if code and organisation and starts_on:
        told = {"organisation": organisation, "code": code, "starts_on": starts_on}
        change = _done(form, lambda: postings.give_role(practitioner=one, by=by, **told))
        if change is not None:
            return _changed(request, change)
    return _member(request, practitioner_id, form)


@needs("run", DataClass.WORK)
@require_POST
def end_role(request: HttpRequest, practitioner_id: UUID, role_id: UUID) -> HttpResponse:
    """A role's last day."""
    by, form = viewer_of(request), Form(request.POST.dict())
    one = access.member(viewer=by, practitioner_id=practitioner_id).practitioner
    ends_on = form.first_day_after(f"role_until_{role_id}", needed="Type the last day of the role.")
    if ends_on:
        change = _done(form, lambda: postings.end_role_of(practitioner=one, role_id=role_id, ends_on=ends_on, by=by))
        if change is not None:
            return _changed(request, change)
    return _member(request, practitioner_id, form)


@needs("run", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """Is this who leaves, and is this what ends?"""
    by = viewer_of(request)
    form = Form((request.POST if request.method == "POST" else request.GET).dict())
    one = access.member(viewer=by, practitioner_id=practitioner_id)
    ends_on = form.first_day_after("leaves_after", needed="Type their last day.")
    if ends_on is None:
        return _member(request, practitioner_id, form)
    if request.method == "POST":
        change = _done(form, lambda: postings.leave(practitioner=one.practitioner, ends_on=ends_on, by=by))
        return _member(request, practitioner_id, form) if change is None else _changed(request, change)
    ending = access.ending(one.roles, on=ends_on), access.ending(one.memberships, on=ends_on)
    given = {
        "one": one,
        "ends": ending,
        "effect": _effect(one, ending, ends_on),
        "last_day": ends_on - timedelta(days=1),
        "roles": staff_words.role_choices(),
    }
    return page(request, "place/staff_leave.jinja", given)


@needs("run", DataClass.WORK)
@require_POST
def undo(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """Take back what was just changed."""
    by, told = viewer_of(request), request.session.get(CHANGE)
    access.keeps_staff(by)
    if told is None or told["practitioner"] != str(practitioner_id):
        raise Refused("There is nothing to take back: only the last change can be, and only once.")
    postings.take_back(change=_heard(told), by=by)
    del request.session[CHANGE]
    request.session[session.UNDO] = {"words": f"Taken back: {told['words']}", "address": ""}
    return redirect("staff_member", practitioner_id)


def _effect(one: access.Member, ending: tuple[list[Any], list[Any]], ends_on: date) -> str:
    name, last = one.practitioner.name, day(ends_on - timedelta(days=1))
    if not any(ending):
        return f"{name} has no role and no team after {last}: there is nothing to end."
    signs = "can no longer sign in" if ending[0] else "is in no team any more"
    return f"{name} leaves after {last}: {access.ending_words(*ending)}, and from {day(ends_on)} {name} {signs}."


def _member(request: HttpRequest, practitioner_id: UUID, form: Form) -> HttpResponse:
    choices = staff_forms.offered(_today(request))
    given = member_given(request, practitioner_id) | {"form": form, "choices": choices}
    return page(request, "place/staff_member.jinja", given, status=422 if form.errors else 200)


def _today(request: HttpRequest) -> date:
    return day_of(at_of(request))


def _done(form: Form, change: Callable[[], Any]) -> Any:
    """What was done; nothing when it breaks a rule, which the form then says with all that was typed."""
    try:
        return change()
    except Refused as refused:
        form.errors.append(("form", str(refused)))
        return None


def _changed(request: HttpRequest, change: postings.Change) -> HttpResponse:
    request.session[CHANGE] = _told(change)
    undo_at = reverse("staff_undo", args=[change.practitioner])
    request.session[session.UNDO] = {"words": change.words, "address": undo_at}
    return redirect("staff_member", change.practitioner)


def _told(change: postings.Change) -> dict[str, Any]:
    """A change as a session can hold it."""
    return {
        "practitioner": str(change.practitioner),
        "words": change.words,
        **{
            kind: [[str(one.id), _iso(one.was), _iso(one.became)] for one in getattr(change, kind)]
            for kind in ("roles", "memberships")
        },
    }


def _heard(told: dict[str, Any]) -> postings.Change:
    def rows(kind: str) -> tuple[postings.Ended, ...]:
        return tuple(postings.Ended(UUID(pk), was=_day(was), became=_day(became)) for pk, was, became in told[kind])

    return postings.Change(
        practitioner=UUID(told["practitioner"]),
        words=told["words"],
        roles=rows("roles"),
        memberships=rows("memberships"),
    )


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _day(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None
