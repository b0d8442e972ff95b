"""What linking reads: who shares a key, what is compared of them, and how patients hang together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from locality.methods.linkage.model import Model, default_model
from locality.methods.linkage.settings import settings
from locality.people.models import LinkageModel
from locality.people.queries.asking import BY_INDEX, Statement, at_once, rows

Two = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Compared:
    """What of a patient is compared."""

    id: UUID
    family: str
    given: str
    likes: str
    former_names: list[str]
    birth_on: date | None
    sex: str
    nhs_number: str
    nhs_typed: str
    address_lines: list[str]
    postcode: str
    former_postcodes: list[str]
    phone: str
    email: str
    keys: list[int]
    replaced_by: UUID | None


KINDS = dict.fromkeys(Compared.__dataclass_fields__, "text") | {
    **dict.fromkeys(("id", "replaced_by"), "uuid"),
    **dict.fromkeys(("former_names", "address_lines", "former_postcodes"), "text[]"),
    "birth_on": "date",
    "keys": "bigint[]",
}
COLUMNS = ", ".join(KINDS)
COMPARED = f"select {COLUMNS} from people_patient where id = any(%s)"  # noqa: S608 -- only our own names stand in it


def compared(patients: Iterable[UUID]) -> list[Compared]:
    """What of these patients is compared."""
    asked = list(patients)
    return [Compared(*row) for row in rows(COMPARED, [asked])] if asked else []


# in one order, so that two intakes that send the same patients wait for each other and never lock crosswise
LOCK = f"""
with locks as materialized (
    select pg_advisory_xact_lock(k) from (select hashtextextended(n, 0) as k from unnest(%s::text[]) n order by k) keys
)
{BY_INDEX}, count(*) from locks
"""  # noqa: S608 -- only our own names stand in it
KNOWN = """
select array(select id from people_patient where id = any(%s)),
    exists (select from people_numbercorrection where withdrawn_at is null)
"""


def known(patients: Sequence[UUID], *, locked: Sequence[UUID]) -> tuple[list[UUID], bool]:
    """Which of these patients are here, once nobody else keeps words of those locked; and if a number is corrected."""
    _, ((here, corrected),) = at_once((LOCK, [[*map(str, locked)]]), (KNOWN, [list(patients)]))
    return here, corrected


IN_USE = "select id from people_linkagemodel where in_use and settings_version = %s"
# Who holds each key, a line a key; then those of them who are no crowd, as they are compared: most of them will be.
# Last, without a key, the model in use.
HOLDERS = f"""
with met as materialized (
    select asked.key, array(
        select patient_id from people_blockingkey held where held.key = asked.key limit asked.most
    ) as patients
    from unnest(%(keys)s::bigint[], %(most)s::int[]) as asked(key, most)
)
select key, patients, {", ".join(f"null::{kind} as {name}" for name, kind in KINDS.items())} from met
union all
select null, null, patient.* from (
    select distinct unnest(patients) as id from met where cardinality(patients) <= %(crowd)s
) each
cross join lateral (select {COLUMNS} from people_patient where id = each.id offset 0) patient
union all
select null, array(select id from people_linkagemodel where in_use and settings_version = %(version)s),
    {", ".join("null" for _ in KINDS)}
"""  # noqa: S608 -- only our own names stand in it
FEW = 200  # keys whose holders are read with them
Holders = dict[int, list[UUID]]


@dataclass(frozen=True, slots=True)
class Met:
    """Who holds the keys asked about, some of them as they are compared, and the model that pairs are weighed by."""

    holders: Holders
    compared: dict[UUID, Compared]
    model: Model


def holders(most: Mapping[int, int], *, first: Sequence[Statement] = ()) -> Met:
    """Who holds each key, of one held by many as many as are asked for; and the model that pairs are weighed by.

    That is the one trained here, else the one that comes with Locality: a model trained for other settings than this
    version's is left alone until a new one is trained. What an action has still to write goes `first`.
    """
    asked = {"keys": list(most), "most": list(most.values()), "version": settings().version}
    crowd = settings().crowd if len(most) <= FEW else 0
    found: Holders = {}
    read: dict[UUID, Compared] = {}
    model: list[UUID] = []
    for key, patients, *rest in at_once(*first, (HOLDERS, asked | {"crowd": crowd}))[-1]:
        if key is not None:
            found[key] = patients
        elif patients is None:
            read[rest[0]] = Compared(*rest)
        else:
            model = patients
    return Met(found, read, _weighing(model))


def model_in_use() -> Model:
    """The model that pairs are weighed by."""
    with connection.cursor() as cursor:
        cursor.execute(IN_USE, [settings().version])
        return _weighing([model for (model,) in cursor.fetchall()])


def _weighing(trained: Sequence[UUID]) -> Model:
    return _trained(trained[0]) if trained else default_model()


@lru_cache(maxsize=4)
def _trained(model: UUID) -> Model:
    return Model.read(LinkageModel.objects.values_list("parameters", flat=True).get(pk=model))


@dataclass(frozen=True, slots=True)
class Linked:
    """A patient, its valid NHS number if any, whom its source says it became, and the person it is linked to now."""

    patient: UUID
    number: str
    replaced_by: UUID | None
    link: UUID | None
    person: UUID | None
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair of patients as it is kept."""

    id: UUID
    first: UUID
    second: UUID
    weight: float
    levels: list[int]
    state: str
    certain: bool
    cautions: list[str]
    asked_at: datetime | None
    version: str  # of the linkage settings that the levels are numbered by


@dataclass(frozen=True, slots=True)
class Components:
    """Whole components of patients, with all that their partition depends on but the words of those who are no pair."""

    linked: list[Linked]
    pairs: list[Weighed]
    said: dict[Two, str]  # what people have said of pairs of patients: same or different
    apart: list[Two]  # people of whom one is an earlier identity of the other
    elsewhere: dict[UUID, int]  # how many other patients these people have


# `offset 0` keeps each step to the few rows that the one before it found, whatever the planner takes them to be.
# They hang together by a pair worth keeping, by what somebody has said, or by what a source has said of its own two
# patients. What is said of an alias, as an earlier identity, is said of the person.
COMPONENTS = """
with recursive component (id) as (
    select unnest(%s::uuid[])
    union
    select next.id from component cross join lateral (
        select second_id as id from people_pair where first_id = component.id
        union all
        select first_id from people_pair where second_id = component.id
        union all
        select second_id from people_label
            where first_id = component.id and answer = 'same' and withdrawn_at is null
        union all
        select first_id from people_label
            where second_id = component.id and answer = 'same' and withdrawn_at is null
        union all
        select replaced_by from people_patient where id = component.id and replaced_by is not null
        union all
        select id from people_patient where replaced_by = component.id
    ) next
),
linked as materialized (
    select patient.id, patient.nhs_number, patient.replaced_by, link.id as link, link.person_id, person.made_at
    from component
    cross join lateral (
        select id, nhs_number, replaced_by from people_patient where id = component.id offset 0
    ) patient
    left join lateral (
        select id, person_id from people_link where patient_id = component.id and ended_at is null offset 0
    ) link on true
    left join lateral (select made_at from people_person where id = link.person_id offset 0) person on true
),
people as materialized (select distinct person_id as id from linked where person_id is not null)
select 'linked', jsonb_agg(jsonb_build_array(id, nhs_number, replaced_by, link, person_id, made_at)) from linked
union all
select 'pairs', jsonb_agg(told) from linked cross join lateral (
    select jsonb_build_array(
        id, first_id, second_id, weight, levels, state, certain, cautions, asked_at, settings_version
    ) as told
    from people_pair where first_id = linked.id offset 0
) pair
union all
select 'said', jsonb_agg(told) from linked cross join lateral (
    select jsonb_build_array(first_id, second_id, answer) as told from people_label
    where first_id = linked.id and withdrawn_at is null and answer <> 'unsure' offset 0
) label
union all
select 'apart', jsonb_agg(jsonb_build_array(people.id, coalesce(was.merged_into_id, was.id)))
from people cross join lateral (
    select earlier.earlier_id from people_person now join people_earlieridentity earlier on earlier.person_id = now.id
    where now.id = people.id or now.merged_into_id = people.id offset 0
) earlier
join people_person was on was.id = earlier.earlier_id
union all
select 'sizes', jsonb_agg(jsonb_build_array(people.id, links.number))
from people cross join lateral (
    select count(*) as number from people_link where person_id = people.id and ended_at is null offset 0
) links
"""


def components(patients: Iterable[UUID], *, first: Sequence[Statement] = ()) -> Components:
    """These patients and everybody who hangs together with them. What an action has still to write goes `first`."""
    asked = at_once(*first, (COMPONENTS, [list(patients)]))[-1]
    found = {kind: orjson.loads(told) if told else [] for kind, told in asked}
    linked = sorted((_linked(*one) for one in found["linked"]), key=lambda one: one.patient)
    here = Counter(one.person for one in linked)
    sizes = {UUID(person): number for person, number in found["sizes"]}
    return Components(
        linked=linked,
        pairs=sorted((_weighed(one) for one in found["pairs"]), key=lambda one: (one.first, one.second)),
        said={(UUID(one), UUID(two)): answer for one, two, answer in found["said"]},
        apart=[(UUID(one), UUID(other)) for one, other in found["apart"]],
        elsewhere={person: number - here[person] for person, number in sizes.items() if number > here[person]},
    )


def _linked(patient: str, number: str, replaced_by: str, link: str, person: str, made_at: str) -> Linked:
    return Linked(UUID(patient), number, _id(replaced_by), _id(link), _id(person), _at(made_at))


def _weighed(told: list[Any]) -> Weighed:
    pair, first, second, weight, agreed, state, certain, cautions, asked_at, version = told
    two = UUID(first), UUID(second)
    return Weighed(UUID(pair), *two, weight, agreed, state, certain, cautions, _at(asked_at), version)


def _id(said: str | None) -> UUID | None:
    return UUID(said) if said else None


def _at(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


EVERYBODY = f"select {COLUMNS}, xmin::text from people_patient"  # noqa: S608 -- only our own names stand in it
AT_A_TIME = 10_000


def everybody() -> Iterator[list[tuple[Compared, str]]]:
    """What of every patient is compared, some at a time; with a mark that is another once the row is written anew."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(EVERYBODY)
        while some := cursor.fetchmany(AT_A_TIME):
            yield [(Compared(*row[:-1]), row[-1]) for row in some]


def marks(patients: Iterable[UUID]) -> dict[UUID, str]:
    """The mark of each of these patients, as `everybody` gives it."""
    return dict(rows("select id, xmin::text from people_patient where id = any(%s)", [list(patients)]))


HELD_PAIRS = "select first_id, second_id, weight, levels, state, certain, cautions, settings_version from people_pair"


def held_pairs() -> Iterator[list[tuple]]:
    """Every pair that is kept, some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(HELD_PAIRS)
        while some := cursor.fetchmany(AT_A_TIME):
            yield some
