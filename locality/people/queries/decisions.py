"""What people have said of who is who, decision by decision: a decision is the labels that were said together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from locality.people.models import Label, Patient
from locality.people.queries.review import APART
from locality.people.queries.same_person import people_of_patients

Two = tuple[UUID, UUID]


def labels_across(pairs: Sequence[Two]) -> QuerySet[Label]:
    """What holds of any of these pairs of patients."""
    wanted = {first for first, _ in pairs}, {second for _, second in pairs}
    near = Label.objects.filter(withdrawn_at=None, first__in=wanted[0], second__in=wanted[1])
    exact = set(pairs)
    rows = near.values_list("pk", "first_id", "second_id")
    return Label.objects.filter(pk__in=[pk for pk, first, second in rows if (first, second) in exact])


def told_together(label: Label) -> list[Label]:
    """The labels of one decision that still hold: said at once, with one reason, of patients that hang together."""
    rows = Label.objects.filter(
        said_at=label.said_at, said_by=label.said_by, reason=label.reason, withdrawn_at=None
    ).order_by("id")
    found = _hanging_together(rows, label)
    return [one for one in rows if one.pk in found]


def _hanging_together(labels: Iterable[Label], label: Label) -> set[UUID]:
    patients, found = {label.first_id, label.second_id}, {label.pk}
    while True:
        more = [one for one in labels if one.pk not in found and {one.first_id, one.second_id} & patients]
        if not more:
            return found
        found |= {one.pk for one in more}
        patients |= {patient for one in more for patient in (one.first_id, one.second_id)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody said of two people, and whether it holds. `label` is one of its labels, to take it back by."""

    label: UUID
    answer: str
    reason: str
    said_at: datetime
    said_by: UUID
    said_by_name: str
    withdrawn_at: datetime | None
    withdrawn_by_name: str
    one: tuple[Patient, ...]
    other: tuple[Patient, ...]
    people: tuple[UUID, ...]


# a decision's labels share the moment, who said it and the reason; that two are different people is its answer, and
# that each of them is one is only said beside it
DECISIONS = f"""
with {APART}
select (array_agg(label.id order by label.answer, label.id))[1], min(label.answer), label.reason, label.said_at,
    label.said_by,
    concat_ws(' ', nullif(says.prefix, ''), says.given, says.family), label.withdrawn_at,
    concat_ws(' ', nullif(withdrew.prefix, ''), withdrew.given, withdrew.family),
    array_agg(array[label.first_id::text, label.second_id::text, label.answer] order by label.id), count(*) over ()
from people_label label
left join directory_practitioner says on says.id = label.said_by
left join directory_practitioner withdrew on withdrew.id = label.withdrawn_by
where (%(patients)s::uuid[] is null or label.first_id = any(%(patients)s) or label.second_id = any(%(patients)s))
    and not exists (
        select from apart
        join people_link one on one.person_id = apart.one and one.ended_at is null
        join people_link other on other.person_id = apart.other and other.ended_at is null
        where least(one.patient_id, other.patient_id) = label.first_id
            and greatest(one.patient_id, other.patient_id) = label.second_id
    )
group by label.said_at, label.said_by, label.reason, label.withdrawn_at, says.id, withdrew.id
order by label.said_at desc, min(label.id::text)
limit %(most)s offset %(after)s
"""  # noqa: S608 -- only the step above stands in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """A page of decisions, newest first, and how many there are."""

    rows: tuple[Decision, ...]
    total: int


def decisions(*, most: int, after: int = 0, patients: Sequence[UUID] | None = None) -> Decisions:
    """Every decision, or those about some patients, newest first; what was taken back too. Three queries."""
    asked = {"most": most, "after": after, "patients": None if patients is None else list(patients)}
    with connection.cursor() as cursor:
        cursor.execute(DECISIONS, asked)
        rows = cursor.fetchall()
    ids = {UUID(patient) for row in rows for *two, _ in row[8] for patient in two}
    held = {one.pk: one for one in Patient.objects.filter(pk__in=ids).select_related("source__organisation")}
    whose = people_of_patients(list(ids))
    return Decisions(rows=tuple(_decision(row, held, whose) for row in rows), total=rows[0][9] if rows else 0)


def _decision(row: tuple, held: dict[UUID, Patient], whose: dict[UUID, UUID]) -> Decision:
    label, answer, reason, said_at, said_by, name, withdrawn_at, withdrew, pairs, _ = row
    one, other = sides_of([(UUID(first), UUID(second)) for first, second, said in pairs if said == answer])
    people = dict.fromkeys(whose[patient] for patient in [*one, *other] if patient in whose)
    return Decision(
        label=label,
        answer=answer,
        reason=reason,
        said_at=said_at,
        said_by=said_by,
        said_by_name=name,
        withdrawn_at=withdrawn_at,
        withdrawn_by_name=withdrew,
        one=tuple(held[patient] for patient in one),
        other=tuple(held[patient] for patient in other),
        people=tuple(people),
    )


def sides_of(pairs: Sequence[Two]) -> tuple[list[UUID], list[UUID]]:
    """Who was said to be, or not to be, one person with whom: everybody of one side stands against all of the other."""
    against = {patient for pair in pairs for patient in pair if pairs[0][0] in pair} - {pairs[0][0]}
    everybody = {patient for pair in pairs for patient in pair}
    return sorted(everybody - against), sorted(against)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast doubts are decided: how many in the last 7 and 30 days, and how long half of them waited at most."""

    in_7_days: int
    in_30_days: int
    median: timedelta | None


PACE = """
select count(*) filter (where said_at > %(week)s), count(*),
    percentile_cont(0.5) within group (order by extract(epoch from said_at - asked_at))
from (
    select said_at, min(asked_at) as asked_at
    from people_label
    where said_at > %(month)s and said_at <= %(at)s and answer <> 'unsure' and withdrawn_at is null
    group by said_at, said_by, reason
) decided
"""


def pace(*, at: datetime) -> Pace:
    """How fast doubts were decided in the 30 days before `at`; what was taken back does not count."""
    spans = {"at": at, "week": at - timedelta(days=7), "month": at - timedelta(days=30)}
    with connection.cursor() as cursor:
        cursor.execute(PACE, spans)
        week, month, median = cursor.fetchone()
    return Pace(in_7_days=week, in_30_days=month, median=None if median is None else timedelta(seconds=median))
