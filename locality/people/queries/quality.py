"""How well patients are linked, held against people whose truth is known: figures of groups, never of anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from locality.base import Refused
from locality.methods.linkage_figures import Truth, by_review, figures
from locality.people.models import LinkageModel, LinkageQuality

Json = dict[str, Any]
HELD_AGES = (7, 28, 91)  # days that a doubt has waited


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one measure found, ready to be kept."""

    origin: str
    patients: int
    figures: Json


LINKED = """
select source.code, patient.local_id, patient.id, link.person_id
from people_patient patient
join directory_source source on source.id = patient.source_id
join people_link link on link.patient_id = patient.id and link.ended_at is null
"""
PAIRS = "select first_id, second_id, probability, asked_at is not null from people_pair"


def against(truth: Truth, *, at: datetime) -> Measured:
    """Everybody's links against a truth; raises Refused when none of its patients is here."""
    who, found = {}, {}
    for source, local_id, patient, person in _ask(LINKED):
        if (source, local_id) in truth.people:
            who[patient], found[patient] = truth.people[(source, local_id)], person
    if not who:
        raise Refused(
            "None of the labelled patients is here. Each row of labels names a source by its code in the pack, and"
            " the patient by that source's own number."
        )
    pairs = list(_ask(PAIRS))
    told = figures(
        truth=who,
        found=found,
        asked=[(first, second) for first, second, _, asked in pairs if asked],
        weighed=[(first, second, probability) for first, second, probability, _ in pairs],
        groups=truth.groups,
    )
    missing = len(truth.people) - len(who)
    return Measured(origin=truth.origin, patients=len(who), figures=told | {"not_here": missing} | _standing(at))


def by_reviewed_pairs(*, at: datetime) -> Measured:
    """What people have decided about pairs, against what the machine said of them; raises Refused with no decision."""
    decided = list(_ask(DECIDED))
    if not decided:
        raise Refused(
            "There is nothing to measure against: no pair has been decided by review, and no file of labels was given"
            " with --labels."
        )
    told = by_review([(state, probability, answer == "same") for state, probability, answer in decided])
    patients = _one(DECIDED_PATIENTS)[0]
    return Measured(origin="review", patients=patients, figures=told | _standing(at))


# of the pairs that a decision is about, the one that was asked; the others follow from it
DECIDED = """
select pair.state, pair.probability, label.answer
from people_label label
join people_pair pair on pair.first_id = label.first_id and pair.second_id = label.second_id
where label.withdrawn_at is null and label.answer <> 'unsure' and label.asked_at is not null
"""
DECIDED_PATIENTS = """
select count(distinct patient) from (
    select unnest(array[first_id, second_id]) as patient from people_label
    where withdrawn_at is null and answer <> 'unsure' and asked_at is not null
) labelled
"""


def _standing(at: datetime) -> Json:
    return {"queue": _waiting(at), "deciding": _deciding()}


# as the queue shows them: two people, however many of their patients are alike
WAITING = """
with doubt as (
    select min(pair.asked_at) as since
    from people_pair pair
    join people_link one on one.patient_id = pair.first_id and one.ended_at is null
    join people_link other on other.patient_id = pair.second_id and other.ended_at is null
    where pair.asked_at is not null and one.person_id <> other.person_id
        and not exists (
            select from people_label label
            where label.first_id = pair.first_id and label.second_id = pair.second_id
                and label.withdrawn_at is null and label.answer <> 'unsure'
        )
    group by least(one.person_id, other.person_id), greatest(one.person_id, other.person_id)
)
select width_bucket(extract(epoch from %s - since) / 86400.0, %s::float8[]) as age, count(*), min(since)
from doubt group by age order by age
"""


def _waiting(at: datetime) -> Json:
    rows = list(_ask(WAITING, at, list(HELD_AGES)))
    counts = {age: count for age, count, _ in rows}
    oldest = min((since for _, _, since in rows), default=None)
    return {
        "waiting": sum(counts.values()),
        "oldest": oldest.isoformat() if oldest else None,
        "ages": [{"words": words, "count": counts.get(age, 0)} for age, words in enumerate(_ages())],
    }


def _ages() -> list[str]:
    starts = [
        "less than 7 days",
        *(f"{low} to {high - 1} days" for low, high in zip(HELD_AGES, HELD_AGES[1:], strict=False)),
    ]
    return [*starts, f"{HELD_AGES[-1]} days or more"]


DECIDING = """
select count(*) filter (where answer = 'same'), count(*) filter (where answer = 'different'),
    count(*) filter (where answer = 'unsure'),
    percentile_cont(0.5) within group (order by said_at - asked_at),
    percentile_cont(0.9) within group (order by said_at - asked_at)
from people_label where withdrawn_at is null and asked_at is not null
"""


def _deciding() -> Json:
    same, different, unsure, half, most = _one(DECIDING)
    return {
        "same": same,
        "different": different,
        "unsure": unsure,
        "half_within_hours": half.total_seconds() / 3600 if half is not None else None,
        "nine_in_ten_within_hours": most.total_seconds() / 3600 if most is not None else None,
    }


# ---- what was kept


def latest() -> list[LinkageQuality]:
    """The last measure of each origin, newest first."""
    newest = LinkageQuality.objects.order_by("origin", "-measured_at", "-id").distinct("origin")
    return sorted(newest.select_related("model"), key=lambda one: one.measured_at, reverse=True)


def measured_before(one: LinkageQuality, *, most: int) -> list[LinkageQuality]:
    """Earlier measures of the same origin, newest first."""
    earlier = LinkageQuality.objects.filter(origin=one.origin, measured_at__lt=one.measured_at)
    return list(earlier.order_by("-measured_at", "-id")[:most])


def model_in_use() -> LinkageModel | None:
    """The model trained here that is in use; None for the one that is shipped."""
    return LinkageModel.objects.filter(in_use=True).first()


def _ask(sql: str, *params: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _one(sql: str, *params: Any) -> tuple:
    return _ask(sql, *params)[0]
