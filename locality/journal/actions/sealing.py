"""Sealing the audit: off the write path, by the background work, a few seconds after it was written."""

import hashlib
from datetime import UTC, datetime

from django.db import connection, transaction

from locality.journal import queries, rules
from locality.journal.models import Seal
from locality.journal.rules import Sealed, Sign

# at most this many events a seal, so that a fault is found near where it is
MOST = 10_000

ONE_SEALER = "select pg_try_advisory_xact_lock(hashtextextended('journal.seal', 0))"

# Numbers are taken in order and committed out of order. Whoever may still commit a number up to this one is at work
# now; when all who are at work now have finished, every number up to it is there or never will be.
HIGHEST = "select coalesce(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text from journal_event"
FINISHED = "select pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8"


@transaction.atomic
def highest() -> tuple[int, str]:
    """The highest number written, and the transaction before which all must have finished for it to be sealed."""
    with connection.cursor() as cursor:
        cursor.execute(HIGHEST)
        number, horizon = cursor.fetchone()
    return number, horizon


@transaction.atomic
def seal(*, until: int, horizon: str, sign: Sign, at: datetime) -> list[Sealed]:
    """Seal the events up to a number that `highest` gave a moment ago, and chain them to the last seal.

    `sign` signs a head of 32 bytes with the place's key. Returns the new seals: none while somebody at work then may
    still write a lower number, or while another process is sealing. Whatever is left is sealed the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_SEALER)
        alone = cursor.fetchone()[0]
        cursor.execute(FINISHED, [horizon])
        finished = cursor.fetchone()[0]
    if not (alone and finished):
        return []
    last = Seal.objects.order_by("-id").first()
    previous = bytes(last.head) if last else rules.START
    number = last.pk if last else 0
    made = []
    for last_event, events, digest in _blocks(after=last.last_event if last else queries.NO_START, until=until):
        number += 1
        one = _sealed(number, last_event, events, digest, previous=previous, sign=sign, at=at.astimezone(UTC))
        made.append(one)
        previous = one.head
    _keep(made)
    return made


def _blocks(*, after: int, until: int) -> list[tuple[int, int, bytes]]:
    blocks = []
    digest, count, number = hashlib.sha256(), 0, 0
    for line in queries.lines(after=after, until=until):
        digest.update(line)
        count += 1
        number = rules.number_of(line)
        if count == MOST:
            blocks.append((number, count, digest.digest()))
            digest, count = hashlib.sha256(), 0
    if count:
        blocks.append((number, count, digest.digest()))
    return blocks


def _sealed(
    number: int, last_event: int, events: int, digest: bytes, *, previous: bytes, sign: Sign, at: datetime
) -> Sealed:
    head = rules.head_of(
        previous=previous, number=number, last_event=last_event, events=events, digest=digest, sealed_at=at
    )
    return Sealed(number, last_event, events, digest, head, sign(head), at)


def _keep(made: list[Sealed]) -> None:
    Seal.objects.bulk_create(
        [
            Seal(
                id=one.number,
                last_event=one.last_event,
                events=one.events,
                digest=one.digest,
                head=one.head,
                signature=one.signature,
                sealed_at=one.sealed_at,
            )
            for one in made
        ]
    )
