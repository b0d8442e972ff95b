"""The cast's people: who is who, the special ones, and Peggy."""

import re
import tomllib
from collections import Counter, defaultdict

import orjson

from locality.access.rules import RelationKind, RoleCode
from locality.demo.cast_files import the_cast
from locality.record.headlines import Topic, headline
from tests.demo.reading import (
    PACK,
    SATURDAY,
    everything,
    held,
    marks_of,
    numbers_of,
    of,
    patients,
    rows_of,
    sent,
)

SEAL = "https://locality.example/CodeSystem/seal"
ABOUT_ME = "https://locality.example/Questionnaire/about-me"

# ---- who is who


def test_the_people_are_those_whom_the_sources_send():
    listed = Counter(
        (source, patient)
        for one in the_cast()["people"].values()
        for held_as in (one["patients"], one.get("earlier", {}).get("patients", {}))
        for source, ids in held_as.items()
        for patient in ids
    )
    known = {(source, one["id"]) for source, one in everything() if one["resourceType"] == "Patient"}

    assert set(listed) == known
    assert max(listed.values()) == 1


def test_whoever_a_source_sends_has_the_birth_date_and_practice_of_the_cast():
    for key, person in the_cast()["people"].items():
        said = [one for source in person["patients"] for one in patients(source, key)]
        practices = {
            one["identifier"]["value"]
            for patient in said
            for one in patient.get("generalPractitioner", [])
            if "identifier" in one
        }

        assert {one["birthDate"] for one in said if "birthDate" in one} == {person["birth_on"].isoformat()}
        assert practices == {person["practice"]}


def codes_in(*names: str) -> set[str]:
    found = set()
    for name in names:
        path = PACK / name
        if path.suffix == ".csv":
            found |= {row["code"] for row in rows_of(name)}
        else:
            found |= {one["code"] for rows in tomllib.loads(path.read_text()).values() for one in rows}
    return found


def test_practitioners_work_for_organisations_and_in_teams_of_the_pack():
    organisations, teams = codes_in("organisations.toml", "organisations.csv"), codes_in("teams.toml")
    staff = the_cast()["practitioner"]
    employers = {role["organisation"] for one in staff for role in one["roles"]}

    assert employers - organisations == set()
    assert {team["team"] for one in staff for team in one["teams"]} - teams == set()
    assert {role["code"] for one in staff for role in one["roles"]} == set(RoleCode)
    assert max(Counter(one["username"] for one in staff).values()) == 1


def test_a_team_holds_for_a_role_of_the_same_employer():
    astray = [
        (one["code"], team["team"])
        for one in the_cast()["practitioner"]
        for team in one["teams"]
        if team["employer"] not in {role["organisation"] for role in one["roles"]}
    ]

    assert astray == []


def test_relationships_are_with_one_of_the_packs_teams_or_organisations():
    known = {"team": codes_in("teams.toml"), "organisation": codes_in("organisations.toml", "organisations.csv")}
    rows = the_cast()["relationship"]

    for row in rows:
        (side,) = row.keys() & {"team", "organisation", "practitioner"}
        assert row[side] in known[side]
        assert row["kind"] in set(RelationKind)
        assert row["person"] in the_cast()["people"]
        assert row["starts_days"] <= row.get("ends_days", 0)


def test_the_nurse_of_another_team_has_no_reason_to_know_peggy():
    nurse = next(one for one in the_cast()["practitioner"] if one["code"] == "ruth-adler")
    theirs = {team["team"] for team in nurse["teams"]}
    reasons = {row["team"] for row in the_cast()["relationship"] if row["person"] == "peggy"}

    assert theirs == {"prestwich"}
    assert reasons == {"radcliffe", "intermediate-care"}


# ---- the special people: without them the access tests prove nothing


def test_each_of_the_special_people_is_there():
    traits = defaultdict(list)
    for key, one in the_cast()["people"].items():
        for trait in one["traits"]:
            traits[trait].append(key)
    special = (
        *("protected-address", "sealed", "locked", "merged-pair", "earlier-identity", "died", "objects"),
        *("public-eye", "invalid-number", "twin", "interpreter", "learning-disability", "newborn", "safeguarding"),
    )

    assert {trait: traits[trait] for trait in special} == {
        "protected-address": ["laura"],
        "sealed": ["derek"],
        "locked": ["derek"],
        "merged-pair": ["terry"],
        "earlier-identity": ["rowan"],
        "died": ["harold"],
        "objects": ["winifred"],
        "public-eye": ["barnaby"],
        "invalid-number": ["joyce"],
        "twin": ["ellie", "ella"],
        "interpreter": ["grazyna", "zubaida"],
        "learning-disability": ["daniel"],
        "newborn": ["arthur"],
        "safeguarding": ["daniel"],
    }


def test_a_protected_address_is_marked_by_two_and_unknown_to_the_hospital():
    marks = {source: marks_of(patients(source, "laura")[0]) for source in the_cast()["people"]["laura"]["patients"]}

    assert marks == {"gp": {"R"}, "social-care": {"R"}, "acute": set()}


def test_one_thing_is_sealed_and_another_locked():
    marked = [
        one for source in ("gp", "acute") for kind in ("Condition", "Encounter") for one in of(source, kind, "derek")
    ]

    assert {one["id"]: marks_of(one) for one in marked if marks_of(one)} == {
        "41090-cond-hiv": {"R", "HIV", "sealed"},
        "41090-cond-alcohol": {"V", "ETH", "locked"},
        "4660912-enc-clinic": {"R", "HIV", "sealed"},
    }
    assert {one["system"] for one in marked[2]["meta"]["security"] if one["code"] == "sealed"} == {SEAL}


def test_the_merged_pair_is_one_man_with_two_hospital_numbers():
    said = patients("acute", "terry")
    replaced = [one["link"] for one in patients("acute-adt", "terry") if one.get("active") is False]

    assert {one["id"]: numbers_of(one) for one in said} == {"4471026": ["9998836050"], "6018833": ["9998836050"]}
    assert replaced == [[{"other": {"reference": "Patient/RM3.4471026"}, "type": "replaced-by"}]]


def test_the_earlier_identity_shares_nothing_that_links_but_a_birth_date():
    rowan = the_cast()["people"]["rowan"]
    earlier = [one for one in sent(SATURDAY)["acute"] if one["id"] == "3390475"]
    now = patients("gp", "rowan")

    assert [numbers_of(one) for one in (*earlier, *now)] == [
        [rowan["earlier"]["nhs_number"]],
        [rowan["nhs_number"]],
    ]
    assert {one["birthDate"] for one in (*earlier, *now)} == {"1992-04-27"}
    assert "Ryan" not in orjson.dumps(sent(SATURDAY)["gp"]).decode()


def test_two_senders_say_that_he_died_and_a_visit_is_still_booked():
    died = [
        patients(source, "harold")[-1].get("deceasedDateTime") for source in ("gp", "acute", "acute-adt", "community")
    ]
    visits = [one["start"] for one in sent(SATURDAY)["community"] if one["id"] == "C080015-appt-1"]

    assert {one for one in died if one} == {"2026-11-09T04:40:00+00:00"}
    assert died[-1] is None
    assert visits == ["2026-11-23T11:00:00+00:00"]


def test_she_objects_and_it_is_written_as_a_denial():
    (consent,) = of("gp", "Consent", "winifred")

    assert (consent["status"], consent["provision"]["type"]) == ("active", "deny")
    assert [one["code"] for one in consent["provision"]["purpose"]] == ["TREAT"]


def test_twins_differ_in_number_and_name_alone():
    twins = [patients("gp", key)[0] for key in ("ellie", "ella")]
    shared = [(one["birthDate"], one["address"], one["name"][0]["family"], one["gender"]) for one in twins]

    assert shared[0] == shared[1]
    assert [one["name"][0]["given"] for one in twins] == [["Ellie", "Mae"], ["Ella", "May"]]
    assert numbers_of(twins[0]) != numbers_of(twins[1])


# ---- Peggy


def test_peggy_is_told_by_eight_sources():
    number = the_cast()["people"]["peggy"]["nhs_number"]
    telling = {source for source, one in everything() if one["resourceType"] == "Patient" and number in numbers_of(one)}

    assert telling == {
        *("gp", "acute", "acute-adt", "community", "social-care"),
        *("out-of-hours", "persona", "vcfa"),
    }


def test_two_senders_hold_penicillin_and_disagree_about_what_it_does():
    said = {
        source: [(one["code"]["coding"][0]["code"], one["reaction"][0]["manifestation"][0]["text"]) for one in found]
        for source in ("gp", "acute")
        if (found := of(source, "AllergyIntolerance", "peggy"))
    }

    assert said == {"gp": [("91936005", "Anaphylaxis")], "acute": [("91936005", "Rash")]}


def test_one_line_is_entered_in_error_and_two_medicines_are_stopped():
    wrong = [
        one["code"]["text"]
        for one in of("gp", "Condition", "peggy")
        if one["verificationStatus"]["coding"][0]["code"] == "entered-in-error"
    ]
    stopped = [
        one["medicationCodeableConcept"]["text"]
        for one in of("gp", "MedicationRequest", "peggy")
        if one["status"] == "stopped"
    ]

    assert wrong == ["Type 2 diabetes mellitus"]
    assert stopped == ["Amlodipine 5mg tablets", "Amitriptyline 10mg tablets"]


def test_what_matters_to_her_is_in_her_own_words():
    (about_me,) = of("community", "QuestionnaireResponse", "peggy")
    answers = [one["answer"][0]["valueString"] for one in about_me["item"]]

    assert about_me["questionnaire"] == ABOUT_ME
    assert about_me["source"]["reference"] == "Patient/C104773"
    assert len(answers) == 5
    assert [one for one in answers if not 40 < len(one) < 300] == []


def test_one_of_three_goals_is_overdue():
    due = [one["target"][0]["dueDate"] for one in of("community", "Goal", "peggy")]

    assert len(due) == 3
    assert [one for one in due if one < SATURDAY.isoformat()] == ["2026-11-15"]


def test_both_feeds_of_the_hospital_tell_of_one_stay():
    stay = next(one for one in of("acute", "Encounter", "peggy") if one["class"]["code"] == "IMP")
    told = of("acute-adt", "Encounter", "peggy")

    assert stay["period"] == {"start": "2026-10-31T13:40:00+00:00", "end": "2026-11-04T14:35:00+00:00"}
    assert [one["period"] for one in told] == [{"start": stay["period"]["start"]}] * 2 + [stay["period"]]
    assert {one["identifier"][0]["value"] for one in (stay, *told)} == {"FGH-2091145"}


# Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, chart 1: the first bound that holds.
NEWS2 = {
    "86290005": [(25, 3), (21, 2), (12, 0), (9, 1), (0, 3)],
    "103228002": [(96, 0), (94, 1), (92, 2), (0, 3)],
    "72313002": [(220, 3), (111, 0), (101, 1), (91, 2), (0, 3)],
    "78564009": [(131, 3), (111, 2), (91, 1), (51, 0), (41, 1), (0, 3)],
    "276885007": [(39.1, 2), (38.1, 1), (36.1, 0), (35.1, 1), (0, 3)],
}


def test_early_warning_scores_follow_from_what_was_measured():
    things = {f"Observation/{one['id']}": one for one in of("acute", "Observation", "peggy")}
    totals = [one for one in things.values() if one["code"].get("text") == "NEWS2 total score"]

    for total in totals:
        measured = [things[one["reference"]] for one in total["derivedFrom"]]
        points = [
            next(
                score
                for bound, score in NEWS2[one["code"]["coding"][0]["code"]]
                if one["valueQuantity"]["value"] >= bound
            )
            for one in measured
        ]
        parts = [one["valueQuantity"]["value"] for one in total["component"]]

        # she breathed air and was alert throughout: the two parts that are not measured score nothing
        assert sorted(parts) == sorted([*points, 0, 0])
        assert total["valueQuantity"]["value"] == sum(parts)
    assert [one["valueQuantity"]["value"] for one in totals] == [7, 3, 2, 1, 1, 0]


def test_what_happens_next_reads_in_words():
    hers = {
        (source, f"Patient/{one}") for source, ids in the_cast()["people"]["peggy"]["patients"].items() for one in ids
    }
    lines = [(source, headline(one)) for (source, _, _), one in held(SATURDAY).items()]
    told = [line for source, line in lines if (source, line.patient) in hers]
    to_come = sorted((one.happened_at, one.title) for one in told if one.topic is Topic.NEXT and one.happened_at)

    assert [f"{when:%a %d %b}: {title}" for when, title in to_come] == [
        "Tue 24 Nov: District nurse: dress the left shin",
        "Wed 25 Nov: Day care, the Weighbridge",
        "Thu 26 Nov: Physiotherapy at home: stairs, strength and balance",
        "Thu 26 Nov: Befriending visit",
        "Mon 30 Nov: Review of Peggy's plan, at home, with Ann",
        "Fri 04 Dec: Home visit by Dr Marsden: weight, blood pressure, how Ann is managing",
    ]


def test_every_line_has_a_title_in_words():
    titles = {headline(one).title for _, one in everything() if one["resourceType"] not in {"Binary", "Patient"}}
    types = {one["resourceType"] for _, one in everything()}

    assert titles & types == set()
    assert [title for title in titles if not re.search(r"[A-Za-z]{3}", title)] == []
