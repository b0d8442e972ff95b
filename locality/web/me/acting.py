"""For whom somebody acts, who acts for them, and the end of either."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access import actions
from locality.access.actions.acting import Acting
from locality.access.rules import PROXY_WORDS, DataClass, ProxyKind
from locality.base import NotFound
from locality.web import session
from locality.web.access.words import limits_words
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted

# by what right, said to whoever acts, and to whom they act for
OF_MINE = PROXY_WORDS | {ProxyKind.CHOSEN: "They chose you"}
OF_OTHERS = PROXY_WORDS | {ProxyKind.CHOSEN: "You chose them"}
own = needs("read", DataClass.ID, people=True, practitioners=False)
own_act = needs("act", DataClass.ID, people=True, practitioners=False)
SAY_WHY = "Say why in a few words: whoever looks after you reads them."
ENDED = "It has ended, from now on. Whoever looks after you can see that it did, and why."


@own
@require_GET
def acting(request: HttpRequest) -> HttpResponse:
    """For whom do I act, and who acts for me?"""
    return _acting(request)


def _acting(request: HttpRequest, form: Form | None = None) -> HttpResponse:
    form = form or Form({})
    found = actions.list_acting(by=viewer_of(request))
    given = {
        "answer": _answer(found),
        "found": found,
        "for_now": viewer_of(request).acts_for,
        "rights": {"you": OF_MINE, "them": OF_OTHERS},
        "limits": limits_words,
        "form": form,
    }
    return page(request, "me/acting.jinja", given, status=422 if form.errors else 200)


def _answer(found: Acting) -> str:
    if not found.acts_for:
        return "You act for nobody but yourself"
    return f"You may act for yourself and for {counted(len(found.acts_for), 'other person', 'other people')}"


@own_act
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """From now on I act for this person, or as myself."""
    by, chosen = viewer_of(request), _id(request.POST.get("person", ""))
    if chosen is None:
        actions.act_for_oneself(by=by)
        session.act_for(request, person=None)
        return redirect("me_home")
    row = actions.act_for(person_id=chosen, by=by)
    session.act_for(request, person=row.whom.pk)
    return redirect("me_home")


def _id(words: str) -> UUID | None:
    if not words:
        return None
    try:
        return UUID(words)
    except ValueError:
        raise NotFound("There is no such person here.") from None


@own_act
@require_POST
def ended(request: HttpRequest, proxy_id: UUID) -> HttpResponse:
    """They no longer act for me, or I no longer act for them."""
    words = request.POST.get("words", "").strip()
    if not words:
        return _acting(request, Form({}, [(f"why-{proxy_id}", SAY_WHY)]))
    actions.end_proxy(proxy_id=proxy_id, words=words, by=viewer_of(request))
    request.session[session.UNDO] = {"words": ENDED, "address": ""}
    return redirect("me_acting")
