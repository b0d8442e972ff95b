"""How one comes in, sealed under the place's key: nobody reads it in a copy of the database."""

import json
from uuid import UUID

from locality.web.sealed import seal, unseal


def sealed_code(*, person: UUID, code: str, where: str) -> bytes:
    """A code and where the safe is, sealed for one person."""
    return seal(_purpose(person), json.dumps({"code": code, "where": where}).encode())


def told_code(*, person: UUID, sealed: bytes) -> tuple[str, str]:
    """The code and where the safe is; raises NotFound where the place's key has gone."""
    told = json.loads(unseal(_purpose(person), sealed))
    return told["code"], told["where"]


def _purpose(person: UUID) -> str:
    return f"key safe of {person}"
