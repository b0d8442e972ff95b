"""The audit as it was written, in the order and letters in which it is sealed; and what waits for the officer."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from locality.journal import rules
from locality.journal.models import News, Question, Seal, UnusualLook
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


def verified(*, heads: list[Head], verify: Verify, archived: Iterable[bytes] = (), after: int = NO_START) -> Checked:
    """Hold the whole audit against its seals, and these against their copies; read in one moment.

    `archived` are the lines that were moved into files, in their order; the table is read from the number `after` on.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        return rules.check(lines=chain(archived, lines(after=after)), seals=seals(), heads=heads, verify=verify)


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A part of the audit's table: the events from a number up to, not including, another."""

    first: int
    until: int
    name: str


PARTS = r"""
select bounds[1]::bigint, bounds[2]::bigint, name
from pg_inherits
join pg_class part on part.oid = inhrelid
cross join lateral (
    select part.relname as name,
        regexp_match(pg_get_expr(part.relpartbound, part.oid), $$FROM \('(-?\d+)'\) TO \('(\d+)'\)$$) as bounds
) told
where inhparent = 'journal_event'::regclass and bounds is not null
order by 1
"""


def parts() -> list[Part]:
    """The parts that the table lies in, in the order of their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(PARTS)
        return [Part(*row) for row in cursor]


def highest_number() -> int:
    """The highest number that an event has; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from journal_event")
        return cursor.fetchone()[0]


def last_sealed() -> int:
    """The number up to which the audit is sealed; 0 where nothing is."""
    return Seal.objects.order_by("-id").values_list("last_event", flat=True).first() or 0


# ---- for the privacy officer


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the audit stands: what waits to be sealed, and when it was last sealed, copied out, verified, archived."""

    unsealed: int
    oldest_unsealed_at: datetime | None
    sealed_events: int
    last_seal_at: datetime | None
    last: dict[str, tuple[datetime, dict[str, Any]]]


HEALTH = """
with last as (select last_event, sealed_at from journal_seal order by id desc limit 1),
    tail as (
        select count(*) as many, min(at) as oldest from journal_event
        where id > coalesce((select last_event from last), 0)
    )
select tail.many, tail.oldest, coalesce((select last_event from last), 0), (select sealed_at from last),
    coalesce((
        select jsonb_object_agg(kind, jsonb_build_array(at, detail))
        from (select distinct on (kind) kind, at, detail from journal_upkeep order by kind, id desc) newest
    ), '{}')::text
from tail
"""


def health() -> Health:
    """How the audit stands now."""
    with connection.cursor() as cursor:
        cursor.execute(HEALTH)
        unsealed, oldest, sealed, sealed_at, last = cursor.fetchone()
    return Health(
        unsealed=unsealed,
        oldest_unsealed_at=oldest,
        sealed_events=sealed,
        last_seal_at=sealed_at,
        last={kind: (datetime.fromisoformat(at), detail) for kind, (at, detail) in json.loads(last).items()},
    )


def questions_waiting() -> QuerySet[Question]:
    """Questions that nobody has answered, those that wait longest first."""
    return Question.objects.filter(answered_at=None).order_by("asked_at", "id")


def questions_of(person_ids: list[UUID]) -> QuerySet[Question]:
    """What was asked about looks at one person, newest first."""
    return Question.objects.filter(person_id__in=person_ids).order_by("-asked_at", "id")


def question(question_id: UUID) -> Question | None:
    """One question."""
    return Question.objects.filter(pk=question_id).first()


def unusual_waiting() -> QuerySet[UnusualLook]:
    """Unusual looks that nobody has reviewed, the most unusual first."""
    return UnusualLook.objects.filter(reviewed_at=None).order_by("-bits", "id")


def unusual_look(look_id: UUID) -> UnusualLook | None:
    """One practitioner's day that stood out."""
    return UnusualLook.objects.filter(pk=look_id).first()


# ---- news, read in the order in which it was written

# Numbers are taken in order and committed out of order, as those of events are (actions/sealing.py).
LAST_NEWS = "select coalesce(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text from journal_news"
ALL_FINISHED = "select pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8"


def last_news() -> tuple[int, str]:
    """The highest number of news written, and the transaction before which all must have finished to read up to it."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_NEWS)
        number, horizon = cursor.fetchone()
    return number, horizon


def news(kind: str, *, after: int, until: int, most: int) -> list[News]:
    """News of a kind from one number, not included, to another, in order."""
    return list(News.objects.filter(what=kind, id__gt=after, id__lte=until).order_by("id")[:most])


def news_before(at: datetime) -> int:
    """The highest number of the news that is older than a moment; 0 where none is."""
    return News.objects.filter(at__lt=at).order_by("-id").values_list("id", flat=True).first() or 0


def is_finished(horizon: str) -> bool:
    """Whether everybody who was at work when a horizon was told has finished."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_FINISHED, [horizon])
        return bool(cursor.fetchone()[0])
