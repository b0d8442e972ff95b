"""The second wall: what the database itself shows of the record, whatever a query forgot to ask.

The policies (record/migrations, neighbourhoods/migrations) let a row through where this transaction has opened its
patient and its class, where it is work of the viewer's own teams, or where the transaction works on the record as a
whole: intake, linking, commands. A page starts with nothing opened. What is set
here is local to the transaction, so no other reader of the same connection inherits it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from locality.access.rules import Context, DataClass, Relation, RoleCode, classes_told
from locality.base import Viewer, ViewerKind

DOWN = "select current_setting('locality.wall', true), set_config('locality.wall', 'down', true)"
AS_BEFORE = "select set_config('locality.wall', %(before)s, true)"
# who looks, and for which teams they receive concerns, is said once a page: concerns open by that alone. Whose teams
# they are of, by whom they are employed and what their role opens of its own people: the work of a team opens by that
NOTHING_OPENED = """
select current_setting('locality.wall', true), set_config('locality.wall', 'up', true),
    set_config('locality.people', '{}', true), set_config('locality.patients', '{}', true),
    set_config('locality.classes', '{}', true), set_config('locality.viewer', %(viewer)s, true),
    set_config('locality.leads', %(leads)s::uuid[]::text, true),
    set_config('locality.teams', %(teams)s::uuid[]::text, true),
    set_config('locality.organisation', %(organisation)s, true),
    set_config('locality.own', %(own)s::text[]::text, true),
    set_config('locality.themselves', coalesce((
        select array_agg(person.id)::text
        from (select coalesce(merged_into_id, id) as kept from people_person where id = %(themselves)s::uuid) asked
        join people_person person on person.id = asked.kept or person.merged_into_id = asked.kept
    ), '{}'), true)
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
    """For the length of a page: nothing is shown but what it opens, and no concern and no work but the viewer's own."""
    with transaction.atomic():
        before = _ask(NOTHING_OPENED, **_said_of(viewer))
        yield
        # with nothing before it, the end of the transaction is the end of what it set
        if before:
            _ask(AS_BEFORE, before=before)


def _said_of(viewer: Viewer | None) -> dict[str, Any]:
    """Who looks, as the policies ask it: a practitioner, or whoever signs in for themselves; else nobody."""
    is_practitioner = viewer is not None and viewer.kind == ViewerKind.PRACTITIONER
    is_somebody = viewer is not None and viewer.kind in (ViewerKind.PERSON, ViewerKind.PROXY)
    leads = list(viewer.teams) if viewer and is_practitioner and viewer.role == RoleCode.SAFEGUARDING_LEAD else []
    return {
        "viewer": str(viewer.id) if viewer and is_practitioner else "",
        "leads": leads,
        "teams": list(viewer.teams) if viewer and is_practitioner else [],
        "organisation": str(viewer.organisation or "") if viewer and is_practitioner else "",
        "own": _classes_of_own(viewer) if viewer and is_practitioner else [],
        "themselves": viewer.id if viewer and is_somebody else None,
    }


def _classes_of_own(viewer: Viewer) -> list[DataClass]:
    """What a role is told of whom its teams look after, and of whoever was referred to them."""
    contexts = (Context(relation=one) for one in (Relation.OWN_TEAM, Relation.REFERRAL))
    return sorted({one for context in contexts for one in classes_told(viewer=viewer, context=context)})


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
