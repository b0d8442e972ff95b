"""The queue of doubts: pairs of patients of two people that somebody is asked about, riskiest and oldest first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from locality.base.periods import day_of
from locality.methods.linkage.partition import POSSIBLE
from locality.people.models import EarlierIdentity, Label, Link, Pair

CHILD_UNTIL = 18
# at this probability the machine joins by itself; nearer than this to it, a slip of the pen would have decided
LINE, NEAR = 0.95, 0.03


class Risk(StrEnum):
    """What makes a doubt dangerous while it lasts. The words are for whoever decides, who may not see more."""

    PROTECTED = "protected"
    SAFETY = "safety"
    CHILD = "child"
    NEAR = "near"
    MANY = "many"


WEIGHS = {Risk.PROTECTED: 4, Risk.SAFETY: 4, Risk.CHILD: 3, Risk.NEAR: 1, Risk.MANY: 1}
HIGH, SOME = 4, 2


class Age(StrEnum):
    """How long a doubt has lasted."""

    NEW = "new"
    WEEK = "7"
    FORTNIGHT = "14"
    MONTH = "28"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which doubts to list; empty means all. A reason is a state of a pair, or a caution in its words."""

    source: str = ""
    neighbourhood: str = ""
    reason: str = ""
    age: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """One side of a doubt: as much as tells who it is said to be, and by whom."""

    person: UUID
    patient: UUID
    family: str
    given: str
    birth_text: str
    sex: str
    source: str
    likes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Two people who may be one, through the likeliest pair of their patients."""

    pair: UUID
    since: datetime
    probability: float
    state: str
    cautions: tuple[str, ...]
    unsure: bool
    risks: tuple[Risk, ...]
    one: Who
    other: Who

    @property
    def risk(self) -> int:
        """2 high, 1 some, 0 usual."""
        weight = sum(WEIGHS[one] for one in self.risks)
        return 2 if weight >= HIGH else 1 if weight >= SOME else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A page of doubts, and what the whole queue holds: how many wait, since when, and by what they can be chosen."""

    rows: tuple[Waiting, ...]
    found: int
    total: int
    unsure: int
    high: int
    oldest: datetime | None
    sources: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)


# people of whom one is another's earlier identity: they are never compared, shown together or suggested
APART = """
apart as (
    select coalesce(now.merged_into_id, now.id) as one, coalesce(was.merged_into_id, was.id) as other
    from people_earlieridentity earlier
    join people_person now on now.id = earlier.person_id
    join people_person was on was.id = earlier.earlier_id
)
"""
# of several pairs of the same two people the likeliest stands for all
ASKED = f"""
with {APART},
asked as (
    select pair.*, one.person_id as one, other.person_id as other, min(pair.asked_at) over two as since,
        bool_or(label.answer is not null) over two as unsure,
        row_number() over (two order by pair.probability desc, pair.id) as place
    from people_pair pair
    join people_link one on one.patient_id = pair.first_id and one.ended_at is null
    join people_link other on other.patient_id = pair.second_id and other.ended_at is null
    left join people_label label on label.first_id = pair.first_id and label.second_id = pair.second_id
        and label.withdrawn_at is null
    where pair.asked_at is not null and one.person_id <> other.person_id
        and coalesce(label.answer, 'unsure') = 'unsure'
        and (%(near)s::uuid[] is null or one.person_id = any(%(near)s) or other.person_id = any(%(near)s))
        and not exists (
            select from apart
            where (apart.one, apart.other) in ((one.person_id, other.person_id), (other.person_id, one.person_id))
        )
    window two as (partition by least(one.person_id, other.person_id), greatest(one.person_id, other.person_id))
),
doubt as (select * from asked where place = 1),
several as (
    select person from (select one as person from doubt union all select other from doubt) sides
    group by person having count(*) > 1
),
weighed as (
    select doubt.*, hides, first.source_id as first_source, second.source_id as second_source,
        upper(replace(first.postcode, ' ', '')) as first_postcode,
        upper(replace(second.postcode, ' ', '')) as second_postcode,
        array_remove(array[
            case when hides then '{Risk.PROTECTED}' end,
            case when (doubt.one = any(%(at_stake)s)) <> (doubt.other = any(%(at_stake)s)) then '{Risk.SAFETY}' end,
            case when first.birth_on > %(child)s or second.birth_on > %(child)s then '{Risk.CHILD}' end,
            case when abs(probability - {LINE}) <= {NEAR} then '{Risk.NEAR}' end,
            case when doubt.one in (select person from several) or doubt.other in (select person from several)
                then '{Risk.MANY}' end
        ], null) as risks
    from doubt
    join people_patient first on first.id = doubt.first_id
    join people_patient second on second.id = doubt.second_id
    join people_person one on one.id = doubt.one
    join people_person other on other.id = doubt.other
    cross join lateral (
        select one.protected or other.protected or first.protected or second.protected as hides
    ) address
),
here as (
    select replace(postcode.code, ' ', '') as code from directory_postcode postcode
    join directory_neighbourhood area on area.id = postcode.neighbourhood_id
    where area.code = %(neighbourhood)s
),
ranked as (
    select *, case when danger >= {HIGH} then 2 when danger >= {SOME} then 1 else 0 end as risk
    from (select *, {{danger}} as danger from weighed) as added
)
"""  # noqa: S608 -- only numbers and our own words stand in it
ASKED = ASKED.format(danger=" + ".join(f"{weight} * ('{risk}' = any(risks))::int" for risk, weight in WEIGHS.items()))
# what is shown of both is read for the chosen rows alone
SHOWN = """,
chosen as (select *, count(*) over () as found from ranked {chosen})
select chosen.id, since, probability, state, cautions, unsure, risks,
    one, first.id, first.family, first.given, first.birth_text, first.sex, first_source.name,
    other, second.id, second.family, second.given, second.birth_text, second.sex, second_source.name,
    found
from chosen
join people_patient first on first.id = chosen.first_id
join people_patient second on second.id = chosen.second_id
join directory_source first_source on first_source.id = chosen.first_source
join directory_source second_source on second_source.id = chosen.second_source
order by {order}
"""
LIKELIEST = SHOWN.format(chosen="", order="probability desc, chosen.id")
# where somebody lives is not told by choosing a neighbourhood when the address of either is protected
CHOSEN = """
    where (%(source)s = '' or exists (
            select from directory_source source
            where source.code = %(source)s and source.id in (first_source, second_source)))
        and (%(reason)s = '' or state = %(reason)s or %(reason)s = any(cautions))
        and (not %(unsure)s or unsure)
        and since <= %(until)s and since > %(from)s
        and (%(neighbourhood)s = '' or not hides
            and (first_postcode in (select code from here) or second_postcode in (select code from here)))
    order by unsure, risk desc, since, id limit %(most)s offset %(after)s
"""
PAGE = SHOWN.format(chosen=CHOSEN, order="unsure, risk desc, since, chosen.id")
SUMMED_UP = """
select count(*), count(*) filter (where unsure), count(*) filter (where risk = 2), min(since),
    array(
        select array[source.code, source.name] from directory_source source
        where source.id in (select first_source from ranked union select second_source from ranked)
        order by source.name
    ),
    array(select distinct caution from ranked, unnest(cautions) caution order by 1)
from ranked
"""


def queue(*, wanted: Wanted, at_stake: Sequence[UUID], at: datetime, most: int, after: int = 0) -> Queue:
    """The doubts that wait, riskiest and oldest first, those that nobody could tell last: two queries.

    `at_stake` are the people of whom something is recorded that keeps them safe.
    """
    until, since = _between(wanted.age, at)
    given = _given(at_stake, at) | {
        "source": wanted.source,
        "neighbourhood": wanted.neighbourhood,
        "reason": wanted.reason,
        "unsure": wanted.unsure,
        "until": until,
        "from": since,
        "most": most,
        "after": after,
    }
    with connection.cursor() as cursor:
        cursor.execute(ASKED + SUMMED_UP, given)
        total, unsure, high, oldest, sources, reasons = cursor.fetchone()
        cursor.execute(ASKED + PAGE, given)
        rows = cursor.fetchall()
    return Queue(
        rows=tuple(_waiting(row) for row in rows),
        found=rows[0][-1] if rows else 0,
        total=total,
        unsure=unsure,
        high=high,
        oldest=oldest,
        sources=tuple((code, name) for code, name in sources),
        reasons=tuple(reasons),
        wanted=wanted,
    )


def doubts_about(people: Sequence[UUID], *, at: datetime) -> list[Waiting]:
    """The doubts that any of these people stands in, likeliest first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED + LIKELIEST, _given([], at) | {"near": list(people)})
        return [_waiting(row) for row in cursor.fetchall()]


def _given(at_stake: Sequence[UUID], at: datetime) -> dict[str, Any]:
    today = day_of(at)
    # somebody born on 29 February comes of age on 1 March
    day = min(today.day, 28) if today.month == 2 else today.day
    return {
        "at_stake": list(at_stake),
        "near": None,
        "neighbourhood": "",
        "child": date(today.year - CHILD_UNTIL, today.month, day),
    }


def _between(age: str, at: datetime) -> tuple[datetime, datetime]:
    ever = at.replace(year=1900)
    if age == Age.NEW:
        return at, at - timedelta(days=7)
    return (at - timedelta(days=int(age)), ever) if age in set(Age) else (at, ever)


def _waiting(row: tuple) -> Waiting:
    pair, since, probability, state, cautions, unsure, risks = row[:7]
    return Waiting(
        pair=pair,
        since=since,
        probability=probability,
        state=state,
        cautions=plain_cautions(cautions),
        unsure=unsure,
        risks=tuple(Risk(one) for one in risks),
        one=_who(row[7:14]),
        other=_who(row[14:21]),
    )


def plain_cautions(cautions: Sequence[str]) -> tuple[str, ...]:
    """Why a pair is asked; that it is not sure enough is left out where something better is said."""
    return tuple(words for words in cautions if words != POSSIBLE) or tuple(cautions)


def _who(columns: Sequence) -> Who:
    names = ("person", "patient", "family", "given", "birth_text", "sex", "source")
    return Who(**dict(zip(names, columns, strict=True)))


def apart_for_good(people: set[UUID]) -> bool:
    """Whether one of these people is another's earlier identity."""
    rows = EarlierIdentity.objects.filter(
        Q(person__in=people) | Q(person__merged_into__in=people),
        Q(earlier__in=people) | Q(earlier__merged_into__in=people),
    )
    return rows.exists()


def all_apart() -> set[frozenset[UUID]]:
    """Every two people of whom one is the other's earlier identity."""
    with connection.cursor() as cursor:
        cursor.execute(f"with {APART} select one, other from apart")  # noqa: S608 -- only the step above
        return {frozenset(two) for two in cursor.fetchall()}


def mark_of(pair: Pair) -> str:
    """What a pair looks like now, in a few letters: another mark means that somebody changed something since."""
    people = Link.objects.filter(patient__in=[pair.first_id, pair.second_id], ended_at=None).values("person")
    held = Link.objects.filter(person__in=people, ended_at=None).order_by("pk").values_list("pk", flat=True)
    labels = Label.objects.filter(first=pair.first_id, second=pair.second_id, withdrawn_at=None)
    told = [pair.compared_at, *held, *labels.values_list("pk", flat=True)]
    return hashlib.sha256("|".join(map(str, told)).encode()).hexdigest()[:20]
