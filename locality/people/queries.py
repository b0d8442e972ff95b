"""Questions about who is who; never writes. What of it a viewer may see is access's to say."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from locality.base import NotFound
from locality.people.models import Identifier, Link, Patient, Person
from locality.people.rules import NHS_NUMBER_SYSTEM

SAME_PERSON = """
with asked as (select coalesce(merged_into_id, id) as kept from people_person where id = %s)
select person.* from people_person person, asked
where person.id = asked.kept or person.merged_into_id = asked.kept
order by person.merged_into_id is not null, person.id
"""


def same_person(person_id: UUID) -> list[Person]:
    """The kept person first, then every alias: rows written for any of them are theirs."""
    rows = list(Person.objects.raw(SAME_PERSON, [person_id]))
    if not rows:
        raise NotFound("There is no such person here.")
    return rows


def patients_of(person_ids: list[UUID]) -> QuerySet[Patient]:
    """What each organisation holds about this person now."""
    held = Link.objects.filter(person__in=person_ids, ended_at=None, patient=OuterRef("pk"))
    return Patient.objects.filter(Exists(held)).select_related("source__organisation").order_by("source__code", "id")


def people_of_patients(patient_ids: list[UUID]) -> dict[UUID, UUID]:
    """Which person each patient is linked to today."""
    rows = Link.objects.filter(patient__in=patient_ids, ended_at=None)
    return dict(rows.values_list("patient_id", "person_id"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why somebody should look before trusting that this is one person and the right one."""

    words: str


DOUBTS = """
select
    %(number)s <> '' and exists (
        select from people_person other
        where other.nhs_number = %(number)s and other.merged_into_id is null and other.id <> %(person)s
    ),
    exists (
        select from people_link link
        join people_identifier identifier on identifier.patient_id = link.patient_id
        where link.person_id = %(person)s and link.ended_at is null
            and identifier.nhs_state in ('invalid', 'placeholder')
    )
"""


def doubts(person: Person) -> list[Doubt]:
    """What speaks against this identity: another person holds the same NHS number, or a number is not one."""
    with connection.cursor() as cursor:
        cursor.execute(DOUBTS, {"number": person.nhs_number, "person": person.pk})
        shared, wrong = cursor.fetchone()
    found = []
    if shared:
        found.append(Doubt("Another record here has the same NHS number and a different birth date."))
    if wrong:
        found.append(Doubt("A sender holds an NHS number for this person that is not valid."))
    return found


def found_by_number(number: str) -> QuerySet[Person]:
    """The people who hold this NHS number, whoever sent it."""
    holders = Identifier.objects.filter(value=number, system=NHS_NUMBER_SYSTEM)
    linked = Link.objects.filter(ended_at=None, patient__in=holders.values("patient"))
    return Person.objects.filter(pk__in=linked.values("person"), merged_into=None)


Born = tuple[date, date]  # between these days, both included: one day, or a year where only that is known


def found_by_name(*, words: str, born: Born | None, most: int) -> QuerySet[Person]:
    """People each of these words is like a name of, in order of name; a birth date, where given, must agree.

    `words` is a sort key. Word similarity forgives a slip or two in each word (pg_trgm).
    """
    with connection.cursor() as cursor:
        # "margret" for "margaret" is 0.55 alike; the extension's own 0.6 would not forgive it
        cursor.execute("set local pg_trgm.word_similarity_threshold = 0.45")
    rows = Patient.objects.filter(active=True)
    if born is not None:
        rows = rows.filter(birth_on__range=born)
    for word in words.split(" "):
        rows = rows.filter(Q(name_key__trigram_word_similar=word) | Q(name_key__contains=word))
    return _linked(rows).order_by("sort_key", "id")[:most]


def found_by_birth_date(*, born: Born, most: int) -> QuerySet[Person]:
    """People born then: what is left to offer when no name is like the one asked for."""
    return _linked(Patient.objects.filter(active=True, birth_on__range=born)).order_by("sort_key", "id")[:most]


def _linked(patients: QuerySet[Patient]) -> QuerySet[Person]:
    links = Link.objects.filter(ended_at=None, patient__in=patients.values("pk"))
    return Person.objects.filter(pk__in=links.values("person"), merged_into=None)
