"""What the privacy officer keeps of people: whose looks are reviewed, who must not look, what they sealed."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access import actions
from locality.access.actions import keeping, marking
from locality.access.rules import CONFLICT_WORDS, WATCH_WORDS, DataClass, Seal, may_review
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page, page_of
from locality.web.privacy.whom import NAME_THEM, Offered, practitioner_of
from locality.web.words import counted

CHOOSE_WHY = "Choose why."
CHOOSE_WHAT = "Choose what they are to each other."
SAY_WHY = "Say why, so that the next reader can judge."
SEAL_WORDS = {Seal.SEALED: "Sealed: it may be asked for", Seal.LOCKED: "Locked: nobody is told of it"}


@needs("read", DataClass.AUD)
@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """Whose looks are reviewed, and who must not look at whom?"""
    pages = {"watches": page_of(request, "watches"), "conflicted": page_of(request, "conflicts")}
    found = keeping.open_everybody(**pages, by=viewer_of(request))
    given = {"found": found, "watch_words": WATCH_WORDS, "conflict_words": CONFLICT_WORDS}
    return page(request, "privacy/kept.jinja", given)


@needs("read", DataClass.AUD)
@require_GET
def opt_outs(request: HttpRequest) -> HttpResponse:
    """Of which lists of opt-outs that came must I look at a line?"""
    lists = keeping.open_opt_outs(by=viewer_of(request))
    refused = sum(one.rejected for one, _ in lists)
    many = f"{counted(refused, 'line')} of the last {counted(len(lists), 'list')} of opt-outs"
    answer = f"{many} {'was' if refused == 1 else 'were'} rejected" if refused else "No line of an opt-out was rejected"
    return page(request, "privacy/opt_outs.jinja", {"answer": answer, "lists": lists})


@needs("act", DataClass.AUD)
@require_GET
def marks(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who must not look at this person, are looks at them reviewed, and what did they seal?"""
    return _marks(request, person_id, Form({}), [])


def _marks(request: HttpRequest, person_id: UUID, form: Form, offered: Offered) -> HttpResponse:
    given = {
        "found": keeping.open_kept(person_id=person_id, by=viewer_of(request)),
        "form": form,
        "offered": offered,
        "watch_words": WATCH_WORDS,
        "conflict_words": CONFLICT_WORDS,
        "seal_words": SEAL_WORDS,
    }
    return page(request, "privacy/marks.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.AUD)
@require_POST
def watch_made(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Review every look at them from now on."""
    by, form = _officer(request), Form(request.POST)
    kind = form.chosen("watch", _codes(WATCH_WORDS), needed=CHOOSE_WHY)
    if kind is None:
        return _marks(request, person_id, form, [])
    made = partial(actions.watch, person_id=person_id, kind=kind, words=form.words("watch_words"), by=by)
    if not _is_made(request, form, "watch_words", made):
        return _marks(request, person_id, form, [])
    return _done(request, person_id, "Every look at them is reviewed from now on. Nothing is withheld for it.")


@needs("act", DataClass.AUD)
@require_POST
def conflict_made(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A practitioner must not look at them."""
    by, form = _officer(request), Form(request.POST)
    kind = form.chosen("conflict", _codes(CONFLICT_WORDS), needed=CHOOSE_WHAT)
    who, offered = practitioner_of(form, on=day_of(by.at), needed=NAME_THEM)
    if kind is None or who is None:
        return _marks(request, person_id, form, offered)
    told: dict[str, Any] = {
        "practitioner": who[0],
        "person_id": person_id,
        "kind": kind,
        "words": form.words("conflict_words"),
    }
    if not _is_made(request, form, "conflict_words", partial(actions.declare_conflict, **told, by=by)):
        return _marks(request, person_id, form, offered)
    return _done(request, person_id, f"The record is closed to {who[1]} from now on.")


@needs("act", DataClass.AUD)
@require_POST
def watch_ended(request: HttpRequest, person_id: UUID, watch_id: UUID) -> HttpResponse:
    """Looks at them are reviewed no longer."""
    by, (form, words) = _officer(request), _why(request, watch_id)
    if not words:
        return _marks(request, person_id, form, [])
    actions.unwatch(watch_id=watch_id, words=words, of=person_id, by=by)
    return _done(request, person_id, "Looks at them are no longer reviewed.")


@needs("act", DataClass.AUD)
@require_POST
def conflict_ended(request: HttpRequest, person_id: UUID, conflict_id: UUID) -> HttpResponse:
    """A practitioner may look at them again."""
    by, (form, words) = _officer(request), _why(request, conflict_id)
    if not words:
        return _marks(request, person_id, form, [])
    actions.end_conflict(conflict_id=conflict_id, words=words, of=person_id, by=by)
    return _done(request, person_id, "The conflict is over: they may look again where they have a reason to.")


@needs("act", DataClass.AUD)
@require_POST
def seal_ended(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """The person wants a line opened again."""
    by, (form, words) = _officer(request), _why(request, thing)
    if not words:
        return _marks(request, person_id, form, [])
    if not marking.unseal(person_id=person_id, thing=thing, words=words, by=by):
        raise NotFound(marking.NO_MARK)
    return _done(request, person_id, "The line is open again to whoever may see its kind.")


def _is_made(request: HttpRequest, form: Form, name: str, make: Callable[[], object]) -> bool:
    try:
        make()
    except Refused as refused:
        refusals.write_down(request, refused)
        form.errors.append((name, str(refused)))
    return not form.errors


def _officer(request: HttpRequest) -> Viewer:
    """Whoever may keep these, before anything that was typed is answered."""
    viewer = viewer_of(request)
    if not may_review(viewer):
        raise NoAccess(marking.OFFICER_ONLY)
    return viewer


def _codes(words: Iterable[str]) -> dict[str, str]:
    return {str(code): str(code) for code in words}


def _why(request: HttpRequest, mark: UUID) -> tuple[Form, str]:
    form = Form(request.POST)
    words = form.words("words")
    if not words:
        form.errors.append((f"why-{mark}", SAY_WHY))
    return form, words


def _done(request: HttpRequest, person_id: UUID, words: str) -> HttpResponse:
    request.session[session.UNDO] = {"words": words, "address": ""}
    return redirect("privacy_marks", person_id)
