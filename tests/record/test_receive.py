"""Receiving: everything sent is stored, unchanged, or kept with its reason; and a run can be repeated."""

import json
from datetime import timedelta

import pytest

from locality.access.models import Relationship
from locality.base import NoAccess, Refused, Viewer, ViewerKind
from locality.base.ids import named_id
from locality.directory.models import Neighbourhood, Postcode, Source
from locality.journal.models import Event, News
from locality.people.models import Link, Patient, Person
from locality.record.actions import receive, retry
from locality.record.models import Intake, Original, Quarantine, Resource
from tests.intake_fixtures import AT, bundle, by, now, organisation, patient, problem, source, team, written

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def counts(intake):
    return (intake.received, intake.stored, intake.unchanged, intake.rejected)


def sent(here, *paths, later=timedelta()):
    return receive(source=here, paths=paths, by=by(later=later), now=now)


def test_a_bundle_is_stored_as_the_exact_bytes_sent(tmp_path):
    one = b'{ "resourceType": "Patient",  "id":"p1" }'
    raw = b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":' + one + b"}]}"

    intake = sent(source(), written(tmp_path, "a.json", raw))

    assert counts(intake) == (1, 1, 0, 0)
    assert bytes(Resource.objects.get().content) == one


def test_the_same_file_twice_changes_nothing(tmp_path):
    here, path = source(), written(tmp_path, "a.json", bundle(patient(), problem()))
    sent(here, path)

    again = sent(here, path, later=timedelta(hours=1))

    assert counts(again) == (2, 0, 2, 0)
    assert Resource.objects.count() == 2
    assert (Person.objects.count(), Link.objects.count()) == (1, 1)


def test_a_changed_resource_is_a_new_version_and_nothing_is_overwritten(tmp_path):
    here = source()
    sent(here, written(tmp_path, "a.json", bundle(patient(), problem(words="Asthma"))))

    sent(here, written(tmp_path, "b.json", bundle(patient(), problem(words="COPD"))), later=timedelta(hours=1))

    versions = Resource.objects.filter(type="Condition").order_by("version")
    assert [(row.version, row.title, row.is_current) for row in versions] == [(1, "Asthma", False), (2, "COPD", True)]


def test_a_change_taken_back_is_believed_without_a_third_copy(tmp_path):
    here = source()
    first = written(tmp_path, "a.json", bundle(patient(), problem(words="Asthma")))
    sent(here, first)
    sent(here, written(tmp_path, "b.json", bundle(patient(), problem(words="COPD"))), later=timedelta(hours=1))

    sent(here, first, later=timedelta(hours=2))

    assert Resource.objects.get(type="Condition", is_current=True).title == "Asthma"
    assert Resource.objects.filter(type="Condition").count() == 2


def test_older_words_that_arrive_late_are_kept_and_are_not_current(tmp_path):
    here = source()
    new = problem(words="COPD", meta={"lastUpdated": "2026-11-04T09:00:00Z"})
    old = problem(words="Asthma", meta={"lastUpdated": "2026-11-03T09:00:00Z"})
    sent(here, written(tmp_path, "new.json", bundle(patient(), new)))

    sent(here, written(tmp_path, "old.json", bundle(patient(), old)), later=timedelta(hours=1))

    assert Resource.objects.get(type="Condition", is_current=True).title == "COPD"
    assert Resource.objects.filter(type="Condition").count() == 2


def test_what_is_about_somebody_not_yet_sent_waits_and_is_stored_when_they_arrive(tmp_path):
    here = source()
    first = sent(here, written(tmp_path, "conditions.ndjson", json.dumps(problem()).encode() + b"\n"))
    assert counts(first) == (1, 0, 0, 1)

    second = sent(here, written(tmp_path, "patients.ndjson", json.dumps(patient()).encode() + b"\n"))

    assert counts(second) == (1, 1, 0, 0)
    assert list(Quarantine.objects.values_list("state", flat=True)) == ["stored"]
    assert Intake.objects.get(kind="retried").stored == 1
    assert Resource.objects.get(type="Condition").patient == Patient.objects.get()


def test_within_one_run_the_order_of_files_does_not_matter(tmp_path):
    here = source()
    conditions = written(tmp_path, "1.ndjson", json.dumps(problem()).encode() + b"\n")
    patients = written(tmp_path, "2.ndjson", json.dumps(patient()).encode() + b"\n")

    intake = sent(here, conditions, patients)

    assert counts(intake) == (2, 2, 0, 0)


def test_references_by_temporary_id_and_by_condition_find_their_patient(tmp_path):
    here = source()
    url = "urn:uuid:7d4b8f5c-6c4e-4d8c-8a52-1f0e0c6d9e01"
    sending = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": "urn:uuid:aaaaaaaa-6c4e-4d8c-8a52-1f0e0c6d9e01", "resource": problem(1, about=url)},
            {"fullUrl": url, "resource": patient()},
        ],
    }
    sent(here, written(tmp_path, "a.json", sending))
    by_condition = "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018"

    sent(here, written(tmp_path, "b.json", bundle(problem(2, about=by_condition))))

    held = Resource.objects.filter(type="Condition").values_list("patient", flat=True)
    assert list(held) == [Patient.objects.get().pk] * 2


def test_a_dangling_reference_is_kept_with_whom_it_waits_for(tmp_path):
    sent(source(), written(tmp_path, "a.json", bundle(problem(about="Patient/nobody"))))

    reason = Quarantine.objects.get().reason
    assert reason == ("It is about Patient/nobody, whom this source has not sent. It will be stored when they arrive.")


def test_resources_that_name_each_other_are_stored(tmp_path):
    part_of = {"hasMember": [{"reference": "Observation/b"}], "subject": {"reference": "Patient/p1"}}
    one = {"resourceType": "Observation", "id": "a", "status": "final", "code": {"text": "A"}, **part_of}
    other = {"resourceType": "Observation", "id": "b", "status": "final", "code": {"text": "B"}, **part_of}
    other["hasMember"] = [{"reference": "Observation/a"}]

    intake = sent(source(), written(tmp_path, "a.json", bundle(patient(), one, other)))

    assert counts(intake) == (3, 3, 0, 0)


NUMBER = b'{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueQuantity":{"value":%s}}'
BAD = {
    "truncated": b'{"resourceType":"Patient","id":"p1","name":[{"fam',
    "mis-encoded": '{"resourceType":"Patient","id":"p1","gender":"fémale"}'.encode("latin-1"),
    "deeply nested": b'{"resourceType":"Patient","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "duplicate keys": b'{"resourceType":"Patient","id":"p1","id":"p2"}',
    "NaN": NUMBER % b"NaN",
    "NUL": b'{"resourceType":"Patient","id":"p1","name":[{"family":"A\\u0000B"}]}',
    "1e999": NUMBER % b"1e999",
    "lone surrogate": b'{"resourceType":"Patient","id":"p1","name":[{"family":"A\\ud800B"}]}',
    "huge number": b'{"resourceType":"Patient","id":"p1","multipleBirthInteger":' + b"9" * 10_000 + b"}",
    "wrong type": b'{"resourceType":"Pateint","id":"p1"}',
    "not a resource": b'{"hello":"world"}',
    "missing what is required": b'{"resourceType":"Observation","id":"o"}',
    "empty": b"",
    "no known format": b"\x00\x01\x02 nothing of ours",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_in_one_sentence_and_is_kept(tmp_path, name):
    intake = sent(source(), written(tmp_path, "bad.json", BAD[name]))

    kept = Quarantine.objects.get()
    assert counts(intake) == (1, 0, 0, 1)
    assert kept.reason.strip().endswith(".")
    assert "\n" not in kept.reason
    assert bytes(kept.content) == BAD[name]
    assert Resource.objects.count() == 0


def test_one_bad_entry_refuses_itself_and_nothing_else(tmp_path):
    bad = {"resourceType": "Observation", "id": "o"}

    intake = sent(source(), written(tmp_path, "a.json", bundle(patient(), bad, problem())))

    assert counts(intake) == (3, 2, 0, 1)


def test_the_same_bad_thing_sent_again_is_kept_once(tmp_path):
    here, path = source(), written(tmp_path, "bad.json", b'{"resourceType":"Patient","id":')
    sent(here, path)

    sent(here, path)

    assert Quarantine.objects.get().times == 2


def test_a_source_that_deletes_is_heard_and_its_words_are_kept(tmp_path):
    here = source()
    sent(here, written(tmp_path, "a.json", bundle(patient(), problem())))
    deletion = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"request": {"method": "DELETE", "url": "Condition/c1"}}],
    }

    sent(here, written(tmp_path, "b.json", deletion), later=timedelta(hours=1))

    versions = Resource.objects.filter(type="Condition").order_by("version")
    assert [(row.removed, row.is_current) for row in versions] == [(False, False), (True, True)]


def test_two_files_with_the_same_practitioner_store_it_once(tmp_path):
    doctor = {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Rahman"}]}
    paths = [written(tmp_path, name, bundle(doctor, patient(1))) for name in ("a.json", "b.json")]

    intake = sent(source(), *paths)

    assert counts(intake) == (4, 2, 2, 0)


def test_only_those_who_run_sources_receive(tmp_path):
    nurse = Viewer(kind=ViewerKind.PRACTITIONER, id=organisation().pk, role="clinician", at=AT)

    with pytest.raises(NoAccess):
        receive(source=source(), paths=[written(tmp_path, "a.json", bundle(patient()))], by=nurse, now=now)


def test_the_people_of_a_source_that_may_say_so_join_its_teams_caseload(tmp_path):
    ours = team()
    here = source(asserts=["caseload"], relates_team=ours)

    sent(here, written(tmp_path, "a.json", bundle(patient())))

    row = Relationship.objects.get()
    assert (row.person, row.team, row.kind) == (Person.objects.get(), ours, "caseload")


def test_without_a_team_of_its_own_a_sources_people_join_the_caseload_of_the_team_responsible(tmp_path):
    here = source(asserts=["caseload"])
    neighbourhood = Neighbourhood.objects.create(
        id=named_id("n"), place=here.place, code="hill", name="Hill", origin="invented", verified=False
    )
    Postcode.objects.create(id=named_id("pc"), place=here.place, code="M26 2QX", neighbourhood=neighbourhood)
    ours = team(kind="neighbourhood", neighbourhood=neighbourhood)
    lives = patient(address=[{"postalCode": "m26 2qx"}])
    elsewhere = patient(2, nhs="9990000026", address=[{"postalCode": "BL9 0NJ"}])

    sent(here, written(tmp_path, "a.json", bundle(lives, elsewhere)))

    row = Relationship.objects.get()
    assert (row.person.nhs_number, row.team) == ("9990000018", ours)


def test_a_source_that_may_not_assert_relations_makes_none(tmp_path):
    sent(source(), written(tmp_path, "a.json", bundle(patient())))

    assert Relationship.objects.count() == 0


def test_a_run_leaves_its_lines_in_the_audit_and_news_of_its_people(tmp_path):
    sent(source(), written(tmp_path, "a.json", bundle(patient(), problem())))

    assert list(Event.objects.order_by("id").values_list("what", flat=True)) == ["intake.received", "intake.finished"]
    assert list(News.objects.order_by("id").values_list("what", flat=True)) == ["patient.linked", "record.received"]


def test_a_refused_entry_that_is_right_now_is_stored_on_retry(tmp_path):
    here = source()
    sent(here, written(tmp_path, "a.json", bundle(problem())))
    Quarantine.objects.update(awaits="")  # it will not be tried by itself
    sent(here, written(tmp_path, "b.json", bundle(patient())))

    again = retry(source=here, by=by())

    assert (counts(again), Quarantine.objects.get().state) == ((1, 1, 0, 0), "stored")


def test_an_unreadable_file_is_read_again_from_the_bytes_that_were_kept(tmp_path):
    here = source(mapping_text="")
    rows = b"our_id,surname\n17,Hargreaves\n"
    sent(here, written(tmp_path, "rows.csv", rows))
    mapping = '[[resource]]\ntype = "Patient"\nid = "{our_id}"\n[resource.fields]\n"name.0.family" = "{surname}"\n'
    Source.objects.update(mapping_text=mapping)

    again = retry(source=Source.objects.get(), by=by())

    assert again.rejected == 0
    assert Patient.objects.get().family == "Hargreaves"
    assert Quarantine.objects.get().state == "stored"


def test_nothing_waiting_is_said_and_not_run():
    with pytest.raises(Refused, match="Nothing is waiting"):
        retry(source=source(), by=by())


def test_fifty_thousand_entries_in_one_bundle_are_all_counted(tmp_path):
    readings = [
        {"resourceType": "Basic", "id": f"b{number}", "code": {"text": "x"}, "subject": {"reference": "Patient/p1"}}
        for number in range(49_999)
    ]

    intake = sent(source(), written(tmp_path, "big.json", bundle(patient(), *readings)))

    assert counts(intake) == (50_000, 50_000, 0, 0)


def test_what_was_sent_as_xml_is_kept_byte_for_byte_once(tmp_path):
    xml = (
        b'<?xml version="1.0"?>\n<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>'
        b'<entry><resource><Patient><id value="p1"/><!-- as typed --></Patient></resource></entry>'
        b'<entry><resource><Condition><id value="c1"/><subject><reference value="Patient/p1"/></subject>'
        b"</Condition></resource></entry></Bundle>"
    )
    here, path = source(), written(tmp_path, "a.xml", xml)

    first, again = sent(here, path), sent(here, path, later=timedelta(hours=1))

    assert (counts(first), counts(again)) == ((2, 2, 0, 0), (2, 0, 2, 0))
    assert bytes(Original.objects.get().content) == xml
    assert Resource.objects.filter(original=Original.objects.get()).count() == 2
