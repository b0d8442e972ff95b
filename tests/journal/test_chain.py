"""The chain over the audit: whatever is done to it afterwards is found."""

import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from locality.journal.rules import START, Head, Sealed, check, head_of

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)


def sign(head: bytes) -> bytes:
    return hashlib.sha256(b"the key" + head).digest()


def verify(head: bytes, signature: bytes) -> bool:
    return signature == sign(head)


def lines(count: int) -> list[bytes]:
    return [f"{number}\t2026-11-03 14:05:00\trecord.opened\tperson {number % 7}\n".encode() for number in gaps(count)]


def gaps(count: int) -> list[int]:
    """Numbers as a table has them: some were taken by what was rolled back."""
    return [number + number // 9 for number in range(1, count + 1)]


def chain(events: list[bytes], *, each: int, sealed_at: datetime = AT) -> list[Sealed]:
    seals: list[Sealed] = []
    previous = START
    for number, start in enumerate(range(0, len(events), each), start=1):
        block = events[start : start + each]
        digest = hashlib.sha256(b"".join(block)).digest()
        last = int(block[-1].split(b"\t")[0])
        head = head_of(
            previous=previous, number=number, last_event=last, events=len(block), digest=digest, sealed_at=sealed_at
        )
        seals.append(Sealed(number, last, len(block), digest, head, sign(head), sealed_at))
        previous = head
    return seals


def copied(seals: list[Sealed]) -> list[Head]:
    return [Head(one.number, one.head, one.signature) for one in seals]


def faults(events: list[bytes], seals: list[Sealed], heads: list[Head]) -> list[str]:
    return check(lines=events, seals=seals, heads=heads, verify=verify).faults


def test_an_audit_as_it_was_written_has_no_faults():
    events = lines(100)
    seals = chain(events, each=10)

    found = check(lines=events, seals=seals, heads=copied(seals), verify=verify)

    assert (found.events, found.seals, found.unsealed, found.faults) == (100, 10, 0, [])


def test_events_after_the_last_seal_are_counted_and_numbers_missing_among_them_too():
    events = lines(100)
    seals = chain(events[:90], each=10)

    found = check(lines=events[:93] + events[95:], seals=seals, heads=copied(seals), verify=verify)

    assert (found.unsealed, found.missing_unsealed, found.faults) == (8, 3, [])


def test_what_was_changed_is_said_with_its_seal_and_its_numbers():
    events = lines(30)
    seals = chain(events, each=10)
    events[12] = events[12].replace(b"opened", b"closed")

    assert faults(events, seals, copied(seals)) == [
        "The events up to number 22, sealed as 2, are not as they were: one of them was changed."
    ]


def test_a_chain_written_anew_is_told_by_its_copies():
    events = lines(30)
    seals = chain(events, each=10)
    del events[12]
    anew = chain(events, each=10)

    assert faults(events, anew, []) == []
    assert faults(events, anew, copied(seals)[-1:]) == ["Seal 3 differs from its copy: the chain was written anew."]


def test_an_older_file_put_back_is_told_by_its_copies():
    events = lines(30)
    seals = chain(events, each=10)

    assert faults(events[:20], seals[:2], copied(seals)) == [
        "Seal 3 was copied out and is not here: the end was cut off, or an older file put back."
    ]


def test_a_chain_written_anew_without_the_key_is_told_by_its_signatures():
    events = lines(10)
    seals = [replace(one, signature=b"another") for one in chain(events, each=10)]

    assert faults(events, seals, []) == ["Seal 1 was not signed with this place's key."]


# ---- drawn tamperings


def edit(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    where = chance.randrange(len(events))
    line = bytearray(events[where])
    at = chance.randrange(line.index(b"\t") + 1, len(line) - 1)
    line[at] ^= 1 << chance.randrange(3)
    events[where] = bytes(line)


def remove(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    start = chance.randrange(len(events))
    del events[start : start + chance.randint(1, 5)]


def add(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    where = chance.randrange(len(events))
    events.insert(where, events[where])


def reorder(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    first, second = chance.sample(range(len(events)), 2)
    one, other = (events[index].split(b"\t", 1) for index in (first, second))
    if one[1] == other[1]:
        return edit(chance, events, seals)
    events[first], events[second] = one[0] + b"\t" + other[1], other[0] + b"\t" + one[1]
    return None


def truncate(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    keep = chance.randrange(len(seals))
    del events[sum(one.events for one in seals[:keep]) :]
    del seals[keep:]


def rewrite(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    edit(chance, events, seals)
    seals[:] = chain(events, each=seals[0].events)


def change_a_seal(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    where = chance.randrange(len(seals))
    one = seals[where]
    seals[where] = chance.choice(
        [
            replace(one, digest=bytes(32)),
            replace(one, events=one.events + 1),
            replace(one, last_event=one.last_event + 1),
            replace(one, head=bytes(32)),
            replace(one, sealed_at=AT.replace(year=2025)),
        ]
    )


def drop_a_seal(chance: random.Random, events: list[bytes], seals: list[Sealed]) -> None:
    del seals[chance.randrange(len(seals))]


TAMPERINGS = [edit, remove, add, reorder, truncate, rewrite, change_a_seal, drop_a_seal]


def unnoticed(tries: int, *, seed: int) -> list[tuple[str, int]]:
    passed = []
    for number in range(tries):
        chance = random.Random(f"{seed} {number}")
        events = lines(60)
        seals = chain(events, each=7)
        heads = copied(seals)
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        tampering(chance, events, seals)
        if not faults(events, seals, heads):
            passed.append((tampering.__name__, number))
    return passed


def test_four_hundred_drawn_tamperings_are_found():
    assert unnoticed(400, seed=1) == []


@pytest.mark.prove
def test_ten_thousand_drawn_tamperings_are_found():
    assert unnoticed(10_000, seed=2) == []
