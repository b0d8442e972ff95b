"""What a person page shows of a FHIR R4 resource. Pure: a parsed resource in, words out."""

from locality.record.headlines.allergy import allergy_statement
from locality.record.headlines.carers import patient_contacts
from locality.record.headlines.observation import trend_key
from locality.record.headlines.patient import PatientColumns, communication_lines, patient_columns
from locality.record.headlines.reading import detail, headline
from locality.record.headlines.shapes import (
    Activity,
    AllergyWords,
    Attachment,
    Contact,
    Detail,
    Headline,
    MedicineWords,
    Part,
    Participant,
    State,
    Topic,
)
from locality.record.headlines.subject import subject, subjects

__all__ = [
    "Activity",
    "AllergyWords",
    "Attachment",
    "Contact",
    "Detail",
    "Headline",
    "MedicineWords",
    "Part",
    "Participant",
    "PatientColumns",
    "State",
    "Topic",
    "allergy_statement",
    "communication_lines",
    "detail",
    "headline",
    "patient_columns",
    "patient_contacts",
    "subject",
    "subjects",
    "trend_key",
]
