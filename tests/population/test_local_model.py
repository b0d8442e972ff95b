"""What the local model sees of people on a day, what it never sees, and training on a small place from end to end."""

import json
import re
from datetime import date, datetime, timedelta

import numpy as np
import pytest
import sqlglot

from locality.base import NotFound, Refused, system
from locality.journal.models import Event
from locality.methods.additive import Additive, Part
from locality.population.actions.local_model import explain_person, renew_model, score_people, train_model
from locality.population.queries.copy import open_copy
from locality.population.queries.local_model import explain, index_days, on_day, scores
from locality.population.rules.features import FEATURES, days, outcome_steps, query, rows_behind
from locality.population.rules.model_files import saved_model
from locality.population.rules.pseudonyms import pseudonym
from tests import factories as make
from tests.population.copies import write_copy

ON = date(2025, 11, 22)
UNTIL = date(2026, 11, 22)


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour)


def ago(count):
    return ON - timedelta(days=count)


@pytest.fixture
def ann(tmp_path):
    """Ann, of whom much is known before the day, and something after it; and Bob, of whom nothing is."""
    events = [
        {"person": "ann", "event": "1", "started_at": at(ago(30))},
        {"person": "ann", "event": "1", "started_at": at(ago(30)), "source": "acute-adt"},  # told twice
        {"person": "ann", "event": "2", "started_at": at(ago(200))},
        {"person": "ann", "event": "3", "started_at": at(ago(366))},  # longer ago than a year
        {"person": "ann", "event": "4", "started_at": at(ON)},  # from the day itself on, all is outcome
        {"person": "ann", "event": "5", "kind": "attendance", "started_at": at(ago(1))},
        {"person": "ann", "event": "6", "kind": "out of hours", "started_at": at(ago(365))},
        {"person": "ann", "event": "7", "kind": "fall", "started_at": at(ON + timedelta(days=1))},
    ]
    conditions = [
        {"person": "ann", "code": "84114007", "said": "Heart failure", "started_on": ago(900)},
        {"person": "ann", "code": "44054006", "started_on": ago(900), "ended_on": ago(10), "is_current": False},
        {"person": "ann", "code": "13645005", "started_on": ON},
    ]
    people = [
        {"person": "ann", "birth_month": date(1941, 12, 1), "practice": "P1", "ethnicity": "J", "deprivation": 3},
        {"person": "bob", "birth_month": None, "sex": None, "opted_out": True},
        {"person": "dead", "died_on": ago(1), "practice": "P1"},
        {"person": "unborn", "birth_month": date(2026, 1, 1), "practice": "P1"},
        {"person": "later", "registered_on": ON + timedelta(days=1), "practice": "P1"},
        {"person": "dying", "died_on": ON + timedelta(days=100), "practice": "P1"},
    ]
    folder = write_copy(tmp_path / "copy", people=people, events=events, conditions=conditions)
    with open_copy(folder=folder) as duck:
        yield duck


def test_features_count_what_was_known_before_the_day_once_each(ann):
    seen = on_day(ann, on=ON, outcome=True)

    values = {name: of[seen.people.tolist().index("ann")] for name, of in seen.columns.items() if of[0]}
    assert values == {
        "age": 83,
        "emergency_admissions": 2,
        "recent_admissions": 1,
        "attendances": 1,
        "out_of_hours": 1,
        "conditions": 1,
        "heart_failure": 1,
    }
    assert dict(zip(seen.people.tolist(), seen.happened.tolist(), strict=True)) == {"ann": 1, "bob": 0, "dying": 0}


def test_who_has_died_is_not_born_or_came_later_is_not_there_and_who_dies_within_the_year_is(ann):
    seen = on_day(ann, on=ON)

    assert seen.people.tolist() == ["ann", "bob", "dying"]
    assert seen.died.tolist() == [False, False, True]
    assert seen.opted_out.tolist() == [False, True, False]
    assert seen.no_practice.tolist() == [False, True, False]


def test_people_are_grouped_in_words_and_what_is_not_known_is_said(ann):
    seen = on_day(ann, on=ON)

    assert {name: of.tolist()[:2] for name, of in seen.groups.items()} == {
        "neighbourhood": ["not known", "not known"],
        "deprivation": ["2", "not known"],
        "age": ["75 to 84", "not known"],
        "sex": ["female", "not known"],
        "ethnicity": ["Asian or Asian British", "not known"],
    }


def test_one_person_alone_is_seen_as_among_all(ann):
    alone, among = on_day(ann, on=ON, person="ann"), on_day(ann, on=ON)

    assert {name: of[0] for name, of in alone.columns.items()} == {name: of[0] for name, of in among.columns.items()}


def test_the_question_means_the_same_to_spark_as_sqlglot_carries_it(ann):
    asked = query(outcome_steps())
    named = {name: day for name, day in days(ON).items() if f"${name}" in asked}

    spark = sqlglot.transpile(asked, read="duckdb", write="spark")[0]
    # the engine puts the days in; the parser, which reads it back for this, knows none of its marks
    filled = re.sub(r":(on|since|lately|until)\b", lambda mark: f"cast('{named[mark[1]]}' as date)", spark)
    back = sqlglot.transpile(filled, read="spark", write="duckdb")[0]

    assert spark.count(":on") == asked.count("$on")
    assert ann.execute(back).fetchall() == ann.execute(asked, named).fetchall()


def test_nothing_the_model_looks_at_is_of_cost_or_of_who_somebody_is_or_where_they_live():
    read = " ".join(f"{one.name} {one.words} {one.table} {one.value} {one.count} {one.where}" for one in FEATURES.each)

    words = set(re.findall(r"[a-z]+", read.lower()))
    barred = {"cost", "costs", "price", "pence", "pounds", "spend", "spent", "tariff", "paid", "budget", "amount"}
    barred |= {"ethnicity", "deprivation", "neighbourhood", "ward", "practice", "postcode", "area"}
    assert words & barred == set()
    tables = {one.table for one in FEATURES.each}
    assert tables == {"people", "events", "conditions", "medicines", "contacts", "social_care"}
    assert not any(one.rises for one in FEATURES.each if one.name in ("age", "male"))
    assert all(one.rises for one in FEATURES.each if one.name not in ("age", "male"))


def weights(**points):
    parts = tuple(
        Part(one, tuple(float(points.get(one.name, 0) * step) for step in range(len(one.cuts) + 1)))
        for one in FEATURES.asked
    )
    return Additive(outcome=FEATURES.outcome, base=-2.0, parts=parts)


def test_a_chance_opens_to_the_rows_it_counts_with_their_days_and_senders(ann):
    found = explain(ann, model=weights(emergency_admissions=0.5, heart_failure=0.25), person="ann", on=ON)

    first, second = found.why[:2]
    assert (first.reason.words, first.reason.adds) == ("2 emergency admissions in the last year", 1.0)
    assert {(row.what, row.on_day, row.source) for row in first.rows} == {
        ("emergency admission", ago(30), "acute"),
        ("emergency admission", ago(30), "acute-adt"),
        ("emergency admission", ago(200), "acute"),
    }
    assert [(row.what, row.source) for row in second.rows] == [("Heart failure", "gp")]
    assert found.chance == pytest.approx(1 / (1 + np.exp(2.0 - 1.25)))


def test_every_feature_that_counts_can_show_what_it_counts(ann):
    for one in FEATURES.each:
        if one.count:
            asked = rows_behind(one)
            named = {name: day for name, day in days(ON).items() if f"${name}" in asked}
            assert len(ann.execute(asked, {**named, "person": "ann"}).description) == 3


def test_nobody_is_explained_who_is_not_there(ann):
    with pytest.raises(NotFound, match="^Nobody of that pseudonym is in the copy on 2025-11-22.$"):
        explain(ann, model=weights(), person="dead", on=ON)


def test_everybody_is_scored_whoever_objects(ann):
    seen, chances = scores(ann, model=weights(), on=ON)

    assert (seen.people.tolist(), len(chances)) == (["ann", "bob", "dying"], 3)


@pytest.mark.django_db
def test_whoever_is_explained_is_written_down_as_looked_at(tmp_path):
    ann, key = make.person(), bytes(32)
    name = pseudonym(key=key, person=ann.pk)
    write_copy(tmp_path, people=[{"person": name, "practice": "P1"}])

    with open_copy(folder=tmp_path) as duck:
        asked = {"duck": duck, "model": weights(), "file": "m.json", "key": key, "on": ON, "by": by()}
        found = explain_person(person=name, **asked)
        with pytest.raises(NotFound):
            explain_person(person="nobody", **asked)

    assert 0 < found.chance < 1
    assert [(one.what, one.person_id) for one in Event.objects.order_by("what")] == [
        ("copy.gone-back", ann.pk),
        ("local_model.explained", None),
    ]


@pytest.mark.django_db
def test_scoring_everybody_is_written_down(tmp_path):
    write_copy(tmp_path, people=[{"person": "ann"}, {"person": "bob", "opted_out": True}])

    with open_copy(folder=tmp_path) as duck:
        seen, chances = score_people(duck=duck, model=weights(), file="m.json", on=ON, by=by())

    assert (seen.people.tolist(), len(chances)) == (["ann", "bob"], 2)
    [line] = Event.objects.all()
    assert (line.what, line.detail) == (
        "local_model.scored",
        {"file": "m.json", "on": ON.isoformat(), "people": 2},
    )


# ---- training, from end to end


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Three years of 1,600 people, of whom the older are admitted more; a tenth object, a few have no practice."""
    rng = np.random.default_rng(1)
    people, events = [], []
    for number in range(1600):
        name, old = f"p{number:04d}", bool(rng.random() < 0.4)
        born = date(1940 if old else 1985, 1 + int(rng.integers(12)), 1)
        practice = None if number % 40 == 0 else "P1"
        people.append({"person": name, "birth_month": born, "practice": practice, "opted_out": number % 10 == 1})
        for turn in range(rng.poisson(1.2 if old else 0.3)):
            day = UNTIL - timedelta(days=int(rng.integers(1, 3 * 365 + 1)))
            events.append({"person": name, "event": f"{name}-{turn}", "started_at": at(day)})
    return write_copy(tmp_path_factory.mktemp("place"), people=people, events=events)


def by(day=UNTIL):
    return system(at=make.AT.replace(year=day.year, month=day.month, day=day.day))


@pytest.mark.django_db
def test_a_model_is_learned_from_an_earlier_day_judged_on_a_later_kept_as_json_and_written_down(place, tmp_path):
    with open_copy(folder=place) as duck:
        model, path = train_model(duck=duck, until=UNTIL, seed=1, synthetic=True, folder=tmp_path, by=by())

    said = json.loads(path.read_text())
    assert path.name == "emergency-admission-2026-11-22-01.json"
    assert saved_model(tmp_path) == (model, path)
    assert (said["synthetic"], said["trained_on"], said["seed"]) == (True, "2026-11-22", 1)
    learned, judged = said["learned_from"], said["judged_on"]
    assert ([one["on"] for one in learned], judged["on"]) == (["2024-11-22"], "2025-11-22")
    assert (judged["here"], judged["objected"], judged["no_practice"], judged["people"]) == (1600, 160, 40, 1400)
    overall = said["judged"]["overall"]
    assert (overall["people"], overall["observed"]) == (1400, judged["outcomes"])
    assert overall["area_under_curve"]["low"] > 0.6
    assert overall["expected_over_observed"]["low"] < 1 < overall["expected_over_observed"]["high"]
    assert {one["aspect"] for one in said["judged"]["by"]} == {
        "neighbourhood",
        "deprivation",
        "age",
        "sex",
        "ethnicity",
    }
    assert [one.what for one in Event.objects.all()] == ["local_model.trained"]


@pytest.mark.django_db
def test_who_objects_changes_nothing_that_is_learned(place, tmp_path):
    """Their rows are there and could leak: without their admissions the model is the same to the last digit."""
    other = tmp_path / "other"
    with open_copy(folder=place) as duck:
        model, _ = train_model(duck=duck, until=UNTIL, seed=1, synthetic=True, folder=tmp_path, by=by())
        kept = duck.execute(
            "select events.person, event, started_at from events join people on people.person = events.person"
            " where not opted_out"
        ).fetchall()
        people = duck.execute("select person, birth_month, practice, opted_out from people").fetchall()
    names = ("person", "birth_month", "practice", "opted_out")
    write_copy(
        other,
        people=[dict(zip(names, row, strict=True)) for row in people],
        events=[dict(zip(("person", "event", "started_at"), row, strict=True)) for row in kept],
    )

    with open_copy(folder=other) as duck:
        without, _ = train_model(duck=duck, until=UNTIL, seed=1, synthetic=True, folder=tmp_path, by=by())

    assert (without.base, without.parts) == (model.base, model.parts)


@pytest.mark.django_db
def test_a_model_that_says_too_much_is_renewed_and_the_renewal_stays_written(place, tmp_path):
    with open_copy(folder=place) as duck:
        model, _ = train_model(duck=duck, until=UNTIL, seed=1, synthetic=True, folder=tmp_path, by=by())
        bold = model.moved(intercept=1.0, slope=1.0)

        renewed, path = renew_model(duck=duck, model=bold, until=UNTIL, folder=tmp_path, by=by())

    told = renewed.said["renewed"][0]
    assert path.name == "emergency-admission-2026-11-22-02.json"
    assert told["kind"] == "intercept"
    assert renewed.base == pytest.approx(model.base, abs=0.2)
    assert told["after"]["expected_over_observed"]["value"] == pytest.approx(1, abs=1e-6)


def test_no_outcome_that_is_learned_from_lies_on_the_day_of_judging_or_after(place):
    with open_copy(folder=place) as duck:
        found = index_days(duck, until=UNTIL)

    assert max(found.learn) + timedelta(days=365) <= found.judge
    assert found.judge + timedelta(days=365) <= found.until


def test_too_short_a_history_is_refused_with_the_days_it_needs(place):
    with open_copy(folder=place) as duck, pytest.raises(Refused, match="must reach from 2022-05-24 to 2025-05-23"):
        index_days(duck, until=date(2025, 5, 23))


def test_without_a_model_the_command_that_makes_one_is_named(tmp_path):
    with pytest.raises(NotFound, match="^There is no local model yet: run `locality train-model`.$"):
        saved_model(tmp_path)


def test_a_file_that_is_no_model_is_refused_by_name(tmp_path):
    (tmp_path / "emergency-admission-2026-01-01-01.json").write_text("{")

    with pytest.raises(Refused, match="emergency-admission-2026-01-01-01.json is no model"):
        saved_model(tmp_path)
