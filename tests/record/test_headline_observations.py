"""Measurements, results and scores."""

from decimal import Decimal

import pytest

from locality.record.headlines import Part, Topic, detail, headline, trend_key

SNOMED, LOINC, UCUM = "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org"
NEWS2 = "1104051000000101"


def coded(code: str, display: str = "", system: str = SNOMED) -> dict:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def quantity(value: object, unit: str = "", code: str = "") -> dict:
    sent = {"value": value, "unit": unit} | ({"code": code, "system": UCUM} if code else {})
    return {"valueQuantity": sent}


def observation(code: dict, **more) -> dict:
    return {"resourceType": "Observation", "status": "final", "code": code, **more}


def blood_pressure(upper: str, lower: str, systolic: dict, diastolic: dict) -> dict:
    parts = [
        {"code": systolic, **quantity(Decimal(upper), "mmHg", "mm[Hg]")},
        {"code": diastolic, **quantity(Decimal(lower), "mmHg", "mm[Hg]")},
    ]
    return observation(coded("75367002", "Blood pressure"), component=parts)


@pytest.mark.parametrize(
    ("systolic", "diastolic"),
    [
        (coded("271649006"), coded("271650006")),
        (coded("72313002"), coded("1091811000000102")),
        (coded("8480-6", "", LOINC), coded("8462-4", "", LOINC)),
    ],
)
def test_a_blood_pressure_reads_as_one(systolic, diastolic):
    line = headline(blood_pressure("128", "76", systolic, diastolic))

    assert (line.value, line.value_number, line.unit) == ("128/76 mmHg", Decimal(128), "mm[Hg]")
    assert trend_key(line) == "blood pressure"


def test_half_a_blood_pressure_is_not_a_whole_one():
    half = observation(
        coded("75367002", "Blood pressure"), component=[{"code": coded("8480-6", "Systolic"), **quantity(128, "mmHg")}]
    )

    assert (headline(half).value, headline(half).value_number) == ("Systolic 128 mmHg", None)


def test_a_news2_total_says_so_and_opens_to_its_parts():
    parts = [
        {"code": coded("1104351000000103", "Pulse score"), "valueInteger": 2},
        {"code": coded("1104371000000107", "Temperature score"), **quantity(3, "score", "{score}")},
    ]
    resource = observation(coded(NEWS2, "NEWS2 total score"), **quantity(5, "score", "{score}"), component=parts)

    line = headline(resource)

    assert (line.value, line.value_number, trend_key(line)) == ("NEWS2 total 5", Decimal(5), "NEWS2")
    assert detail(resource).parts == [Part("Pulse score", "2", ""), Part("Temperature score", "3", "")]


def test_a_news2_total_written_as_a_whole_number_is_the_same():
    assert headline(observation(coded(NEWS2, "NEWS2 score"), valueInteger=7)).value == "NEWS2 total 7"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (quantity(Decimal("72.50"), "kilogram", "kg"), "72.50 kg"),
        (quantity(95, "percent", "%"), "95%"),
        (quantity(Decimal("36.5"), "C", "Cel"), "36.5 °C"),
        (quantity(82, "beats/minute", "/min"), "82 per minute"),
        (quantity(18, "breaths", "{Breaths}/min"), "18 per minute"),
        (quantity(Decimal("4.1"), "mmol/L"), "4.1 mmol/L"),
        (quantity(Decimal("11.2"), "x", "10*9/L"), "11.2 x10⁹/L"),
        (quantity(1, "tablet", "{tbl}"), "1 tablet"),
        (quantity(3, ""), "3"),
        (quantity(Decimal("4.2849502194131045"), "mmol/L"), "4.28 mmol/L"),
        (quantity(Decimal("0.000412345678"), "g"), "0.0004123 g"),
        (quantity(Decimal("1E+3"), "g"), "1000 g"),
        (quantity(Decimal("12345678901234567890123456789.123456")), "12345678901234567890123456789.123456"),
        ({"valueQuantity": {"value": 5, "comparator": "<=", "unit": "mg/L"}}, "≤5 mg/L"),
        ({"valueQuantity": {"unit": "mg/L"}}, ""),
        ({"valueString": "  two\n lines "}, "two lines"),
        ({"valueBoolean": False}, "No"),
        ({"valueCodeableConcept": {"text": "Never smoked"}}, "Never smoked"),
        ({"valueDateTime": "2026-11-03"}, "Tue 3 Nov 2026"),
        ({"valueRange": {"low": {"value": 1, "unit": "g"}, "high": {"value": 2, "unit": "g"}}}, "1 to 2 g"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1:128"),
        ({"valueSampledData": {"data": "1 2 3"}}, "a trace of 3 samples"),
        ({"dataAbsentReason": {"text": "Sample clotted"}}, "no result: Sample clotted"),
        ({"hasMember": [{}, {}]}, "2 results"),
        ({}, ""),
    ],
)
def test_a_result_reads_as_words(sent, words):
    assert headline(observation({"text": "Result"}, **sent)).value == words


def test_a_number_shortened_in_the_line_is_whole_in_the_detail():
    resource = observation({"text": "Ferritin"}, **quantity(Decimal("4.2849502194131045"), "ug/L"))

    assert ("Number as sent", "4.2849502194131045") in detail(resource).lines
    assert headline(resource).value_number == Decimal("4.2849502194131045")


@pytest.mark.parametrize(
    ("interpretation", "value"),
    [
        (coded("H"), "6.3 (high)"),
        (coded("LL"), "6.3 (very low)"),
        (coded("H", "High"), "6.3 (high)"),
        (coded("N", "Normal"), "6.3"),
        ({"text": "Potassium level normal"}, "6.3"),
    ],
)
def test_what_the_laboratory_thought_of_it_follows_unless_it_was_normal(interpretation, value):
    resource = observation({"text": "Potassium"}, **quantity(Decimal("6.3")), interpretation=[interpretation])

    assert headline(resource).value == value


@pytest.mark.parametrize(
    ("code", "unit", "trend"),
    [
        (coded("27113001", "Body weight"), "kg", "weight"),
        (coded("29463-7", "Body weight", LOINC), "[lb_av]", "weight (lb)"),
        (coded("8867-4", "Heart rate", LOINC), "/min", "pulse"),
        (coded("8310-5", "Body temperature", LOINC), "Cel", "temperature"),
        (coded("431314004", "Peripheral oxygen saturation"), "%", "oxygen saturation"),
        (coded("999791000000106", "Haemoglobin A1c level"), "mmol/mol", "HbA1c"),
        (coded("4548-4", "HbA1c", LOINC), "%", "HbA1c (%)"),
        (coded("33914-3", "eGFR", LOINC), "mL/min/{1.73_m2}", "eGFR"),
        (coded("364589006", "Birth weight"), "kg", ""),
    ],
)
def test_trends_have_stable_names_and_mix_no_units(code, unit, trend):
    assert trend_key(headline(observation(code, **quantity(50, unit, unit)))) == trend


def test_a_trend_has_no_point_without_a_number():
    assert trend_key(headline(observation(coded("27113001", "Body weight"), valueString="refused"))) == ""


def test_a_known_code_with_words_of_something_else_is_trusted_for_neither():
    line = headline(observation(coded("27113001", "Heart rate"), **quantity(50, "kg", "kg")))

    assert (line.caution, trend_key(line)) == ("The code and its words disagree: read the original.", "")


def test_a_preliminary_result_may_change():
    assert headline(observation({"text": "x"}, status="preliminary")).caution == "Not final: it may change."


def test_loinc_names_lose_the_kind_of_quantity():
    name = "Sodium [Moles/volume] in Serum or Plasma"

    assert headline(observation(coded("2951-2", name, LOINC))).title == "Sodium in Serum or Plasma"
    assert headline(observation({"text": "Blood group [ABO]"})).title == "Blood group [ABO]"


def test_when_it_was_measured_comes_before_when_it_was_reported():
    times = {"effectivePeriod": {"start": "2026-11-01", "end": "2026-11-02"}, "issued": "2026-11-05T10:00:00Z"}

    assert headline(observation({"text": "x"}, **times)).happened_text == "2026-11-01"
    assert headline(observation({"text": "x"}, issued=times["issued"])).happened_text == "2026-11-05T10:00:00Z"


def test_the_usual_range_is_told_when_it_opens():
    both = [{"low": {"value": 3, "unit": "g"}, "high": {"value": 5, "unit": "g"}}]

    assert ("Usual range", "3 g to 5 g") in detail(observation({"text": "x"}, referenceRange=both)).lines
    assert ("Usual range", "up to 5 g") in detail(
        observation({"text": "x"}, referenceRange=[{"high": both[0]["high"]}])
    ).lines
    assert ("Usual range", "less than 5") in detail(
        observation({"text": "x"}, referenceRange=[{"text": "less than 5"}])
    ).lines


@pytest.mark.parametrize(
    "title",
    ["Requires information in large print", "Interpreter needed: Urdu", "Uses British Sign Language",
     "Main spoken language Polish (finding)"],
)  # fmt: skip
def test_a_need_in_communication_is_in_its_own_panel(title):
    line = headline(observation({"text": title}))

    assert (line.topic, line.data_class) == (Topic.COMMUNICATION, "SUM")


def test_english_as_a_main_language_is_no_need():
    assert headline(observation({"text": "Main spoken language English"})).topic is Topic.OBSERVATION
