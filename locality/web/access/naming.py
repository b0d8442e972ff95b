"""Writing down who acts for a person: first who it is, then by what right, until when, and what is kept from them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access import actions, rules
from locality.access.actions import open_record
from locality.access.actions.acting import MAY_NOT
from locality.access.queries import Grant
from locality.access.rules import MAY_BE_KEPT_FROM_PROXY, PROXY_WORDS, DataClass, ProxyKind
from locality.base import NoAccess
from locality.base.periods import day_of
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import LIMIT_WORDS
from locality.web.find.views import NOT_A_DATE, NOTHING_TYPED, born_between, line_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page

CHOOSE_RIGHT = "Choose by what right they act."
SAY_WHY = "Say what was agreed and with whom, or which paper you saw."
BY_AGE = f"Ends by itself on the child's {rules.TABLES.parent_until_age}th birthday"
WRITTEN = "Written down. From now on they may act for this person; the person, or you, can end it here."


@needs("act", DataClass.ID)
@require_http_methods(["GET", "POST"])
def proxy_find(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who is to act for them?"""
    grant = _opened(request, person_id)
    form = Form(request.POST.dict())
    words, born = form.words("words", needed=NOTHING_TYPED if request.method == "POST" else ""), form.words("born")
    between = born_between(born, today=day_of(at_of(request)))
    if born and between is None:
        form.errors.append(("born", NOT_A_DATE))
    given: dict[str, Any] = {"form": form, "asked": False, "found": (), "more": False}
    if request.method == "POST" and not form.errors:
        search = actions.find(words=words, born=between, by=viewer_of(request))
        found = [line_of(one, at=at_of(request)) for one in search.found if one.id != grant.person.pk]
        given |= {"asked": True, "found": found, "more": search.more}
    given["about"] = face(grant=grant, at=at_of(request))
    return page(request, "access/proxy_find.jinja", given, status=422 if form.errors else 200)


def _opened(request: HttpRequest, person_id: UUID) -> Grant:
    viewer = viewer_of(request)
    if not rules.may_name_proxies(viewer):
        raise NoAccess(MAY_NOT)
    return open_record(person_id=person_id, by=viewer, what="consent.opened")


@needs("act", DataClass.ID)
@require_GET
def proxy_form(request: HttpRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """By what right, until when, and what is kept from them?"""
    return _form(request, person_id, other_id, Form({}), kept=())


def _form(request: HttpRequest, person_id: UUID, other_id: UUID, form: Form, *, kept: tuple[str, ...]) -> HttpResponse:
    grant = _opened(request, person_id)
    one = actions.confirm(person_id=other_id, by=viewer_of(request))
    given = {
        "about": face(grant=grant, at=at_of(request)),
        "other": line_of(one, at=at_of(request)),
        "form": form,
        "kept": kept,
        "rights": [
            (str(kind), words, BY_AGE if kind == ProxyKind.PARENT else "") for kind, words in PROXY_WORDS.items()
        ],
        "limits": [(code, LIMIT_WORDS[code]) for code in MAY_BE_KEPT_FROM_PROXY],
    }
    return page(request, "access/proxy_form.jinja", given, status=422 if form.errors else 200)


@needs("decide", DataClass.ID)
@require_POST
def proxy_made(request: HttpRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """They may act from now on."""
    form = Form(request.POST.dict())
    kept = tuple(code for code in MAY_BE_KEPT_FROM_PROXY if code in request.POST.getlist("kept"))
    kind = form.chosen("kind", {code.value: code for code in ProxyKind}, needed=CHOOSE_RIGHT)
    ends_on = form.first_day_after("last_day")
    words = form.words("words", needed=SAY_WHY)
    if form.errors or kind is None:
        return _form(request, person_id, other_id, form, kept=kept)
    actions.make_proxy(
        person_id=person_id,
        proxy_id=other_id,
        kind=kind,
        words=words,
        ends_on=ends_on,
        kept_back=kept,
        knows_address=request.POST.get("knows_address") == "yes",
        by=viewer_of(request),
    )
    request.session[session.UNDO] = {"words": WRITTEN, "address": ""}
    return redirect("consent", person_id)
