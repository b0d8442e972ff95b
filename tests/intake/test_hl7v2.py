"""HL7 v2 ADT in: what a hospital's system sends becomes FHIR, and the message itself is kept."""

import base64
import json
from pathlib import Path

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.core import Segment as TheirSegment
from hl7apy.parser import parse_message, parse_segment
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.record.intake import hl7v2, structure
from locality.record.intake.entry import Entry, Unreadable
from locality.record.intake.hl7v2.message import Field, Marks, Segment, parse

SAMPLES = Path(__file__).parent.parent / "data" / "hl7v2"
ADT = sorted(path.name for path in SAMPLES.glob("*.hl7") if path.name[0] == "a")
HEADER = "MSH|^~\\&|PAS|RXX00|LOCALITY|X|20261102184500||ADT^{event}|7|P|2.4\rEVN|{event}|20261102184012\r"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def read(content: bytes | str) -> list[dict]:
    found = list(hl7v2.entries("x", content.encode() if isinstance(content, str) else content))
    assert [one for one in found if isinstance(one, Unreadable)] == []
    return [json.loads(one.content) for one in found]


def only(kind: str, content: bytes | str) -> dict:
    [one] = [one for one in read(content) if one["resourceType"] == kind]
    return one


def refused(content: bytes | str) -> str:
    content = content.encode() if isinstance(content, str) else content
    [one] = hl7v2.entries("x", content)
    assert one == Unreadable("x message 1", content.rstrip(b"\r"), one.reason)
    return one.reason


def adt(event: str, *segments: str) -> str:
    return HEADER.format(event=event) + "\r".join(segments) + "\r"


def about(field: int, value: str) -> str:
    """A PID segment with a number, and one more field."""
    fields = ["PID", "1", "", "900^^^RXX^MR", *[""] * 40]
    fields[field] = value
    return "|".join(fields).rstrip("|")


PID = about(8, "")


def test_an_admission_tells_of_the_patient():
    patient = only("Patient", sample("a01_admitted.hl7"))

    text = {"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "W", "display": "Widowed"}
    assert patient.pop("meta") == {
        "lastUpdated": "2026-11-02T18:40:12+00:00",
        "source": f"Binary/{only('Binary', sample('a01_admitted.hl7'))['id']}",
    }
    assert {name: patient.pop(name) for name in ("extension", "generalPractitioner")} == {
        "extension": [
            {
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
                "valueCodeableConcept": {
                    "coding": [
                        {
                            "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory",
                            "code": "A",
                            "display": "British, Mixed British",
                        }
                    ]
                },
            },
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-religion",
                "valueCodeableConcept": {
                    "coding": [{"code": "C22", "display": "Church of England"}],
                    "text": "Church of England",
                },
            },
        ],
        "generalPractitioner": [
            {
                "type": "Organization",
                "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P99999"},
                "display": "PRETEND ROAD SURGERY",
            },
            {
                "type": "Practitioner",
                "identifier": {"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "G9999981"},
                "display": "Dr Anwen Fictive",
            },
        ],
    }
    assert patient == {
        "resourceType": "Patient",
        "id": "RXX.4471882",
        "active": True,
        "identifier": [
            {
                "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
                "system": "urn:hl7v2:identifier:RXX",
                "value": "4471882",
                "assigner": {"display": "RXX"},
            },
            {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001014"},
        ],
        "name": [
            {"use": "official", "family": "INVENTLEY", "given": ["MAUD", "ELSIE"], "prefix": ["MRS"]},
            {"use": "maiden", "family": "OLDNAME", "given": ["MAUD"]},
        ],
        "gender": "female",
        "birthDate": "1938-02-14",
        "deceasedBoolean": False,
        "multipleBirthBoolean": False,
        "maritalStatus": {"coding": [text], "text": "Widowed"},
        "address": [
            {
                "use": "home",
                "line": ["14 PRETEND STREET", "FLAT 2"],
                "city": "BURY",
                "district": "LANCASHIRE",
                "postalCode": "BL9 0AA",
                "country": "GBR",
            }
        ],
        "telecom": [
            {"system": "phone", "value": "0161 496 0001", "use": "home"},
            {"system": "email", "value": "maud@example.org", "use": "home"},
        ],
        "communication": [
            {
                "language": {
                    "coding": [{"system": "urn:ietf:bcp:47", "code": "en", "display": "English"}],
                    "text": "English",
                },
                "preferred": True,
            }
        ],
    }


def test_an_admission_tells_of_the_visit():
    visit = only("Encounter", sample("a01_admitted.hl7"))

    assert (visit["id"], visit["status"], visit["class"]["code"]) == ("RXX.V-900112", "in-progress", "IMP")
    assert visit["subject"] == {"reference": "Patient/RXX.4471882"}
    assert visit["period"] == {"start": "2026-11-02T18:30:00+00:00"}
    assert visit["location"] == [{"location": {"display": "WARD7, BAY2, BED4"}, "status": "active"}]
    assert visit["reasonCode"] == [{"text": "Fell at home"}]
    assert [(part["type"][0]["coding"][0]["code"], part["individual"]["display"]) for part in visit["participant"]] == [
        ("ATND", "Dr Owen Sham"),
        ("REF", "Dr Anwen Fictive"),
        ("ADM", "Dr Owen Sham"),
    ]
    assert visit["hospitalization"]["admitSource"]["text"] == "Usual home"
    assert visit["hospitalization"]["extension"][0]["valueCodeableConcept"]["text"] == "Emergency"
    assert visit["extension"] == [
        {
            "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate",
            "valueDateTime": "2026-11-09",
        }
    ]
    assert visit["serviceProvider"]["identifier"] == {
        "system": "https://fhir.nhs.uk/Id/ods-organization-code",
        "value": "RXX01",
    }


def test_a_move_a_discharge_and_its_undoing_are_versions_of_the_same_visit():
    names = ["a01_admitted.hl7", "a02_moved.hl7", "a03_discharged.hl7", "a13_not_discharged.hl7"]

    visits = [only("Encounter", sample(name)) for name in names]

    start = {"start": "2026-11-02T18:30:00+00:00"}
    assert [visit["id"] for visit in visits] == ["RXX.V-900112"] * 4
    assert [visit["status"] for visit in visits] == ["in-progress", "in-progress", "finished", "in-progress"]
    assert [visit["period"] for visit in visits] == [
        start,
        start,
        {**start, "end": "2026-11-10T15:15:00+00:00"},
        start,
    ]
    assert visits[1]["location"] == [
        {"location": {"display": "WARD12, BAY1, BED1"}, "status": "active"},
        {"location": {"display": "WARD7, BAY2, BED4"}, "status": "completed"},
    ]
    assert visits[2]["hospitalization"]["dischargeDisposition"]["text"] == "Usual home"


@pytest.mark.parametrize(
    ("event", "visit", "status"),
    [
        ("A04", "PV1|1|O", "arrived"),
        ("A04", "PV1|1|E", "in-progress"),
        ("A05", "PV1|1|P", "planned"),
        ("A38", "PV1|1|P", "cancelled"),
        ("A11", "PV1|1|I", "cancelled"),
        ("A12", "PV1|1|I", "in-progress"),
        ("A08", "PV1|1|I", "in-progress"),
        ("A08", "PV1|1|P", "planned"),
        ("A31", "PV1|1|I", "in-progress"),
    ],
)
def test_what_an_event_says_of_the_visit(event, visit, status):
    assert only("Encounter", adt(event, PID, visit + "|" * 17 + "V1"))["status"] == status


def test_an_update_of_a_visit_that_has_ended_leaves_it_ended():
    pv1 = "PV1|1|I" + "|" * 17 + "V1" + "|" * 25 + "202611020900|202611031000"

    visit = only("Encounter", adt("A08", PID, pv1))

    assert (visit["status"], visit["period"]["end"]) == ("finished", "2026-11-03T10:00:00+00:00")


def test_a_visit_without_a_number_is_told_by_its_patient_and_beginning():
    admitted = "PV1|1|I" + "|" * 42 + "202611020900"

    first = only("Encounter", adt("A01", PID, admitted))
    discharged = only("Encounter", adt("A03", PID, admitted + "|202611031000"))
    another = only("Encounter", adt("A01", PID, admitted.replace("0900", "0930")))

    assert first["id"] == discharged["id"] != another["id"]


def test_a_visit_that_cannot_be_told_from_others_is_refused():
    assert refused(adt("A01", PID, "PV1|1|I")) == "The visit has neither a number (PV1-19) nor a beginning (PV1-44)."


def test_an_update_of_a_person_makes_no_visit():
    kinds = [one["resourceType"] for one in read(sample("a28_registered.hl7"))]

    assert kinds == ["Patient", "RelatedPerson", "RelatedPerson", "Binary"]


def test_relatives_are_told_with_how_they_are_related_and_whom_to_ring():
    daughter, friend = [one for one in read(sample("a01_admitted.hl7")) if one["resourceType"] == "RelatedPerson"]

    assert daughter["patient"] == {"reference": "Patient/RXX.4471882"}
    assert [one["text"] for one in daughter["relationship"]] == ["Daughter", "Next of kin"]
    assert daughter["telecom"] == [{"system": "phone", "value": "07700900001", "use": "mobile"}]
    assert friend["name"] == [{"family": "SHAMWELL", "given": ["TED"]}]
    assert [one["text"] for one in friend["relationship"]] == ["Friend", "Emergency contact"]


def test_a_relative_keeps_their_id_when_another_is_taken_off_the_list():
    two = read(adt("A31", PID, "NK1|1|ONE^A|SIB", "NK1|2|TWO^B|SIB"))
    one = read(adt("A31", PID, "NK1|1|TWO^B|SIB"))

    assert [r["id"] for r in two if r["resourceType"] == "RelatedPerson"][1] == one[1]["id"]


def test_two_relatives_of_one_name_are_two():
    found = read(adt("A31", PID, "NK1|1|SHAM^TED|FTH", "NK1|2|SHAM^TED|BRO"))

    assert len({one["id"] for one in found if one["resourceType"] == "RelatedPerson"}) == 2


def test_an_allergy_is_told_with_its_reactions_and_their_severity():
    allergy = only("AllergyIntolerance", sample("a01_admitted.hl7"))

    assert allergy["code"] == {"coding": [{"code": "7980", "display": "Penicillin"}], "text": "Penicillin"}
    assert allergy["category"] == ["medication"]
    assert allergy["clinicalStatus"]["coding"][0]["code"] == "active"
    assert allergy["onsetDateTime"] == "2009-06-11"
    assert allergy["reaction"] == [
        {"manifestation": [{"text": "Rash over the whole body"}, {"text": "Swollen lips"}], "severity": "severe"}
    ]


def test_no_known_allergies_is_a_statement_of_its_own():
    allergy = only("AllergyIntolerance", adt("A31", PID, "AL1|1|DA|NKA"))

    assert allergy["code"]["coding"] == [
        {"system": "http://snomed.info/sct", "code": "716186003", "display": "No known allergy"}
    ]


def test_a_severity_without_a_reaction_is_not_lost():
    allergy = only("AllergyIntolerance", adt("A31", PID, "AL1|1|FA|NUT^Nuts|MO"))

    assert (allergy["note"], "reaction" in allergy) == ([{"text": "Severity as sent: moderate"}], False)


def test_diagnoses_belong_to_their_visit_in_its_order():
    found = read(sample("a01_admitted.hl7"))
    visit = next(one for one in found if one["resourceType"] == "Encounter")
    fall, hip = [one for one in found if one["resourceType"] == "Condition"]

    assert hip["code"] == {
        "coding": [
            {"system": "http://hl7.org/fhir/sid/icd-10", "code": "S72.0", "display": "Fracture of neck of femur"}
        ],
        "text": "Broken hip & bruising",
    }
    assert hip["encounter"] == {"reference": "Encounter/RXX.V-900112"}
    assert [one["verificationStatus"]["coding"][0]["code"] for one in (fall, hip)] == ["provisional", "confirmed"]
    assert [one["condition"]["reference"] for one in visit["diagnosis"]] == [
        f"Condition/{fall['id']}",
        f"Condition/{hip['id']}",
    ]
    assert visit["diagnosis"][1]["rank"] == 1


def test_a_merge_keeps_one_patient_and_points_the_other_to_them():
    kept, old, _ = read(sample("a40_merged.hl7"))

    assert (kept["id"], kept["active"]) == ("RXX.5550017", True)
    assert kept["link"] == [{"other": {"reference": "Patient/RXX.5550099"}, "type": "replaces"}]
    assert (old["id"], old["active"]) == ("RXX.5550099", False)
    assert old["link"] == [{"other": {"reference": "Patient/RXX.5550017"}, "type": "replaced-by"}]
    assert old["identifier"][0]["value"] == "5550099"


def test_a_message_that_merges_several_pairs_merges_each():
    found = read(adt("A40", about(3, "1^^^R"), "MRG|2^^^R", about(3, "3^^^R"), "MRG|4^^^R"))

    links = [one["link"][0]["other"]["reference"] for one in found[:-1]]
    assert links == ["Patient/R.2", "Patient/R.1", "Patient/R.4", "Patient/R.3"]


def test_a_death_is_told_even_when_its_time_cannot_be_read():
    assert only("Patient", sample("a31_died.hl7"))["deceasedDateTime"] == "2026-11-14T22:30:00+00:00"
    assert only("Patient", adt("A31", about(29, "last week")))["deceasedBoolean"] is True


def test_twins_keep_what_tells_them_apart():
    found = [one for one in read(sample("batch_of_twins.hl7")) if one["resourceType"] == "Patient"]

    assert [(one["id"], one["multipleBirthInteger"]) for one in found] == [("RXX.770001", 1), ("RXX.770002", 2)]


def test_the_message_is_kept_as_it_was_sent_whatever_framed_it():
    bare, other = sample("a28_registered.hl7").rstrip(b"\r"), sample("a04_emergency.hl7").rstrip(b"\r")

    framed = [one for one in read(sample("two_mllp_frames.hl7")) if one["resourceType"] == "Binary"]
    batched = [one for one in read(sample("batch_of_twins.hl7")) if one["resourceType"] == "Binary"]

    assert [base64.b64decode(one["data"]) for one in framed] == [bare, other]
    assert framed[0] == only("Binary", bare)
    assert framed[0]["contentType"] == "x-application/hl7-v2+er7"
    assert framed[0]["securityContext"] == {"reference": "Patient/RXX.4471882"}
    assert (
        base64.b64decode(batched[1]["data"]).split(b"\r\n")[0].endswith(b"|RXX5002|P|2.4|||AL|NE|GBR|UNICODE UTF-8|EN")
    )
    assert base64.b64decode(batched[1]["data"]).endswith(b"|Y|2")


def test_two_messages_with_one_control_id_are_both_kept():
    one, two = adt("A31", about(8, "M")), adt("A31", about(8, "F"))

    assert only("Binary", one)["id"] != only("Binary", two)["id"]


@pytest.mark.parametrize("name", ADT)
def test_the_same_message_always_gives_the_same_bytes_however_its_lines_end(name):
    content = sample(name)

    once = [one.content for one in hl7v2.entries("x", content)]
    again = [one.content for one in hl7v2.entries("y", content)]
    with_newlines = read(content.replace(b"\r", b"\n"))

    assert once == again
    assert [one["id"] for one in with_newlines[:-1]] == [json.loads(one)["id"] for one in once[:-1]]


@pytest.mark.parametrize("name", ADT + ["batch_of_twins.hl7", "two_mllp_frames.hl7"])
def test_what_comes_of_a_message_is_sound_fhir(name):
    problems = [structure.check(one.content)[1] for one in hl7v2.entries("x", sample(name))]

    assert problems == [[]] * len(problems)


@pytest.mark.parametrize(
    ("pid1", "pid2"),
    [
        ("7^^^A", "7^^^B"),
        ("C^^^A.B", "B.C^^^A"),
        ("B/7^^^A", "B7^^^A"),
        ("a7", "A7"),
        ("9990001014^^^NHS", "9990001022^^^NHS"),
    ],
)
def test_two_patients_never_share_an_id(pid1, pid2):
    assert only("Patient", adt("A31", about(3, pid1)))["id"] != only("Patient", adt("A31", about(3, pid2)))["id"]


def test_the_id_is_the_senders_own_number_and_never_the_nhs_number():
    ids = {
        said: only("Patient", adt("A31", about(3, said)))["id"]
        for said in (
            "V1^^^^VN~7^^^R^MR",
            "9990001014^^^NHS~7^^^R",
            "8^^^X^PT~7^^^R^MR",
            "999 000 1014^^^NHS",
            "9990001014^^^^NH",
        )
    }

    assert [*ids.values()][:3] == ["R.7"] * 3
    assert [*ids.values()][3] == [*ids.values()][4]
    assert "9990001014" not in str(ids.values())


def test_an_nhs_number_is_kept_without_its_spaces_and_though_it_is_wrong():
    patient = only("Patient", adt("A31", about(3, "7^^^R~999 000 1015^^^NHS^NH")))

    assert patient["identifier"][1] == {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001015"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026", "2026"),
        ("202611", "2026-11"),
        ("20261102", "2026-11-02"),
        ("2026110218", "2026-11-02T18:00:00+00:00"),
        ("202607021840", "2026-07-02T18:40:00+01:00"),
        ("20260702184012.1234", "2026-07-02T18:40:12.1234+01:00"),
        ("20260702184012+0200", "2026-07-02T18:40:12+02:00"),
        ("20260702184012-0500", "2026-07-02T18:40:12-05:00"),
        # the clocks go forward at 1:00 on 29 March 2026 and back at 2:00 on 25 October
        ("202603290059", "2026-03-29T00:59:00+00:00"),
        ("202603290130", "2026-03-29T01:30:00+00:00"),
        ("202603290200", "2026-03-29T02:00:00+01:00"),
        ("202610250059", "2026-10-25T00:59:00+01:00"),
        ("202610250130", "2026-10-25T01:30:00+01:00"),
        ("202610250200", "2026-10-25T02:00:00+00:00"),
        ("194706150900", "1947-06-15T09:00:00+02:00"),
        ("20261102184012^D", "2026-11-02"),
    ],
)
def test_a_time_keeps_its_precision_and_has_the_offset_of_its_day(sent, kept):
    assert only("Patient", adt("A31", about(29, sent)))["deceasedDateTime"] == kept


@pytest.mark.parametrize("sent", ["20261302", "20260230", "202611021", "yesterday", "00000000", "١٩٦٠٠١٠١"])
def test_a_birth_date_that_cannot_be_read_is_marked_and_not_guessed(sent):
    patient = only("Patient", adt("A31", about(7, sent)))

    absent = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "error"}
    assert patient["_birthDate"] == {"extension": [absent]}
    assert "birthDate" not in patient


def test_it_is_dated_by_when_it_was_recorded_else_by_when_it_was_sent():
    recorded = adt("A31", PID)
    unrecorded = recorded.replace("EVN|A31|20261102184012", "EVN|A31|")

    assert only("Patient", recorded)["meta"]["lastUpdated"] == "2026-11-02T18:40:12+00:00"
    assert only("Patient", unrecorded)["meta"]["lastUpdated"] == "2026-11-02T18:45:00+00:00"


def test_letters_are_read_in_the_character_set_that_the_message_names():
    patient = only("Patient", sample("a08_windows_letters.hl7"))

    assert (patient["name"][0]["family"], patient["name"][0]["given"]) == ("PRETENDÉ", ["ZOË"])
    assert patient["address"][0]["line"] == ["1 FAÇADE O\u2019CLOCK"]


def test_escapes_stand_for_what_they_stand_for():
    text = r"A\F\B\S\C\T\D\R\E\E\F\X4A4B\G\H\big\N\\.br\H \Zown\ C:\temp"

    patient = only("Patient", adt("A31", about(5, text)))

    assert patient["name"][0]["family"] == "A|B^C&D~E\\FJKGbig\nH \\Zown\\ C:\\temp"


def test_a_value_sent_as_deleted_is_left_out():
    patient = only("Patient", adt("A31", 'PID|1||7^^^R||SHAM^""^A||""|F|||""||""'))

    assert patient["name"] == [{"use": "official", "family": "SHAM", "given": ["A"]}]
    assert sorted(patient) == ["active", "gender", "id", "identifier", "meta", "name", "resourceType"]


def test_other_separators_than_the_usual_are_read():
    usual = adt("A31", "PID|1||7^^^R^MR~8^^^S||SHAM^TED")

    other = only("Patient", usual.translate(str.maketrans("|^~\\&", "$*!/;")))

    assert other["identifier"] == only("Patient", usual)["identifier"]
    assert other["name"] == only("Patient", usual)["name"]


@pytest.mark.parametrize(
    "message", [sample("a08_restricted.hl7").decode(), adt("A08", PID, "PV1|1|I" + "|" * 14 + "VIP|||V1")]
)
def test_who_is_protected_or_in_the_public_eye_is_restricted_in_every_resource(message):
    labels = [one["meta"]["security"][0]["code"] for one in read(message)]

    assert labels == ["R"] * len(labels)


def test_a_message_of_a_test_system_is_marked_as_a_test():
    found = read(adt("A31", PID).replace("|7|P|", "|7|T|"))

    assert [one["meta"]["security"][0]["code"] for one in found] == ["HTEST", "HTEST"]


def test_what_is_neither_protected_nor_a_test_carries_no_label():
    assert ["security" in one["meta"] for one in read(sample("a01_admitted.hl7"))] == [False] * 8


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (sample("oru_r01_result.hl7"), "It is a message of the type ORU^R01, which is not taken in."),
        (adt("A60", PID), "It is a message of the type ADT^A60, which is not taken in."),
        (adt("", PID), "It is a message of the type ADT, which is not taken in."),
        (adt("MRS SMITH", PID), "It is a message of the type that MSH-9 names (or none), which is not taken in."),
        (adt("A01"), "It has no PID segment, or more than one: it must be about one patient."),
        (adt("A01", PID, PID), "It has no PID segment, or more than one: it must be about one patient."),
        (adt("A31", "PID|1||^^^R||SMITH"), "PID-3 holds no number for the patient."),
        (adt("A31", 'PID|1||""||SMITH'), "PID-3 holds no number for the patient."),
        (adt("A31", "PID|1||V1^^^R^VN||SMITH"), "PID-3 holds no number for the patient."),
        (adt("A40", PID), "It merges patients, but has no PID segment with an MRG segment after it."),
        (adt("A40", PID, "MRG|^^^R"), "MRG-1 holds no number for the patient."),
        (
            adt("A40", PID, "MRG|900^^^RXX"),
            "It merges a patient into itself: PID-3 and MRG-1 hold the same number.",
        ),
        (adt("A31", PID).replace("|2.4", "|3.0"), "MSH-12 does not name a version of HL7 v2 (2.1 to 2.9)."),
        (adt("A31", PID).replace("|2.4", ""), "MSH-12 does not name a version of HL7 v2 (2.1 to 2.9)."),
        ("MSH|", "MSH-1 and MSH-2 do not name the separators of the message."),
        ("MSH|^~|x", "MSH-1 and MSH-2 do not name the separators of the message."),
        ("MSH|^^~&|x", "MSH-1 and MSH-2 do not name the separators of the message."),
        (adt("A31", PID, "mrs smith fell"), "A line after PID does not start with the name of a segment."),
        (adt("A31", PID + "\x00"), "The message holds a NUL character."),
        (
            adt("A31", PID).encode() + b"ZZZ|\xe9\r",
            "The message is not in the character set that MSH-18 names (or UTF-8).",
        ),
        (
            adt("A31", PID).replace("|2.4", "|2.4||||||ISO IR87"),
            "MSH-18 names a character set that is not read: send UNICODE UTF-8 or 8859/1.",
        ),
    ],
)
def test_a_message_that_cannot_be_taken_in_is_kept_whole_with_its_reason(message, reason):
    assert refused(message) == reason


def test_what_stands_before_the_first_message_is_told_and_the_message_is_read():
    found = list(hl7v2.entries("x", b"PID|1||7\r" + adt("A31", PID).encode()))

    reason = "There is no MSH segment before the first line: it is not an HL7 v2 message."
    assert found[0] == Unreadable("x", b"PID|1||7\r", reason)
    assert [one.place for one in found[1:]] == ["x message 1, Patient", "x message 1, Binary"]


def test_a_bad_message_in_a_file_does_not_take_the_others_with_it():
    good = adt("A31", PID).encode()

    found = list(hl7v2.entries("x", good + sample("oru_r01_result.hl7") + good))

    assert [one.place for one in found] == [
        "x message 1, Patient",
        "x message 1, Binary",
        "x message 2",
        "x message 3, Patient",
        "x message 3, Binary",
    ]


# hl7apy, an independent parser, is the judge


def theirs(segment) -> list[tuple[str, list[str]]]:
    """Each repetition of each field of a segment as hl7apy reads it: its name and its components as sent."""
    found = []
    for field in segment.children:
        components: list[str] = []
        for component in field.children:
            at = int(component.name.rsplit("_", 1)[1]) if component.name[-1].isdigit() else 1
            components += [""] * (at - len(components) - 1) + [component.to_er7()]
        found.append((field.name, _without_empty_ends(components)))
    return [one for one in found if any(one[1])]


def ours(segment: Segment, first: int = 1) -> list[tuple[str, list[str]]]:
    found = []
    for number in range(first, len(segment.fields)):
        for repetition in segment.repeats(number):
            parts = _without_empty_ends(repetition.raw.split(segment.marks.component))
            found.append((f"{segment.name}_{number}", parts))
    return [one for one in found if any(one[1])]


def _without_empty_ends(parts: list[str]) -> list[str]:
    return "^".join(part.rstrip("&") for part in parts).rstrip("^").split("^") if any(parts) else []


@pytest.mark.parametrize("name", ADT + ["oru_r01_result.hl7"])
def test_our_parser_reads_the_samples_as_hl7apy_does(name):
    content = sample(name)
    text = content.decode("cp1252" if "windows" in name else "utf-8")

    judge = parse_message(text, validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=False)

    message = parse(content)
    assert [one.name for one in message.segments] == [one.name for one in judge.children]
    assert [ours(one) for one in message.segments[1:]] == [theirs(one) for one in judge.children[1:]]
    assert ours(message.header, 3) == [one for one in theirs(judge.msh) if one[0] not in ("MSH_1", "MSH_2")]


LETTERS = st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_characters='"\x7f\x85\xa0')
VALUES = st.text(LETTERS, min_size=1, max_size=8)
# hl7apy takes "&" in a component for its own mark
NO_PARTS = VALUES.filter(lambda text: "&" not in text)


@settings(max_examples=40, deadline=None)
@given(family=VALUES, own=VALUES, given_name=NO_PARTS, street=VALUES, number=NO_PARTS)
def test_what_hl7apy_writes_with_its_escapes_we_read_as_it_was(family, own, given_name, street, number):
    segment = TheirSegment("PID", version="2.4", validation_level=VALIDATION_LEVEL.TOLERANT)
    name, place, identifier = (segment.add_field(f"pid_{at}") for at in (5, 11, 3))
    name.xpn_1.fn_1, name.xpn_1.fn_3, name.xpn_2 = family, own, given_name
    place.xad_1.sad_1, identifier.cx_1 = street, number

    message = parse((HEADER.format(event="A31") + segment.to_er7()).encode())

    pid = message.only("PID")
    assert pid.first(5).texts[:2] == [family, given_name]
    assert pid.first(5).sub(1, 3) == own
    assert pid.first(11).text(1) == street
    assert pid.first(3).text(1) == number


ER7 = st.text(st.sampled_from("AZ9é|^~&"), max_size=40)


@settings(max_examples=60, deadline=None)
@given(ER7)
def test_any_segment_falls_into_the_same_parts_as_with_hl7apy(text):
    judge = parse_segment("PID|" + text[:25], version="2.4", validation_level=VALIDATION_LEVEL.TOLERANT)

    ours_read = ours(Segment("PID", ("PID|" + text[:25]).split("|"), Marks()))

    assert ours_read == theirs(judge)


@given(st.data())
def test_whatever_is_sent_is_read_or_refused_and_never_raises(data):
    content = bytearray(sample(data.draw(st.sampled_from(ADT))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"|", b"^", b"~", b"\\", b"&", b"\r", b'""', b"\xff", b"MSH|", b"PID", b"9", b"\x00", b""])
        )

    found = list(hl7v2.entries("x", bytes(content)))

    assert len(found) > 0
    assert [structure.check(one.content)[1] for one in found if isinstance(one, Entry)] == [[]] * sum(
        isinstance(one, Entry) for one in found
    )


def test_a_component_beyond_the_last_is_empty():
    field = Field("A^B&C", Marks())

    assert (field.text(2), field.text(9), field.sub(2, 2), field.sub(9, 1), field.sub(1, 2)) == ("B", "", "C", "", "")
