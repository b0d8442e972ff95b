import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from locality.base import Refused
from locality.base.ids import new_id
from locality.journal.models import Event
from locality.population.models import CriterionVersion, Found, FoundReason
from tests import factories as make
from tests.population.finding_world import build


@pytest.fixture
def place(db, tmp_path):
    return build(tmp_path)


def waiting() -> list[tuple[str, int, float]]:
    rows = Found.objects.filter(state="waiting").order_by("rank").select_related("person")
    return [(row.person.family, row.rank, row.risk) for row in rows]


def test_the_list_is_no_longer_than_the_team_can_help_and_begins_with_those_most_at_risk(place):
    for name, falls in (("ann", 1), ("bob", 3), ("cec", 2)):
        place.person(name, falls=falls)

    run = place.find()

    assert waiting() == [("Bob", 1, 3.0), ("Cec", 2, 2.0)]
    assert (run.found, run.listed, run.left_out) == (3, 2, {"no room: others come first": 1})
    assert run.lists == [{"team": "riverside", "name": "Riverside team", "a_month": 2, "accepted": 0, "listed": 2}]


def test_the_way_back_from_pseudonyms_is_asked_once_and_only_for_the_list(place):
    for name, falls in (("ann", 1), ("bob", 3), ("cec", 2)):
        place.person(name, falls=falls)

    place.find()

    assert place.asked_back == [["bob", "cec"]]


def test_asked_again_of_the_same_copy_the_same_lists_are_made(place):
    for name, falls in (("ann", 1), ("bob", 3)):
        place.person(name, falls=falls)
    place.find()
    before = list(Found.objects.order_by("pk").values_list("pk", "person", "rank", "state"))
    reasons = FoundReason.objects.count()

    place.find(at=make.AT + timedelta(hours=1))

    assert list(Found.objects.order_by("pk").values_list("pk", "person", "rank", "state")) == before
    assert FoundReason.objects.count() == reasons


def test_who_is_found_no_more_leaves_the_list(place):
    place.person("ann")
    place.find()
    place.rows["conditions"].clear()

    place.find()

    assert [row.state for row in Found.objects.all()] == ["over"]


def test_another_places_run_of_a_criterion_of_the_same_code_leaves_our_list_alone(place):
    place.person("ann")
    place.find()
    theirs = CriterionVersion.objects.get(pk=place.criterion.pk)
    theirs.pk, theirs.place = new_id(), make.place("otherborough")
    theirs.save(force_insert=True)

    replace(place, criterion=theirs).find()

    assert waiting() == [("Ann", 1, 1.0)]


def test_a_criterion_that_finds_somebody_twice_is_refused_by_its_code(place):
    place.person("ann", born=date(1940, 5, 1))
    told = json.dumps(place.criterion.written)
    twice = told.replace("from reasons group by person", "from reasons group by person, kind")
    CriterionVersion.objects.filter(pk=place.criterion.pk).update(written=json.loads(twice))

    with pytest.raises(Refused, match="The criterion 'fell' finds somebody twice"):
        place.find()


def test_each_reason_leads_to_its_line_of_the_record_with_its_sender_and_day(place):
    place.person("ann", falls=1, born=date(1940, 5, 1))

    place.find()

    rows = FoundReason.objects.order_by("kind").values_list("kind", "code", "on_day", "source__code", "points")
    assert list(rows) == [
        ("age", "80", None, None, 1),
        ("condition", "279992002", make.TODAY - timedelta(days=1), "gp", 1),
    ]
    assert [row.thing is not None for row in FoundReason.objects.order_by("kind")] == [False, True]


def test_what_no_line_of_the_record_says_is_no_reason_and_is_counted(place):
    place.person("ann")
    place.rows["conditions"].append(
        {
            "person": "ann",
            "code": "279992002",
            "said": "Fell",
            "started_on": make.TODAY - timedelta(days=9),
            "source": "acute",
        }
    )

    run = place.find()

    assert run.left_out == {"reasons whose line in the record was not found": 1}
    assert FoundReason.objects.count() == 1


def test_a_line_that_its_sender_restricted_is_no_reason(place):
    ann = place.person("ann")
    make.resource(
        make.patient(ann, make.source("acute")),
        make.problem("Recurrent falls", "279992002", onsetDateTime="2026-10-01"),
        label="R",
    )
    place.rows["conditions"].append(
        {"person": "ann", "code": "279992002", "said": "Fell", "started_on": date(2026, 10, 1), "source": "acute"}
    )

    run = place.find()

    assert run.left_out == {"reasons whose line in the record was not found": 1}


def test_nobody_who_died_is_listed_though_the_copy_does_not_know_it_yet(place):
    ann = place.person("ann")
    ann.died = True
    ann.save(update_fields=["died"])

    run = place.find()

    assert (run.listed, run.left_out) == (0, {"died, moved away or not to be listed": 1})


def test_who_lives_and_is_registered_elsewhere_is_on_nobodys_list_and_counted(place):
    place.person("ann")
    place.rows["people"][0] |= {"practice": "ELSEWHERE", "neighbourhood": None}

    run = place.find()

    assert (run.listed, run.left_out) == (0, {"no team of this place is responsible": 1})


def test_who_objects_to_secondary_use_is_found_like_everybody_and_left_out_of_what_is_measured(place):
    place.person("ann", opted_out=True)
    place.person("bob")

    run = place.find()

    assert waiting() == [("Ann", 1, 1.0), ("Bob", 2, 1.0)]
    assert (run.worth["people"], run.worth["left_out"]) == (1, 1)


def test_what_a_list_would_have_been_worth_is_held_against_what_happened_next_and_sees_nothing_of_it(place):
    for name in ("ann", "bob", "cec"):
        place.person(name, falls=0)
    long_ago, since = make.TODAY - timedelta(days=400), make.AT - timedelta(days=100)
    place.rows["conditions"] = [
        {"person": "ann", "code": "279992002", "started_on": long_ago},
        {"person": "bob", "code": "279992002", "started_on": long_ago},
        # found by a fall since: it must not count as foreseen
        {"person": "cec", "code": "279992002", "started_on": since.date()},
    ]
    place.rows["events"] = [
        {"person": name, "event": name, "started_at": since.replace(tzinfo=None)} for name in ("ann", "cec")
    ]

    run = place.find()

    assert {key: run.worth[key] for key in ("found", "events", "at")} == {
        "found": 2,
        "events": 2,
        "at": [{"length": 2, "hits": 1, "events": 2}],
    }
    assert {key: run.worth[key] for key in ("everybody_before", "found_before", "found_after")} == {
        "everybody_before": {0: 3},
        "found_before": {0: 2},
        "found_after": 1,
    }


def test_a_run_is_written_down_once_and_so_is_everybody_whom_it_lists(place):
    ann = place.person("ann")

    run = place.find()

    events = (
        Event.objects.filter(what__startswith="finding.").order_by("what").values_list("what", "person_id", "about_id")
    )
    assert list(events) == [("finding.listed", ann.pk, None), ("finding.run", None, run.pk)]
