"""OpenID Connect as a relying party: authorization code with PKCE, and a signed assertion of who we are.

https://openid.net/specs/openid-connect-core-1_0.html (3.1), RFC 7636, RFC 7523, RFC 9207
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from locality.base import Refused
from locality.web.outbound import NotReached, host, limit
from locality.web.sign_in.provider import Provider

# two servers' clocks differ a little
LEEWAY_SECONDS = 60
KNOWN_FOR = timedelta(hours=1)
# whoever makes up key names must not make us ask the provider each time
KEYS_AGAIN_AFTER = timedelta(seconds=20)
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
NOT_TRUE = "What the sign-on service sent about you could not be trusted, so you were not signed in. Try again."


class NotTrusted(Refused):
    """An answer that is forged, old, for somebody else, or not what was asked."""

    def __init__(self) -> None:
        super().__init__(NOT_TRUE)


@dataclass(slots=True)
class Known:
    """What a provider says of itself, and its keys, as last fetched."""

    metadata: dict[str, Any]
    keys: KeySet
    at: datetime
    keys_at: datetime


_known: dict[str, Known] = {}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a provider, kept in the session until it answers, once."""

    provider: str
    state: str
    nonce: str
    verifier: str
    back: str
    at: str
    invitation: str = ""
    again: bool = False  # somebody signed in proves again who they are


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider said of somebody, checked."""

    issuer: str
    subject: str
    claims: dict[str, Any] = field(repr=False)

    def second_factor(self, provider: Provider) -> bool:
        """Whether they showed a second factor there."""
        return str(self.claims.get(provider.second_factor_claim, "")) in provider.second_factor_values

    def is_proven(self, provider: Provider) -> bool:
        """Whether who they are was checked against a document."""
        return str(self.claims.get(provider.proof_claim, "")) in provider.proof_values


def to_ask(provider: Provider, *, back_to: str, asked: Asked, at: datetime) -> str:
    """The address at the provider where somebody says who they are."""
    with _session(provider, back_to) as session:
        known = _about(provider, session, at=at)
        again = {"max_age": "0", "prompt": "login"} if asked.again else {}
        address, _ = session.create_authorization_url(
            known.metadata["authorization_endpoint"],
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
            **dict(provider.ask) | again,
        )
    return address


def new_asked(provider: Provider, *, back: str, at: datetime, invitation: str = "", again: bool = False) -> Asked:
    """A question that nobody can guess the answer of."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    return Asked(provider.code, state, nonce, verifier, back, at.isoformat(), invitation, again)


def told(provider: Provider, *, code: str, issuer: str, back_to: str, asked: Asked, at: datetime) -> Told:
    """Who came back with this code. Raises NotTrusted for what does not fit, NotReached where nobody answers."""
    # RFC 9207: an answer of another provider is not taken to this one
    if issuer and issuer != provider.issuer:
        raise NotTrusted
    with _session(provider, back_to) as session:
        known = _about(provider, session, at=at)
        tokens = _tokens(session, known, code=code, verifier=asked.verifier, back_to=back_to)
        claims = _id_token(provider, session, known, str(tokens.get("id_token", "")), asked=asked, at=at)
        claims |= _further(session, known, claims)
    return Told(issuer=provider.issuer, subject=str(claims["sub"]), claims=claims)


def _session(provider: Provider, back_to: str) -> OAuth2Session:
    session = OAuth2Session(
        provider.client_id,
        provider.key,
        scope=provider.scope,
        redirect_uri=back_to,
        token_endpoint_auth_method="private_key_jwt",  # noqa: S106 -- the name of the way
    )
    limit(session, hosts={host(provider.issuer), *provider.hosts})
    return session


def _about(provider: Provider, session: OAuth2Session, *, at: datetime) -> Known:
    known = _known.get(provider.issuer)
    if known is None or at - known.at > KNOWN_FOR:
        known = _known[provider.issuer] = _asked_about(provider, session, at=at)
    headers = {"kid": provider.key_id} if provider.key_id else {}
    session.register_client_auth_method(
        PrivateKeyJWT(known.metadata["token_endpoint"], alg=provider.algorithm, headers=headers)
    )
    return known


def _asked_about(provider: Provider, session: OAuth2Session, *, at: datetime) -> Known:
    metadata = _asked_for(session, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if metadata.get("issuer") != provider.issuer or any(name not in metadata for name in ENDPOINTS[:3]):
        raise NotTrusted
    return Known(metadata, _keys(session, metadata), at, at)


def _keys(session: OAuth2Session, metadata: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(_asked_for(session, metadata["jwks_uri"]))  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError) as wrong:
        raise NotTrusted from wrong


def _asked_for(session: OAuth2Session, address: str, **more: Any) -> dict[str, Any]:
    try:
        response = session.get(address, withhold_token=not more, allow_redirects=False, headers=more)
        found = response.json() if response.status_code == requests.codes.ok else None
    except (ValueError, AuthlibBaseError) as wrong:
        raise NotReached("The other server does not answer as it should.") from wrong
    if not isinstance(found, dict):
        raise NotReached("The other server does not answer as it should.")
    return found


def _tokens(session: OAuth2Session, known: Known, *, code: str, verifier: str, back_to: str) -> dict[str, Any]:
    try:
        return session.fetch_token(
            known.metadata["token_endpoint"],
            code=code,
            code_verifier=verifier,
            redirect_uri=back_to,
            grant_type="authorization_code",
            allow_redirects=False,
        )
    except (AuthlibBaseError, requests.RequestException, ValueError) as wrong:
        # a code that was used, is old, or was given to another
        raise NotTrusted from wrong


def _id_token(
    provider: Provider, session: OAuth2Session, known: Known, token: str, *, asked: Asked, at: datetime
) -> dict[str, Any]:
    """The claims of an identity token that this provider signed for us, now, in answer to this question."""
    claims = _signed_by(provider, session, known, token, at=at)
    registry = JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": asked.nonce},
        auth_time={"essential": asked.again},
    )
    try:
        registry.validate(claims)
    except JoseError as wrong:
        raise NotTrusted from wrong
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != provider.client_id:
        raise NotTrusted
    # asked to say again who they are, and the provider let an old answer stand
    if asked.again and claims["auth_time"] < datetime.fromisoformat(asked.at).timestamp() - LEEWAY_SECONDS:
        raise NotTrusted
    return claims


def _signed_by(provider: Provider, session: OAuth2Session, known: Known, token: str, *, at: datetime) -> dict[str, Any]:
    try:
        return dict(jwt.decode(token, known.keys, algorithms=list(provider.accepts)).claims)
    except (JoseError, ValueError) as wrong:
        # their keys may have changed since we fetched them
        if at - known.keys_at < KEYS_AGAIN_AFTER:
            raise NotTrusted from wrong
    known.keys, known.keys_at = _keys(session, known.metadata), at
    try:
        return dict(jwt.decode(token, known.keys, algorithms=list(provider.accepts)).claims)
    except (JoseError, ValueError) as wrong:
        raise NotTrusted from wrong


def _further(session: OAuth2Session, known: Known, claims: dict[str, Any]) -> dict[str, Any]:
    """What the provider tells of them besides; never another subject, nor over what it signed."""
    address = known.metadata.get("userinfo_endpoint")
    if not address:
        return {}
    found = _asked_for(session, address, Accept="application/json")
    if found.get("sub") != claims["sub"]:
        raise NotTrusted
    return {name: value for name, value in found.items() if name not in claims}


def written(asked: Asked) -> str:
    """A question as a session can hold it."""
    return json.dumps({name: getattr(asked, name) for name in Asked.__slots__})
