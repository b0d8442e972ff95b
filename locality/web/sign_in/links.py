"""Links that come by mail or from an administrator: a forgotten password, an invitation."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from locality.access.actions import ways_in
from locality.access.queries import accounts
from locality.base import NotFound
from locality.web import session
from locality.web.guard import open_to_all
from locality.web.pages import page
from locality.web.sealed import seal_words, unseal_words
from locality.web.session import ACCOUNT
from locality.web.sign_in.account import password_faults
from locality.web.sign_in.sign_on import INVITATION, SEALED_FOR

LINK = "link"


@open_to_all
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """I forgot my password. The same answer whether or not there is such an account."""
    if request.method == "POST":
        name, network = request.POST.get("username", ""), session.network(request)
        ways_in.ask_for_link(username=name, network=network, at=timezone.now())
    given = {"asked": request.method == "POST", "help": settings.SIGN_IN_HELP}
    return page(request, "account/forgotten.jinja", given)


@open_to_all
@require_http_methods(["GET"])
def follow(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """A link was followed: its secret goes into the session, sealed, out of the address and the browser's memory."""
    # whoever is signed in stays so until they have set a password: a link on another page signs nobody out
    if ACCOUNT not in request.session:
        request.session.flush()
    request.session[LINK] = {"purpose": purpose, "token": seal_words(SEALED_FOR, token)}
    return redirect("new_password")


@open_to_all
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Set a password by a link; or, invited, join the sign-on of one's organisation instead."""
    at, link = timezone.now(), request.session.get(LINK)
    try:
        if link is None:
            raise NotFound("This page is opened by a link in mail.")
        token = unseal_words(SEALED_FOR, link["token"])
        way = accounts.way_in(token=token, purpose=link["purpose"], at=at)
    except NotFound as over:
        return _over(request, str(over))
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        new = request.POST.get("new_password", "")
        errors = password_faults(new)
        if not errors:
            ways_in.use_link(token=token, purpose=link["purpose"], password=new, at=at)
            request.session.flush()
            return page(request, "account/password_set.jinja", {})
    invited = link["purpose"] == "invitation"
    if invited:
        request.session[INVITATION] = link["token"]
    providers = [one for one in settings.SIGN_ON if one.kind == "staff"] if invited else []
    given = {"errors": errors, "username": way.account.username, "invited": invited, "providers": providers}
    return page(request, "account/new_password.jinja", given, status=422 if errors else 200)


def _over(request: HttpRequest, words: str) -> HttpResponse:
    given = {
        "heading": "This link lets nobody in any more",
        "text": words,
        "what_next": [("Ask for another", reverse("forgotten"), ""), ("Ask for help", "", settings.SIGN_IN_HELP)],
    }
    return page(request, "account/not_signed_in.jinja", given, status=404)
