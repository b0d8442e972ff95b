"""Allergies, and the explicit statements that none is known."""

import pytest

from locality.record.headlines import State, Topic, allergy_statement, detail, headline

SNOMED = "http://snomed.info/sct"


def code(value: str, display: str = "", text: str | None = None) -> dict:
    coding = {"system": SNOMED, "code": value, "display": display}
    return {"coding": [coding]} | ({"text": text} if text else {})


def allergy(what: dict, *, clinical: str = "active", verification: str = "confirmed", **more) -> dict:
    return {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": "Patient/1"},
        "code": what,
        "clinicalStatus": {"coding": [{"code": clinical}]},
        "verificationStatus": {"coding": [{"code": verification}]},
        **more,
    }


PENICILLIN = code("764146007", "Penicillin (substance)")
NKA = code("716186003", "No known allergy (situation)")


def test_an_allergy_reads_as_substance_and_what_it_does():
    line = headline(
        allergy(
            PENICILLIN,
            criticality="high",
            recordedDate="2019-03-04",
            reaction=[{"manifestation": [{"text": "anaphylaxis"}], "severity": "severe"}],
        )
    )

    assert (line.title, line.value, line.state) == ("Penicillin", "anaphylaxis, severe, high risk", State.CURRENT)
    assert line.happened_text == "2019-03-04"


def test_the_worst_severity_of_several_reactions_is_told():
    reactions = [{"severity": "mild"}, {"severity": "severe"}, {"severity": "moderate"}]

    assert detail(allergy(PENICILLIN, reaction=reactions)).allergy.severity == "severe"


def test_a_substance_named_only_in_the_reaction_is_the_title():
    reaction = [{"substance": {"text": "Amoxicillin"}, "manifestation": [{"text": "rash"}]}]

    assert headline(allergy({}, reaction=reaction)).title == "Amoxicillin"
    assert headline(allergy({})).title == "Allergy, substance not named"


@pytest.mark.parametrize(
    ("clinical", "verification", "state", "statement"),
    [
        ("active", "confirmed", State.CURRENT, "present"),
        ("active", "unconfirmed", State.CURRENT, "present"),
        ("inactive", "confirmed", State.PAST, ""),
        ("resolved", "confirmed", State.PAST, ""),
        ("active", "refuted", State.PAST, ""),
        ("active", "entered-in-error", State.WRONG, ""),
        ("", "", State.UNKNOWN, "present"),
    ],
)
def test_an_allergy_is_present_unless_it_is_over_or_denied(clinical, verification, state, statement):
    resource = allergy(PENICILLIN, clinical=clinical, verification=verification)

    assert (headline(resource).state, allergy_statement(resource)) == (state, statement)


def test_an_allergy_ruled_out_says_so():
    line = headline(allergy(PENICILLIN, verification="refuted"))

    assert line.caution.startswith("Ruled out")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (NKA, "no known allergy"),
        (code("716186003"), "no known allergy"),
        (code("160244002", "No known allergies"), "no known allergy"),
        (code("409137002", "No known drug allergy (situation)", "NKDA"), "no known drug allergy"),
        (code("429625007", "No known food allergy"), "no known food allergy"),
        (code("716184000", "No Known Latex Allergy (situation)"), "no known latex allergy"),
        ({"coding": [{"code": "no-known-allergy", "system": "http://hl7.org/fhir/x"}]}, "no known allergy"),
        ({"text": "No known allergies"}, "no known allergy"),
        ({"text": "NKDA"}, "no known drug allergy"),
        ({"text": "Nil known"}, "no known allergy"),
        ({"text": "No known medication allergies"}, "no known medication allergy"),
        ({"text": "No known allergies to drugs"}, "no known drug allergy"),
    ],
)
def test_an_explicit_statement_of_none_is_none_known(what, words):
    resource = allergy(what)

    assert allergy_statement(resource) == "none_known"
    assert (detail(resource).allergy.statement, detail(resource).allergy.substance) == (words, "")


@pytest.mark.parametrize("text", ["No allergy to penicillin", "Not known", "Penicillin", "Unknown", "None recorded"])
def test_no_other_words_are_a_statement_of_none(text):
    assert allergy_statement(allergy({"text": text})) == "present"


def test_a_statement_of_none_that_is_withdrawn_states_nothing():
    assert allergy_statement(allergy(NKA, clinical="inactive")) == ""
    assert allergy_statement(allergy(NKA, verification="entered-in-error")) == ""
    assert allergy_statement(allergy(NKA, verification="refuted")) == ""


@pytest.mark.parametrize(
    "what",
    [
        code("716186003", "No known allergy", "Penicillin: anaphylaxis"),
        code("716186003", "Penicillin"),
        code("764146007", "Penicillin", "No known allergies"),
    ],
)
def test_code_and_words_that_disagree_are_an_allergy_until_somebody_has_read_them(what):
    resource = allergy(what)

    assert allergy_statement(resource) == "present"
    assert headline(resource).caution == "The code and its words disagree: read the original."


def test_two_senders_statements_of_none_are_one_fact():
    coded, worded = headline(allergy(NKA)), headline(allergy({"text": "No known allergies"}))

    assert coded.group_key == worded.group_key
    assert coded.group_key != headline(allergy({"text": "NKDA"})).group_key


def test_abbreviations_of_none_are_written_out():
    assert headline(allergy(code("716186003", "No known allergy", "NKA"))).title == "No known allergy"


@pytest.mark.parametrize(
    ("reason", "entries", "statement"),
    [("nilknown", [], "none_known"), ("no-content-recorded", [], ""), ("nilknown", [{"item": {}}], "")],
)
def test_an_empty_allergy_list_states_none_only_when_it_says_nil_known(reason, entries, statement):
    resource = {
        "resourceType": "List",
        "status": "current",
        "code": code("886921000000105", "Allergies and adverse reactions"),
        "emptyReason": {"coding": [{"code": reason}]},
        "entry": entries,
    }

    assert allergy_statement(resource) == statement


def test_an_empty_list_of_medicines_says_nothing_of_allergies():
    medicines = {"resourceType": "List", "status": "current", "emptyReason": {"coding": [{"code": "nilknown"}]}}

    assert allergy_statement(medicines) == ""


@pytest.mark.parametrize("kind", ["Observation", "Condition"])
def test_a_finding_coded_as_no_known_allergy_is_in_the_allergy_panel(kind):
    finding = {"resourceType": kind, "status": "final", "code": NKA, "subject": {"reference": "Patient/1"}}

    assert (allergy_statement(finding), headline(finding).topic) == ("none_known", Topic.ALLERGY)
    assert headline(finding).group_key == headline(allergy(NKA)).group_key


def test_a_finding_that_denies_it_states_nothing():
    denied = {"resourceType": "Observation", "status": "final", "code": NKA, "valueBoolean": False}

    assert (allergy_statement(denied), headline(denied).topic) == ("", Topic.OBSERVATION)


def test_other_types_state_nothing_of_allergies():
    assert allergy_statement({"resourceType": "Flag", "code": NKA}) == ""
