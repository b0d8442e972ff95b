"""People to review: the list, one person on it, the answers; whom somebody puts forward by hand."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NoAccess, Refused, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions import list_candidates
from locality.neighbourhoods.rules import AGREED_WORDS
from locality.population.actions import reviewing
from locality.population.actions.reviewing import Desk
from locality.population.rules.finding import WARNING, WARNING_ORIGIN, may_print_found, may_review_found
from locality.record import queries
from locality.web import refusals, session
from locality.web.finding import forms, words
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page

NOT_YOURS = "The role you signed in with does not review people whom the place has found."
NOT_ON_PAPER = "The role you signed in with does not print lists of people: a clinician or social worker does."
PUT = "Put forward: their practice and team find them on their list."
ON_PAPER = 200


@needs("read", DataClass.WORK)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who waits for my answer, and why?"""
    viewer = _reviewer(request)
    chosen = request.GET.get("list", "")
    desk = reviewing.list_people(code=_code(chosen), by=viewer)
    prints = {"may_print": may_print_found(viewer)}
    return page(request, "finding/list.jinja", _listed(desk, chosen) | _answers() | prints)


@needs("read", DataClass.WORK, fresh=True)
@require_GET
def people_print(request: HttpRequest) -> HttpResponse:
    """The same on paper, for those whose role may take people away in bulk."""
    viewer = _reviewer(request)
    if not may_print_found(viewer):
        raise NoAccess(NOT_ON_PAPER)
    chosen = request.GET.get("list", "")
    desk = reviewing.list_people(code=_code(chosen), by=viewer, most=ON_PAPER, on_screen=False)
    given = {"printed_by": f"{viewer.name}, {viewer.organisation_name}"}
    return page(request, "finding/print.jinja", _listed(desk, chosen) | given)


@needs("read", DataClass.WORK)
@require_GET
def person(request: HttpRequest, found_id: UUID) -> HttpResponse:
    """Why is this person on a list?"""
    return _person(request, found_id, Form({}))


def _person(request: HttpRequest, found_id: UUID, form: Form) -> HttpResponse:
    viewer = _reviewer(request)
    one = reviewing.open_person(found_id=found_id, by=viewer)
    is_open = one.state == "waiting" or (
        one.state == "later" and (one.later_on or day_of(viewer.at)) <= day_of(viewer.at)
    )
    given = {"row": words.row(one), "is_open": is_open, "say": words, "form": form}
    return page(request, "finding/person.jinja", given | _answers(), status=422 if form.errors else 200)


@needs("act", DataClass.WORK)
@require_POST
def review(request: HttpRequest, found_id: UUID) -> HttpResponse:
    """Accept, decline, already known, ask later: one press."""
    viewer = _reviewer(request)
    form = Form(request.POST.dict())
    said = forms.said(form, on=day_of(at_of(request)))
    if said is None:
        return _person(request, found_id, form)
    try:
        one = reviewing.review(found_id=found_id, said=said, by=viewer)
    except Refused as why:
        refusals.write_down(request, why)
        form.errors.append((forms.FIELDS.get(str(why), forms.ANSWER), str(why)))
        return _person(request, found_id, form)
    return _back(request, words.done(one, said.answer), reverse("finding_undo", args=[found_id]))


@needs("act", DataClass.WORK)
@require_POST
def undo(request: HttpRequest, found_id: UUID) -> HttpResponse:
    """Take the answer back."""
    one = reviewing.undo(found_id=found_id, by=_reviewer(request))
    return _back(request, f"{one.person.family.upper()}, {one.person.given} waits again.")


@needs("read", DataClass.WORK)
@require_GET
def candidates(request: HttpRequest) -> HttpResponse:
    """Who was put forward to my teams?"""
    found = list_candidates(by=viewer_of(request))
    return page(request, "finding/candidates.jinja", {"found": found, "agreed": AGREED_WORDS})


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def nominate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Why do you think of them?"""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer)
    form = Form(request.POST.dict())
    if request.method == "POST":
        why = forms.whole(form, "why", needed=reviewing.SAY_WHY)
        if not form.errors and _put_forward(request, grant, why, form):
            request.session[session.UNDO] = {"words": PUT, "address": ""}
            return redirect("person", person_id)
    given = {"about": queries.face(grant=grant, at=viewer.at), "form": form}
    return page(request, "finding/nominate.jinja", given, status=422 if form.errors else 200)


def _put_forward(request: HttpRequest, grant: Grant, why: str, form: Form) -> bool:
    try:
        reviewing.nominate(grant=grant, words=why, by=viewer_of(request))
    except Refused as refused:
        refusals.write_down(request, refused)
        form.errors.append(("why", str(refused)))
    return not form.errors


# ---- parts


def _reviewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if not may_review_found(viewer):
        raise NoAccess(NOT_YOURS)
    return viewer


def _code(chosen: str) -> str | None:
    """The list that was asked for; people put forward by hand stand on one without a code."""
    return None if not chosen else "" if chosen == words.BY_HAND else chosen


def _listed(desk: Desk, chosen: str) -> dict[str, object]:
    total, rows = sum(desk.by_list.values()), [words.row(one) for one in desk.waiting]
    return {
        "answer": words.answer(total),
        "rows": rows,
        "groups": [(title, list(of)) for title, of in groupby(rows, key=lambda row: row.title)],
        "answered": desk.answered,
        "accepted": desk.accepted,
        "chosen": chosen,
        "total": total,
        "lists": [
            (code or words.BY_HAND, name or "Put forward by hand", n) for (code, name), n in desk.by_list.items()
        ],
        "say": words,
        "warning": WARNING,
        "warning_origin": WARNING_ORIGIN,
    }


def _answers() -> dict[str, object]:
    return {"later": forms.LATER, "agreed": forms.AGREED, "reasons": forms.REASONS}


def _back(request: HttpRequest, notice: str, address: str = "") -> HttpResponse:
    """To the list that it was pressed on, with what was done."""
    request.session[session.UNDO] = {"words": notice, "address": address}
    chosen = request.POST.get("list", "")
    return redirect(f"{reverse('finding')}?list={chosen}" if chosen.replace("-", "").isalnum() else reverse("finding"))
