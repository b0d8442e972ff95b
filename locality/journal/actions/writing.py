"""Writing the audit and the news, always inside the writer's own transaction."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from locality.base import Viewer
from locality.journal.models import Event, News


def log(
    *,
    what: str,
    by: Viewer,
    person: UUID | None = None,
    about: UUID | None = None,
    outcome: str = "done",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Event:
    """Write one audit line: who did what, to whom, in which role and when."""
    event = line(what=what, by=by, person=person, about=about, outcome=outcome, reason=reason, detail=detail)
    event.save(force_insert=True)
    return event


EACH = """
insert into journal_event (at, what, outcome, by_kind, by_id, role, organisation_id, purpose, person_id, reason, detail)
select %(at)s, %(what)s, %(outcome)s, %(by_kind)s, %(by_id)s, %(role)s, %(organisation_id)s::uuid, %(purpose)s, person,
    %(reason)s, %(detail)s::jsonb
from unnest(%(people)s::uuid[]) with ordinality as told(person, place) order by place
"""


def log_each(*, what: str, by: Viewer, people: Iterable[UUID], detail: dict[str, Any] | None = None) -> None:
    """Write one audit line a person, in one insert: what a list showed, it showed of each of them."""
    whom = list(people)
    if whom:
        # what is the same in each is sent once: a list of a hundred waited longer for its lines than for its rows
        one = line(what=what, by=by, detail=detail)
        same = {field.attname: getattr(one, field.attname) for field in Event._meta.concrete_fields}
        with connection.cursor() as cursor:
            cursor.execute(EACH, {**same, "detail": orjson.dumps(one.detail).decode(), "people": whom})


def log_rows(rows: Sequence[Event]) -> None:
    """Write many audit lines in one insert."""
    Event.objects.bulk_create(rows, batch_size=1000)


def tell(news: Sequence[News]) -> None:
    """Write news for the floors above to read."""
    News.objects.bulk_create(news, batch_size=1000)


TELL = """
insert into journal_news (at, what, person_id, patient_id, about_id, detail)
select at, what, person_id, patient_id, about_id, detail
from jsonb_to_recordset(%s::jsonb)
    as told(at timestamptz, what text, person_id uuid, patient_id uuid, about_id uuid, detail jsonb)
"""
TOLD = ("at", "what", "person_id", "patient_id", "about_id", "detail")


def telling(news: Sequence[News]) -> list[tuple[str, list[str]]]:
    """What `tell` writes as a statement, in the order given, for whoever sends it together with others of theirs."""
    told = [{name: getattr(one, name) for name in TOLD} for one in news]
    return [(TELL, [orjson.dumps(told).decode()])] if told else []


def line(
    *,
    what: str,
    by: Viewer,
    person: UUID | None = None,
    about: UUID | None = None,
    outcome: str = "done",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Event:
    """One audit line, not yet written."""
    return Event(
        at=by.at,
        what=what,
        outcome=outcome,
        by_kind=by.kind,
        by_id=by.id,
        role=by.role,
        organisation_id=by.organisation,
        purpose=by.purpose,
        person_id=person,
        about_id=about,
        reason=reason,
        detail=detail or {},
    )
