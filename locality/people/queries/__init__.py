"""Questions about who is who; never writes. What of it a viewer may see is access's to say."""

from locality.people.queries.doubts import Doubt, doubts
from locality.people.queries.finding import Born, found_by_birth_date, found_by_name, found_by_number
from locality.people.queries.same_person import patients_of, people_of_patients, same_person

__all__ = [
    "Born",
    "Doubt",
    "doubts",
    "found_by_birth_date",
    "found_by_name",
    "found_by_number",
    "patients_of",
    "people_of_patients",
    "same_person",
]
