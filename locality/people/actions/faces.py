"""What a person is called: chosen from the patients linked to them now."""

from collections.abc import Sequence
from uuid import UUID

from locality.people.queries.asking import Statement, at_once

# While somebody is asked whether this is the same person as one whose address is protected, so is theirs.
# The registered practice is believed first, then whoever spoke last; each part of the face on its own, so that
# what only one sender knows (the name she likes) is not lost.
FACE = """
with beside_protected as materialized (
    select coalesce(array_agg(distinct mine.person_id), '{}') as people
    from people_link mine
    cross join lateral (
        select second_id as id from people_pair where first_id = mine.patient_id and asked_at is not null
        union all
        select first_id from people_pair where second_id = mine.patient_id and asked_at is not null
    ) other
    cross join lateral (
        select person_id from people_link where patient_id = other.id and ended_at is null offset 0
    ) theirs
    cross join lateral (
        select patient_id from people_link where person_id = theirs.person_id and ended_at is null offset 0
    ) every
    join people_patient patient on patient.id = every.patient_id
    where mine.person_id = any(%(people)s) and mine.ended_at is null and patient.protected
),
held as (
    select link.person_id, patient.*,
           row_number() over (
               partition by link.person_id
               order by patient.active desc, 'registered_practice' = any(source.asserts) desc,
                        patient.said_at desc, patient.id
           ) as rank
    from people_link link
    join people_patient patient on patient.id = link.patient_id
    join directory_source source on source.id = patient.source_id
    where link.ended_at is null and link.person_id = any(%(people)s)
),
face as (
    select person_id,
        coalesce((array_agg(family order by rank) filter (where family <> ''))[1], '') as family,
        coalesce((array_agg(given order by rank) filter (where given <> ''))[1], '') as given,
        coalesce((array_agg(prefix order by rank) filter (where prefix <> ''))[1], '') as prefix,
        coalesce((array_agg(likes order by rank) filter (where likes <> ''))[1], '') as likes,
        (array_agg(birth_on order by rank) filter (where birth_on is not null))[1] as birth_on,
        coalesce((array_agg(birth_text order by rank) filter (where birth_text <> ''))[1], '') as birth_text,
        coalesce((array_agg(sex order by rank) filter (where sex <> ''))[1], '') as sex,
        coalesce((array_agg(nhs_number order by rank) filter (where nhs_number <> ''))[1], '') as nhs_number,
        bool_or(died) as died,
        (array_agg(died_on order by rank) filter (where died_on is not null))[1] as died_on,
        coalesce((array_agg(array_to_string(address_lines, ', ') order by rank)
            filter (where address_lines <> '{}'))[1], '') as address,
        coalesce((array_agg(postcode order by rank) filter (where postcode <> ''))[1], '') as postcode,
        bool_or(protected) or person_id = any((select people from beside_protected)::uuid[]) as protected,
        coalesce((array_agg(phone order by rank) filter (where phone <> ''))[1], '') as phone,
        coalesce((array_agg(language order by rank) filter (where language <> ''))[1], '') as language,
        bool_or(interpreter) as interpreter,
        coalesce((array_agg(practice_code order by rank) filter (where practice_code <> ''))[1], '') as practice_code,
        coalesce((array_agg(practice_words order by rank) filter (where practice_words <> ''))[1], '')
            as practice_words,
        coalesce((array_agg(name_key order by rank) filter (where name_key <> ''))[1], '') as sort_key
    from held
    group by person_id
)
update people_person as person set
    family = face.family, given = face.given, prefix = face.prefix, likes = face.likes, birth_on = face.birth_on,
    birth_text = face.birth_text, sex = face.sex, nhs_number = face.nhs_number, died = face.died,
    died_on = face.died_on, address = face.address, postcode = face.postcode, protected = face.protected,
    phone = face.phone, language = face.language, interpreter = face.interpreter,
    practice_code = face.practice_code, practice_words = face.practice_words, sort_key = face.sort_key
from face
where person.id = face.person_id and (
    person.family, person.given, person.prefix, person.likes, person.birth_on, person.birth_text, person.sex,
    person.nhs_number, person.died, person.died_on, person.address, person.postcode, person.protected, person.phone,
    person.language, person.interpreter, person.practice_code, person.practice_words, person.sort_key
) is distinct from (
    face.family, face.given, face.prefix, face.likes, face.birth_on, face.birth_text, face.sex, face.nhs_number,
    face.died, face.died_on, face.address, face.postcode, face.protected, face.phone, face.language,
    face.interpreter, face.practice_code, face.practice_words, face.sort_key
)
"""


def refresh_faces(*, people: Sequence[UUID]) -> None:
    """Choose again what each of these people is called, from the patients linked to them now."""
    at_once(*faces(people))


def faces(people: Sequence[UUID]) -> list[Statement]:
    """What `refresh_faces` runs, for whoever sends it together with what it rests on."""
    return [(FACE, {"people": list(people)})] if people else []
