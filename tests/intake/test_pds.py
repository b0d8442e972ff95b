"""What the Personal Demographics Service answers, by its own examples. https://digital.nhs.uk/developer/api-catalogue"""

import json
from pathlib import Path

import pytest

from locality.base import Refused
from locality.record.intake.pds import PdsAnswer, Standing, read_answer

FOLDER = Path(__file__).parents[1] / "data" / "pds"
# as the service's own tests have it: this record was merged into the one that superseding.json shows
SUPERSEDED, SUPERSEDING = "5900053636", "9732019395"


def example(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def answered(asked: str, name: str, *, status: int = 200) -> PdsAnswer:
    return read_answer(asked=asked, status=status, body=example(name))


def changed(name: str, **other) -> bytes:
    return json.dumps(json.loads(example(name)) | other).encode()


def test_a_number_that_is_right_is_answered_with_its_patient():
    answer = answered("900 000 0009", "patient")

    assert (answer.asked, answer.standing, answer.now, answer.restricted) == (
        "9000000009",
        Standing.CURRENT,
        "9000000009",
        False,
    )
    assert answer.patient is not None
    assert (answer.patient.family, answer.patient.postcode, answer.patient.practice) == ("Smith", "LS1 6AE", "Y12345")


def test_a_superseded_number_is_answered_with_another():
    answer = answered(SUPERSEDED, "superseding")

    assert (answer.standing, answer.asked, answer.now) == (Standing.SUPERSEDED, SUPERSEDED, SUPERSEDING)


def test_a_link_to_the_patient_who_took_its_place_says_the_same():
    link = [{"other": {"reference": f"Patient/{SUPERSEDING}"}, "type": "replaced-by"}]

    answer = read_answer(asked="9000000033", status=200, body=changed("minimal", link=link))

    assert (answer.standing, answer.now) == (Standing.SUPERSEDED, SUPERSEDING)


def test_of_a_restricted_patient_the_address_is_protected():
    answer = answered("9000000025", "restricted")

    assert (answer.standing, answer.restricted) == (Standing.CURRENT, True)
    assert answer.patient is not None
    assert (answer.patient.address_lines, answer.patient.postcode, answer.patient.phone) == ([], "", "")


@pytest.mark.parametrize(("code", "restricted"), [("U", False), ("R", True), ("V", True)])
def test_what_the_security_label_means(code, restricted):
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": code}

    answer = read_answer(asked="9000000033", status=200, body=changed("minimal", meta={"security": [label]}))

    assert answer.restricted is restricted


def test_a_redacted_record_is_void_and_not_read():
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "REDACTED"}

    answer = read_answer(asked="9000000009", status=200, body=changed("patient", meta={"security": [label]}))

    assert answer == PdsAnswer(asked="9000000009", standing=Standing.VOID)


def test_a_patient_of_whom_little_is_known_is_read():
    answer = answered("9000000033", "minimal")

    assert (answer.standing, answer.now) == (Standing.CURRENT, "9000000033")


@pytest.mark.parametrize(("name", "standing"), [("invalidated", Standing.VOID), ("not_found", Standing.UNKNOWN)])
def test_what_was_not_found_is_void_or_unknown(name, standing):
    assert answered("9000000009", name, status=404) == PdsAnswer(asked="9000000009", standing=standing)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, example("denied"), r"did not answer \(403, ACCESS_DENIED\)"),
        (503, example("invalidated"), "did not answer"),
        (404, b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}', "no reason"),
        (200, example("invalidated"), "did not answer"),
        (200, b"<html>", "cannot be read"),
        (200, b"", "cannot be read"),
        (200, b"[]", "cannot be read"),
        (200, b'{"resourceType": "Patient", "link": "9000000009"}', "cannot be read"),
        (200, b'{"resourceType": "Patient"}', "no valid NHS number"),
        (200, changed("minimal", id="9000000034"), "no valid NHS number"),
        (200, changed("minimal", id="9000000009"), "no valid NHS number"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(status, body, words):
    with pytest.raises(Refused, match=words):
        read_answer(asked="9000000009", status=status, body=body)
