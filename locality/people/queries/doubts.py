"""What speaks against an identity."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from locality.base.periods import day_of
from locality.people.models import Person
from locality.people.queries.corrected import corrections_of


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why somebody should look before trusting that this is one person and the right one."""

    words: str


ASKED = "This may be the same person as another record here: somebody has been asked to look, since {}."
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
    ),
    (
        select min(pair.asked_at)
        from people_link link
        cross join lateral (
            select asked_at, second_id as id from people_pair
                where first_id = link.patient_id and asked_at is not null
            union all
            select asked_at, first_id from people_pair
                where second_id = link.patient_id and asked_at is not null
        ) pair
        join people_link other on other.patient_id = pair.id and other.ended_at is null
        where link.person_id = %(person)s and link.ended_at is null and other.person_id <> link.person_id
    ),
    exists (select from people_numbercorrection where settled_at is null and withdrawn_at is null)
"""


def doubts(person: Person) -> list[Doubt]:
    """What speaks against this identity: it may be somebody else's too, its number is shared, or is not one."""
    with connection.cursor() as cursor:
        cursor.execute(DOUBTS, {"number": person.nhs_number, "person": person.pk})
        shared, wrong, asked_at, corrected = cursor.fetchone()
    found = []
    if asked_at is not None:
        found.append(Doubt(ASKED.format(_day_words(day_of(asked_at)))))
    if shared:
        found.append(Doubt("Another record here has the same NHS number."))
    if wrong:
        found.append(Doubt("A sender holds an NHS number for this person that is not valid."))
    if corrected:
        found += [Doubt(one.words) for one in corrections_of([person.pk])]
    return found


def _day_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
