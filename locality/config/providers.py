"""Providers of sign-on, read from a file: a table [[provider]] each (docs/operating.md lists its names)."""

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from locality.web.sign_in.provider import Provider

NEEDED = ("code", "name", "kind", "issuer", "client_id", "key_file")
LISTS = ("accepts", "second_factor_values", "proof_values", "hosts")
KNOWN = {one.name for one in fields(Provider)} - {"key"} | {"key_file"}
OUR_OWN_MACHINE = {"localhost", "127.0.0.1"}


def read(path: str) -> tuple[Provider, ...]:
    """The providers that a file names; none without one. Raises ImproperlyConfigured, saying what is wrong where."""
    if not path:
        return ()
    file = Path(path)
    try:
        told = tomllib.loads(file.read_text())
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise ImproperlyConfigured(f"LOCALITY_SIGN_ON: {file}: {wrong}") from wrong
    found = tuple(_provider(one, file) for one in told.get("provider", []))
    if len({one.code for one in found}) != len(found):
        raise ImproperlyConfigured(f"LOCALITY_SIGN_ON: {file}: two providers have the same code.")
    return found


def _provider(one: dict[str, Any], file: Path) -> Provider:
    where = f"LOCALITY_SIGN_ON: {file}: provider {one.get('code', '?')}"
    missing = [name for name in NEEDED if not one.get(name)]
    unknown = sorted(set(one) - KNOWN)
    if missing or unknown:
        raise ImproperlyConfigured(f"{where}: " + "; ".join(_fault(missing, unknown)))
    if one["kind"] not in ("staff", "people"):
        raise ImproperlyConfigured(f"{where}: kind is staff or people.")
    address = urlsplit(one["issuer"])
    if address.scheme != "https" and address.hostname not in OUR_OWN_MACHINE:
        raise ImproperlyConfigured(f"{where}: issuer begins with https.")
    try:
        key = (file.parent / one["key_file"]).read_text()
    except OSError as wrong:
        raise ImproperlyConfigured(f"{where}: key_file: {wrong.strerror}.") from wrong
    lists = {name: tuple(one[name]) for name in LISTS if name in one}
    return Provider(**{name: value for name, value in one.items() if name != "key_file"} | lists, key=key)


def _fault(missing: list[str], unknown: list[str]) -> list[str]:
    return [f"says no {name}" for name in missing] + [f"does not know {name}" for name in unknown]
