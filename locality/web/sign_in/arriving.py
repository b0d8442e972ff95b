"""From a proof of who somebody is to their first page: a second factor where they have one, a role, what was kept."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from locality.access import queries
from locality.access.queries import accounts
from locality.base.periods import day_of
from locality.web import drafts, session
from locality.web.session import Proof


def arrive(
    request: HttpRequest, *, account_id: UUID, proof: Proof, back: str, at: datetime, works_for: str = ""
) -> HttpResponse:
    """Let somebody in who proved who they are, or ask for the second factor that they have: every way in ends here.

    `works_for` is the code of the organisation that they chose at a provider: it chooses among their roles, no more.
    """
    if not proof.second_factor and accounts.has_factor(account_id):
        session.wait_for_factor(request, account_id=account_id, how=proof.how, back=back, at=at)
        return redirect("second_factor")
    session.begin(request, account_id=account_id, proof=proof, at=at)
    request.session[session.BACK] = back
    if session.PERSON in request.session:
        return onward(request, at=at)
    roles = list(queries.roles_today(account_id=account_id, on=day_of(at)))
    roles = [one for one in roles if one.organisation.code == works_for] or roles
    if len(roles) != 1:
        return redirect("choose_role")
    session.choose(request, role=roles[0].pk)
    return onward(request, at=at)


def onward(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """To what was kept of a form, else to where they were going, else home."""
    back = request.session.get(session.BACK, "")
    if drafts.kept(account_id=UUID(request.session[session.ACCOUNT]), at=at):
        return redirect("kept")
    request.session.pop(session.BACK, None)
    return redirect(safe(request, back))


def safe(request: HttpRequest, back: str) -> str:
    """An address of ours to go on to; the first page of whoever it is, for any other."""
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if back and here else first_page(request)


def first_page(request: HttpRequest) -> str:
    """Where somebody of this kind begins."""
    if session.PERSON not in request.session:
        return reverse("home")
    return reverse("me_home")
