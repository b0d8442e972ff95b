"""Payloads that others wrote: every one is stored, or kept with its reason in words."""

from pathlib import Path

import pytest

from locality.people.models import Person
from locality.record.actions import receive
from locality.record.models import Quarantine, Resource
from tests.intake_fixtures import by, now, source

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

DATA = Path(__file__).parents[1] / "data"


def received(folder: str):
    return receive(source=source(), paths=sorted((DATA / folder).glob("*.tgz")), by=by(), now=now)


@pytest.mark.parametrize(
    ("folder", "stored", "unchanged", "rejected"),
    [
        # of HL7's own: 17 are envelopes without anything to keep or requests that send nothing, one lacks what it
        # must have, one deletes by a condition, and the others are about patients who are not among the examples
        ("fhir_r4_examples", 998, 18, 82),
        ("ukcore", 212, 0, 17),
        # two practitioners stand in sixteen files more than once
        ("synthea", 5118, 16, 0),
    ],
)
def test_every_entry_is_stored_or_kept_with_its_reason(folder, stored, unchanged, rejected):
    intake = received(folder)

    assert (intake.stored, intake.unchanged, intake.rejected) == (stored, unchanged, rejected)
    assert Resource.objects.count() == stored
    assert sum(Quarantine.objects.values_list("times", flat=True)) == rejected
    assert [reason for reason in Quarantine.objects.values_list("reason", flat=True) if not reason.endswith(".")] == []


def test_those_about_a_person_belong_to_one():
    received("fhir_r4_examples")

    about_nobody = set(Resource.objects.filter(patient=None, removed=False).values_list("data_class", "type"))
    about_somebody = set(Resource.objects.exclude(patient=None).values_list("type", flat=True))
    assert {"Observation", "Condition", "Encounter", "MedicationRequest", "CarePlan"} <= about_somebody
    assert ("ID", "Patient") not in about_nobody
    assert Person.objects.filter(merged_into=None, links=None).count() == 0
