"""The rows that a grant may show. Every query of the record starts from `held`, whose SQL is the first named step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from locality.access.queries import Grant, told_of, visible, withheld
from locality.access.rules import RelationKind
from locality.base import ViewerKind
from locality.people.models import Link
from locality.record.headlines import State
from locality.record.models import Remark, Resource
from locality.record.queries.shapes import Said


def linked(grant: Grant) -> QuerySet[Link, Any]:
    """Which patients are this person, whoever of their aliases they are linked to."""
    return Link.objects.filter(person__in=grant.person_ids, ended_at=None).values("patient")


def held(grant: Grant) -> QuerySet[Resource]:
    """What is held of this person now and may be shown: nothing removed, nothing entered in error.

    To the person, and whoever acts for them, nothing that was said to be somebody else's either: whose it is, they must
    not read, until somebody says that it is theirs after all.
    """
    rows = Resource.objects.filter(visible(grant), patient__in=linked(grant), is_current=True, removed=False)
    if _reads_own(grant):
        said = Remark.objects.filter(thing=OuterRef("thing"), person__in=grant.person_ids, withdrawn_at=None)
        rows = rows.filter(~Exists(said))
    return rows.exclude(state=State.WRONG)


def _reads_own(grant: Grant) -> bool:
    return grant.viewer.kind in (ViewerKind.PERSON, ViewerKind.PROXY)


def classes_told_of(grant: Grant) -> set[str]:
    """The classes of what is held and not visible, of which it may only be told that it is."""
    rows = Resource.objects.filter(told_of(grant), patient__in=linked(grant), is_current=True, removed=False)
    return set(rows.exclude(state=State.WRONG).values_list("data_class", flat=True).distinct())


Step = tuple[str, Sequence[Any]]
# the same as `held`, as a step of SQL: a page asks many times, and building it each time costs more than asking
STANDING = """
select * from record_resource
where patient_id in (select patient_id from people_link where person_id = any(%s) and ended_at is null)
    and is_current and not removed and state <> 'wrong' and {predicate}
"""
NOT_SOMEBODY_ELSES = """
    and not exists (
        select from record_remark said
        where said.thing = record_resource.thing and said.person_id = any(%s) and said.withdrawn_at is null
    )
"""


def held_step(grant: Grant) -> Step:
    """`held` as the first step of a query in SQL."""
    return _standing("held", grant, visible(grant))


def kept_back_step(grant: Grant) -> Step:
    """What is held and not shown, of which it may be told that it is."""
    return _standing("kept_back", grant, withheld(grant))


def _standing(name: str, grant: Grant, which: Q) -> Step:
    sql, params = predicate(which)
    standing, people = STANDING.format(predicate=sql), list(grant.person_ids)
    if _reads_own(grant):
        return f"{name} as ({standing} {NOT_SOMEBODY_ELSES})", [people, *params, people]
    return f"{name} as ({standing})", [people, *params]


@lru_cache(maxsize=200)
def predicate(which: Q) -> Step:
    """A predicate of access as SQL over record_resource: the same for everybody to whom the same classes open."""
    query = Resource.objects.filter(which).query
    sql, params = query.get_compiler(connection=connection).compile(query.where)
    return f"({sql})", tuple(params)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with whoever sent it; `content` only where it is opened, `of` how many there are of its kind."""

    id: UUID
    thing: UUID
    source_id: UUID
    patient_id: UUID | None
    type: str
    local_id: str
    received_at: datetime
    said_at: datetime
    topic: str
    title: str
    value: str
    value_number: Decimal | None
    unit: str
    happened_at: datetime | None
    happened_text: str
    ends_at: datetime | None
    status: str
    state: str
    author: str
    encounter: str
    group_key: str
    trend: str
    caution: str
    data_class: str
    source: str
    source_name: str
    organisation: str
    short: str
    kind: str
    asserts: list[str]
    practice: str | None
    content: bytes | None
    of: int
    remark: Said | None


OF_RESOURCE = (
    *("id", "thing", "source_id", "patient_id", "type", "local_id", "received_at", "said_at", "topic", "title"),
    *("value", "value_number", "unit", "happened_at", "happened_text", "ends_at", "status", "state", "author"),
    *("encounter", "group_key", "trend", "caution", "data_class"),
)
# read as seconds: Django's own reading of an instant is slow, and a page reads hundreds
INSTANTS = {name: place for place, name in enumerate(OF_RESOURCE) if name.endswith("_at")}


def _selected(name: str) -> str:
    return f"extract(epoch from told.{name})::float8" if name in INSTANTS else f"told.{name}"


# the last step of every query for rows: `told` is a step with the columns above, `content` and `of`
SELECT = f"""
select {", ".join(map(_selected, OF_RESOURCE))},
    source.code, source.name, organisation.name, organisation.short_name, organisation.kind, source.asserts,
    patient.practice_words, told.content, told.of, remark.id, remark.words, remark.by_whom, remark.said_at
from told
join directory_source source on source.id = told.source_id
join directory_organisation organisation on organisation.id = source.organisation_id
left join people_patient patient on patient.id = told.patient_id
left join lateral (
    select said.id, said.words, said.said_at, concat(speaker.given, ' ', speaker.family) as by_whom
    from record_remark said left join directory_practitioner speaker on speaker.id = said.said_by
    where said.thing = told.thing and said.person_id = any(%s) and said.withdrawn_at is null
    order by said.said_at limit 1
) remark on true
order by told.topic, told.happened_at desc nulls last, told.said_at desc, told.id
"""  # noqa: S608 -- only the names above stand in it


def ask(steps: Sequence[Step], last: Step) -> list[tuple]:
    """The rows of the last step, which may name the steps before it."""
    sql = f"with {', '.join(one for one, _ in steps)} {last[0]}" if steps else last[0]
    params = [one for _, told in (*steps, last) for one in told]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def read(grant: Grant, *steps: Step) -> list[Row]:
    """The rows of the step `told`, the last of these, with who sent each and what was said of it: one query.

    The steps start from `held`, and from nothing else.
    """
    asked = ask([held_step(grant), *steps], (SELECT, [list(grant.person_ids)]))
    return [_row(columns) for columns in asked]


def told(where: str, *params: Any, content: bool = False) -> Step:
    """The step `told`: what of `held` fits a condition, its content only where it is opened."""
    opened = "content" if content else "null::bytea as content"
    columns = ", ".join(OF_RESOURCE)
    return f"told as (select {columns}, {opened}, 1 as of from held where {where})", params  # noqa: S608 -- our own words


def _row(columns: tuple[Any, ...]) -> Row:
    row, (remark_id, words, by, at) = list(columns[:-4]), columns[-4:]
    for place in INSTANTS.values():
        if row[place] is not None:
            row[place] = datetime.fromtimestamp(row[place], UTC)
    row.append(Said(id=remark_id, words=words, by=by, at=at) if remark_id is not None else None)
    return Row(*row)


def sender_name(row: Row, *, tells_place: bool) -> str:
    """The organisation; for a feed that several practices share, the practice this patient is registered with.

    A practice says where somebody lives, so it is not said where that is protected.
    """
    if tells_place and row.practice and RelationKind.REGISTERED_PRACTICE in row.asserts:
        return row.practice
    return row.organisation


def sender_names(rows: Iterable[Row], *, tells_place: bool) -> dict[UUID, str]:
    """What to call each source among these rows: two feeds of one organisation go by their own names."""
    names = {row.source_id: sender_name(row, tells_place=tells_place) for row in rows}
    feeds = {row.source_id: row.source_name for row in rows}
    shared = [name for name in names.values() if list(names.values()).count(name) > 1]
    return {source: feeds[source] if name in shared else name for source, name in names.items()}
