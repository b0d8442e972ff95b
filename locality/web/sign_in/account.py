"""One's own sign-in: second factors, the password, where one is signed in, and what was kept of a form."""

import secrets
from datetime import datetime
from uuid import UUID

import pyotp
import segno
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access import actions
from locality.access.actions import factors, signing_in
from locality.access.queries import accounts
from locality.access.rules import signing_in as rules
from locality.base import NotFound, Refused
from locality.web import drafts, session
from locality.web.guard import own_account, refuse_for_somebody_else
from locality.web.pages import page
from locality.web.sealed import seal_words, unseal_words
from locality.web.session import Proof
from locality.web.sign_in import passkey
from locality.web.sign_in.arriving import first_page, onward, safe
from locality.web.sign_in.kept_about import heading
from locality.web.sign_in.views import shown

NEW_APP, NEW_CODES = "new_app", "new_codes"
# read aloud and typed from paper: no 0 and O, no 1 and l
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@own_account()
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """How do I sign in, and where am I signed in?"""
    held = accounts.held(account_id=_whose(request), at=_at(request))
    here = request.session[session.BEGAN]
    rows = accounts.sessions(account_id=_whose(request), at=_at(request))
    began = [(one, one.began_at.isoformat() if one.began_at else "") for one in rows]
    given = {
        "held": held,
        "must": held.needs_factor and session.FACTOR not in request.session,
        "sessions": [(one, moment, moment == here) for one, moment in began],
        "has_password": held.account.has_usable_password(),
        "at": _at(request),
        "home": first_page(request),
    }
    return page(request, "account/account.jinja", given)


# ---- second factors


@own_account(fresh=True)
@require_http_methods(["GET", "POST"])
def add_app(request: HttpRequest) -> HttpResponse:
    """Add an app that shows codes: scan, type what it shows."""
    sealed = request.session.get(NEW_APP)
    if sealed is None:
        sealed = request.session[NEW_APP] = seal_words(_purpose(request), pyotp.random_base32())
    secret = unseal_words(_purpose(request), sealed)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        name, code = request.POST.get("name", ""), "".join(request.POST.get("code", "").split())
        try:
            factors.add_app(
                account_id=_whose(request), name=name, secret=secret, sealed=sealed.encode(), code=code, at=_at(request)
            )
        except Refused as refused:
            errors = [("code", str(refused))]
        else:
            del request.session[NEW_APP]
            return _has_factor(request, how="app")
    spaced = " ".join(secret[begin : begin + 4] for begin in range(0, len(secret), 4))
    given = {"secret": spaced, "errors": errors, "name": request.POST.get("name", "")}
    return page(request, "account/add_app.jinja", given, status=422 if errors else 200)


def _purpose(request: HttpRequest) -> str:
    return f"app of {_whose(request)}"


@own_account(fresh=True)
@require_GET
def app_picture(request: HttpRequest) -> HttpResponse:
    """The secret of the app that is being added, as a picture to scan."""
    sealed = request.session.get(NEW_APP)
    if sealed is None:
        raise NotFound("There is no such picture here.")
    secret = unseal_words(_purpose(request), sealed)
    one = accounts.account(_whose(request))
    address = pyotp.TOTP(secret).provisioning_uri(name=one.username, issuer_name="Locality")
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff")
    drawn = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return HttpResponse(drawn, content_type="image/svg+xml")


@own_account(fresh=True)
@require_http_methods(["GET", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey: the machine's own, a telephone's, or a key on a ring."""
    errors: list[tuple[str, str]] = []
    name = request.POST.get("name", "")
    if request.method == "POST":
        try:
            passkey.register(request, account_id=_whose(request), name=name, at=_at(request))
        except Refused as refused:
            errors = [("passkey", str(refused))]
        else:
            return _has_factor(request, how="passkey")
    options = passkey.to_register(request, accounts.account(_whose(request)))
    given = {"options": options, "errors": errors, "name": name or session.browser(request)}
    return page(request, "account/add_passkey.jinja", given, status=422 if errors else 200)


def _has_factor(request: HttpRequest, *, how: str) -> HttpResponse:
    """On from a new second factor: it was just shown, so the session goes on with it; first come codes on paper."""
    session.proved(request, proof=Proof(how, second_factor=True), at=_at(request))
    if accounts.held(account_id=_whose(request), at=_at(request)).codes_left:
        return redirect("account")
    return _new_codes(request)


@own_account(fresh=True)
@require_POST
def make_codes(request: HttpRequest) -> HttpResponse:
    """Make new codes on paper; those of before end."""
    if not accounts.has_factor(_whose(request)):
        raise Refused("Codes on paper stand in for a second factor: add an app or a passkey first.")
    return _new_codes(request)


def _new_codes(request: HttpRequest) -> HttpResponse:
    codes = ["-".join(_letters(5) for _ in range(2)) for _ in range(rules.RECOVERY_CODES)]
    factors.new_recovery_codes(account_id=_whose(request), codes=codes, at=_at(request))
    # shown in answer to the form and nowhere else: they are kept as digests alone
    return page(request, "account/codes.jinja", {"codes": codes, "home": first_page(request)})


def _letters(many: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(many))


@own_account(fresh=True)
@require_POST
def remove_factor(request: HttpRequest, factor_id: UUID) -> HttpResponse:
    """Remove one of one's second factors."""
    factors.remove_factor(account_id=_whose(request), factor_id=factor_id, at=_at(request))
    return redirect("account")


# ---- proving again


@own_account()
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Is it still you? Asked before what is hard to undo, and then back to it."""
    whose, at = _whose(request), _at(request)
    held = accounts.held(account_id=whose, at=at)
    by_factor = session.needs_factor_again(request, account_id=whose)
    by_password = not by_factor and held.account.has_usable_password()
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and (held.has_factor or by_password):
        proof, errors = shown(request, account_id=whose, at=at) if held.has_factor else _by_password(request, held)
        if proof is not None:
            session.proved(request, proof=proof, at=at)
            return redirect(safe(request, request.session.pop(session.BACK, "")))
    given = {
        "errors": errors,
        "kept": request.session.get(session.KEPT),
        "has_factor": held.has_factor,
        "by_password": by_password,
        "options": passkey.to_prove(request, whose),
        "providers": _providers_of(held, by_factor=by_factor),
    }
    return page(request, "account/prove.jinja", given, status=401 if errors else 200)


def _providers_of(held: accounts.Held, *, by_factor: bool) -> list[object]:
    """The providers whose answer counts: where a second factor is asked for, those that can tell of one."""
    issuers = {one.issuer for one in held.subjects}
    return [one for one in settings.SIGN_ON if one.issuer in issuers and (one.second_factor_values or not by_factor)]


def _by_password(request: HttpRequest, held: accounts.Held) -> tuple[Proof | None, list[tuple[str, str]]]:
    right = actions.try_password(
        username=held.account.username,
        password=request.POST.get("password", ""),
        network=session.network(request),
        at=_at(request),
    )
    # where a role needs a second factor it stays shut; this opens the page on which one is added
    if right is not None:
        return Proof("password"), []
    return None, [("password", "That password is not right. After five wrong tries an account waits ten minutes.")]


# ---- the password, and where one is signed in


@own_account(fresh=True)
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; everywhere else, one is signed out."""
    one = accounts.account(_whose(request))
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        new = request.POST.get("new_password", "")
        errors = password_faults(new)
        old = {"password": request.POST.get("password", ""), "network": session.network(request)}
        if not errors and actions.try_password(username=one.username, at=_at(request), **old) is None:
            errors = [("password", "The password of now is not right.")]
        if not errors:
            by = accounts.signer(one, at=_at(request))
            actions.set_password(account=one, password=new, by=by)
            actions.end_sessions(account=one, by=by, keep=request.session.session_key)
            session.proved(request, proof=Proof("new password"), at=_at(request))
            return redirect("account")
    return page(request, "account/password.jinja", {"errors": errors}, status=422 if errors else 200)


def password_faults(new: str) -> list[tuple[str, str]]:
    """What is wrong with a new password, in words."""
    try:
        validate_password(new)
    except ValidationError as wrong:
        return [("new_password", words) for words in wrong.messages]
    return []


@own_account()
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions elsewhere."""
    try:
        began = datetime.fromisoformat(request.POST.get("began", ""))
    except ValueError as wrong:
        raise NotFound("There is no such session of yours.") from wrong
    actions.end_session(account_id=_whose(request), began_at=began, at=_at(request))
    return redirect("account")


@own_account()
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of one's own, this one too."""
    one = accounts.account(_whose(request))
    actions.end_sessions(account=one, by=accounts.signer(one, at=_at(request)))
    request.session.flush()
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


# ---- what was kept of a form


@own_account()
@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """What you were sending was kept."""
    forms = drafts.kept(account_id=_whose(request), at=_at(request))
    if not forms:
        return onward(request, at=_at(request))
    viewer = getattr(request, "viewer", None)
    cards = [(form, *heading(form, viewer=viewer)) for form in forms]
    return page(request, "account/kept.jinja", {"cards": cards, "on": _at(request), "home": first_page(request)})


@own_account()
@require_POST
def send_kept(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Send a kept form where it was going; that page judges it as if it had come in time."""
    path = next(
        (one.path for one in drafts.kept(account_id=_whose(request), at=_at(request)) if one.id == draft_id), ""
    )
    if not path:
        raise NotFound("This was sent already, or is not kept any more.")
    refuse_for_somebody_else(request, path)
    signing_in.drop_draft(account_id=_whose(request), draft_id=draft_id)
    # the same form again, to its own page
    return HttpResponseRedirect(path, preserve_request=True)


@own_account()
@require_POST
def drop_kept(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Let go of a kept form."""
    signing_in.drop_draft(account_id=_whose(request), draft_id=draft_id)
    return redirect("kept")


def _whose(request: HttpRequest) -> UUID:
    return request.account  # type: ignore[attr-defined]


def _at(request: HttpRequest) -> datetime:
    return request.at  # type: ignore[attr-defined]
