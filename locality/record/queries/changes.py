"""What was said lately of the people a viewer looks after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from locality.access.queries import NOBODY, classes_of_own, visible_ids, visible_of_own
from locality.base import Viewer
from locality.base.periods import day_of
from locality.people.models import Link, Person
from locality.record.models import Resource

LATELY = timedelta(days=2)
TELLING = ("encounter", "alert", "document", "referral", "next", "package", "allergy", "decision", "goal", "task")
A_PERSON = 2
# in the order of `Change`
SAID = ("thing", "title", "value", "topic", "received_at", "sender__short_name", "sender__name")


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
    more: bool = False  # at least so many changed: of a long list no more are counted than are shown


# a list longer than this is not asked one by one when each was last heard of: whoever was heard of last is asked who is
# on it; of such a list it is told that at least so many changed as are shown, and no more
LONG_LIST = 1000
LAST_HEARD = 5000
# (Asked with `offset 0`, the server goes from those few to whom they are linked, not from everybody on the list.)
# What may be heard of somebody: the classes that open, where they do not object to its sender's sharing. (Those who
# were spoken of at one moment are told apart by name, so that all of them are looked up.)
OBJECTS = """
    left join objecting on objecting.id = {person}
        and (objecting.organisation_id is null or objecting.organisation_id = {heard}.sender_id)
"""
LAST_SPOKEN_OF = """
with own(id) as materialized ({own}),
told as materialized (
    select %s::text[] as classes, %s::uuid as organisation, %s::date as today, %s::timestamptz as since
),
objecting as materialized (
    select coalesce(person.merged_into_id, person.id) as id, objection.organisation_id
    from told cross join access_objection objection join people_person person on person.id = objection.person_id
    where objection.kind = 'sharing' and objection.starts_on <= told.today
        and (objection.ends_on is null or objection.ends_on > told.today)
),
newest as materialized (
    select patient_id, sender_id, at from record_heard
    where data_class = any((select classes from told)::text[])
    order by at desc, patient_id desc limit {newest:d}
),
recent as materialized (
    select link.person_id as id, max(newest.at) as heard_at
    from newest cross join lateral (
        select person_id from people_link where patient_id = newest.patient_id and ended_at is null offset 0
    ) link
    {objects_to_newest}
    where link.person_id in (select id from own)
        and (objecting.id is null or newest.sender_id = (select organisation from told))
    group by link.person_id
),
asked as materialized (
    select count(*) as total, count(*) <= {long:d} as short,
        count(*) <= {long:d} or (select count(*) from recent) < {most:d} as one_by_one
    from own
),
heard as (
    select id, heard_at from recent where not (select one_by_one from asked)
    union all
    select own.id, max(heard.at) filter (
        where objecting.id is null or heard.sender_id = (select organisation from told)
    )
    from own
    left join people_link link on link.person_id = own.id and link.ended_at is null
    left join record_heard heard on heard.patient_id = link.patient_id
        and heard.data_class = any((select classes from told)::text[])
    {objects_to_heard}
    where (select one_by_one from asked)
    group by own.id
),
first as (select * from heard order by heard_at desc nulls last fetch first {most:d} rows with ties),
changed as (select count(*) as many from heard where heard_at > (select since from told))
select person.*, first.heard_at as heard, asked.total,
    case when asked.short then changed.many else least(changed.many, {most:d}) end as changed,
    not asked.short and changed.many >= {most:d} as more
from asked cross join changed cross join first
    cross join lateral (select * from people_person where id = first.id offset 0) person
order by first.heard_at desc nulls last, person.sort_key, person.id limit {most:d}
"""


def my_people(*, viewer: Viewer, most: int = 20, long_list: int = LONG_LIST, newest: int = LAST_HEARD) -> MyPeople:
    """The viewer's own people, with what was said of them since the day before yesterday. Three queries."""
    since, on = viewer.at - LATELY, day_of(viewer.at)
    own = visible_ids(viewer=viewer, on=on, own=True)
    if own.sql == NOBODY:
        return MyPeople(people=(), total=0, changed=0)
    asked = LAST_SPOKEN_OF.format(
        own=own.sql,
        most=most,
        long=long_list,
        newest=newest,
        objects_to_newest=OBJECTS.format(person="link.person_id", heard="newest"),
        objects_to_heard=OBJECTS.format(person="own.id", heard="heard"),
    )
    told = [classes_of_own(viewer), viewer.organisation, on, since]
    rows: list[Any] = list(Person.objects.raw(asked, [*own.params, *told]))
    changes = _changes(viewer=viewer, people=[row.pk for row in rows], since=since)
    return MyPeople(
        people=tuple(Mine(row, row.heard, tuple(changes.get(row.pk, ()))) for row in rows),
        total=rows[0].total if rows else 0,
        changed=rows[0].changed if rows else 0,
        more=rows[0].more if rows else False,
    )


def _changes(*, viewer: Viewer, people: list[UUID], since: datetime) -> dict[UUID, list[Change]]:
    same = Person.objects.filter(Q(pk__in=people) | Q(merged_into__in=people))
    links = Link.objects.filter(person__in=same.values("pk"), ended_at=None)
    known = list(links.values_list("patient", "person", Coalesce("person__merged_into", "person")))
    linked = {patient: kept for patient, _, kept in known}
    may_see = visible_of_own(viewer=viewer, people={person for _, person, _ in known})
    rows = (
        Resource.objects.filter(may_see, patient__in=list(linked), is_current=True, removed=False)
        .filter(topic__in=TELLING, received_at__gt=since)
        .exclude(state="wrong")
        .order_by("-happened_at")
        .values_list("patient", *SAID)[: most_rows(len(people))]
    )
    found: dict[UUID, list[Change]] = {}
    for patient, *said in rows:
        mine = found.setdefault(linked[patient], [])
        if len(mine) < A_PERSON:
            mine.append(Change(*said))
    return found


def most_rows(people: int) -> int:
    """Enough rows that each of so many people has their newest among them, and never a whole night's load."""
    return 50 * max(people, 1)
