"""The sources of the place, with what each holds of one person: one query."""

from uuid import UUID

from locality.access.queries import Grant
from locality.record.queries.freshness import Connected, PatientHeld, source_of
from locality.record.queries.rows import Step, ask, held_step, kept_back_step

# a patient of whom nothing may be shown looks like one who is not there
COUNTED = """
counted as (
    select patient_id, count(*) filter (where type <> 'Patient') as lines from held group by patient_id
)
"""
# trying again what was refused is no sending
LAST_SENT = """
select started_at, finished_at, received, stored, unchanged, rejected from record_intake intake
where intake.source_id = source.id and kind = 'received' and finished_at is not null
order by started_at desc limit 1
"""
SELECT = f"""
select source.id, source.code, source.name, organisation.name, source.connected, source.is_trial, source.sends,
    source.every_hours, source.agreement_purpose, source.agreement_starts_on, source.agreement_ends_on,
    last_sent.finished_at,
    patient.id, patient.family, patient.given, patient.birth_text, patient.sex, patient.address_lines,
    patient.postcode, patient.phone, patient.practice_words, patient.interpreter, patient.language,
    coalesce(counted.lines, 0), exists (select from kept_back where topic = 'allergy')
from directory_source source
join directory_organisation organisation on organisation.id = source.organisation_id
join directory_place place on place.id = source.place_id
left join (people_patient patient join counted on counted.patient_id = patient.id) on patient.source_id = source.id
left join lateral ({LAST_SENT}) last_sent on true
where place.is_default or patient.id is not null
order by source.code, patient.id
"""  # noqa: S608 -- only the step above stands in it
OF_SOURCE = 12


def connected(grant: Grant) -> list[Connected]:
    """Every source of the place, connected or not, and any other that holds something of this person."""
    steps: list[Step] = [
        held_step(grant),
        kept_back_step(grant),
        (COUNTED, ()),
    ]
    found: dict[UUID, Connected] = {}
    for columns in ask(steps, (SELECT, ())):
        source = found.setdefault(columns[0], source_of(columns[:OF_SOURCE]))
        *patient, lines, source.keeps_back = columns[OF_SOURCE:]
        if patient[0] is not None:
            source.patients.append(PatientHeld(*patient))
            source.holds += lines
    return list(found.values())
