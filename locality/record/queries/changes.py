"""What was said lately of the people a viewer looks after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

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


def my_people(*, viewer: Viewer, most: int = 20) -> MyPeople:
    """The viewer's own people, with what was said of them since the day before yesterday. Three queries."""
    since = viewer.at - LATELY
    own = visible_people(viewer=viewer, on=day_of(viewer.at), own=True)
    spoken = own.annotate(heard=Max("links__patient__heard_at", filter=Q(links__ended_at=None)))
    counts = spoken.values("heard").values_list("heard", flat=True)
    heard = list(counts)
    rows = list(spoken.order_by("-heard", "sort_key", "pk")[:most])
    changes = _changes(viewer=viewer, people=[row.pk for row in rows], since=since)
    return MyPeople(
        people=tuple(Mine(row, row.heard, tuple(changes.get(row.pk, ()))) for row in rows),
        total=len(heard),
        changed=sum(at is not None and at > since for at in heard),
    )


def _changes(*, viewer: Viewer, people: list[UUID], since: datetime) -> dict[UUID, list[Change]]:
    linked = dict(
        Link.objects.filter(Q(person__in=people) | Q(person__merged_into__in=people), ended_at=None).values_list(
            "patient", "person"
        )
    )
    rows = (
        Resource.objects.filter(visible_of_own(viewer), patient__in=list(linked), is_current=True, removed=False)
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
