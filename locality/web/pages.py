"""Rendering: what every page is given besides its own."""

from collections.abc import Callable
from mimetypes import guess_extension
from pathlib import PurePath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import get_valid_filename

from locality.access.queries.staff import may_keep_staff
from locality.access.rules import (
    ROLE_WORDS,
    RoleCode,
    may_decide_identity,
    may_find,
    may_review,
    may_run_sources,
    may_see_linkage_quality,
)
from locality.base import NotFound, Viewer, ViewerKind
from locality.directory import queries as directory
from locality.neighbourhoods.rules.inbox import has_an_inbox
from locality.population.rules.finding import may_review_found, sees_runs_alone
from locality.population.rules.kept import may_see_measures
from locality.record.queries.concerns import may_receive
from locality.web import session


def page(request: HttpRequest, template: str, given: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page for whoever is looking; headers.py keeps it from being kept by the browser."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    given = {
        "place": {"name": _place_name()},
        "csrf_input": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)),
        "CSP_NONCE": getattr(request, "csp_nonce", ""),
        "signed_in": _signed_in(viewer),
        "acting": viewer.acts_for_name if viewer and viewer.acts_for else "",
        "subject": str(viewer.acts_for or viewer.id) if viewer else "",
        "nav": _nav(request, viewer),
        "letters": _letters(request, viewer),
        "undo": request.session.pop(session.UNDO, None) if session.UNDO in request.session else None,
        **({"now": viewer.at} if viewer else {}),
        **given,
    }
    # by itself, since Django's own way writes a new mark into each of a hundred forms
    return HttpResponse(get_template(template).template.render(given), status=status)  # type: ignore[attr-defined]


def page_of(request: HttpRequest, name: str = "page") -> int:
    """Which page of a list; the first when it is no number."""
    asked = request.GET.get(name, "1")
    return min(max(int(asked), 1), 10_000) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1


def searched(request: HttpRequest) -> dict[str, str]:
    """What a list is narrowed by. Words may be somebody's name: read from what is sent, never from an address."""
    if request.method == "POST":
        return {name: value for name, value in request.POST.dict().items() if name != "csrfmiddlewaretoken"}
    return {name: value for name, value in request.GET.dict().items() if name != "words"}


def kept_file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    """A file to keep, under a name that a disk takes; never opened by the browser as a page of ours."""
    response = HttpResponse(content, content_type=kind)
    # without its ending a telephone does not know what opens it
    ending = "" if PurePath(name).suffix else guess_extension(kind.partition(";")[0]) or ""
    response["Content-Disposition"] = f'attachment; filename="{get_valid_filename((name or "document") + ending)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


_names: dict[str, str] = {}


def _place_name() -> str:
    # the place is loaded once and named on every page, the error page too: it must not cost a query each time
    if "place" not in _names:
        try:
            _names["place"] = directory.place().header
        except NotFound:
            return "Locality"  # nothing is loaded yet, and the page that says so needs a name too
    return _names["place"]


def _signed_in(viewer: Viewer | None) -> dict[str, str] | None:
    if viewer is None:
        return None
    if viewer.kind != ViewerKind.PRACTITIONER:
        return {"name": viewer.name, "role": ""}
    role = ROLE_WORDS.get(RoleCode(viewer.role), viewer.role)
    return {"name": viewer.name, "role": f"{role}, {viewer.organisation_name}"}


def _letters(request: HttpRequest, viewer: Viewer | None) -> dict[str, Any] | None:
    """How large one chose the letters of one's own pages; `back` is "" where going there would lose what was typed."""
    if viewer is None or viewer.kind == ViewerKind.PRACTITIONER:
        return None
    back = request.get_full_path() if request.method == "GET" else ""
    return {"large": bool(request.session.get(session.LARGE)), "back": back}


def _anybody(viewer: Viewer) -> bool:
    return True


def _works_in_a_team(viewer: Viewer) -> bool:
    return bool(viewer.teams) and may_find(viewer)


PLACES: tuple[tuple[str, str, Callable[[Viewer], bool]], ...] = (
    ("Home", "home", _anybody),
    ("Find a person", "find", may_find),
    ("Tasks", "tasks", _works_in_a_team),
    ("Inbox", "inbox", has_an_inbox),
    ("Team", "team_at_work", _works_in_a_team),
    ("Referrals", "referrals", may_find),
    ("People to review", "finding", may_review_found),
    ("Finding people", "finding_runs", sees_runs_alone),
    ("Measures", "measures", may_see_measures),
    ("Who is who", "identity", may_decide_identity),
    ("Linking", "linkage_quality", may_see_linkage_quality),
    ("Concerns", "concerns", may_receive),
    ("The place", "place", _anybody),
    ("Staff", "staff", may_keep_staff),
    ("Sources", "sources", may_run_sources),
    ("Privacy", "privacy", may_review),
)


def _nav(request: HttpRequest, viewer: Viewer | None) -> tuple[tuple[str, str, bool], ...]:
    if viewer is None:
        return ()
    if viewer.kind != ViewerKind.PRACTITIONER:
        whose = "Their" if viewer.acts_for else "My"
        told = [("Home", "me_home"), (f"{whose} plan", "me_plan"), (f"{whose} record", "me_record")]
        told += [(f"{whose} notes", "me_notes"), ("Messages", "me_messages")]
        told += [("Who looked", "me_who_looked"), ("Who acts for whom", "me_acting")]
        return _chosen(request, told)
    return _chosen(request, [(words, name) for words, name, may in PLACES if may(viewer)])


def _chosen(request: HttpRequest, places: list[tuple[str, str]]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((words, reverse(name), request.path == reverse(name)) for words, name in places)
