"""The key that signs the audit, kept outside the database, and the copies of what it signed."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from locality.base import Refused
from locality.config.home import write_once
from locality.journal.rules import Head, Sealed

KEY = "audit_key"
HEADS = "audit_heads.jsonl"


class Signing:
    """Signs heads with the place's key, and tells a signature of it from any other."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public: Ed25519PublicKey = key.public_key()

    def sign(self, head: bytes) -> bytes:
        """The signature of a head, 64 bytes."""
        return self._key.sign(head)

    def verify(self, head: bytes, signature: bytes) -> bool:
        """Whether this place's key made this signature of this head."""
        with suppress(InvalidSignature):
            self._public.verify(signature, head)
            return True
        return False


def signing(folder: Path, *, make: bool = False) -> Signing:
    """The place's key for its audit; made once, by whoever seals. Raises Refused where there is none."""
    path = folder / KEY
    if make and not path.exists():
        write_once(path, Ed25519PrivateKey.generate().private_bytes_raw())
    try:
        return Signing(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
    except FileNotFoundError as missing:
        raise Refused(f"There is no key that seals the audit in {folder}: `locality watch` makes one.") from missing
    except (OSError, ValueError) as closed:
        raise Refused(f"The key that seals the audit cannot be read from {path}.") from closed


def copy_out(seals: Sequence[Sealed], *, folders: Sequence[Path]) -> None:
    """Add the last of these seals to the copies kept outside the database."""
    if not seals:
        return
    last = seals[-1]
    written = json.dumps(
        {
            "seal": last.number,
            "head": last.head.hex(),
            "signature": last.signature.hex(),
            "sealed_at": last.sealed_at.isoformat(),
        }
    )
    for folder in folders:
        with (folder / HEADS).open("a") as file:
            file.write(written + "\n")
            file.flush()
            os.fsync(file.fileno())


def copies(folders: Sequence[Path]) -> list[Head]:
    """Every copy that was kept, in the order in which they were made; an unreadable line stops the check."""
    found = []
    for path in (folder / HEADS for folder in folders):
        for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], start=1):
            try:
                one = json.loads(line)
                found.append(Head(one["seal"], bytes.fromhex(one["head"]), bytes.fromhex(one["signature"])))
            except (ValueError, KeyError, TypeError) as wrong:
                raise Refused(f"Line {number} of {path} is not a copy of a seal.") from wrong
    return found
