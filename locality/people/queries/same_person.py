"""Which rows are one human being: the kept person, the aliases, the patients linked to them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from locality.base import NotFound
from locality.people.models import Link, Patient, Person

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
