"""The line of any resource: its panel, who may see it, what makes it the same fact."""

from decimal import Decimal

import pytest

from locality.record.headlines import State, Topic, headline
from locality.record.headlines.reading import LINES
from locality.record.headlines.subject import SUBJECT_OF
from locality.record.intake import r4

HERS = {"reference": "Patient/1"}
SNOMED = "http://snomed.info/sct"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def observation(title: str, **more) -> dict:
    return {"resourceType": "Observation", "status": "final", "code": {"text": title}, "subject": HERS, **more}


def problem(title: str, **more) -> dict:
    active = {"coding": [{"code": "active"}]}
    return {
        "resourceType": "Condition", "code": {"text": title}, "clinicalStatus": active, "subject": HERS, **more,
    }  # fmt: skip


def coded(code: str, display: str = "", system: str = SNOMED) -> dict:
    return {"coding": [{"system": system, "code": code, "display": display}]}


@pytest.mark.parametrize("kind", sorted(r4.resources()))
def test_every_type_has_a_title_even_when_it_says_nothing_else(kind):
    line = headline({"resourceType": kind})

    assert line.title.strip() == line.title
    assert len(line.title) > 2


@pytest.mark.parametrize("kind", sorted(LINES))
def test_what_is_entered_in_error_is_wrong_in_every_type_that_can_say_so(kind):
    element = {"Goal": "lifecycleStatus", "AllergyIntolerance": "verificationStatus", "Condition": "verificationStatus"}
    written = coded("entered-in-error") if element.get(kind, "").startswith("ver") else "entered-in-error"
    says = r4.fields(kind).get(element.get(kind, "status"))

    line = headline({"resourceType": kind, element.get(kind, "status"): written})

    assert (line.state is State.WRONG) == (says is not None)


def test_a_resource_with_no_status_is_of_unknown_state():
    assert headline({"resourceType": "CarePlan", "subject": HERS}).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("resource", "topic", "data_class"),
    [
        ({"resourceType": "AllergyIntolerance"}, Topic.ALLERGY, "SUM"),
        ({"resourceType": "Condition"}, Topic.PROBLEM, "SUM"),
        ({"resourceType": "MedicationStatement"}, Topic.MEDICINE, "SUM"),
        ({"resourceType": "RelatedPerson"}, Topic.CONTACT, "SUM"),
        ({"resourceType": "Flag"}, Topic.ALERT, "SUM"),
        ({"resourceType": "Observation"}, Topic.OBSERVATION, "CLIN"),
        ({"resourceType": "DiagnosticReport"}, Topic.REPORT, "CLIN"),
        ({"resourceType": "DocumentReference"}, Topic.DOCUMENT, "CLIN"),
        ({"resourceType": "Immunization"}, Topic.IMMUNISATION, "CLIN"),
        ({"resourceType": "Procedure"}, Topic.PROCEDURE, "CLIN"),
        ({"resourceType": "Encounter", "status": "finished"}, Topic.ENCOUNTER, "CLIN"),
        ({"resourceType": "Encounter", "status": "planned"}, Topic.NEXT, "WORK"),
        ({"resourceType": "Appointment", "status": "booked"}, Topic.NEXT, "WORK"),
        ({"resourceType": "Appointment", "status": "fulfilled"}, Topic.ENCOUNTER, "CLIN"),
        ({"resourceType": "ServiceRequest"}, Topic.REFERRAL, "WORK"),
        ({"resourceType": "Task"}, Topic.TASK, "WORK"),
        ({"resourceType": "CarePlan"}, Topic.PLAN, "WORK"),
        ({"resourceType": "Goal"}, Topic.GOAL, "WORK"),
        ({"resourceType": "CareTeam"}, Topic.TEAM, "WORK"),
        ({"resourceType": "Consent"}, Topic.CONSENT, "CLIN"),
        ({"resourceType": "Claim"}, Topic.OTHER, "SOC"),
        ({"resourceType": "Patient"}, Topic.OTHER, "ID"),
        ({"resourceType": "BodyStructure"}, Topic.OTHER, "CLIN"),
        ({"resourceType": "Bundle"}, Topic.OTHER, "CLIN"),
        ({"resourceType": "Group"}, Topic.OTHER, "CLIN"),
        ({"resourceType": "Organization"}, Topic.REFERENCE, "WORK"),
        ({"resourceType": "Medication"}, Topic.REFERENCE, "WORK"),
    ],
    ids=lambda value: value.get("resourceType") if isinstance(value, dict) else str(value),
)
def test_each_type_has_its_panel_and_its_class(resource, topic, data_class):
    line = headline(resource)

    assert (line.topic, line.data_class) == (topic, data_class)


def test_every_type_that_may_be_about_a_person_is_closed_to_those_who_see_only_work():
    unlisted = [kind for kind in SUBJECT_OF if kind not in LINES]

    open_ones = [
        kind
        for kind in unlisted
        if headline({"resourceType": kind, **about(kind)}).data_class not in {"CLIN", "SOC", "ID", "SENS"}
    ]

    assert sorted(open_ones) == ["DeviceRequest", "NutritionOrder", "RequestGroup"]  # plans and requests: work


def about(kind: str) -> dict:
    """The elements that make a resource of this type about Patient/1."""
    made: object = HERS
    at = kind
    fields = []
    for step in SUBJECT_OF[kind].split("."):
        fields.append((step, r4.fields(at)[step].element.many))
        at = r4.fields(at)[step].kind
    for step, many in reversed(fields):
        made = {step: [made] if many else made}
    return made


@pytest.mark.parametrize("kind", sorted(SUBJECT_OF))
def test_a_resource_is_about_the_person_its_formal_subject_names(kind):
    assert headline({"resourceType": kind, **about(kind)}).patient == "Patient/1"


@pytest.mark.parametrize(
    ("words", "data_class"),
    [
        ("HIV infection", "SENS"),
        ("Human immunodeficiency virus infection", "SENS"),
        ("Termination of pregnancy", "SENS"),
        ("Victim of domestic abuse", "SENS"),
        ("Opioid dependence", "SENS"),
        ("Child protection plan", "SAFE"),
        ("Safeguarding concern", "SAFE"),
        ("Discussed at MARAC", "SAFE"),
        ("Asthma", "SUM"),
        ("Hives", "SUM"),
        ("Walking AIDS", "SUM"),
    ],
)
def test_matters_usually_held_back_are_known_by_their_words(words, data_class):
    assert headline(problem(words)).data_class == data_class


def test_a_code_usually_held_back_is_known_whatever_its_words():
    assert headline(problem("", code=coded("86406008", "see notes"))).data_class == "SENS"
    assert headline(problem("", code=coded("B20.1", "x", "http://hl7.org/fhir/sid/icd-10"))).data_class == "SENS"


def test_words_in_a_value_hold_back_but_move_to_no_other_panel():
    line = headline(observation("Finding", valueString="HIV positive, interpreter present"))

    assert (line.data_class, line.topic) == ("SENS", Topic.OBSERVATION)


@pytest.mark.parametrize("code", ["SEX", "STD", "HIV", "PSY", "ETH", "SDV"])
def test_a_senders_sensitivity_code_is_obeyed(code):
    line = headline(observation("Weight", meta={"security": [{"system": ACT, "code": code}]}))

    assert line.data_class == "SENS"


@pytest.mark.parametrize(
    ("security", "label"),
    [
        ([], "N"),
        ([{"system": CONFIDENTIALITY, "code": "U"}], "N"),
        ([{"system": CONFIDENTIALITY, "code": "R"}], "R"),
        ([{"system": CONFIDENTIALITY, "code": "R"}, {"system": CONFIDENTIALITY, "code": "V"}], "V"),
        ([{"system": CONFIDENTIALITY, "code": "V"}, {"system": CONFIDENTIALITY, "code": "N"}], "V"),
        ([{"code": "R"}], "R"),
        ([{"system": "http://example.org/colours", "code": "R"}], "N"),
    ],
)
def test_the_highest_confidentiality_wins(security, label):
    assert headline(observation("Weight", meta={"security": security})).label == label


def test_social_care_is_its_own_class():
    assessment = {"resourceType": "QuestionnaireResponse", "questionnaire": "https://x/Care-Act-assessment"}
    package = {"resourceType": "CarePlan", "title": "Package of care: four calls a day"}

    assert headline(assessment).data_class == "SOC"
    assert (headline(package).topic, headline(package).data_class) == (Topic.PACKAGE, "SOC")


def test_a_day_of_surgery_is_no_social_care_package():
    assert headline({"resourceType": "ServiceRequest", "code": {"text": "Day care surgery"}}).topic is Topic.REFERRAL


def test_an_unknown_modifier_is_told():
    line = headline(problem("Asthma", modifierExtension=[{"url": "http://x", "valueBoolean": True}]))
    inside = headline(observation("Peak flow", component=[{"modifierExtension": [{"url": "http://x"}]}]))

    assert line.caution == "Carries a modifier we do not know: read the original."
    assert inside.caution == "Carries a modifier we do not know: read the original."


def test_a_plain_resource_carries_no_caution():
    assert headline(observation("Weight")).caution == ""


def test_the_same_problem_from_two_senders_has_the_same_key_whenever_it_began():
    gp = headline(problem("COPD", code=coded("13645005", "Chronic obstructive lung disease"), onsetDateTime="2011"))
    trust = headline(problem("", code=coded("13645005", "COPD"), onsetDateTime="2019-03-04"))
    other = headline(problem("", code=coded("195967001", "Asthma"), onsetDateTime="2011"))

    assert gp.group_key == trust.group_key
    assert gp.group_key != other.group_key


def test_the_same_problem_in_words_alone_has_the_same_key_in_any_case_and_spacing():
    assert headline(problem("Type 2  diabetes")).group_key == headline(problem("type 2 Diabetes")).group_key


def test_two_results_of_one_day_are_two_facts_and_one_result_sent_twice_is_one():
    at_nine = observation("Pulse", effectiveDateTime="2026-11-03T09:00:00Z", valueQuantity={"value": 80})
    at_ten = observation("Pulse", effectiveDateTime="2026-11-03T10:00:00Z", valueQuantity={"value": 96})
    copied = observation("Pulse", effectiveDateTime="2026-11-03", valueQuantity={"value": 80})

    assert headline(at_nine).group_key == headline(copied).group_key
    assert headline(at_nine).group_key != headline(at_ten).group_key


def test_a_medicine_not_to_be_given_is_not_the_same_fact_as_one_given():
    given = {"resourceType": "MedicationRequest", "medicationCodeableConcept": coded("1", "Aspirin")}

    assert headline(given).group_key != headline({**given, "doNotPerform": True}).group_key


def test_long_words_are_shortened_in_the_line():
    line = headline(problem("word " * 400))

    assert len(line.title) < 310
    assert line.title.endswith("\u2026")


def test_words_that_hide_or_turn_their_letters_are_shown_plainly():
    assert headline(problem("Pen\u202eicillin\u200b  allergy\n")).title == "Penicillin allergy"


def test_a_bare_code_says_at_least_what_kind_of_thing_it_is():
    line = headline({"resourceType": "DiagnosticReport", "code": coded("47527-7", "", "http://loinc.org")})

    assert line.title == "Report: 47527-7"


def test_snomed_is_preferred_among_codings_and_text_among_words():
    code = {
        "text": "Sugar diabetes",
        "coding": [
            {"system": "http://hl7.org/fhir/sid/icd-10", "code": "E11.9", "display": "Type 2 diabetes"},
            {"system": SNOMED, "code": "44054006", "display": "Diabetes mellitus type 2 (disorder)"},
        ],
    }

    line = headline(problem("", code=code))

    assert (line.title, line.code, line.code_system) == ("Sugar diabetes", "44054006", SNOMED)


def test_the_tag_of_a_snomed_name_is_left_out_of_its_words():
    assert headline(problem("", code=coded("1", "Viral sinusitis (disorder)"))).title == "Viral sinusitis"
    assert headline(problem("", code=coded("1", "Paget disease (of bone)"))).title == "Paget disease (of bone)"
    assert headline(problem("213020009 | Allergy to egg protein")).title == "Allergy to egg protein"


def test_a_value_is_a_number_only_where_it_is_a_finite_one():
    assert headline(observation("x", valueQuantity={"value": Decimal("1.50")})).value_number == Decimal("1.50")
    assert headline(observation("x", valueQuantity={"value": Decimal("1e999")})).value_number is None
    assert headline(observation("x", valueQuantity={"value": 5, "comparator": "<"})).value_number is None


def test_a_practitioner_is_known_by_the_first_identifier_since_others_refer_by_it():
    line = headline(
        {
            "resourceType": "Practitioner",
            "id": "d1",
            "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "1234567"}],
            "name": [{"family": "Rahman"}],
        }
    )

    assert (line.topic, line.code, line.code_system) == (
        Topic.REFERENCE,
        "1234567",
        "https://fhir.hl7.org.uk/Id/gmc-number",
    )
