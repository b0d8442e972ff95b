"""The second wall: what the database itself shows of the record, whatever a query forgot to ask.

The policies (record/migrations) let a row through where this transaction has opened its patient and its class, or
where it works on the record as a whole: intake, linking, commands. A page starts with nothing opened. What is set
here is local to the transaction, so no other reader of the same connection inherits it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from locality.access.rules import Context, DataClass, classes_told
from locality.base import Viewer

DOWN = "select current_setting('locality.wall', true), set_config('locality.wall', 'down', true)"
AS_BEFORE = "select set_config('locality.wall', %s, true)"
NOTHING_OPENED = """
select current_setting('locality.wall', true), set_config('locality.wall', 'up', true),
    set_config('locality.people', '{}', true), set_config('locality.patients', '{}', true),
    set_config('locality.classes', '{}', true)
"""
OPENED = """
select set_config('locality.people', %(people)s::uuid[]::text, true),
    set_config('locality.classes', %(classes)s::text[]::text, true),
    set_config('locality.patients', coalesce((
        select array_agg(patient_id)::text from people_link where person_id = any(%(people)s) and ended_at is null
    ), '{}'), true)
"""


@contextmanager
def up() -> Iterator[None]:
    """For the length of a page: nothing of the record is shown but what the page opens."""
    with transaction.atomic():
        before = _ask(NOTHING_OPENED)
        yield
        # with nothing before it, the end of the transaction is the end of what it set
        if before:
            _ask(AS_BEFORE, before)


@contextmanager
def down() -> Iterator[None]:
    """For work on the record as a whole, which says by its own right what of it anybody gets to see."""
    with transaction.atomic():
        before = _ask(DOWN)
        yield
        _ask(AS_BEFORE, before)


def let_through(
    *, people: Collection[UUID], viewer: Viewer, context: Context, released: Collection[DataClass] = ()
) -> None:
    """Let the record of these people through, in the classes of which anything may be told, and nobody else's.

    `released` are classes of which some line was released to the person who looks.
    """
    classes = sorted({*classes_told(viewer=viewer, context=context), *released})
    with connection.cursor() as cursor:
        cursor.execute(OPENED, {"people": list(people), "classes": classes})


def _ask(sql: str, *words: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, words)
        return cursor.fetchone()[0] or ""
