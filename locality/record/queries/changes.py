"""What was said lately of the people a viewer looks after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from locality.access.queries import visible_of_own, visible_people
from locality.base import Viewer
from locality.base.periods import day_of
from locality.people.models import Link, Person
from locality.record.models import Resource

LATELY = timedelta(days=2)
TELLING = ("encounter", "alert", "document", "referral", "next", "package", "allergy", "decision", "goal", "task")
A_PERSON = 2


@dataclass(frozen=True, slots=True)
class Change:
    """Something said lately of one person."""

    thing: UUID
    title: str
    value: str
    topic: str
    at: datetime
    sender: str
    sender_name: str


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the viewer's own people, and what changed."""

    person: Person
    heard_at: datetime | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class MyPeople:
    """The viewer's own people, those last spoken of first."""

    people: tuple[Mine, ...]
    total: int
    changed: int


# everybody's last word is looked up once, and the counts are taken on the way to the newest few
LAST_SPOKEN_OF = """
with own as ({own}),
heard as (
    select link.person_id, max(patient.heard_at) as heard_at
    from own
    join people_link link on link.person_id = own.id and link.ended_at is null
    join people_patient patient on patient.id = link.patient_id
    group by link.person_id
)
select own.*, heard.heard_at as heard, count(*) over () as total,
    count(*) filter (where heard.heard_at > %s) over () as changed
from own left join heard on heard.person_id = own.id
order by heard.heard_at desc nulls last, own.sort_key, own.id limit %s
"""


def my_people(*, viewer: Viewer, most: int = 20) -> MyPeople:
    """The viewer's own people, with what was said of them since the day before yesterday. Three queries."""
    since = viewer.at - LATELY
    own = visible_people(viewer=viewer, on=day_of(viewer.at), own=True)
    if own.query.is_empty():
        return MyPeople(people=(), total=0, changed=0)
    sql, params = own.query.sql_with_params()
    rows: list[Any] = list(Person.objects.raw(LAST_SPOKEN_OF.format(own=sql), [*params, since, most]))
    changes = _changes(viewer=viewer, people=[row.pk for row in rows], since=since)
    return MyPeople(
        people=tuple(Mine(row, row.heard, tuple(changes.get(row.pk, ()))) for row in rows),
        total=rows[0].total if rows else 0,
        changed=rows[0].changed if rows else 0,
    )


def _changes(*, viewer: Viewer, people: list[UUID], since: datetime) -> dict[UUID, list[Change]]:
    same = Person.objects.filter(Q(pk__in=people) | Q(merged_into__in=people))
    linked = dict(Link.objects.filter(person__in=same.values("pk"), ended_at=None).values_list("patient", "person"))
    may_see = visible_of_own(viewer=viewer, people=set(linked.values()))
    rows = (
        Resource.objects.filter(may_see, patient__in=list(linked), is_current=True, removed=False)
        .filter(topic__in=TELLING, received_at__gt=since)
        .exclude(state="wrong")
        .select_related("sender")
        .only("thing", "title", "value", "topic", "received_at", "patient", "sender__short_name", "sender__name")
        .order_by("-happened_at")[: most_rows(len(people))]
    )
    found: dict[UUID, list[Change]] = {}
    for row in rows:
        if row.patient_id is None:
            continue
        mine = found.setdefault(linked[row.patient_id], [])
        if len(mine) < A_PERSON:
            mine.append(
                Change(
                    row.thing, row.title, row.value, row.topic, row.received_at, row.sender.short_name, row.sender.name
                )
            )
    return found


def most_rows(people: int) -> int:
    """Enough rows that each of so many people has their newest among them, and never a whole night's load."""
    return 50 * max(people, 1)
