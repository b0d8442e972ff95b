"""Adding a person whom nobody has sent."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from locality.access.actions import adding
from locality.access.rules import DataClass
from locality.base import NoAccess
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.web import session
from locality.web.add import forms
from locality.web.find.views import line_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page

MOST_ALIKE = 20


@needs("act", DataClass.ID)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Who is it that nobody has sent? What is typed comes by POST: it stays out of addresses and logs."""
    viewer, on = viewer_of(request), day_of(at_of(request))
    if not adding.may_add(viewer):
        raise NoAccess(adding.ROLE_CANNOT)
    teams = {row.code: row for row in directory.teams(on).filter(pk__in=viewer.teams)}
    typed, mark = request.POST.dict(), forms.filling(request.POST.get("form", ""))
    if "words" in typed:
        return _form(request, forms.form_of(forms.from_search(typed["words"], typed.get("born", ""))), mark, teams)
    form = forms.form_of(typed)
    if request.method == "GET" or "change" in typed:
        return _form(request, form, mark, teams)
    newcomer = forms.newcomer(form, today=on, teams={code: row.pk for code, row in teams.items()})
    if newcomer is None:
        return _form(request, form, mark, teams, status=422)
    shown = _ids(typed.get("not_these", ""))
    added = adding.add_person(form=mark, newcomer=newcomer, not_these=shown, by=viewer)
    if added.person is None:
        return _alike(request, form, mark, added, shown=shown)
    words = f"{newcomer.given or newcomer.likes} {newcomer.family}".strip()
    told = f"{words} was added, and is on your caseload. Whoever sends them later is linked to this record."
    request.session[session.UNDO] = {"words": told, "address": ""}
    return redirect("person", added.person)


def _form(
    request: HttpRequest, form: Form, mark: str, teams: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    given = {"form": form, "mark": mark, "teams": teams, "sexes": forms.SEXES, "comes": forms.COMES}
    return page(request, "add/form.jinja", given, status=status)


def _alike(
    request: HttpRequest, form: Form, mark: str, added: adding.Adding, *, shown: frozenset[UUID]
) -> HttpResponse:
    """Are you sure it is not one of these?"""
    seen = shown | {one.id for one in added.alike}
    given = {
        "form": form,
        "fields": forms.FIELDS,
        "mark": mark,
        "alike": [line_of(one, at=at_of(request)) for one in added.alike],
        "certain": bool(added.certain),
        "not_these": ",".join(str(one) for one in sorted(seen)),
    }
    return page(request, "add/alike.jinja", given)


def _ids(typed: str) -> frozenset[UUID]:
    found = set()
    for one in typed.split(",")[:MOST_ALIKE]:
        try:
            found.add(UUID(one))
        except ValueError:
            continue
    return frozenset(found)
