"""A person nobody has sent is added here, as the place's own patient: whoever sends them later is linked to it."""

from uuid import UUID

from django.db import transaction

from locality.base import Refused, Viewer
from locality.people.actions.merging import one_at_a_time
from locality.people.actions.patients import receive_patients
from locality.people.models import Link, Patient
from locality.people.queries.same_person import people_of_patients
from locality.people.rules import PatientSent

HERE_ALREADY = (
    "Somebody with this NHS number, or with this name, birth date and address, is here already: nothing was added."
)


class HereAlready(Refused):
    """The person who was to be added is somebody who is here."""

    def __init__(self, person: UUID):
        super().__init__(HERE_ALREADY)
        self.person = person


@transaction.atomic
def add_person(*, told: PatientSent, by: Viewer) -> UUID:
    """Add somebody as a patient of the place's own source; returns the new person. Sent twice, it is done once.

    Raises HereAlready, and adds nobody, where the machine takes them for somebody who is here: to add a person must
    not be a way into another's record.
    """
    one_at_a_time()
    if Patient.objects.filter(pk=told.id).exists():
        return people_of_patients([told.id])[told.id]
    person = receive_patients(sent=[told], by=by)[told.id]
    if Link.objects.filter(person=person, ended_at=None).exclude(patient=told.id).exists():
        raise HereAlready(person)
    return person
