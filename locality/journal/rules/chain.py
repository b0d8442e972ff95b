"""The chain over the audit: how events are hashed, seals chained, and both checked."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Sign = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes], bool]  # the head, and the signature that should be of it

START = bytes(32)


@dataclass(frozen=True, slots=True)
class Sealed:
    """One seal: the events after the seal before, up to and with `last_event`."""

    number: int
    last_event: int
    events: int
    digest: bytes
    head: bytes
    signature: bytes
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """A seal's head as it was copied out of the database."""

    number: int
    head: bytes
    signature: bytes


@dataclass(slots=True)
class Checked:
    """What a check of the chain found; nothing in `faults` means that nothing was changed."""

    events: int = 0
    seals: int = 0
    unsealed: int = 0
    missing_unsealed: int = 0
    faults: list[str] = field(default_factory=list)


def head_of(*, previous: bytes, number: int, last_event: int, events: int, digest: bytes, sealed_at: datetime) -> bytes:
    """The head that binds one seal to all that came before it."""
    written = f"{number} {last_event} {events} {sealed_at.isoformat()}".encode()
    return hashlib.sha256(previous + digest + written).digest()


def check(
    *, lines: Iterable[bytes], seals: Sequence[Sealed], heads: Iterable[Head], verify: Verify, first_event: int = 1
) -> Checked:
    """Hold every event against its seal, every seal against the one before, and the chain against its copies.

    `lines` are the events in the order of their numbers, each beginning with its number and a tab. Finds events
    edited, removed, added or put in another order, seals changed or cut off, and a database older than a copy.
    """
    found = Checked(seals=len(seals))
    _check_chain(seals, verify=verify, found=found)
    _check_copies(seals, heads=heads, verify=verify, found=found)
    _check_events(iter(lines), seals, found=found)
    return found


def _check_chain(seals: Sequence[Sealed], *, verify: Verify, found: Checked) -> None:
    previous, last_event = START, 0
    for expected, one in enumerate(seals, start=1):
        head = head_of(
            previous=previous,
            number=one.number,
            last_event=one.last_event,
            events=one.events,
            digest=one.digest,
            sealed_at=one.sealed_at,
        )
        if one.number != expected or one.last_event <= last_event:
            found.faults.append(f"Seal {expected} is missing or out of order.")
        if head != one.head:
            found.faults.append(f"Seal {one.number} does not follow from the seal before it.")
        elif not verify(one.head, one.signature):
            found.faults.append(f"Seal {one.number} was not signed with this place's key.")
        previous, last_event = one.head, one.last_event


def _check_copies(seals: Sequence[Sealed], *, heads: Iterable[Head], verify: Verify, found: Checked) -> None:
    for copy in heads:
        if not verify(copy.head, copy.signature):
            found.faults.append(f"The copy of seal {copy.number} was not signed with this place's key.")
        elif copy.number > len(seals):
            found.faults.append(
                f"Seal {copy.number} was copied out and is not here: the end was cut off, or an older file put back."
            )
        elif seals[copy.number - 1].head != copy.head:
            found.faults.append(f"Seal {copy.number} differs from its copy: the chain was written anew.")


def _check_events(lines: Iterator[bytes], seals: Sequence[Sealed], *, found: Checked) -> None:
    ahead: bytes | None = next(lines, None)
    for one in seals:
        digest = hashlib.sha256()
        count = 0
        while ahead is not None and number_of(ahead) <= one.last_event:
            digest.update(ahead)
            count += 1
            ahead = next(lines, None)
        found.events += count
        if (count, digest.digest()) != (one.events, one.digest):
            found.faults.append(_what_changed(one, count))
    highest = seals[-1].last_event if seals else 0
    while ahead is not None:
        number = number_of(ahead)
        found.unsealed += 1
        found.missing_unsealed += number - highest - 1
        highest = number
        ahead = next(lines, None)
    found.events += found.unsealed


def _what_changed(one: Sealed, count: int) -> str:
    if count == one.events:
        changed = "one of them was changed"
    else:
        changed = f"there are {count:,} where {one.events:,} were sealed"
    return f"The events up to number {one.last_event:,}, sealed as {one.number}, are not as they were: {changed}."


def number_of(line: bytes) -> int:
    """The number that a line begins with."""
    return int(line[: line.index(b"\t")])
