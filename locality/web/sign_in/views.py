"""Signing in, choosing a role, signing out."""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access import actions, queries
from locality.access.actions import factors
from locality.access.actions.signing_in import refuse_sign_in
from locality.access.actions.signing_in import sign_out as write_sign_out
from locality.access.rules import ROLE_WORDS, RoleCode
from locality.base import Refused
from locality.base.periods import day_of
from locality.web import session
from locality.web.guard import open_to_all
from locality.web.pages import page
from locality.web.sealed import unseal
from locality.web.session import Proof
from locality.web.sign_in import passkey
from locality.web.sign_in.arriving import arrive, onward

WRONG = "The user name or password is not right. After five wrong tries an account waits ten minutes."
WRONG_CODE = "That code is not right, or was used before. After ten wrong codes an account waits ten minutes."


@open_to_all
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who are you?"""
    at = timezone.now()
    username, back = request.POST.get("username", ""), request.POST.get("next", request.GET.get("next", ""))
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        password = request.POST.get("password", "")
        account = actions.try_password(username=username, password=password, network=session.network(request), at=at)
        if account is not None:
            return arrive(request, account_id=account.pk, proof=Proof("password"), back=back, at=at)
        errors = [("username", WRONG)]
    given = {
        "username": username,
        "errors": errors,
        "next": back,
        "over": request.GET.get("over", "") if not errors else "",
        "providers": settings.SIGN_ON,
        **_demo(),
    }
    return page(request, "sign_in.jinja", given, status=401 if errors else 200)


@open_to_all
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show the second thing that you have."""
    at = timezone.now()
    waits = session.who_waits(request, at=at)
    if waits is None:
        return redirect("sign_in")
    account_id = UUID(waits["account"])
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        proof, errors = shown(request, account_id=account_id, at=at)
        if proof is not None:
            how = Proof(f"{waits['how']} and {proof.how}", second_factor=True)
            return arrive(request, account_id=account_id, proof=how, back=waits["back"], at=at)
    options = passkey.to_prove(request, account_id)
    given = {"errors": errors, "options": options, "help": settings.SIGN_IN_HELP}
    return page(request, "account/second_factor.jinja", given, status=401 if errors else 200)


def shown(request: HttpRequest, *, account_id: UUID, at: datetime) -> tuple[Proof | None, list[tuple[str, str]]]:
    """The second factor that was shown: a passkey or a code; or what is wrong with it."""
    if "credential" in request.POST:
        try:
            passkey.prove(request, account_id=account_id, at=at)
        except Refused as refused:
            refuse_sign_in(account=None, reason="wrong", how="passkey", at=at)
            return None, [("passkey", str(refused))]
        return Proof("passkey", second_factor=True), []
    how = factors.try_code(
        account_id=account_id,
        code=request.POST.get("code", ""),
        reveal=lambda sealed: unseal(f"app of {account_id}", sealed),
        network=session.network(request),
        at=at,
    )
    return (Proof(how, second_factor=True), []) if how else (None, [("code", WRONG_CODE)])


@open_to_all
@require_http_methods(["GET", "POST"])
def with_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: it is something one has, and checks who holds it. Nobody can make it wait."""
    at = timezone.now()
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            account = passkey.prove(request, at=at)
        except Refused as refused:
            refuse_sign_in(account=None, reason="wrong", how="passkey", at=at)
            errors = [("passkey", str(refused))]
        else:
            back = request.POST.get("next", "")
            return arrive(request, account_id=account.pk, proof=Proof("passkey", True), back=back, at=at)
    given = {"errors": errors, "options": passkey.to_prove(request), "next": request.GET.get("next", "")}
    return page(request, "account/with_passkey.jinja", given, status=401 if errors else 200)


@open_to_all
@require_http_methods(["GET", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    """Which role are you working in now?"""
    at = timezone.now()
    account = session.account_of(request, at=at)
    if account is None:
        return redirect("sign_in")
    if session.PERSON in request.session:
        return onward(request, at=at)
    roles = list(queries.roles_today(account_id=account, on=day_of(at)))
    if request.method == "POST":
        chosen = [role.pk for role in roles if str(role.pk) == request.POST.get("role")]
        if chosen:
            session.choose(request, role=chosen[0])
            return onward(request, at=at)
    words = [(str(role.pk), ROLE_WORDS[RoleCode(role.code)], role.organisation.name) for role in roles]
    return page(request, "choose_role.jinja", {"roles": words})


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave, and leave nothing behind in the browser."""
    account = session.account_of(request, at=timezone.now())
    if account is not None:
        write_sign_out(account_id=account, at=timezone.now())
    request.session.flush()
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@open_to_all
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """What is this, in a minute?"""
    return page(request, "help.jinja", {})


def _demo() -> dict[str, object]:
    # only `locality demo` names this file: accounts are never listed anywhere else
    if not settings.DEMO_ACCOUNTS:
        return {"demo_accounts": (), "demo_password": ""}
    return json.loads(Path(settings.DEMO_ACCOUNTS).read_text())
