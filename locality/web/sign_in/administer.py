"""How one of the staff signs in, for the administrator: an invitation, ending sessions, lost second factors."""

import secrets
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access import actions
from locality.access.actions import factors, signing_in, ways_in
from locality.access.queries import accounts
from locality.access.rules import DataClass
from locality.base import NotFound
from locality.web import session
from locality.web.guard import needs, viewer_of
from locality.web.pages import page

GONE = "Their second factors are gone, and they are signed out everywhere. They and the privacy officer are told."
SAID_LOST = (
    "Written down. One of their roles sees or decides for many, so another administrator has to say so too, within "
    "three days: until then nothing is taken away. They and the privacy officer are told."
)


@needs("run", DataClass.ID)
@require_GET
def staff_sign_in(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """How does this one of the staff sign in?"""
    return _page(request, practitioner_id)


@needs("run", DataClass.ID, fresh=True)
@require_POST
def change(request: HttpRequest, practitioner_id: UUID, what: str) -> HttpResponse:
    """One of the things that an administrator does for somebody who cannot sign in, or should not."""
    by = viewer_of(request)
    account = accounts.of_practitioner(practitioner_id=practitioner_id, viewer=by)
    if what == "invite":
        # shown once, to the administrator, who hands it over; mail may be read by others
        token = ways_in.invite(account=account, token=secrets.token_urlsafe(32), by=by)
        link = settings.LOCALITY_URL + reverse("follow_link", args=["invitation", token])
        return _page(request, practitioner_id, link=link)
    if what == "email":
        actions.set_email(account=account, email=request.POST.get("email", ""), by=by)
    elif what == "sign-out":
        actions.end_sessions(account=account, by=by)
    elif what == "try-again":
        signing_in.let_try_again(account=account, by=by)
    elif what == "lost":
        done = factors.remove_factors(account=account, by=by)
        request.session[session.UNDO] = {"words": GONE if done else SAID_LOST, "address": ""}
    else:
        raise NotFound("There is no such thing to do.")
    return redirect("staff_sign_in", practitioner_id)


def _page(request: HttpRequest, practitioner_id: UUID, *, link: str = "") -> HttpResponse:
    viewer = viewer_of(request)
    account = accounts.of_practitioner(practitioner_id=practitioner_id, viewer=viewer)
    lost = accounts.lost_said(account, at=viewer.at)
    given = {
        "who": account.practitioner,
        "held": accounts.held(account_id=account.pk, at=viewer.at),
        "sessions": accounts.sessions(account_id=account.pk, at=viewer.at),
        "own": account.practitioner_id == viewer.id,
        "link": link,
        "lost": lost,
        "said_lost": lost is not None and lost.said_by == viewer.id,
        "two": accounts.needs_factor(account, at=viewer.at),
        "at": viewer.at,
    }
    return page(request, "account/of_staff.jinja", given)
