"""The person page: who, what matters, risks, who is involved, what is next, each line with its senders."""

import json
from datetime import UTC, datetime

import pytest

from locality.access.rules import Label, RoleCode, Seal
from locality.record.queries import face, summary
from locality.record.queries.shapes import Known, Panel, Summary
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

REACTION = {"reaction": [{"manifestation": [{"text": "Anaphylaxis"}], "severity": "severe"}]}
RASH = {"reaction": [{"manifestation": [{"text": "Rash"}]}]}
STOPPED = {"status": "stopped"}


def known(person, viewer=None, **other) -> Summary:
    return summary(grant=make.opened(person, viewer, **other), at=make.AT)


def titles(panel: Panel) -> list[str]:
    return [fact.title for fact in panel.facts]


# ---- how it is read


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_four_queries_however_many_rows(django_assert_num_queries, rows):
    peggy, (gp, acute) = make.peggy("gp", "acute")
    for number in range(rows):
        make.resource(gp, make.problem(f"Problem {number}", code=f"{number}"))
        make.resource(acute, make.allergy(f"Substance {number}", code=f"{number}"))
    grant = make.opened(peggy)

    with django_assert_num_queries(4):
        told = summary(grant=grant, at=make.AT)

    assert (len(told.problems.facts), len(told.allergies.facts)) == (rows, rows)


@pytest.mark.parametrize("rows", [1, 3])
def test_names_that_stand_elsewhere_take_one_query_more(django_assert_num_queries, rows):
    peggy, (community,) = make.peggy("community")
    for number in range(rows):
        nurse = {"resourceType": "Practitioner", "id": f"n{number}", "name": [{"text": f"Nurse {number}"}]}
        make.resource(None, nurse, source=community.source)
        team = {"resourceType": "CareTeam", "name": f"Team {number}", "status": "active"}
        make.resource(community, team | {"participant": [{"member": {"reference": f"Practitioner/n{number}"}}]})
    grant = make.opened(peggy)

    with django_assert_num_queries(5):
        told = summary(grant=grant, at=make.AT)

    assert [title for title in titles(told.involved) if "Nurse" in title] == [f"Nurse {n}" for n in range(rows)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_banner_alone_takes_four(django_assert_num_queries, rows):
    peggy, (gp,) = make.peggy("gp")
    for number in range(rows):
        make.resource(gp, {"resourceType": "Flag", "status": "active", "code": {"text": f"Risk {number}"}})
    grant = make.opened(peggy)

    with django_assert_num_queries(4):
        told = face(grant=grant, at=make.AT)

    assert sorted(told.alerts) == [f"Risk {number}" for number in range(rows)]
    assert told == summary(grant=grant, at=make.AT).face


# ---- what may be shown


@pytest.mark.parametrize(
    "hidden",
    [
        {"label": Label.RESTRICTED},
        {"label": Label.VERY_RESTRICTED},
        {"seal": Seal.SEALED},
        {"seal": Seal.LOCKED},
        {"data_class": "SAFE"},
        {"state": "wrong", "status": "entered-in-error"},
        {"removed": True},
        {"is_current": False},
    ],
    ids=lambda columns: "-".join(columns),
)
def test_what_may_not_be_shown_looks_as_if_it_were_not_there(hidden):
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", id="shown"))
    without = known(peggy)

    make.resource(gp, make.problem("Depression", code="35489007", id="hidden"), **hidden)

    assert known(peggy) == without


def test_it_holds_this_person_and_nobody_else():
    peggy, (gp,) = make.peggy("gp")
    hers = make.resource(gp, make.problem("Asthma"))
    stan = make.person("Entwistle", "Stanley")
    make.resource(make.patient(stan, gp.source), make.problem("Dementia", code="52448006"))

    assert make.things(known(peggy).problems.facts) == [hers.thing]


def test_what_is_held_of_an_alias_is_hers():
    peggy, _ = make.peggy("gp")
    alias = make.person("Hargreaves", "Margaret", merged_into=peggy)
    row = make.resource(make.patient(alias, make.source("acute"), local_id="alias"), make.problem("Asthma"))

    assert make.things(known(peggy).problems.facts) == [row.thing]


def test_a_link_that_was_ended_shows_nothing_more():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    hers = make.resource(gp, make.problem("Asthma"))
    make.resource(acute, make.problem("Dementia", code="52448006"))
    acute.links.update(ended_at=make.AT, ended_by=make.viewer().id)

    assert make.things(known(peggy).problems.facts) == [hers.thing]


def test_a_role_that_sees_lines_alone_sees_no_detail():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", note=[{"text": "Worse since the spring"}]))

    nurse, coordinator = known(peggy), known(peggy, make.viewer(RoleCode.CARE_COORDINATOR))

    assert nurse.problems.facts[0].details == (("Status", "active"), ("Note", "Worse since the spring"))
    assert (coordinator.problems.facts[0].title, coordinator.problems.facts[0].details) == ("Asthma", ())


# ---- each line and its senders


def test_the_same_fact_from_two_senders_is_one_line():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    newest = make.resource(gp, make.problem("Asthma"), said_at=make.ago(days=1))
    make.resource(acute, make.problem("Asthma"), said_at=make.ago(days=9))

    (fact,) = known(peggy).problems.facts

    assert fact.id == newest.thing
    assert [(sender.name, sender.at) for sender in fact.senders] == [
        ("Mill Lane Practice", make.ago(days=1)),
        ("Smallborough Hospitals", make.ago(days=9)),
    ]
    assert fact.also_held_by == ("Smallborough Hospitals",)
    assert fact.disagreement == ""


def test_two_feeds_of_one_organisation_are_told_apart():
    peggy, (acute, community) = make.peggy("acute", "community")
    make.resource(acute, make.problem("Asthma"), said_at=make.ago(days=1))
    make.resource(community, make.problem("Asthma"), said_at=make.ago(days=2))

    (fact,) = known(peggy).problems.facts

    assert fact.also_held_by == ("Smallborough Hospitals (community)",)
    assert fact.senders[0].name == "Smallborough Hospitals (acute)"


def test_the_gravest_word_is_shown_and_who_says_otherwise():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.allergy(**REACTION), said_at=make.ago(days=900))
    make.resource(acute, make.allergy(**RASH), said_at=make.ago(days=1))

    (fact,) = known(peggy).allergies.facts

    assert (fact.value, fact.state) == ("Anaphylaxis, severe", "Severe")
    assert fact.disagreement == "Mill Lane Practice says Anaphylaxis, severe; Smallborough Hospitals says Rash."


def test_who_says_it_is_over_is_said():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.medicine())
    make.resource(acute, make.medicine(status="stopped", authoredOn="2026-11-03"))

    (fact,) = known(peggy).medicines.facts

    assert fact.state == ""
    assert fact.disagreement == (
        "Mill Lane Practice says 2.5 mg each morning; Smallborough Hospitals says stopped, Tue 3 Nov 2026."
    )


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        (REACTION, {"reaction": [{"manifestation": [{"text": "Anaphylaxis"}]}]}),  # saying more
        (REACTION, {}),  # saying nothing of it
    ],
)
def test_to_say_more_is_not_to_disagree(mine, other):
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.allergy(**mine))
    make.resource(acute, make.allergy(**other))

    assert [fact.disagreement for fact in known(peggy).allergies.facts] == [""]


def test_a_course_that_was_finished_elsewhere_is_no_disagreement():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.medicine())
    make.resource(acute, make.medicine(status="completed"))

    assert [fact.disagreement for fact in known(peggy).medicines.facts] == [""]


def test_new_is_what_came_since_this_viewer_looked_before():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", code="1"), received_at=make.ago(hours=3))
    make.resource(gp, make.problem("Gout", code="2"), received_at=make.ago(hours=1))

    first, again = known(peggy), known(peggy, looked_before_at=make.ago(hours=2))

    assert [fact.is_new for fact in first.problems.facts] == [False, False]
    assert {fact.title: fact.is_new for fact in again.problems.facts} == {"Asthma": False, "Gout": True}


def test_a_caution_stays_with_its_line():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.medicine(modifierExtension=[{"url": "x", "valueBoolean": True}]))

    assert known(peggy).medicines.facts[0].caution == "Carries a modifier we do not know: read the original."


def test_a_line_said_to_be_somebody_elses_stays_and_says_so():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    make.remark(row, peggy)

    (fact,) = known(peggy).problems.facts

    assert fact.not_hers
    assert (fact.remark.words, fact.remark.by) == ("She has never had it", "Sadia Rahman")


def test_a_line_that_only_one_of_two_senders_sent_wrongly_is_not_struck():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.remark(make.resource(gp, make.problem("Asthma"), said_at=make.AT), peggy)
    hers = make.resource(acute, make.problem("Asthma"), said_at=make.ago(days=9))

    (fact,) = known(peggy).problems.facts

    assert (fact.id, fact.not_hers) == (hers.thing, False)
    assert fact.caution == "What Mill Lane Practice sent was said to be somebody else's."


def test_a_remark_that_was_withdrawn_or_is_about_another_person_is_not_shown():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    make.remark(row, peggy, withdrawn_at=make.AT, withdrawn_by=make.viewer().id)
    make.remark(row, make.person("Entwistle", "Stanley"))

    assert [fact.not_hers for fact in known(peggy).problems.facts] == [False]


# ---- problems and medicines


def test_problems_that_are_over_are_only_counted():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.problem("Asthma", code="1"))
    make.resource(gp, make.problem("Measles", code="2", clinicalStatus={"coding": [{"code": "resolved"}]}))

    panel = known(peggy).problems

    assert titles(panel) == ["Asthma"]
    assert panel.note == "1 past problem in the timeline."


def test_a_medicine_that_was_stopped_is_never_among_those_taken():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.medicine("Bisoprolol"))
    make.resource(gp, make.medicine("Diazepam", status="stopped"))
    make.resource(gp, make.medicine("Warfarin", status="on-hold"))

    panel = known(peggy).medicines

    assert {fact.title: fact.state for fact in panel.facts} == {"Bisoprolol": "", "Warfarin": "On hold"}
    assert panel.note == "1 medicine no longer taken in the timeline."


def test_a_medicine_past_its_period_and_still_marked_active_says_both():
    peggy, (gp,) = make.peggy("gp")
    limits = {"timing": {"repeat": {"boundsPeriod": {"start": "2026-10-01", "end": "2026-10-07"}}}}
    make.resource(gp, make.medicine("Doxycycline", dosageInstruction=[limits]))

    (fact,) = known(peggy).medicines.facts

    assert fact.state == "Ended Thu 8 Oct 2026, still marked active"


def test_two_strengths_of_one_medicine_from_two_senders_disagree():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.medicine("Ramipril 2.5mg capsules", "ONE each morning"))
    make.resource(acute, make.medicine("Ramipril 5mg capsules", "ONE each morning"))

    told = {fact.title: fact.disagreement for fact in known(peggy).medicines.facts}

    assert told["Ramipril 5mg capsules"] == (
        "Smallborough Hospitals says Ramipril 5mg capsules, ONE each morning; "
        "Mill Lane Practice says Ramipril 2.5mg capsules, ONE each morning."
    )
    assert told["Ramipril 2.5mg capsules"] != ""


def test_two_strengths_from_one_sender_are_taken_together():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.medicine("Warfarin 1mg tablets"))
    make.resource(gp, make.medicine("Warfarin 3mg tablets"))

    assert [fact.disagreement for fact in known(peggy).medicines.facts] == ["", ""]


# ---- measurements


def test_a_trend_is_its_last_dozen_readings_and_says_how_many_there_are():
    peggy, (gp,) = make.peggy("gp")
    for number in range(15):
        make.resource(gp, make.reading("29463-7", 60 + number, "kg", f"2026-10-{number + 1:02}T09:00:00Z"))

    panel = known(peggy).observations
    (trend,) = panel.facts

    assert (trend.label, trend.unit, trend.total) == ("Weight", "kg", 15)
    assert [str(point.value) for point in trend.points] == [str(number) for number in range(63, 75)]
    assert trend.points[-1].words == "74 kg"
    assert panel.note == "Weight: showing 12 of 15"


def test_one_reading_sent_by_two_senders_is_one_point():
    peggy, (gp, community) = make.peggy("gp", "community")
    for patient in (gp, community):
        make.resource(patient, make.reading("29463-7", 61.7, "kg", "2026-11-01T09:00:00Z"))

    (trend,) = known(peggy).observations.facts

    assert (len(trend.points), trend.total) == (1, 1)


@pytest.mark.parametrize(("total", "words"), [(4, ""), (5, "Medium"), (6, "Medium"), (7, "High")])
def test_news2_says_what_its_college_says_of_the_aggregate(total, words):
    peggy, (acute,) = make.peggy("acute")
    score = make.reading("1104051000000101", total, "{score}", "2026-11-01T09:00:00Z")
    score["code"]["coding"][0]["system"] = "http://snomed.info/sct"
    make.resource(acute, score)

    assert [trend.state for trend in known(peggy).observations.facts] == [words]


# ---- the person's words, and how to speak with them


def about_me(words: str, on: str) -> dict:
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://forms.example/about-me",
        "status": "completed",
        "authored": on,
        "source": {"display": "Peggy"},
        "item": [{"linkId": "1", "text": "What is most important to me", "answer": [{"valueString": words}]}],
    }


def test_about_me_is_the_latest_of_each_sender_in_her_words():
    peggy, (community, circle) = make.peggy("community", "circle")
    make.resource(community, about_me("Chapel of a Sunday", "2026-01-02"))
    make.resource(community, about_me("My own front door", "2026-11-01"))
    make.resource(circle, about_me("A proper cup of tea", "2026-10-01"))

    quotes = known(peggy).about_me.facts

    assert [(quote.question, quote.words, quote.sender.name) for quote in quotes] == [
        ("What is most important to me", "My own front door", "Smallborough Hospitals"),
        ("What is most important to me", "A proper cup of tea", "Riverside Tea Circle"),
    ]


def test_how_to_speak_with_her_comes_from_flags_and_from_who_she_is():
    peggy, (gp, social) = make.peggy("gp", "social-care")
    make.resource(
        social, {"resourceType": "Flag", "status": "active", "code": {"text": "Hearing: speak to her left side"}}
    )
    spoken = {"communication": [{"language": {"text": "Polish"}, "preferred": True}]}
    make.resource(gp, {"resourceType": "Patient", "id": gp.local_id} | spoken)

    told = known(peggy)

    assert titles(told.communication)[0] == "Hearing: speak to her left side"
    assert [words for words in told.face.communication if "Polish" in words] == [titles(told.communication)[1]]


# ---- people around her


def relative(name: str, relationship: str, phone: str = "07700 900456") -> dict:
    return {
        "resourceType": "RelatedPerson",
        "active": True,
        "name": [{"text": name}],
        "relationship": [{"text": relationship}],
        "telecom": [{"system": "phone", "value": phone}],
    }


def test_a_contact_named_in_three_ways_is_one_line_and_next_of_kin_comes_first():
    peggy, (gp, social) = make.peggy("gp", "social-care")
    make.resource(gp, relative("Bernard Tildsley", "Key holder", "0161 496 0129"))
    make.resource(gp, relative("Mrs Ann Lomas", "Next of kin"))
    written = {"contact": [{"name": {"text": "Ann Lomas (daughter)"}, "relationship": [{"text": "Carer"}]}]}
    make.resource(social, {"resourceType": "Patient", "id": social.local_id} | written)

    first, second = known(peggy).contacts.facts

    assert (first.title, first.state) == ("Mrs Ann Lomas", "Next of kin, carer")
    assert [sender.name for sender in first.senders] == ["Mill Lane Practice", "Smallborough Council"]
    assert (second.title, second.state) == ("Bernard Tildsley", "Key holder")


def test_two_numbers_for_one_contact_are_both_said():
    peggy, (gp, social) = make.peggy("gp", "social-care")
    make.resource(gp, relative("Ann Lomas", "Daughter", "07700 900456"))
    make.resource(social, relative("Ann Lomas", "Daughter", "+44 7700 900999"))

    (fact,) = known(peggy).contacts.facts

    assert sorted(fact.disagreement.strip(".").split("; ")) == [
        "Mill Lane Practice says 07700 900456",
        "Smallborough Council says +44 7700 900999",
    ]


def care_team(*members: tuple[str, str]) -> dict:
    told = [{"role": [{"text": role}], "member": {"reference": member}} for role, member in members]
    return {"resourceType": "CareTeam", "status": "active", "name": "Those who help Peggy", "participant": told}


def practitioner(local_id: str, name: str, phone: str) -> dict:
    telecom = [{"system": "phone", "value": phone}]
    return {"resourceType": "Practitioner", "id": local_id, "name": [{"text": name}], "telecom": telecom}


def test_the_named_coordinator_comes_first_with_a_telephone_number():
    peggy, (community,) = make.peggy("community")
    make.resource(None, practitioner("n1", "Joanne Fielding", "0161 496 0102"), source=community.source)
    make.resource(None, practitioner("c1", "Sadia Rahman", "0161 496 0101"), source=community.source)
    make.resource(
        community, care_team(("District nurse", "Practitioner/n1"), ("Neighbourhood coordinator", "Practitioner/c1"))
    )

    told = [(fact.title, fact.value, fact.state) for fact in known(peggy).involved.facts]

    assert told[:3] == [
        ("Sadia Rahman", "Neighbourhood coordinator, 0161 496 0101", "Named coordinator"),
        ("Joanne Fielding", "District nurse, 0161 496 0102", ""),
        ("Riverside team", "has them on its caseload, 0161 496 0101", ""),
    ]
    assert titles(known(peggy).involved)[3:] == ["Those who help Peggy"]


def test_a_reference_is_resolved_within_its_own_source():
    peggy, (community, acute) = make.peggy("community", "acute")
    make.resource(None, practitioner("n1", "Somebody else", "0161 496 0999"), source=acute.source)
    make.resource(community, care_team(("District nurse", "Practitioner/n1")))

    assert "Somebody else" not in json.dumps(known(peggy).involved.facts, default=str)


@pytest.mark.parametrize("reference", ["Practitioner?identifier=https://ids.example|77", "urn:uuid:n1"])
def test_a_reference_may_be_a_condition_or_a_urn(reference):
    peggy, (community,) = make.peggy("community")
    row = practitioner("n1", "Joanne Fielding", "0161 496 0102")
    make.resource(None, row, source=community.source, code="77", code_system="https://ids.example")
    make.resource(community, care_team(("District nurse", reference)))

    assert titles(known(peggy).involved)[0] == "Joanne Fielding"


def test_relationships_that_ended_are_not_involved():
    peggy, _ = make.peggy()
    make.relationship(peggy, team=make.team("hilltop"), ends_on=make.TODAY)

    assert titles(known(peggy).involved) == ["Riverside team"]


# ---- what is planned, and what is next


def goal(words: str, due: str = "", **other) -> dict:
    target = {"target": [{"dueDate": due}]} if due else {}
    return {"resourceType": "Goal", "lifecycleStatus": "active", "description": {"text": words}} | target | other


def task(words: str, due: str = "", **other) -> dict:
    restriction = {"restriction": {"period": {"end": due}}} if due else {}
    return (
        {"resourceType": "Task", "status": "requested", "intent": "order", "code": {"text": words}}
        | restriction
        | other
    )


def test_overdue_goals_come_first_and_are_counted_with_overdue_actions():
    peggy, (community,) = make.peggy("community")
    make.resource(community, goal("Walk to the shop", make.day(20)))
    make.resource(community, goal("Bath rail fitted", make.day(-3)))
    reached = {"achievementStatus": {"coding": [{"code": "achieved"}]}}
    make.resource(community, goal("Sleep through", make.day(-30), **reached))
    make.resource(community, task("Chase the fitter", make.day(-3)))
    make.resource(community, task("Order the rail", make.day(0)))

    panel = known(peggy).plans

    assert [(fact.title, fact.state) for fact in panel.facts] == [
        ("Sleep through", ""),
        ("Bath rail fitted", "Overdue by 3 days"),
        ("Walk to the shop", "In 20 days"),
    ]
    assert panel.note == "3 goals, 1 overdue, 1 action overdue"


def test_what_is_next_is_in_the_order_in_which_it_comes():
    peggy, (community, social) = make.peggy("community", "social-care")
    make.resource(community, make.appointment(f"{make.day(1)}T10:00:00Z", "Physio"))
    make.resource(community, make.appointment(f"{make.day(0)}T14:00:00Z", "Nurse"))
    make.resource(community, make.appointment(f"{make.day(-1)}T14:00:00Z", "Yesterday's visit"))
    make.resource(community, make.appointment(f"{make.day(2)}T14:00:00Z", "Called off", status="cancelled"))
    make.resource(community, task("Chase the fitter", make.day(-2)))
    asked = {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": {"text": "Equipment"}}
    make.resource(social, asked | {"authoredOn": make.day(-2)})

    told = [(fact.title, fact.state) for fact in known(peggy).next.facts]

    assert told == [
        ("Chase the fitter", "Overdue by 2 days"),
        ("Nurse", "Today"),
        ("Equipment", "Waiting, day 3"),
        ("Physio", "Tomorrow"),
    ]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 10, 24, 22, 59, tzinfo=UTC), "Waiting, day 2"),  # 23:59 in summer time
        (datetime(2026, 10, 24, 23, 1, tzinfo=UTC), "Waiting, day 3"),  # past midnight, before the clocks change
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), "Waiting, day 3"),  # the 25 hour day is one day
        (datetime(2026, 10, 26, 0, 1, tzinfo=UTC), "Waiting, day 4"),
    ],
)
def test_the_day_of_a_referral_is_counted_in_the_places_own_days(now, day):
    peggy, (social,) = make.peggy("social-care")
    asked = {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": {"text": "Equipment"}}
    make.resource(social, asked | {"authoredOn": "2026-10-23"})

    told = summary(grant=make.opened(peggy), at=now)

    assert [fact.state for fact in told.next.facts] == [day]


def test_a_task_is_late_only_after_its_last_day():
    peggy, (community,) = make.peggy("community")
    make.resource(community, task("Order the rail", make.day(0)))

    assert [fact.state for fact in known(peggy).next.facts] == ["Today"]


def test_a_plan_that_runs_out_is_to_be_reviewed():
    peggy, (community,) = make.peggy("community")
    period = {"start": make.day(-60), "end": make.day(10)}
    make.resource(
        community, {"resourceType": "CarePlan", "status": "active", "intent": "plan", "title": "Plan", "period": period}
    )

    assert [(fact.title, fact.state) for fact in known(peggy).next.facts] == [("Plan ends: review it", "In 10 days")]


# ---- advance decisions


def decision(words: str, on: str, **other) -> dict:
    told = {"resourceType": "DocumentReference", "status": "current", "description": words, "date": f"{on}T10:00:00Z"}
    return told | {"type": {"text": words}, "content": [{"attachment": {"contentType": "text/plain"}}]} | other


def test_decisions_come_before_wishes_and_what_was_superseded_is_struck_through():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, decision("Advance statement of wishes", "2026-11-01"))
    make.resource(gp, decision("DNACPR", "2026-10-01"))
    make.resource(gp, decision("DNACPR", "2020-10-01", status="superseded"))

    told = [(fact.title, fact.state, fact.struck) for fact in known(peggy).decisions.facts]

    assert told == [
        ("DNACPR", "", False),
        ("Advance statement of wishes", "", False),
        ("DNACPR", "Superseded", True),
    ]


def test_a_document_that_replaces_another_supersedes_it():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, decision("ReSPECT form", "2024-10-01", id="old"))
    relates = [{"code": "replaces", "target": {"reference": "DocumentReference/old"}}]
    make.resource(gp, decision("ReSPECT form", "2026-10-01", id="new", relatesTo=relates))

    assert [(fact.at, fact.struck) for fact in known(peggy).decisions.facts] == [
        ("2026-10-01T10:00:00Z", False),
        ("2024-10-01T10:00:00Z", True),
    ]


def test_of_two_that_both_claim_to_stand_the_older_says_that_there_is_a_later_one():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, decision("DNACPR", "2024-10-01"))
    make.resource(acute, decision("For attempted cardiopulmonary resuscitation", "2026-10-01"))

    newer, older = known(peggy).decisions.facts

    assert (newer.caution, older.state, older.struck) == ("", "Older", False)
    assert older.caution == (
        "A later one is held: For attempted cardiopulmonary resuscitation, Thu 1 Oct 2026, from Smallborough Hospitals."
    )


def test_a_flag_that_a_decision_exists_does_not_make_the_decision_older():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, decision("ReSPECT form", "2026-09-01"))
    make.resource(acute, {"resourceType": "Flag", "status": "active", "code": {"text": "ReSPECT form seen"}})

    assert [(fact.title, fact.state) for fact in known(peggy).decisions.facts] == [
        ("ReSPECT form", ""),
        ("ReSPECT form seen", ""),
    ]


# ---- who she is


def who(patient, **other) -> dict:
    return {"resourceType": "Patient", "id": patient.local_id, **other}


def test_the_banner_says_who_she_is_and_what_must_not_be_missed():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, make.allergy("Allergy to penicillin", **REACTION))
    make.resource(gp, {"resourceType": "Flag", "status": "active", "code": {"text": "High risk of falls"}})

    told = known(peggy).face

    assert (told.family, told.likes, told.nhs_number, told.died) == ("Hargreaves", "Peggy", make.PEGGY_NUMBER, False)
    assert (told.address, told.phone) == ("7 Weaver's Fold, Smallborough, ZZ1 2QX", "0161 496 0127")
    assert told.alerts == ("Allergy: Penicillin (anaphylaxis, severe)", "High risk of falls")
    assert told.team == "Riverside team"


def test_a_protected_address_is_nowhere_on_the_page():
    peggy, (gp, acute) = make.peggy("gp", "acute", protected=True)
    make.resource(gp, who(gp))
    make.resource(acute, who(acute))
    acute.postcode, acute.phone = "ZZ9 9ZZ", "0161 496 0999"
    acute.save()
    make.relationship(peggy, kind="registered_practice", organisation=make.organisation("MILL"))
    make.resource(gp, relative("Ann Lomas", "Daughter") | {"address": [{"line": ["7 Weaver's Fold"]}]})

    told = known(peggy)
    words = json.dumps([told.face, told.involved, told.contacts, told.differences, told.sources], default=str)

    assert (told.face.address, told.face.address_words) == (None, "Not shown: this address is protected.")
    assert [secret for secret in ("Weaver", "ZZ1", "ZZ9", "496 0127", "496 0999") if secret in words] == []
    assert "Mill Lane" not in json.dumps([told.face, told.involved], default=str)


def test_where_senders_differ_of_who_she_is_it_is_said():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, who(gp))
    make.resource(acute, who(acute))
    acute.birth_text, acute.given, acute.phone = "1942-04-13", "Margeret", "07700 900123"
    acute.save()

    told = known(peggy)

    assert [(one.about, one.grave) for one in told.differences] == [
        ("First name", False),
        ("Born", True),
        ("Phone", False),
    ]
    assert told.face.identity_doubt == (
        "Senders disagree. Born: Smallborough Hospitals (acute) says Mon 13 Apr 1942; "
        "Mill Lane Practice says Sat 14 Mar 1942."
    )


def test_a_partial_birth_date_does_not_disagree_with_a_whole_one():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, who(gp))
    make.resource(acute, who(acute))
    acute.birth_text = "1942-03"
    acute.save()

    assert known(peggy).face.identity_doubt == ""


def test_an_invalid_number_is_a_doubt():
    peggy, (gp,) = make.peggy("gp")
    make.identifier(gp, "9990000019", nhs_state="invalid")

    assert known(peggy).doubts == ("A sender holds an NHS number for this person that is not valid.",)


# ---- who has sent


def test_the_sources_say_what_they_hold_and_who_is_late():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.source("circle", connected=False)
    make.source("community", last_at=None)
    make.resource(gp, make.problem("Asthma"))
    make.resource(gp, who(gp))
    make.resource(acute, make.problem("Asthma"))
    acute.source.every_hours = 1
    acute.source.save()

    told = known(peggy).sources

    assert [(line.name, line.state_words, line.holds) for line in told.lines] == [
        ("Mill Lane Practice", "On time", 1),
        ("Smallborough Hospitals (acute)", "Late by 1 hour", 1),
        ("Smallborough Hospitals (community)", "Has not sent yet", 0),
        ("Riverside Tea Circle", "Not connected", 0),
    ]
    assert told.words == (
        "2 organisations hold something of this person; Smallborough Hospitals (acute): late by 1 hour."
    )


def test_a_source_of_which_nothing_may_be_shown_looks_as_if_it_did_not_know_her():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.problem("Asthma"))
    before = known(peggy)

    make.resource(acute, make.problem("HIV", code="86406008"), label=Label.VERY_RESTRICTED)
    make.resource(acute, who(acute), label=Label.VERY_RESTRICTED)

    assert known(peggy) == before


def test_each_panel_says_as_at_and_who_of_its_senders_is_late():
    peggy, (gp, acute) = make.peggy("gp", "acute")
    make.resource(gp, make.problem("Asthma"), received_at=make.ago(days=3))
    make.resource(acute, make.allergy(), received_at=make.ago(days=3))
    make.source("late", sends=["Condition"], last_at=make.ago(days=2))
    make.resource(
        make.patient(peggy, make.source("late")), make.problem("Gout", code="2"), received_at=make.ago(days=2)
    )

    told = known(peggy)

    assert told.problems.as_at == make.ago(hours=2)
    assert told.problems.silent == ("Smallborough Hospitals (late): late by 1 day",)
    assert (told.allergies.as_at, told.allergies.silent) == (make.ago(hours=2), ())


def test_what_a_role_does_not_open_is_not_said_to_be_held_or_not():
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, who(gp))
    coordinator = make.viewer(RoleCode.CARE_COORDINATOR)
    before = known(peggy, coordinator)

    make.resource(gp, make.reading("29463-7", 61, "kg", "2026-11-01"))

    assert known(peggy, coordinator).observations == before.observations
    assert (before.observations.state, before.observations.words) == (
        Known.CLOSED,
        "Your role does not open measurements. This does not mean none: ask before acting.",
    )


@pytest.mark.parametrize("state", [Known.NOT_RECORDED, Known.NOT_CONNECTED, Known.UNAVAILABLE])
def test_a_panel_with_nothing_never_says_none(state):
    peggy, (gp,) = make.peggy("gp")
    make.resource(gp, who(gp))
    source = gp.source
    source.connected = state != Known.NOT_CONNECTED
    source.every_hours = 1 if state == Known.UNAVAILABLE else 24
    source.save()

    panel = known(peggy).problems

    assert (panel.state, panel.facts) == (state, ())
    assert "This does not mean no" in panel.words


# ---- how things stand


def stay(starts: str, ends: str = "", **other) -> dict:
    return make.visit(starts, ends, "Hospital stay", **({"class": {"code": "IMP"}} | other))


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (stay("2026-11-03T20:00:00Z", status="in-progress"), "Peggy has been in hospital since Tue 3 Nov 2026, day 3"),
        (
            stay("2026-10-28T20:00:00Z", "2026-11-03T11:00:00Z"),
            "Peggy left hospital on Tue 3 Nov 2026 after 6 nights",
        ),
        (stay("2026-08-28T20:00:00Z", "2026-09-03T11:00:00Z"), "What is known of Peggy"),
        (make.visit("2026-11-03T20:00:00Z", "2026-11-03T21:00:00Z"), "What is known of Peggy"),
    ],
)
def test_the_answer_says_where_she_is(sent, answer):
    peggy, (acute,) = make.peggy("acute")
    make.resource(acute, sent)

    assert known(peggy).answer == answer


def test_the_answer_says_what_waits():
    peggy, (community,) = make.peggy("community")
    make.resource(community, task("Chase the fitter", make.day(-3)))

    assert known(peggy).answer == "Peggy: overdue by 3 days: Chase the fitter"


def test_the_answer_says_that_somebody_has_died():
    peggy, (community,) = make.peggy("community", died=True, died_on=make.TODAY)
    make.resource(community, task("Chase the fitter", make.day(-3)))

    assert known(peggy).answer == "Peggy died on Thu 5 Nov 2026"
