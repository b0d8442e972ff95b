"""The rows that a grant may show: every query of the record starts from `held`."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, JSONObject

from locality.access.queries import Grant, visible, withheld
from locality.access.rules import RelationKind
from locality.directory.models import Practitioner
from locality.people.models import Link
from locality.record.headlines import State
from locality.record.models import Remark, Resource
from locality.record.queries.shapes import Said


def linked(grant: Grant) -> QuerySet[Link]:
    """Which patients are this person, whoever of their aliases they are linked to."""
    return Link.objects.filter(person__in=grant.person_ids, ended_at=None).values("patient")


def held(grant: Grant) -> QuerySet[Resource]:
    """What is held of this person now and may be shown: nothing removed, nothing entered in error."""
    return standing(grant).filter(visible(grant))


def kept_back(grant: Grant) -> QuerySet[Resource]:
    """What is held and not shown, of which it may be told that it is."""
    return standing(grant).filter(withheld(grant))


def standing(grant: Grant) -> QuerySet[Resource]:
    return Resource.objects.filter(patient__in=linked(grant), is_current=True, removed=False).exclude(state=State.WRONG)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with whoever sent it; `content` only where it is opened."""

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
    remark: dict[str, Any] | None
    content: bytes | None = None
    of: int = 1


COLUMNS = (
    *("id", "thing", "source_id", "patient_id", "type", "local_id", "received_at", "said_at", "topic", "title"),
    *("value", "value_number", "unit", "happened_at", "happened_text", "ends_at", "status", "state", "author"),
    *("encounter", "group_key", "trend", "caution", "data_class"),
    *("source__code", "source__name", "source__organisation__name", "source__organisation__short_name"),
    *("source__organisation__kind", "source__asserts", "patient__practice_words", "remark"),
)


def read(grant: Grant, rows: QuerySet[Resource], *more: str) -> list[Row]:
    """The rows of a query, in one go; `more` may add the columns `content` and `of`, in that order."""
    told = rows.annotate(remark=remark_of(grant)).values_list(*COLUMNS, *more)
    return [Row(*columns) for columns in told]


def remark_of(grant: Grant) -> Subquery:
    """What was said of a row, and not withdrawn, about whether it is this person's."""
    said_by = Practitioner.objects.filter(pk=OuterRef("said_by")).values(name=Concat("given", Value(" "), "family"))
    said = Remark.objects.filter(thing=OuterRef("thing"), person__in=grant.person_ids, withdrawn_at=None)
    told = said.order_by("said_at").annotate(by=Subquery(said_by[:1]))
    return Subquery(told.values(told=JSONObject(id="id", words="words", at="said_at", by="by"))[:1])


def said(row: Row) -> Said | None:
    """The remark on a row, if somebody made one."""
    if row.remark is None:
        return None
    return Said(
        id=UUID(row.remark["id"]),
        words=row.remark["words"],
        by=row.remark["by"] or "Somebody",
        at=datetime.fromisoformat(row.remark["at"]),
    )


def sender_name(row: Row, *, tells_place: bool) -> str:
    """The organisation; for a feed that several practices share, the practice this patient is registered with.

    A practice says where somebody lives, so it is not said where that is protected.
    """
    if tells_place and row.practice and RelationKind.REGISTERED_PRACTICE in row.asserts:
        return row.practice
    return row.organisation


def by_newest() -> tuple:
    """Newest first, undated last; the same order on every run."""
    return (F("happened_at").desc(nulls_last=True), F("said_at").desc(), F("id"))


def about(topics: set[str]) -> Q:
    return Q(topic__in=sorted(topics))
