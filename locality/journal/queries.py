"""The audit as it was written, in the order and letters in which it is sealed."""

from collections.abc import Iterator
from datetime import UTC

from django.db import connection, transaction

from locality.journal import rules
from locality.journal.models import Seal
from locality.journal.rules import Checked, Head, Sealed, Verify

# The same letters on every server: instants in UTC, one fixed order of columns.
LINES = """
copy (
    select id, at at time zone 'UTC', what, outcome, by_kind, by_id, role, organisation_id, purpose, person_id,
        about_id, reason, detail
    from journal_event where id > {after} and id <= {until} order by id
) to stdout
"""
# all that a number may be: a line slipped in before the first must be read too
NO_START, NO_END = -(2**63), 2**63 - 1


def lines(*, after: int = NO_START, until: int = NO_END) -> Iterator[bytes]:
    """The events after one number up to another, each as one line of text beginning with its number and a tab."""
    with connection.cursor() as cursor:
        cursor.execute("set local datestyle = 'ISO'")
        with cursor.copy(LINES.format(after=int(after), until=int(until))) as copy:
            yield from map(bytes, copy)


def seals() -> list[Sealed]:
    """Every seal, in order."""
    rows = Seal.objects.order_by("id").values_list(
        "id", "last_event", "events", "digest", "head", "signature", "sealed_at"
    )
    return [
        Sealed(number, last, events, bytes(digest), bytes(head), bytes(signature), sealed_at.astimezone(UTC))
        for number, last, events, digest, head, signature, sealed_at in rows.iterator(chunk_size=10_000)
    ]


def verified(*, heads: list[Head], verify: Verify) -> Checked:
    """Hold the whole audit against its seals, and these against their copies; read in one moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        return rules.check(lines=lines(), seals=seals(), heads=heads, verify=verify)
