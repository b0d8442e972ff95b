"""Keyed pseudonyms: a person has the same one for as long as the key lives, and nobody without it can tell whose."""

import hashlib
import hmac
from uuid import UUID

# 128 bits of the hash: two of three million people are alike once in 10^25 places
LETTERS = 32


def pseudonym(*, key: bytes, person: UUID) -> str:
    """A person's pseudonym: HMAC-SHA-256 (RFC 2104) of their id, its first 32 letters in hexadecimal."""
    return hmac.digest(key, person.bytes, "sha256").hex()[:LETTERS]


def salt(*, key: bytes, word: str) -> str:
    """A secret of its own for each purpose, from the one key: 64 letters."""
    return hmac.digest(key, b"salt:" + word.encode(), "sha256").hex()


def fingerprint(*, key: bytes) -> str:
    """By what a copy knows that it was made with this key, and that tells nothing of the key."""
    return hashlib.sha256(b"fingerprint:" + salt(key=key, word="fingerprint").encode()).hexdigest()[:LETTERS]
