"""What leaves: the list, one message, a letter on paper; taken back, sent again, answered."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.neighbourhoods.actions import outbox, outbox_list, sending
from locality.neighbourhoods.queries import outbox as queries
from locality.neighbourhoods.rules.outbox import MessageState
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.outbox import forms, words
from locality.web.pages import page, page_of, searched


@needs("read", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest) -> HttpResponse:
    """What did we send, what waits, and what did not go?"""
    viewer = viewer_of(request)
    typed = searched(request)
    asked = forms.narrowed(typed)
    found = outbox_list.list_outbox(by=viewer, asked=asked, page=page_of(request))
    given = {
        "answer": words.answer(found.counts, asked=asked),
        "outbox": found,
        "asked": asked,
        "form": Form(typed),
        "is_narrowed": bool(asked.words or asked.state or asked.channel or asked.to_see_to),
        "states": words.STATES,
        "channels": words.CHANNELS,
        "at": _at(typed),
        "say": words,
        "viewer": viewer,
    }
    return page(request, "outbox/list.jinja", given)


def _at(typed: dict[str, str]) -> str:
    """What narrows the list, for the way to its next page; what was searched for is a name, and in no address."""
    kept = {name: typed[name] for name in ("of", "state", "way") if typed.get(name)}
    return f"&{urlencode(kept)}" if kept else ""


@needs("read", DataClass.WORK)
@require_GET
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """What went, to whom, and what became of it?"""
    return _open(request, message_id, Form({}))


@needs("read", DataClass.WORK)
@require_GET
def letter(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The letter on paper, where it may go today."""
    found = outbox_list.print_letter(message=message_id, by=viewer_of(request))
    grant = found.grant
    given = {"one": found.one, "row": found.one.message, "address": found.address, "why_not": found.why_not}
    # how they are written to stands in the banner, on the screen alone
    given |= {"about": face(grant=grant, at=grant.viewer.at), "is_large": request.GET.get("large") == "yes"}
    return page(request, "outbox/letter.jinja", given)


@needs("act", DataClass.WORK)
@require_POST
def posted(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """I printed it and posted it."""

    def act(by: Viewer) -> str:
        row = sending.posted(message=message_id, by=by)
        return "Posted." if row.state == MessageState.SENT else f"It may not go: do not post it. {row.stopped_why}"

    return _done(request, message_id, act)


@needs("act", DataClass.WORK)
@require_POST
def withdraw(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """It is not to go after all."""

    def act(by: Viewer) -> str:
        outbox.withdraw(message=message_id, by=by)
        return "Taken back: it does not go."

    return _done(request, message_id, act)


@needs("act", DataClass.WORK)
@require_POST
def retry(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Let it go again."""

    def act(by: Viewer) -> str:
        outbox.retry(message=message_id, by=by)
        return "It goes at the next turn, if it may."

    return _done(request, message_id, act)


@needs("act", DataClass.WORK)
@require_POST
def answered(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """They answered by telephone or post."""
    form = Form(request.POST.dict())
    said = form.text("answer")

    def act(by: Viewer) -> str:
        outbox.note_answer(message=message_id, words=said, by=by)
        return "Written down."

    return _done(request, message_id, act, form)


def _done(
    request: HttpRequest, message_id: UUID, act: Callable[[Viewer], str], form: Form | None = None
) -> HttpResponse:
    """Do it and say so; what is refused stands on the message, with what was typed."""
    try:
        said = act(viewer_of(request))
    except Refused as refused:
        refusals.write_down(request, refused)
        form = form or Form({})
        form.errors.append(("answer" if "answer" in form.typed else "message", str(refused)))
        return _open(request, message_id, form)
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("message", message_id)


def _open(request: HttpRequest, message_id: UUID, form: Form) -> HttpResponse:
    one, grant = outbox_list.open_message(message=message_id, by=viewer_of(request))
    return page(request, "outbox/one.jinja", _given(one, grant, form), status=422 if form.errors else 200)


def _given(one: queries.One, grant: Grant, form: Form) -> dict[str, Any]:
    about = face(grant=grant, at=grant.viewer.at)
    return {"one": one, "row": one.message, "form": form, "say": words, "about": about, "glass": glass_of(grant)}
