"""Alerts, plans, teams, tasks, referrals, visits: what people are doing about it."""

import pytest

from locality.record.headlines import Activity, Participant, State, Topic, detail, headline

HERS = {"reference": "Patient/1"}


def flag(title: str, category: str = "", **more) -> dict:
    categories = [{"text": category}] if category else []
    return {
        "resourceType": "Flag", "status": "active", "code": {"text": title}, "category": categories, "subject": HERS,
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "category", "topic", "data_class"),
    [
        ("Big dog at home", "Safety", Topic.ALERT, "SUM"),
        ("Falls risk high", "", Topic.ALERT, "SUM"),
        ("Hearing: speak to her left", "", Topic.COMMUNICATION, "SUM"),
        ("Provision of additional support", "Reasonable Adjustment", Topic.COMMUNICATION, "SUM"),
        ("Needle phobia", "Reasonable adjustment", Topic.COMMUNICATION, "SUM"),
        ("Large print", "", Topic.COMMUNICATION, "SUM"),
        ("Adult safeguarding concern", "", Topic.ALERT, "SAFE"),
        ("Speak to the social worker first", "Child protection", Topic.ALERT, "SAFE"),
        ("DNACPR in place", "", Topic.DECISION, "SUM"),
        ("Has a ReSPECT form", "", Topic.DECISION, "SUM"),
        ("Treat with respect", "", Topic.ALERT, "SUM"),
        ("HIV", "Infection control", Topic.ALERT, "SENS"),
    ],
)
def test_a_flag_is_an_alert_a_need_in_communication_or_a_decision(title, category, topic, data_class):
    line = headline(flag(title, category))

    assert (line.topic, line.data_class) == (topic, data_class)


def test_a_flag_whose_category_is_only_a_code_is_known_as_an_adjustment():
    resource = flag("Environment") | {"category": [{"coding": [{"code": "RA"}]}]}

    assert headline(resource).topic is Topic.COMMUNICATION


def test_a_flag_holds_until_its_period_ends():
    line = headline(flag("Falls risk", period={"start": "2026-01-01", "end": "2026-12-31"}))

    assert line.ends_at.isoformat() == "2027-01-01T00:00:00+00:00"
    assert headline(flag("Falls risk") | {"status": "inactive"}).state is State.PAST


def test_the_same_alert_from_two_senders_is_one_fact_whenever_it_was_raised():
    once, again = flag("Falls risk", period={"start": "2026"}), flag("falls  risk", period={"start": "2020"})

    assert headline(once).group_key == headline(again).group_key


def test_an_issue_found_by_a_system_is_an_alert():
    issue = {"resourceType": "DetectedIssue", "severity": "high", "detail": "Warfarin with aspirin", "patient": HERS}

    line = headline(issue)

    assert (line.topic, line.title, line.value) == (Topic.ALERT, "Warfarin with aspirin", "high severity")


def test_a_plan_opens_to_its_activities_and_goals():
    resource = {
        "resourceType": "CarePlan", "status": "active", "title": "Staying steady",
        "activity": [
            {"detail": {"code": {"text": "Strength class"}, "status": "in-progress", "scheduledString": "Tuesdays"}},
            {"detail": {"description": "Steep stairs", "doNotPerform": True, "status": "in-progress"}},
            {"reference": {"display": "Visit by the physiotherapist"}},
            {"outcomeReference": []},
        ],
        "goal": [{"display": "Walk to the shop"}, {"reference": "#g"}, {"reference": "Goal/9"}],
        "contained": [{"resourceType": "Goal", "id": "g", "description": {"text": "No falls by spring"}}],
    }  # fmt: skip

    opened = detail(resource)

    assert opened.activities == [
        Activity("Strength class", "in-progress", "Tuesdays"),
        Activity("not to be done: Steep stairs", "in-progress", ""),
        Activity("Visit by the physiotherapist", "", ""),
    ]
    assert opened.goals == ["Walk to the shop", "No falls by spring"]
    assert headline(resource).title == "Staying steady"
    assert headline(resource).value == "Strength class, not to be done: Steep stairs, Visit by the physiotherapist"


def test_a_plan_without_a_title_is_named_by_its_kind_or_what_it_is_for():
    kind = {"coding": [{"code": "assess-plan"}]}

    assert headline({"resourceType": "CarePlan", "category": [kind, {"text": "Wound care"}]}).title == "Wound care"
    assert headline({"resourceType": "CarePlan", "addresses": [{"display": "COPD"}]}).title == "Care plan: COPD"
    assert headline({"resourceType": "CarePlan"}).title == "Care plan"


def test_a_goal_tells_its_target_and_how_it_goes():
    resource = {
        "resourceType": "Goal", "lifecycleStatus": "active", "description": {"text": "Lose weight"},
        "target": [{"detailQuantity": {"value": 80, "unit": "kg"}, "dueDate": "2026-12-01"}],
        "achievementStatus": {"text": "Improving"},
    }  # fmt: skip

    line = headline(resource)

    assert (line.title, line.value, line.state) == ("Lose weight", "80 kg by Tue 1 Dec 2026, improving", State.CURRENT)


def test_a_team_lists_its_people_with_role_and_phone():
    nurse = {
        "resourceType": "Practitioner", "id": "n", "name": [{"given": ["Ada"], "family": "Bell", "prefix": ["Sister"]}],
        "telecom": [{"system": "phone", "value": "0161 000 0001"}],
    }  # fmt: skip
    resource = {
        "resourceType": "CareTeam", "status": "active", "name": "Radcliffe team", "contained": [nurse],
        "participant": [
            {"role": [{"text": "District nurse"}], "member": {"reference": "#n"}},
            {
                "role": [{"text": "Social worker"}], "member": {"display": "Lee Fox"},
                "onBehalfOf": {"display": "Council"},
            },
            {},
        ],
    }  # fmt: skip

    assert detail(resource).people == [
        Participant("District nurse", "Sister Ada Bell", "0161 000 0001"),
        Participant("Social worker", "Lee Fox (Council)", ""),
    ]
    assert headline(resource).value == "Sister Ada Bell, Lee Fox (Council)"


def test_a_large_team_is_counted():
    people = [{"member": {"display": name}} for name in "ABCDE"]

    assert headline({"resourceType": "CareTeam", "participant": people}).value == "A, B, C, and 2 more"


def test_a_spell_under_a_service_is_part_of_who_is_involved():
    resource = {
        "resourceType": "EpisodeOfCare", "status": "active", "type": [{"text": "Virtual ward"}],
        "careManager": {"display": "Dr Moss"},
        "managingOrganization": {"identifier": {"system": "https://ods", "value": "RW6"}},
    }  # fmt: skip

    line = headline(resource)

    assert (line.topic, line.title, line.value, line.by) == (Topic.TEAM, "Virtual ward", "Dr Moss", "organisation RW6")


def test_a_task_tells_whose_it_is_and_when_it_is_due_and_does_not_end_by_being_late():
    resource = {
        "resourceType": "Task", "status": "in-progress", "code": {"text": "Fit a grab rail"}, "for": HERS,
        "owner": {"display": "Handyperson service"}, "authoredOn": "2026-11-01",
        "restriction": {"period": {"end": "2026-11-10"}},
    }  # fmt: skip

    line = headline(resource)

    assert (line.title, line.value) == ("Fit a grab rail", "for Handyperson service, due Tue 10 Nov 2026")
    assert (line.state, line.ends_at, line.happened_text) == (State.CURRENT, None, "2026-11-01")


def test_a_referral_tells_urgency_reason_and_to_whom():
    resource = {
        "resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": {"text": "Reablement"},
        "priority": "urgent", "reasonCode": [{"text": "Fall at home"}], "performer": [{"display": "Council team"}],
        "requester": {"display": "Dr Moss"}, "authoredOn": "2026-11-19T09:00:00Z", "subject": HERS,
    }  # fmt: skip

    line = headline(resource)

    assert (line.value, line.by, line.state) == ("urgent, Fall at home, to Council team", "Dr Moss", State.CURRENT)
    assert line.topic is Topic.REFERRAL
    assert headline({**resource, "code": {"text": "Physiotherapy"}}).topic is Topic.REFERRAL


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"status": "active", "intent": "plan"}, State.PLANNED),
        ({"status": "active", "intent": "order"}, State.CURRENT),
        ({"status": "on-hold"}, State.CURRENT),
        ({"status": "revoked"}, State.PAST),
        ({"status": "completed"}, State.PAST),
    ],
)
def test_a_referral_is_current_until_it_is_answered(more, state):
    assert headline({"resourceType": "ServiceRequest", **more}).state is state


def test_a_request_not_to_do_something_warns():
    request = {"resourceType": "ServiceRequest", "code": {"text": "Turning in bed"}}

    assert headline({**request, "doNotPerform": True}).caution.startswith("Not to be done")
    assert headline({**request, "doNotPerform": True}).group_key != headline(request).group_key


def appointment(status: str = "booked", **more) -> dict:
    people = [
        {"actor": {**HERS, "display": "Peggy"}},
        {"actor": {"reference": "Practitioner/1", "display": "Physio Jo"}},
    ]
    return {
        "resourceType": "Appointment", "status": status, "start": "2026-11-25T10:00:00Z", "end": "2026-11-25T10:30:00Z",
        "description": "Physio visit", "participant": people, **more,
    }  # fmt: skip


def test_an_appointment_to_come_tells_with_whom_but_not_her_own_name():
    line = headline(appointment())

    assert (line.topic, line.state, line.title, line.value) == (Topic.NEXT, State.PLANNED, "Physio visit", "Physio Jo")
    assert line.happened_at.isoformat() == "2026-11-25T10:00:00+00:00"
    assert detail(appointment()).lines[0] == ("When", "Wed 25 Nov 2026, 10:00 to 10:30")
    assert detail(appointment()).people == [Participant("", "Physio Jo", "")]


@pytest.mark.parametrize(("status", "words"), [("cancelled", "cancelled"), ("noshow", "did not attend")])
def test_an_appointment_called_off_is_history_and_says_so(status, words):
    line = headline(appointment(status))

    assert (line.topic, line.state, line.value) == (Topic.ENCOUNTER, State.PAST, f"Physio Jo, {words}")


def encounter(**more) -> dict:
    return {"resourceType": "Encounter", "status": "finished", "subject": HERS, **more}


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({"type": [{"text": "District nurse visit"}], "class": {"code": "HH"}}, "District nurse visit"),
        ({"serviceType": {"text": "Stroke"}, "class": {"code": "IMP"}}, "Stroke"),
        ({"class": {"code": "EMER"}}, "Emergency attendance"),
        ({"class": {"code": "HH"}}, "Home visit"),
        ({"class": {"code": "zz", "display": "Walk-in"}}, "Walk-in"),
        ({}, "Contact or visit"),
    ],
)
def test_a_contact_is_named_by_its_type_its_service_or_its_class(more, title):
    assert headline(encounter(**more)).title == title


def test_a_stay_tells_why_where_and_when_it_ended():
    resource = encounter(
        reasonCode=[{"text": "Fall"}],
        period={"start": "2026-11-01T22:00:00Z", "end": "2026-11-05T11:00:00Z"},
        serviceProvider={"display": "The Hospital"},
        location=[{"location": {"display": "Ward 7"}}, {"location": {"display": "Ward 7"}}],
        hospitalization={"dischargeDisposition": {"text": "Home with support"}},
    )

    line, opened = headline(resource), dict(detail(resource).lines)

    assert (line.value, line.by, line.ends_at.isoformat()) == ("Fall", "The Hospital", "2026-11-05T11:00:00+00:00")
    assert (opened["Place"], opened["Went to"]) == ("Ward 7", "Home with support")


def test_a_contact_with_a_sexual_health_clinic_is_held_back():
    assert headline(encounter(serviceProvider={"display": "Sexual Health Service"})).data_class == "SENS"


def test_what_belongs_to_an_encounter_says_to_which():
    resource = {"resourceType": "Observation", "encounter": {"reference": "Encounter/5"}}
    given = {"resourceType": "MedicationStatement", "context": {"reference": "EpisodeOfCare/5"}}

    assert headline(resource).encounter == "Encounter/5"
    assert headline(given).encounter == ""


def test_a_procedure_not_done_says_so():
    done = {"resourceType": "Procedure", "status": "completed", "code": {"text": "Hip replacement"}}
    refused = {**done, "status": "not-done", "statusReason": {"text": "Unfit"}}

    assert (headline(refused).value, headline(refused).caution) == ("not done: Unfit", "Not done.")
    assert headline(refused).group_key != headline(done).group_key


def test_a_problem_tells_how_bad_where_and_how_sure():
    resource = {
        "resourceType": "Condition", "code": {"text": "Ulcer"}, "severity": {"text": "Severe"},
        "bodySite": [{"text": "Left leg"}], "verificationStatus": {"coding": [{"code": "provisional"}]},
        "clinicalStatus": {"coding": [{"code": "active"}]}, "onsetAge": {"value": 70, "unit": "years"},
    }  # fmt: skip

    assert headline(resource).value == "Severe, Left leg, suspected"
    assert ("Began", "70 years") in detail(resource).lines


@pytest.mark.parametrize(
    ("clinical", "verification", "more", "state"),
    [
        ("active", "confirmed", {}, State.CURRENT),
        ("recurrence", "", {}, State.CURRENT),
        ("remission", "", {}, State.PAST),
        ("resolved", "", {}, State.PAST),
        ("active", "refuted", {}, State.PAST),
        ("active", "entered-in-error", {}, State.WRONG),
        ("", "", {"abatementDateTime": "2019"}, State.PAST),
        ("", "", {}, State.UNKNOWN),
    ],
)
def test_a_problem_holds_while_it_is_active_and_not_ruled_out(clinical, verification, more, state):
    resource = {
        "resourceType": "Condition", "code": {"text": "Asthma"}, "clinicalStatus": {"coding": [{"code": clinical}]},
        "verificationStatus": {"coding": [{"code": verification}]}, **more,
    }  # fmt: skip

    assert headline(resource).state is state


def test_family_history_is_nobodys_own_problem():
    resource = {
        "resourceType": "FamilyMemberHistory", "status": "completed", "relationship": {"text": "Father"},
        "condition": [{"code": {"text": "Heart attack"}, "onsetAge": {"value": 60, "unit": "years"}}],
    }  # fmt: skip

    line = headline(resource)

    assert (line.topic, line.title, line.value) == (Topic.OTHER, "Family history: father", "Heart attack")
    assert detail(resource).pairs == [("Heart attack", "60 years")]


def test_a_message_tells_what_was_said_and_to_whom():
    resource = {
        "resourceType": "Communication", "status": "completed", "payload": [{"contentString": "Please ring back"}],
        "recipient": [{"display": "The Surgery"}], "sender": {"display": "Ann"}, "sent": "2026-11-20T09:00:00Z",
    }  # fmt: skip

    line = headline(resource)

    assert (line.title, line.value, line.by) == ("Message", "Please ring back, to The Surgery", "Ann")


def test_a_risk_tells_what_and_how_likely():
    resource = {
        "resourceType": "RiskAssessment",
        "prediction": [{"outcome": {"text": "Fall"}, "probabilityDecimal": 35}],
    }

    assert headline(resource).value == "Fall, 35%"
    assert detail(resource).pairs == [("Fall", "35%")]
