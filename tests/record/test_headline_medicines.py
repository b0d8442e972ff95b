"""Medicines and vaccinations."""

import pytest

from locality.record.headlines import MedicineWords, State, Topic, detail, headline

HERS = {"reference": "Patient/1"}


def request(**more) -> dict:
    return {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": HERS,
        "medicationCodeableConcept": {"text": "Ramipril 5mg capsules"}, **more,
    }  # fmt: skip


def dose(**dosage) -> dict:
    return request(dosageInstruction=[dosage])


DAILY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}


@pytest.mark.parametrize(
    ("dosage", "words"),
    [
        ({"text": "One each morning"}, "One each morning"),
        ({"doseAndRate": [{"doseQuantity": {"value": 5, "unit": "mg"}}], "timing": DAILY}, "5 mg, once a day"),
        ({"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}, "twice a day"),
        ({"timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}}, "every 8 hours"),
        ({"timing": {"repeat": {"frequency": 3, "period": 2, "periodUnit": "wk"}}}, "three times every 2 weeks"),
        ({"timing": {"repeat": {"dayOfWeek": ["mon", "thu"], "when": ["MORN"]}}}, "on Mon, Thu, in the morning"),
        ({"timing": {"code": {"coding": [{"code": "BID"}]}}}, "twice a day"),
        ({"timing": DAILY, "asNeededBoolean": True}, "once a day, when needed"),
        ({"asNeededCodeableConcept": {"text": "pain"}}, "when needed for pain"),
        (
            {"doseAndRate": [{"doseRange": {"low": {"value": 1}, "high": {"value": 2, "unit": "tablets"}}}]},
            "1 to 2 tablets",
        ),
        ({"route": {"text": "By mouth"}, "patientInstruction": "With food."}, "By mouth, With food"),
        ({}, ""),
    ],
)
def test_a_dose_reads_as_words(dosage, words):
    assert headline(dose(**dosage)).value == words


def test_doses_that_follow_one_another_are_told_in_order():
    steps = request(dosageInstruction=[{"text": "200 mg today"}, {"text": "100 mg a day"}])

    assert headline(steps).value == "200 mg today; then 100 mg a day"


def test_the_panel_has_dose_reason_and_since():
    resource = request(
        authoredOn="2026-01-05",
        reasonCode=[{"text": "High blood pressure"}],
        dosageInstruction=[{"text": "One a day", "timing": {"repeat": {"boundsPeriod": {"start": "2026-02-01"}}}}],
    )

    assert detail(resource).medicine == MedicineWords("One a day", "High blood pressure", "Sun 1 Feb 2026", "")
    assert headline(resource).happened_text == "2026-02-01"


def test_a_course_ends_after_its_last_day():
    resource = {
        "resourceType": "MedicationStatement", "status": "active",
        "effectivePeriod": {"start": "2026-11-01", "end": "2026-11-07"},
    }  # fmt: skip

    assert headline(resource).ends_at.isoformat() == "2026-11-08T00:00:00+00:00"


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, State.CURRENT),
        ({"status": "on-hold"}, State.CURRENT),
        ({"intent": "plan"}, State.PLANNED),
        ({"intent": "proposal"}, State.PLANNED),
        ({"status": "draft"}, State.PLANNED),
        ({"status": "stopped"}, State.PAST),
        ({"status": "completed"}, State.PAST),
        ({"status": "entered-in-error"}, State.WRONG),
        ({"status": "unknown"}, State.UNKNOWN),
    ],
)
def test_a_medicine_is_current_only_when_it_is_being_taken(more, state):
    assert headline(request(**more)).state is state


def test_a_medicine_on_hold_says_so():
    assert headline(request(status="on-hold", dosageInstruction=[{"text": "One a day."}])).value == "One a day, on hold"


def test_a_medicine_not_to_be_given_warns():
    assert headline(request(doNotPerform=True)).caution.startswith("Not to be given")


def test_a_contained_medicine_is_named():
    inside = {"resourceType": "Medication", "id": "m", "code": {"text": "Timoptol eye drops"}}
    reference = {"medicationReference": {"reference": "#m"}, "contained": [inside]}
    resource = {"resourceType": "MedicationRequest", "status": "active", **reference}

    assert headline(resource).title == "Timoptol eye drops"


def test_a_medicine_in_another_resource_is_named_by_its_display_or_told_to_be_elsewhere():
    shown = {
        "resourceType": "MedicationRequest",
        "medicationReference": {"reference": "Medication/1", "display": "Aspirin"},
    }
    elsewhere = {"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/1"}}

    assert headline(shown).title == "Aspirin"
    assert headline(elsewhere).title == "Medicine, not named here"
    assert detail(elsewhere).medicine.reference == "Medication/1"


def test_the_same_medicine_asked_for_and_dispensed_is_one_fact():
    dispensed = {"resourceType": "MedicationDispense", "medicationCodeableConcept": {"text": "ramipril 5mg Capsules"}}

    assert headline(dispensed).group_key == headline(request()).group_key


def test_who_asked_stated_or_gave_it_is_told():
    given = {"resourceType": "MedicationAdministration", "performer": [{"actor": {"display": "Nurse Bell"}}]}

    assert headline(request(requester={"display": "Dr Moss"})).by == "Dr Moss"
    assert headline(given).by == "Nurse Bell"


def test_a_vaccination_tells_its_dose_and_one_not_given_tells_why():
    flu = {"resourceType": "Immunization", "vaccineCode": {"text": "Influenza"}, "occurrenceDateTime": "2026-10-01"}
    done = {**flu, "status": "completed", "protocolApplied": [{"doseNumberPositiveInt": 2}]}
    refused = {**flu, "status": "not-done", "statusReason": {"text": "declined"}}

    assert (headline(done).value, headline(done).caution) == ("dose 2", "")
    assert (headline(refused).value, headline(refused).caution) == ("not given: declined", "Not given.")
    assert headline(done).group_key != headline(refused).group_key


def test_an_advised_vaccination_is_planned():
    advice = {
        "resourceType": "ImmunizationRecommendation",
        "recommendation": [{"vaccineCode": [{"text": "Shingles"}], "dateCriterion": [{"value": "2027-01-01"}]}],
    }

    line = headline(advice)

    assert (line.title, line.state, line.topic) == ("Vaccination advised: Shingles", State.PLANNED, Topic.IMMUNISATION)
    assert line.happened_text == "2027-01-01"
