"""Signing in through a provider: asking, coming back, and joining an account to it the first time."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from locality.access.actions import ways_in
from locality.access.actions.signing_in import refuse_sign_in
from locality.access.queries import accounts
from locality.base import NotFound, Refused
from locality.web import session
from locality.web.guard import open_to_all
from locality.web.outbound import NotReached
from locality.web.pages import page
from locality.web.sealed import unseal_words
from locality.web.session import Proof
from locality.web.sign_in import openid
from locality.web.sign_in.arriving import arrive, safe
from locality.web.sign_in.provider import Provider

ASKED, INVITATION = "asked", "invitation"
# what a session holds lies in the database, where no link is kept that lets anybody in
SEALED_FOR = "link"
ANSWERS_WITHIN = timedelta(minutes=10)
STALE = "That answer was late, was used before, or was not asked for here, so nobody was signed in. Start again."
NOT_JOINED = "{name} knows you, but no account here is joined to it yet."
NOT_PROVEN = (
    "{name} has not checked who you are against a document yet, so we cannot show you a record. Prove who you are "
    "there first, then come back."
)
NO_FACTOR = (
    "{name} knows you, but did not say that you showed a second factor there. Your account has one, and what comes "
    "next needs it. You are still signed in, and nothing was done."
)
OTHER = "You signed in as somebody else than before. Sign out first to change who you are."


def provider_of(code: str) -> Provider:
    """A provider of this place's; raises NotFound for any other."""
    found = next((one for one in settings.SIGN_ON if one.code == code), None)
    if found is None:
        raise NotFound("There is no such way to sign in here.")
    return found


@open_to_all
@require_GET
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Off to the provider, with a question that only this browser can bring the answer of."""
    provider, at = provider_of(code), timezone.now()
    signed_in = session.account_of(request, at=at)
    invitation = request.session.get(INVITATION, "") if provider.kind == "staff" and not signed_in else ""
    back = request.session.get(session.BACK, "") if signed_in else request.GET.get("next", "")
    asked = openid.new_asked(provider, back=back, at=at, invitation=invitation, again=bool(signed_in))
    try:
        address = openid.to_ask(provider, back_to=_back_to(provider), asked=asked, at=at)
    except (NotReached, openid.NotTrusted):
        return _not_reached(request, provider, at=at)
    request.session[ASKED] = asdict(asked)
    return redirect(address)


def _back_to(provider: Provider) -> str:
    return settings.LOCALITY_URL + reverse("sign_on_back", args=[provider.code])


@open_to_all
@require_GET
def back(request: HttpRequest, code: str) -> HttpResponse:
    """Back from the provider: whoever they say it is, once, and only in the browser that asked."""
    provider, at = provider_of(code), timezone.now()
    asked = _asked(request, provider, at=at)
    if asked is None or not request.GET.get("code"):
        return _refused(request, provider, STALE, reason="not asked", at=at)
    try:
        told = openid.told(
            provider,
            code=request.GET["code"],
            issuer=request.GET.get("iss", ""),
            back_to=_back_to(provider),
            asked=asked,
            at=at,
        )
    except NotReached:
        return _not_reached(request, provider, at=at)
    except openid.NotTrusted as refused:
        return _refused(request, provider, str(refused), reason="not trusted", at=at)
    if asked.again:
        return _again(request, provider, asked, told, at=at)
    return _first(request, provider, asked, told, at=at)


def _asked(request: HttpRequest, provider: Provider, *, at: datetime) -> openid.Asked | None:
    """What this browser asked; taken out at once, so that an answer counts once."""
    kept: dict[str, Any] | None = request.session.pop(ASKED, None)
    if kept is None or kept["provider"] != provider.code:
        return None
    asked = openid.Asked(**kept)
    late = at - datetime.fromisoformat(asked.at) > ANSWERS_WITHIN
    if late or not constant_time_compare(asked.state, request.GET.get("state", "")):
        return None
    return asked


def _again(
    request: HttpRequest, provider: Provider, asked: openid.Asked, told: openid.Told, *, at: datetime
) -> HttpResponse:
    """Somebody signed in proved again who they are: the same account, or nothing."""
    now = session.account_of(request, at=at)
    account = accounts.of_subject(issuer=told.issuer, subject=told.subject)
    if now is None or account is None or account.pk != now:
        return _refused(request, provider, OTHER, reason="another account", at=at)
    proof = Proof(provider.code, told.second_factor(provider))
    if not proof.second_factor and session.needs_factor_again(request, account_id=now):
        return _without_factor(request, provider, at=at)
    session.proved(request, proof=proof, at=at)
    request.session.pop(session.BACK, None)
    return redirect(safe(request, asked.back))


def _without_factor(request: HttpRequest, provider: Provider, *, at: datetime) -> HttpResponse:
    """They said who they are, and showed nothing besides: said, where asking again would go on for ever."""
    refuse_sign_in(account=None, reason="no second factor", how=provider.code, at=at)
    ways = [
        ("Prove it another way", reverse("prove"), ""),
        ("Sign in again", "", f"sign out first, and choose a way at {provider.name} that holds a second factor"),
        ("Ask for help", "", provider.help or settings.SIGN_IN_HELP),
    ]
    given = {"heading": "A second factor is needed here", "text": NO_FACTOR.format(name=provider.name)}
    return page(request, "account/not_signed_in.jinja", given | {"what_next": ways}, status=403)


def _first(
    request: HttpRequest, provider: Provider, asked: openid.Asked, told: openid.Told, *, at: datetime
) -> HttpResponse:
    if provider.kind == "people" and not told.is_proven(provider):
        return _refused(request, provider, NOT_PROVEN.format(name=provider.name), reason="not proven", at=at)
    try:
        account_id = _account(provider, asked, told, at=at)
    except (Refused, NotFound) as refused:
        return _refused(request, provider, str(refused), reason="not joined", at=at)
    proof = Proof(provider.code, told.second_factor(provider))
    works_for = _organisation(told)
    return arrive(request, account_id=account_id, proof=proof, back=asked.back, at=at, works_for=works_for)


def _account(provider: Provider, asked: openid.Asked, told: openid.Told, *, at: datetime) -> UUID:
    """Whose account it is: by issuer and subject alone; joined first by an invitation, or by a checked NHS number."""
    found = accounts.of_subject(issuer=told.issuer, subject=told.subject)
    if found is not None:
        # an account of the other kind was joined by hand, or the file was changed: either way, not here
        if (found.person_id is None) != (provider.kind == "staff"):
            raise Refused(NOT_JOINED.format(name=provider.name))
        if found.person_id:
            accounts.may_sign_in(found.person_id)
        return found.pk
    if provider.kind == "people":
        born = told.claims.get("birthdate", "")
        return ways_in.join_person(
            nhs_number=str(told.claims.get("nhs_number", "")),
            born_on=_day(born),
            issuer=told.issuer,
            subject=told.subject,
            at=at,
        ).pk
    if not asked.invitation:
        raise Refused(NOT_JOINED.format(name=provider.name))
    token = unseal_words(SEALED_FOR, asked.invitation)
    return ways_in.join_by_invitation(token=token, issuer=told.issuer, subject=told.subject, at=at).pk


def _day(words: object) -> date | None:
    try:
        return date.fromisoformat(str(words))
    except ValueError:
        return None


def _organisation(told: openid.Told) -> str:
    """The organisation of the role that they chose at NHS Care Identity, by its code."""
    roles = told.claims.get("nhsid_nrbac_roles")
    chosen = str(told.claims.get("selected_roleid", ""))
    for role in roles if isinstance(roles, list) else []:
        if isinstance(role, dict) and role.get("person_roleid") == chosen:
            return str(role.get("org_code", ""))
    return ""


def _refused(request: HttpRequest, provider: Provider, words: str, *, reason: str, at: datetime) -> HttpResponse:
    refuse_sign_in(account=None, reason=reason, how=provider.code, at=at)
    ways = [("Try again", reverse("sign_in"), ""), ("Ask for help", "", provider.help or settings.SIGN_IN_HELP)]
    given = {"heading": "You are not signed in", "text": words, "what_next": ways}
    return page(request, "account/not_signed_in.jinja", given, status=403)


def _not_reached(request: HttpRequest, provider: Provider, *, at: datetime) -> HttpResponse:
    refuse_sign_in(account=None, reason="not reached", how=provider.code, at=at)
    words = (
        f"{provider.name} does not answer at the moment. Whoever is signed in already stays so, "
        "for as long as a session lasts."
    )
    ways = [
        ("Try again in a minute", reverse("sign_on", args=[provider.code]), ""),
        ("Sign in another way", reverse("sign_in"), "with a password or a passkey of this place, if you have one"),
        ("Ask for help", "", provider.help or settings.SIGN_IN_HELP),
    ]
    given = {"heading": "You cannot be signed in just now", "text": words, "what_next": ways}
    return page(request, "account/not_signed_in.jinja", given, status=503)
