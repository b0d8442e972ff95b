"""What was written to me, and what I answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import DataClass
from locality.base import Refused
from locality.neighbourhoods.actions import outbox as actions
from locality.neighbourhoods.queries import outbox
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted

own = needs("read", DataClass.WORK, people=True, practitioners=False)
own_act = needs("act", DataClass.WORK, people=True, practitioners=False)
SAY = "Write your answer, or ring them."


@own
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """What did they write to me?"""
    return _messages(request, Form({}))


def _messages(request: HttpRequest, form: Form) -> HttpResponse:
    found = outbox.to_person(viewer=viewer_of(request))
    unanswered = sum(one.may_answer for one in found)
    answer = f"{counted(len(found), 'message')}, {unanswered} without an answer" if found else "No messages yet"
    given = {"answer": answer, "messages": found, "form": form}
    return page(request, "me/messages.jinja", given, status=422 if form.errors else 200)


@own_act
@require_POST
def answer(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """I answer."""
    words = request.POST.get("words", "").strip()
    if not words:
        return _messages(request, Form({}, [(f"answer-{message_id}", SAY)]))
    try:
        actions.answer_from_person(message=message_id, words=words, by=viewer_of(request))
    except Refused as refused:
        return _messages(request, Form({"words": words}, [(f"answer-{message_id}", str(refused))]))
    request.session[session.UNDO] = {"words": "Your answer was sent: they can read it now.", "address": ""}
    return redirect("me_messages")
