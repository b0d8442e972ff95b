"""The second wall: what the database itself shows of the record, whatever a query forgot to ask.

The policies (record/migrations) let a row through where this transaction has opened its patient and its class, or
where it works on the record as a whole: intake, linking, commands. A page starts with nothing opened. What is set
here is local to the transaction, so no other reader of the same connection inherits it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from locality.access.rules import Context, DataClass, RoleCode, classes_told
from locality.base import Viewer, ViewerKind

DOWN = "select current_setting('locality.wall', true), set_config('locality.wall', 'down', true)"
AS_BEFORE = "select set_config('locality.wall', %(before)s, true)"
# who looks, and for which teams they receive concerns, is said once a page: concerns open by that alone
NOTHING_OPENED = """
select current_setting('locality.wall', true), set_config('locality.wall', 'up', true),
    set_config('locality.people', '{}', true), set_config('locality.patients', '{}', true),
    set_config('locality.classes', '{}', true), set_config('locality.viewer', %(viewer)s, true),
    set_config('locality.leads', %(leads)s::uuid[]::text, true)
"""
OPENED = """
select set_config('locality.people', %(people)s::uuid[]::text, true),
    set_config('locality.classes', %(classes)s::text[]::text, true),
    set_config('locality.patients', coalesce((
        select array_agg(patient_id)::text from people_link where person_id = any(%(people)s) and ended_at is null
    ), '{}'), true)
"""


@contextmanager
def up(viewer: Viewer | None = None) -> Iterator[None]:
    """For the length of a page: nothing of the record is shown but what it opens, and no concern but the viewer's."""
    is_practitioner = viewer is not None and viewer.kind == ViewerKind.PRACTITIONER
    leads = list(viewer.teams) if viewer and is_practitioner and viewer.role == RoleCode.SAFEGUARDING_LEAD else []
    with transaction.atomic():
        before = _ask(NOTHING_OPENED, viewer=str(viewer.id) if viewer and is_practitioner else "", leads=leads)
        yield
        # with nothing before it, the end of the transaction is the end of what it set
        if before:
            _ask(AS_BEFORE, before=before)


@contextmanager
def down() -> Iterator[None]:
    """For work on the record as a whole, which says by its own right what of it anybody gets to see."""
    with transaction.atomic():
        before = _ask(DOWN)
        yield
        _ask(AS_BEFORE, before=before)


def let_through(
    *, people: Collection[UUID], viewer: Viewer, context: Context, released: Collection[DataClass] = ()
) -> None:
    """Let the record of these people through, in the classes of which anything may be told, and nobody else's.

    `released` are classes of which some line was released to the person who looks.
    """
    classes = sorted({*classes_told(viewer=viewer, context=context), *released})
    with connection.cursor() as cursor:
        cursor.execute(OPENED, {"people": list(people), "classes": classes})


def _ask(sql: str, **told: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return cursor.fetchone()[0] or ""
