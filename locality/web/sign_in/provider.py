"""What a place says of a provider of sign-on: all that differs between NHS Care Identity, NHS login and another."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider of OpenID Connect, for staff or for people."""

    code: str
    name: str
    kind: str  # staff or people
    issuer: str
    client_id: str
    key: str  # our private key, PEM
    key_id: str = ""
    algorithm: str = "RS512"  # of what we sign to say who we are
    accepts: tuple[str, ...] = ("RS256", "RS512", "PS256", "ES256")  # of what they sign
    scope: str = "openid profile"
    ask: Mapping[str, str] = field(default_factory=dict)  # further words of the request: acr_values, vtr
    # a claim, and its values that mean that a second factor was shown
    second_factor_claim: str = "acr"
    second_factor_values: tuple[str, ...] = ()
    # people only: a claim, and its values that mean that who they are was checked against a document
    proof_claim: str = "identity_proofing_level"
    proof_values: tuple[str, ...] = ("P9",)
    # other servers of theirs that we may speak to
    hosts: tuple[str, ...] = ()
    help: str = ""
