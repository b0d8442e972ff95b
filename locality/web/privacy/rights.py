"""Who acts for whom, everywhere: what ends soon, what ends by a birthday, what rests, and ending one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from locality.access.actions import end_proxy, keeping
from locality.access.actions.keeping import RightsToAct
from locality.access.queries.rights import OFFICER_ONLY, RightsAsked, Which
from locality.access.rules import PROXY_WORDS, DataClass, may_review
from locality.base import NoAccess
from locality.web import session
from locality.web.access.words import limits_words
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted

SAY_WHY = "Say why: whoever looks after them, and they themselves, read it."
ENDED = "The right has ended, from now on: they act no more with the next page."
WHICH_WORDS = {
    Which.SOON: "End within four weeks",
    Which.BIRTHDAY: "End on a birthday",
    Which.RESTING: "Rest: an address is protected",
}
ANSWERS = {
    Which.ALL: ("right to act for somebody holds", "rights to act for somebody hold"),
    Which.SOON: ("right to act ends within four weeks", "rights to act end within four weeks"),
    Which.BIRTHDAY: ("right to act ends on a child's birthday", "rights to act end on children's birthdays"),
    Which.RESTING: (
        "right to act rests while an address is protected",
        "rights to act rest while an address is protected",
    ),
}


@needs("read", DataClass.AUD)
@require_http_methods(["GET", "POST"])
def acting(request: HttpRequest) -> HttpResponse:
    """Who may act for whom? Names come by POST, so that they stand in no address."""
    return _acting(request, Form(request.POST))


def _acting(request: HttpRequest, form: Form) -> HttpResponse:
    which = form.chosen("which", {code.value: code for code in Which if code}) or Which.ALL
    asked = RightsAsked(words=form.words("name"), which=which)
    found = keeping.open_rights(asked=asked, by=viewer_of(request))
    given = {
        "answer": _answer(found, asked),
        "found": found,
        "asked": asked,
        "form": form,
        "which": [(code.value, words) for code, words in WHICH_WORDS.items()],
        "rights": PROXY_WORDS,
        "limits": limits_words,
    }
    return page(request, "privacy/acting.jinja", given, status=422 if form.errors else 200)


def _answer(found: RightsToAct, asked: RightsAsked) -> str:
    one, more = ANSWERS[asked.which]
    named = f" of \u201c{asked.words}\u201d" if asked.words else ""
    if not found.total:
        return f"No {one}{named}"
    return f"{counted(found.total, one, more)}{named}"


@needs("act", DataClass.AUD)
@require_POST
def ended(request: HttpRequest, person_id: UUID, proxy_id: UUID) -> HttpResponse:
    """They no longer act for this person."""
    viewer, form = viewer_of(request), Form(request.POST)
    if not may_review(viewer):
        raise NoAccess(OFFICER_ONLY)
    words = form.words("words")
    if not words:
        form.errors.append((f"why-{proxy_id}", SAY_WHY))
        return _acting(request, form)
    end_proxy(proxy_id=proxy_id, words=words, of=person_id, by=viewer)
    request.session[session.UNDO] = {"words": ENDED, "address": ""}
    return redirect("privacy_acting")
