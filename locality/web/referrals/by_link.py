"""The page that a link opens: one request, without an account. Who holds the link can read it and answer it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from locality.base import NotFound, Refused
from locality.neighbourhoods.actions import referral_links
from locality.neighbourhoods.queries.referral_links import OVER, by_link
from locality.neighbourhoods.rules.referrals import BY_LINK, UNDO_MINUTES
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import open_to_all
from locality.web.pages import page
from locality.web.referrals import forms, words
from locality.web.sealed import seal_words, unseal_words

LINK, SEALED_FOR, SAID = "referral link", "referral link", "referral said"
NOT_SAID = "Choose what you say."


@open_to_all
@require_GET
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """A link was followed: its secret goes into the session, sealed, out of the address and the browser's memory."""
    try:
        referral_links.check_link(token=token, network=session.network(request), at=timezone.now())
    except NotFound as over:
        return _over(request, str(over))
    # whoever is signed in stays so: a link on another page signs nobody out
    if session.ACCOUNT not in request.session:
        request.session.flush()
    request.session[LINK] = seal_words(SEALED_FOR, token)
    return redirect("referral_by_link")


@open_to_all
@require_http_methods(["GET", "POST"])
def answered(request: HttpRequest) -> HttpResponse:
    """What is asked of us, for whom, and what do we say?"""
    try:
        if LINK not in request.session:
            raise NotFound("This page is opened by a link in an e-mail.")
        token = unseal_words(SEALED_FOR, request.session[LINK])
        form = Form(request.POST.dict() if request.method == "POST" else {})
        if request.method == "POST" and _say(form, token):
            request.session[SAID] = form.typed["doing"]
            return redirect("referral_by_link")
        return _page(request, form, token)
    except NotFound as over:
        said = request.session.pop(SAID, None)
        if said is not None:
            return _thanks(request)
        request.session.pop(LINK, None)
        return _over(request, str(over))


def _say(form: Form, token: str) -> bool:
    if form.typed.get("doing") == "undo":
        referral_links.undo_by_link(token=token, at=timezone.now())
        return True
    move = forms.MOVES.get(form.typed.get("doing", ""))
    if move not in BY_LINK or move is None:
        form.errors.append(("doing", NOT_SAID))
        return False
    said = forms.said(form, move)
    if said is None:
        return False
    try:
        referral_links.answer_by_link(token=token, move=move, said=said, at=timezone.now())
    except NotFound:
        raise
    except Refused as refused:
        form.errors.append(("doing", str(refused)))
        return False
    return True


def _page(request: HttpRequest, form: Form, token: str) -> HttpResponse:
    at = timezone.now()
    one = by_link(token=token, at=at)
    doing = {move: name for name, move in forms.MOVES.items()}
    given = {
        "one": one,
        "form": form,
        "may": [doing[move] for move in one.moves],
        "reasons": forms.REASONS,
        "outcomes": forms.OUTCOMES,
        "said": request.session.pop(SAID, None),
        "say": words,
        "now": at,
    }
    return page(request, "referrals/by_link.jinja", given, status=422 if form.errors else 200)


def _over(request: HttpRequest, text: str = OVER) -> HttpResponse:
    given = {"heading": "This link opens nothing", "text": text, "what_next": []}
    return page(request, "account/not_signed_in.jinja", given, status=404)


def _thanks(request: HttpRequest) -> HttpResponse:
    return page(request, "referrals/by_link_over.jinja", {"minutes": UNDO_MINUTES})
