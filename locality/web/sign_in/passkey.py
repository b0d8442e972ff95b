"""Passkeys (WebAuthn, level 3), through the library of a maker of keys: we ask for one that checks who holds it."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from locality.access.actions import factors as actions
from locality.access.queries import accounts
from locality.base import Refused

STATE = "passkey"
NOT_THAT = "That passkey does not fit here. Try again, or use another way."


def _server() -> Fido2Server:
    # the place's own address, never what a request says of itself
    host = urlsplit(settings.LOCALITY_URL).hostname or "localhost"
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Locality"), verify_origin=_is_ours)


def _is_ours(origin: str) -> bool:
    return origin == settings.LOCALITY_URL


def to_register(request: HttpRequest, account: Any) -> str:
    """What the browser is asked, to make a passkey; remembered for its answer."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=account.pk.bytes, name=account.username, display_name=account.username),
        credentials=[_credential(one) for one in accounts.passkeys(account.pk)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _remembered(request, options, state)


def register(request: HttpRequest, *, account_id: UUID, name: str, at: datetime) -> None:
    """Add the passkey that the browser made; raises Refused for an answer that does not fit."""
    response = _answer(request)
    try:
        data = _server().register_complete(request.session.pop(STATE, None), response).credential_data
    except (ValueError, TypeError, KeyError) as wrong:
        raise Refused(NOT_THAT) from wrong
    if data is None:
        raise Refused(NOT_THAT)
    actions.add_passkey(account_id=account_id, name=name, credential=data.credential_id, key=bytes(data), at=at)


def to_prove(request: HttpRequest, account_id: UUID | None = None) -> str:
    """What the browser is asked, to show a passkey of this account's, or any of ours; "" when the account has none."""
    known = [_credential(one) for one in accounts.passkeys(account_id)] if account_id else None
    if account_id and not known:
        return ""
    options, state = _server().authenticate_begin(
        credentials=known, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _remembered(request, options, state)


def prove(request: HttpRequest, *, at: datetime, account_id: UUID | None = None) -> Any:
    """Whose passkey was shown; raises Refused for one that does not fit, or is not this account's."""
    response = _answer(request)
    found = _of(response)
    if account_id and found.account_id != account_id:
        raise Refused(NOT_THAT)
    try:
        _server().authenticate_complete(request.session.pop(STATE, None), [_credential(found)], response)
        count = AuthenticationResponse.from_dict(response).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError) as wrong:
        raise Refused(NOT_THAT) from wrong
    return actions.use_passkey(factor_id=found.pk, count=count, at=at)


def _of(response: dict[str, Any]) -> Any:
    try:
        credential = AuthenticationResponse.from_dict(response).raw_id
    except (ValueError, TypeError, KeyError) as wrong:
        raise Refused(NOT_THAT) from wrong
    found = accounts.passkeys(credential=credential)
    if not found:
        raise Refused(NOT_THAT)
    return found[0]


def _credential(factor: Any) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(factor.kept))


def _remembered(request: HttpRequest, options: Any, state: Any) -> str:
    request.session[STATE] = state
    return json.dumps(dict(options)["publicKey"])


def _answer(request: HttpRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.POST.get("credential", ""))
    except ValueError as wrong:
        raise Refused(NOT_THAT) from wrong
    if not isinstance(told, dict):
        raise Refused(NOT_THAT)
    return told
