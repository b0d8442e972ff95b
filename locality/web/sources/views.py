"""Who sends to us, how lately, and what could not be stored."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.rules import DataClass
from locality.base import Refused
from locality.directory import queries as directory
from locality.neighbourhoods.actions import referral_dismissed, referral_in
from locality.neighbourhoods.queries import referrals_received
from locality.neighbourhoods.rules.referrals_in import DISMISSAL_WORDS, MOST_WORDS, SAY_WHY, Dismissal, what_to_do
from locality.record import actions, queries
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.sources.words import ending_words, referrals_words, sources_words, tried_words
from locality.web.words import counted


@needs("run", DataClass.WORK)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Who is sending, and who is late?"""
    viewer = viewer_of(request)
    rows = queries.sources_state(viewer=viewer, at=at_of(request))
    given = {"answer": sources_words(rows), "ending": ending_words(rows), "sources": rows}
    return page(request, "sources.jinja", given | {"referrals": referrals_received.senders(viewer=viewer)})


@needs("run", DataClass.WORK)
@require_GET
def quarantine(request: HttpRequest, code: str) -> HttpResponse:
    """What could not be stored, and why?"""
    asked = request.GET.get("page", "1")
    found = queries.refused(viewer=viewer_of(request), code=code, page=int(asked) if asked.isdecimal() else 1)
    answer = f"{counted(found.total, 'entry', 'entries')} from {found.name} could not be stored"
    given = {"answer": answer if found.total else f"Nothing from {found.name} was refused", "source": found}
    return page(request, "quarantine.jinja", given | {"reasons": found.reasons})


@needs("run", DataClass.WORK)
@require_POST
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """Try again what was refused."""
    actions.retry(source=directory.source(code), by=viewer_of(request))
    return redirect("quarantine", code)


@needs("run", DataClass.WORK)
@require_GET
def quarantine_original(request: HttpRequest, code: str, refused: UUID) -> HttpResponse:
    """What exactly was sent that could not be stored?"""
    entry, text = actions.open_refused(refused=refused, by=viewer_of(request))
    given = {
        "heading": "What was sent, as text",
        "rows": [("Where", entry.place), ("Why it was refused", entry.reason)],
        "original": text,
        "back": (f"Refused from {code}", reverse("quarantine", args=[code])),
    }
    return page(request, "original.jinja", given)


@needs("run", DataClass.WORK)
@require_GET
def referrals(request: HttpRequest, code: str) -> HttpResponse:
    """Which referrals did this source send, and what became of them?"""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() else 1
    found = referrals_received.received(viewer=viewer_of(request), code=code, page=number)
    return page(request, "sources_referrals.jinja", {"answer": referrals_words(found), "source": found})


@needs("run", DataClass.WORK)
@require_POST
def retry_referrals(request: HttpRequest, code: str) -> HttpResponse:
    """Try again the referrals that were refused."""
    tried, went_in = referral_in.try_again(code=code, by=viewer_of(request))
    request.session[session.UNDO] = {"words": tried_words(tried, went_in), "address": ""}
    return redirect("referrals_received", code)


@needs("run", DataClass.WORK)
@require_GET
def referral_original(request: HttpRequest, code: str, received: UUID) -> HttpResponse:
    """What exactly was sent that was refused?"""
    refused, text = referral_in.open_refused(received=received, by=viewer_of(request))
    given = {
        "heading": "What was sent, as text",
        "rows": [("Why it was refused", refused), ("What to do", what_to_do(refused))],
        "original": text,
        "back": (f"Referrals from {code}", reverse("referrals_received", args=[code])),
    }
    return page(request, "original.jinja", given)


CHOOSE_WHY = "Choose why it is dismissed."
DISMISSED = "Dismissed: it stands below, and can be put back."
PUT_BACK = "Put back: it waits again, and is tried again with the rest."


@needs("run", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def dismiss_referral(request: HttpRequest, code: str, received: UUID) -> HttpResponse:
    """Why does this one wait no more?"""
    by, form = viewer_of(request), Form(request.POST.dict())
    if request.method == "POST":
        why = form.chosen("why", {one.value: one for one in Dismissal}, needed=CHOOSE_WHY)
        said = form.whole("words", most=MOST_WORDS, needed=SAY_WHY if why == Dismissal.OTHER else "")
        if why is not None and not form.errors:
            act = partial(referral_dismissed.dismiss, received=received, why=why, words=said, by=by)
            return _done(request, code, act, DISMISSED)
    given = {
        "one": referrals_received.refused_one(viewer=by, code=code, received=received),
        "source": directory.source(code),
        "form": form,
        "reasons": [(one.value, words) for one, words in DISMISSAL_WORDS.items()],
    }
    return page(request, "sources_dismiss.jinja", given, status=422 if form.errors else 200)


@needs("run", DataClass.WORK)
@require_POST
def put_referral_back(request: HttpRequest, code: str, received: UUID) -> HttpResponse:
    """Let it wait again."""
    by = viewer_of(request)
    return _done(request, code, lambda: referral_dismissed.put_back(received=received, by=by), PUT_BACK)


def _done(request: HttpRequest, code: str, act: Callable[[], object], done: str) -> HttpResponse:
    """Back to the list, which says what was done, or who was first."""
    try:
        act()
    except Refused as refused:
        refusals.write_down(request, refused)
        done = str(refused)
    request.session[session.UNDO] = {"words": done, "address": ""}
    return redirect("referrals_received", code)
