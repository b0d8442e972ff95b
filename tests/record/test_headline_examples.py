"""Nobody's file stops the reading: HL7's, UK Core's and Synthea's examples, whole and in pieces."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.record.headlines import (
    allergy_statement,
    communication_lines,
    detail,
    headline,
    patient_columns,
    patient_contacts,
    trend_key,
)
from locality.record.intake.fhir_xml import to_json
from locality.record.intake.structure import check
from tests.intake.examples import files, one_of_each_type


def resources(archive: str) -> list[dict]:
    contents = files(archive).values()
    read = [check(one if one.lstrip()[:1] == b"{" else to_json(one))[0] for one in contents if one.strip()]
    return [each for one in read for each in opened(one)]


def opened(resource: dict) -> list[dict]:
    inside = [one["resource"] for one in resource.get("entry", []) if isinstance(one.get("resource"), dict)]
    return [resource, *(each for one in inside for each in opened(one))] if resource else []


def read_all_of(resource: dict) -> str:
    line = headline(resource)
    shown = detail(resource)
    allergy_statement(resource)
    trend_key(line)
    if line.type == "Patient":
        patient_columns(resource)
        communication_lines(resource)
        patient_contacts(resource)
    assert all(label and words for label, words in shown.lines)
    return line.title


@pytest.mark.parametrize(
    ("archive", "at_least"),
    [("fhir_r4_examples/instances", 668), ("fhir_r4_examples/bundles", 300), ("ukcore/examples", 140)],
)
def test_every_example_of_others_has_a_line_and_a_detail(archive, at_least):
    titles = [read_all_of(one) for one in resources(archive)]

    assert len(titles) >= at_least
    assert "" not in titles


def test_every_synthea_resource_about_a_person_names_that_person():
    of_people = {"Observation", "Condition", "Encounter", "MedicationRequest", "Immunization", "Claim", "CarePlan"}

    nobodys = [
        one["resourceType"]
        for one in resources("synthea/bundles")
        if one["resourceType"] in of_people and not headline(one).patient
    ]

    assert nobodys == []


def without_each(element: object) -> Iterator[object]:
    """The same with one thing less, wherever in it that thing stands."""
    if isinstance(element, dict):
        for name in element.keys() - {"resourceType"}:
            yield {key: value for key, value in element.items() if key != name}
            yield from ({**element, name: less} for less in without_each(element[name]))
    elif isinstance(element, list) and element:
        yield element[1:]
        yield from ([less, *element[1:]] for less in without_each(element[0]))


@pytest.mark.parametrize("resource", one_of_each_type(), ids=lambda one: one["resourceType"])
def test_an_absent_part_never_stops_the_reading(resource):
    titles = [read_all_of(one) for one in without_each(resource)]

    assert len(titles) > 2
    assert "" not in titles


DATES = st.one_of(st.text(max_size=30), st.from_regex(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?)?)?"))


@given(text=DATES)
def test_no_date_however_odd_stops_the_reading(text):
    line = headline({"resourceType": "Observation", "effectiveDateTime": text, "valueDateTime": text})

    assert line.happened_text == text
