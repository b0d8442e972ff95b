"""Signing in, choosing a role, signing out."""

import json
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from locality.access import actions, queries
from locality.access.rules import ROLE_WORDS, RoleCode
from locality.base.periods import day_of
from locality.web import session
from locality.web.guard import open_to_all
from locality.web.pages import page

WRONG = "The user name or password is not right. After five wrong tries an account waits ten minutes."


@open_to_all
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who are you?"""
    at = timezone.now()
    username, back = request.POST.get("username", ""), request.POST.get("next", request.GET.get("next", ""))
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        account = actions.try_password(username=username, password=request.POST.get("password", ""), at=at)
        if account is not None:
            session.begin(request, account_id=account.pk, at=at)
            return _on_to_a_role(request, account_id=account.pk, back=back)
        errors = [("username", WRONG)]
    given = {"username": username, "errors": errors, "next": back, **_demo()}
    return page(request, "sign_in.jinja", given, status=401 if errors else 200)


@open_to_all
@require_http_methods(["GET", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    """Which role are you working in now?"""
    account = session.account_of(request, at=timezone.now())
    if account is None:
        return redirect("sign_in")
    roles = list(queries.roles_today(account_id=account, on=day_of(timezone.now())))
    if request.method == "POST":
        chosen = [role.pk for role in roles if str(role.pk) == request.POST.get("role")]
        if chosen:
            session.choose(request, role=chosen[0])
            return redirect(_safe(request, request.session.pop("next", "")))
    words = [(str(role.pk), ROLE_WORDS[RoleCode(role.code)], role.organisation.name) for role in roles]
    return page(request, "choose_role.jinja", {"roles": words})


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave, and leave nothing behind in the browser."""
    request.session.flush()
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@open_to_all
def help_page(request: HttpRequest) -> HttpResponse:
    """What is this, in a minute?"""
    return page(request, "help.jinja", {})


def _on_to_a_role(request: HttpRequest, *, account_id: UUID, back: str) -> HttpResponse:
    roles = list(queries.roles_today(account_id=account_id, on=day_of(timezone.now())))
    if len(roles) != 1:
        request.session["next"] = back
        return redirect("choose_role")
    session.choose(request, role=roles[0].pk)
    return redirect(_safe(request, back))


def _safe(request: HttpRequest, back: str) -> str:
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if back and here else "home"


def _demo() -> dict[str, object]:
    # only `locality demo` names this file: accounts are never listed anywhere else
    if not settings.DEMO_ACCOUNTS:
        return {"demo_accounts": (), "demo_password": ""}
    return json.loads(Path(settings.DEMO_ACCOUNTS).read_text())
