import json
from collections import Counter
from time import process_time

import fhirkit
import jsonschema_rs
import msgspec
import pytest

from locality.record.intake import r4
from locality.record.intake.entry import Entry
from locality.record.intake.fhir_bundle import entries
from locality.record.intake.r4.problems import problems
from locality.record.intake.r4.schema import schema
from locality.record.intake.structure import check

from .examples import files, one_of_each_type, spoiled

OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "Weight"}}
PATIENT = {"resourceType": "Patient"}


UNREAD_IN_HL7S_BUNDLES = {
    "The Bundle has no entries, so it holds nothing to keep.": 7,
    "The entry holds only a response, no resource.": 7,
    "The entry's request neither sends nor deletes anything: only PUT, POST and DELETE are received.": 11,
}


def wrong_with(resource: object) -> list[str]:
    return check(json.dumps(resource).encode())[1]


def test_every_example_of_hl7_passes_but_one_whose_questions_lack_their_link_id():
    examples = files("fhir_r4_examples/instances") | files("fhir_r4_examples/bundles")

    refused = {name: found for name, content in examples.items() if (found := check(content)[1])}

    assert len(examples) == 700
    assert refused == {
        "Questionnaire-qs1.json": [
            "Questionnaire.item[0].item[0].linkId is missing.",
            *(f"Questionnaire.item[0].item[{number}].item[0].linkId is missing." for number in (1, 2, 3, 4)),
        ]
    }


def test_every_resource_in_hl7s_bundles_is_sound_by_itself():
    found = [one for name, content in files("fhir_r4_examples/bundles").items() for one in entries(name, content)]

    unread = Counter(one.reason for one in found if not isinstance(one, Entry))
    refused = [one.place for one in found if isinstance(one, Entry) and one.verb != "DELETE" and check(one.content)[1]]
    assert refused == []
    assert unread == UNREAD_IN_HL7S_BUNDLES


def test_every_synthea_resource_passes():
    found = [one for name, content in files("synthea/bundles").items() for one in entries(name, content)]

    refused = [one.place for one in found if check(one.content)[1]]

    assert len(found) == 5134
    assert refused == []


@pytest.mark.parametrize(
    ("resource", "sentences"),
    [
        ({}, ["There is no resourceType, so this is not a FHIR resource."]),
        ({"resourceType": "Foo"}, ["The resource type Foo is not one of FHIR R4."]),
        ({"resourceType": "Betty Marsh, 1942"}, ["The resource type given is not one of FHIR R4."]),
        ({"resourceType": 5}, ["The resource type given is not one of FHIR R4."]),
        ({"resourceType": ["Patient"]}, ["The resource type given is not one of FHIR R4."]),
        ([PATIENT], ["This is JSON, but not an object: a FHIR resource is an object with a resourceType."]),
        ({"resourceType": "Observation"}, ["Observation.status is missing.", "Observation.code is missing."]),
        (PATIENT | {"gender": "x"}, ["Patient.gender 'x' is not one of female, male, other, unknown."]),
        (PATIENT | {"gender": "Betty Marsh"}, ["Patient.gender is not one of female, male, other, unknown."]),
        (PATIENT | {"gender": 1}, ["Patient.gender is not one of female, male, other, unknown."]),
        (PATIENT | {"nhsNumber": "9000000009"}, ["Patient.nhsNumber is not in FHIR R4."]),
        (PATIENT | {"Betty Marsh": 1}, ["Patient holds a name that is not in FHIR R4."]),
        (PATIENT | {"name": {"family": "Marsh"}}, ["Patient.name must be a list."]),
        (PATIENT | {"name": ["Betty"]}, ["Patient.name[0] is not an object."]),
        (PATIENT | {"name": [{"given": "Betty"}]}, ["Patient.name[0].given must be a list."]),
        (PATIENT | {"name": [{"given": [""]}]}, ["Patient.name[0].given[0] is empty."]),
        (PATIENT | {"name": [{"given": ["Betty", None]}]}, ["Patient.name[0].given[1] is empty."]),
        (PATIENT | {"birthDate": None}, ["Patient.birthDate is empty."]),
        (PATIENT | {"birthDate": ["1942"]}, ["Patient.birthDate may not be a list."]),
        (PATIENT | {"_birthDate": "x"}, ["Patient._birthDate is not an object."]),
        (PATIENT | {"_name": {}}, ["Patient._name is not in FHIR R4."]),
        (PATIENT | {"_id": {"id": "a"}}, ["Patient._id is not in FHIR R4."]),
        (PATIENT | {"active": "true"}, ["Patient.active is not true or false."]),
        (PATIENT | {"id": "a b"}, ["Patient.id is not an id (1 to 64 letters, digits, '-' and '.')."]),
        (
            PATIENT | {"multipleBirthInteger": 1.5},
            ["Patient.multipleBirthInteger is not a whole number in FHIR's range."],
        ),
        (
            PATIENT | {"multipleBirthInteger": 2**31},
            ["Patient.multipleBirthInteger is not a whole number in FHIR's range."],
        ),
        (
            PATIENT | {"deceasedBoolean": True, "deceasedDateTime": "2020"},
            ["Patient.deceased[x] is given more than once, as deceasedBoolean and deceasedDateTime."],
        ),
        (
            PATIENT | {"extension": [{"url": "a", "valueString": "b", "_valueCode": {"id": "c"}}]},
            ["Patient.extension[0].value[x] is given more than once, as valueCode and valueString."],
        ),
        (PATIENT | {"extension": [{"valueString": "b"}]}, ["Patient.extension[0].url is missing."]),
        (PATIENT | {"link": [{"type": "seealso"}]}, ["Patient.link[0].other is missing."]),
        ({"resourceType": "CarePlan"}, [f"CarePlan.{name} is missing." for name in ("status", "intent", "subject")]),
        (
            {"resourceType": "MedicationStatement", "status": "active", "subject": {}},
            ["MedicationStatement.medication[x] is missing."],
        ),
        (
            {"resourceType": "CapabilityStatement"} | dict.fromkeys(("status", "kind"), "x"),
            [
                "CapabilityStatement.status 'x' is not one of active, draft, retired, unknown.",
                "CapabilityStatement.date is missing.",
                "CapabilityStatement.kind 'x' is not one of capability, instance, requirements.",
                "CapabilityStatement.fhirVersion is missing.",
                "CapabilityStatement.format is missing.",
            ],
        ),
        (
            PATIENT | {"contained": [{"resourceType": "Flag"}]},
            [f"Patient.contained[0].{name} is missing." for name in ("status", "code", "subject")],
        ),
        (PATIENT | {"contained": [5]}, ["Patient.contained[0] is not a resource."]),
        (
            PATIENT | {"contained": [{"resourceType": "Foo"}]},
            ["Patient.contained[0]: The resource type Foo is not one of FHIR R4."],
        ),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "a", "resource": OBSERVATION | {"status": "x"}}]},
            [
                "Parameters.parameter[0].resource.status 'x' is not one of amended, cancelled, corrected, "
                "entered-in-error, final, preliminary, registered, unknown."
            ],
        ),
        (
            OBSERVATION | {"valueQuantity": {"value": "5"}, "component": [{}]},
            ["Observation.valueQuantity.value is not a number.", "Observation.component[0].code is missing."],
        ),
    ],
    ids=str,
)
def test_a_problem_is_told_with_its_place_and_no_value_but_a_short_code(resource, sentences):
    assert wrong_with(resource) == sentences


@pytest.mark.parametrize(
    "resource",
    [
        PATIENT,
        PATIENT | {"_birthDate": {"extension": [{"url": "a", "valueDateTime": "1942-03-01T10:00:00+01:00"}]}},
        PATIENT | {"name": [{"given": ["Betty", None], "_given": [None, {"id": "a"}]}]},
        PATIENT | {"name": [{"_given": [{"extension": [{"url": "a"}]}]}]},
        PATIENT | {"photo": [], "name": [{}]},
        PATIENT | {"modifierExtension": [{"url": "a", "extension": [{"url": "b", "valueDecimal": 1}]}]},
        PATIENT | {"contained": [{"resourceType": "Organization", "name": "A practice\u00a0in Bury"}]},
        {"resourceType": "Observation", "_status": {"extension": [{"url": "a"}]}, "code": {}},
        OBSERVATION | {"effectiveDateTime": "2020-02-29T23:59:60.5Z"},
        OBSERVATION | {"valueQuantity": {"value": 72.50, "unit": "kg"}},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT}]},
    ],
    ids=str,
)
def test_what_fhir_allows_passes(resource):
    assert wrong_with(resource) == []


DATE = "Patient.birthDate is not a date (YYYY, YYYY-MM or YYYY-MM-DD, and a day that exists)."


@pytest.mark.parametrize(
    "text",
    ["2020-13-45", "2023-02-29", "1900-02-29", "2020-04-31", "0000", "20200101", "1/2/2020", "2020-1-1", "2020-01-01 "],
)
def test_a_day_that_does_not_exist_is_refused(text):
    assert wrong_with(PATIENT | {"birthDate": text}) == [DATE]


@pytest.mark.parametrize("text", ["2020", "2020-12", "2024-02-29", "2000-02-29", "2020-04-30", "0001-01-01"])
def test_a_day_or_part_of_a_date_that_exists_passes(text):
    assert wrong_with(PATIENT | {"birthDate": text}) == []


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-01T10:00:00",
        "2020-01-01T10:00Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T10:00:00+0100",
        "2023-02-29T10:00:00Z",
    ],
)
def test_a_time_without_seconds_or_zone_is_refused(text):
    assert wrong_with(OBSERVATION | {"effectiveDateTime": text}) == [
        "Observation.effectiveDateTime is not a date, or a date and time with seconds and time zone."
    ]


def test_at_most_five_problems_are_told():
    assert len(wrong_with(PATIENT | {f"wrong{number}": 1 for number in range(9)})) == 5


def test_what_is_not_strict_json_is_a_problem_and_no_resource():
    assert check(b'{"resourceType": "Patient", "active": NaN}') == (
        {},
        ["NaN and Infinity are not numbers in JSON (line 1 column 39)."],
    )


def test_the_resource_comes_back_with_its_decimals_digit_for_digit():
    resource, found = check(json.dumps(OBSERVATION)[:-1].encode() + b', "valueQuantity": {"value": 72.50}}')

    assert found == []
    assert str(resource["valueQuantity"]["value"]) == "72.50"


def test_a_hundred_resources_inside_each_other_are_refused_without_harm():
    content = b'{"resourceType":"Patient","contained":[' * 5000 + b"]}" * 5000

    assert check(content) == ({}, ["The JSON is nested more than 200 levels deep (line 1 column 3917)."])


@pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.prove)])
def test_the_fast_schema_and_the_plain_reading_of_the_table_agree_on_spoiled_resources(every):
    differ = []
    for resource in one_of_each_type():
        fast = jsonschema_rs.Draft202012Validator(schema(resource["resourceType"]))
        for what, place, changed in spoiled(resource, every=every):
            # What is inside an inline resource is not said by the schema.
            if not {"resource", "contained", "outcome"} & set(place):
                plain = not any(problems(changed))
                differ += [(resource["resourceType"], what, place)] if fast.is_valid(changed) != plain else []

    assert differ == []


@pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.prove)])
def test_an_independent_reader_agrees_on_spoiled_resources_but_for_three_known_reasons(every):
    """The other reader is fhirkit. It knows neither required codes nor the form of ids and of extension urls.

    It refuses an empty list, which FHIR forbids and HL7's own schema allows: it says the same as no list, so a
    person's record is not refused for it.
    """
    differ = Counter()
    for resource in one_of_each_type():
        for what, _, changed in spoiled(resource, every=every):
            content = msgspec.json.encode(changed)
            ours, theirs = check(content)[1], errors_of_fhirkit(content)
            if bool(ours) != bool(theirs):
                differ[what, reason(ours, theirs)] += 1

    assert set(differ) == {
        ("a text", "fhirkit does not know the codes"),
        ("a text", FORM),
        ("an empty list", "we let an empty list pass"),
    }


FORM = "fhirkit does not know the form of ids and of extension urls"


def errors_of_fhirkit(content: bytes) -> list[str]:
    try:
        return [one.message for one in fhirkit.validate(content) if one.severity == "error"]
    except fhirkit.ParseError as error:
        return [str(error)]


def reason(ours: list[str], theirs: list[str]) -> str:
    if ours and all(" is not one of " in one for one in ours):
        return "fhirkit does not know the codes"
    if ours and all(" is not an id " in one or ".url is not a URI" in one for one in ours):
        return FORM
    if theirs and all("an empty array is not allowed" in one for one in theirs):
        return "we let an empty list pass"
    return f"unknown: {ours} {theirs}"


def test_the_table_knows_the_types_that_the_independent_reader_knows():
    assert r4.resources() == set(fhirkit.RESOURCE_TYPES)


@pytest.mark.prove
def test_a_resource_is_checked_in_well_under_a_tenth_of_a_millisecond():
    sent = [one.content for name, content in files("synthea/bundles").items() for one in entries(name, content)]
    for content in sent:
        check(content)

    start = process_time()
    for content in sent:
        check(content)

    assert (process_time() - start) / len(sent) < 100e-6
