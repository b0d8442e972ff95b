"""The keys that rows meet by: whole numbers of 63 bits, the same in the batch and in the index of arrivals."""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from typing import Any

from locality.methods.linkage.settings import Block, Settings, settings
from locality.methods.linkage.standard import Standard

# columns that hold the same sort of thing are hashed alike, so that a key of two names does not ask which stands first
DOMAINS = {
    "given_sound": "sound", "family_sound": "sound", "sounds": "sound", "given_sounds": "sound",
    "family_sounds": "sound", "phones": "phone", "emails": "email", "postcodes": "postcode", "sectors": "sector",
}  # fmt: skip


def keys(one: Standard, *, by: Settings | None = None) -> tuple[int, ...]:
    """The keys of a row, in order, each once: rows that may be one person share at least one."""
    return tuple(sorted({key for block in (by or settings()).blocks for key in block_keys(one, block)}))


def block_keys(one: Standard, block: Block) -> Iterator[int]:
    """The keys that one block makes of a row; none where a part is missing."""
    parts = [_hashes(one, column) for column in block.parts]
    own = salt(block)
    for values in product(*parts):
        yield own + sum(values)


def _hashes(one: Standard, column: str) -> tuple[int, ...]:
    return hashes(column, getattr(one, column))


def hashes(column: str, value: Any) -> tuple[int, ...]:
    """What a column's value, or each of its values, adds to a key; none for a missing one."""
    if value is None:
        return ()
    domain = DOMAINS.get(column, column)
    return tuple([hashed(domain, each) for each in value]) if type(value) is tuple else (hashed(domain, str(value)),)


def salt(block: Block) -> int:
    """What tells one block's keys from another's."""
    return hashed("block", str(block.number))


@lru_cache(maxsize=50_000)
def hashed(domain: str, value: str) -> int:
    """A value as a number below 2 to the 60th; the same on every machine."""
    return int.from_bytes(blake2b(f"{domain}:{value}".encode(), digest_size=8).digest(), "big") >> 4
