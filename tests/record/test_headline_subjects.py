"""Whom a resource is about, and whom it is not about though it names them."""

import pytest

from locality.record.headlines import headline, subject, subjects
from locality.record.headlines.subject import NHS_NUMBER, SUBJECT_OF
from locality.record.intake import r4

FORMAL = {"subject", "patient", "beneficiary", "individual", "candidate", "for", "deliverTo"}


def observation(**more) -> dict:
    return {"resourceType": "Observation", "code": {"text": "Pulse"}, **more}


def test_no_type_with_a_formal_subject_is_forgotten():
    products = "MedicinalProduct"

    forgotten = [
        kind
        for kind in r4.resources()
        for name, field in r4.fields(kind).items()
        if name in FORMAL and field.kind == "Reference" and not kind.startswith(products)
        if SUBJECT_OF.get(kind) not in FORMAL
    ]

    assert forgotten == []


@pytest.mark.parametrize(
    "written",
    ["Patient/1", "Patient/1/_history/2", "https://trust.example/fhir/Patient/1", "urn:uuid:5a1e", "urn:oid:1.2.3",
     "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018"],
)  # fmt: skip
def test_a_reference_to_a_person_is_kept_as_written(written):
    assert subject(observation(subject={"reference": written})) == written


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Group/1"},
        {"reference": "https://trust.example/fhir/Device/1"},
        {"reference": "https://trust.example/fhir/Location/1/_history/3"},
        {"reference": "urn:uuid:5a1e", "type": "Group"},
        {"reference": "Location?identifier=x|1"},
        {"identifier": {"system": "x", "value": "1"}, "type": "Device"},
        {"display": "Peggy"},
        {"identifier": {"system": "x"}},
        {},
    ],
)
def test_what_names_no_person_is_about_nobody(reference):
    assert subject(observation(subject=reference)) == ""


def test_a_person_named_by_an_identifier_alone_is_asked_for_by_it():
    named = {"identifier": {"system": NHS_NUMBER, "value": "9990000018"}}

    assert subject(observation(subject=named)) == f"Patient?identifier={NHS_NUMBER}|9990000018"


def test_focus_author_and_performer_are_never_the_subject():
    hers, other = {"reference": "Patient/1"}, {"reference": "Patient/2"}

    assert subject(observation(focus=[other], performer=[other])) == ""
    assert subject(observation(focus=[other], performer=[other], subject=hers)) == "Patient/1"
    assert subject({"resourceType": "Communication", "sender": other, "recipient": [other]}) == ""
    assert subject({"resourceType": "Task", "focus": other, "owner": other, "for": hers}) == "Patient/1"
    assert subject({"resourceType": "Claim", "payee": {"party": other}, "patient": hers}) == "Patient/1"
    assert subject({"resourceType": "CareTeam", "participant": [{"member": other}]}) == ""


def test_a_patient_is_about_itself():
    assert subject({"resourceType": "Patient", "id": "7"}) == "Patient/7"
    assert subject({"resourceType": "Patient"}) == ""


def test_a_contained_person_is_known_only_by_the_identifiers_it_carries():
    numbered = {
        "resourceType": "Patient", "id": "p",
        "identifier": [{"system": "https://trust.example/mrn", "value": "55"}, {"system": NHS_NUMBER, "value": "999"}],
    }  # fmt: skip
    nameless = {"resourceType": "Patient", "id": "p", "name": [{"family": "Hargreaves"}]}
    device = {"resourceType": "Device", "id": "p"}
    of = {"subject": {"reference": "#p"}}

    assert subject(observation(**of, contained=[numbered])) == f"Patient?identifier={NHS_NUMBER}|999"
    assert subject(observation(**of, contained=[nameless])) == ""
    assert subject(observation(**of, contained=[device])) == ""
    assert subject(observation(**of)) == ""


def test_an_appointment_is_about_the_patient_among_its_participants():
    nurse, place = {"actor": {"reference": "Practitioner/1"}}, {"actor": {"reference": "Location/1"}}
    hers, of_a_urn = {"actor": {"reference": "Patient/1"}}, {"actor": {"reference": "urn:uuid:5a1e"}}

    assert subject({"resourceType": "Appointment", "participant": [nurse, place, hers]}) == "Patient/1"
    assert subject({"resourceType": "Appointment", "participant": [of_a_urn, hers]}) == "Patient/1"
    assert subject({"resourceType": "Appointment", "participant": [nurse, of_a_urn]}) == ""
    assert subject({"resourceType": "Appointment", "participant": [of_a_urn]}) == "urn:uuid:5a1e"
    assert subject({"resourceType": "Appointment", "participant": [nurse, {}]}) == ""


def test_a_group_appointment_says_that_it_is_about_several():
    class_of_two = {
        "resourceType": "Appointment", "status": "booked",
        "participant": [{"actor": {"reference": "Patient/1"}}, {"actor": {"reference": "Patient/2"}}],
    }  # fmt: skip

    assert subjects(class_of_two) == ["Patient/1", "Patient/2"]
    assert headline(class_of_two).caution == "About more than one person: read the original."


def test_a_bare_urn_among_things_of_every_kind_is_nobody():
    assert subject({"resourceType": "Provenance", "target": [{"reference": "urn:uuid:5a1e"}]}) == ""
    assert subject({"resourceType": "Provenance", "target": [{"reference": "Patient/1"}]}) == "Patient/1"
    assert subject({"resourceType": "Schedule", "actor": [{"reference": "urn:uuid:5a1e"}]}) == ""
