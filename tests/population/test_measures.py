"""Measures as files, worked out over the copy."""

import re
from datetime import date, datetime, timedelta

import pytest
import sqlglot
from sqlglot import exp

from locality.base import NotFound, Refused
from locality.directory.pack import pack_folder
from locality.directory.pack.reading import PACKS, read_table
from locality.population.queries import measures
from locality.population.queries.copy import open_copy
from locality.population.rules.asking import question, question_at_risk
from locality.population.rules.columns import TABLES
from locality.population.rules.measures import FOLDER, Kind, last_day_asked, read_measure, read_measures
from tests.population.copies import write_copy
from tests.population.judge import KINDS, SINCE, UNTIL, Judge, drawn

ALL = measures.measures(place="bury")
COMPUTED = {name: one for name, one in ALL.items() if one.steps}
# what DuckDB and Spark both have, under the names that sqlglot gives them
FUNCTIONS = {
    "AND", "CASE", "CAST", "COALESCE", "COUNT", "DATEDIFF", "EXTRACT", "FLOOR", "IF", "LEAST", "LEFT", "LOWER", "MAX",
    "MEDIAN", "MIN", "OR", "ROW_NUMBER", "SUBSTRING", "SUM",
}  # fmt: skip
JUDGED = (
    "emergency-admissions-65", "permanent-care-home-admissions-65", "days-from-ready-to-discharge",
    "falls-admissions-65", "readmissions-30-days", "frequent-attenders", "community-within-18-weeks",
    "home-91-days-after-reablement", "ten-medicines-65", "attendances", "attendances-under-5",
)  # fmt: skip


def counted(folder, name, *, until=UNTIL, kinds=KINDS):
    with open_copy(folder=folder) as duck:
        return measures.count(duck, ALL[name], until=until, kinds=kinds)


# ---- the files


def test_there_are_at_least_thirty_that_are_worked_out_and_every_other_says_why_not():
    assert len(COMPUTED) >= 30
    assert [one.id for one in ALL.values() if not one.steps and len(one.not_computed) < 20] == []


@pytest.mark.parametrize("name", ALL)
def test_a_measure_says_what_it_counts_which_way_is_better_and_whose_definition_it_is(name):
    one = ALL[name]

    assert [words for words in (one.name, one.says, one.unit, one.source) if len(words) < 4] == []
    assert one.says.endswith(".")
    assert [words for step in one.steps for words in (step.name, step.says, step.sql) if not words] == []


def test_a_measure_that_sends_its_readers_to_another_sends_them_to_one_of_the_same_services():
    sent = {name: re.findall(r"see ([a-z0-9-]+)\.", one.caveat) for name, one in ALL.items()}

    assert {name for name, others in sent.items() if others} == {
        "community-within-4-weeks",
        "community-within-18-weeks",
    }
    assert [name for name, others in sent.items() if any(ALL[other].needs != ALL[name].needs for other in others)] == []


def test_no_definition_is_said_to_be_verified_that_says_it_is_not():
    doubted = {name for name, one in ALL.items() if re.search("not verified|from memory", one.source)}

    assert "two-hour-response" in doubted
    assert [name for name in doubted if ALL[name].verified] == []


def test_a_rate_says_for_each_of_whom_it_is():
    units = {name: one.unit for name, one in COMPUTED.items() if one.kind is Kind.RATE}

    everybody = {name for name, unit in units.items() if "people of all ages" in unit}
    assert everybody == {
        name for name in units if not ALL[name].age_from and not ALL[name].age_below and "under" not in units[name]
    } - {"care-home-emergency-admissions"}
    assert "people in a care home" in units["care-home-emergency-admissions"]


def test_every_promise_of_a_pack_is_beside_a_measure_that_there_is():
    strange = {
        (pack.name, row["measure"])
        for pack in sorted(PACKS.iterdir())
        if (pack / "pack.toml").exists()
        for row in read_table("promises", pack)
        if row["measure"] not in measures.measures(place=pack.name)
    }

    assert strange == set()


def test_every_measure_of_bury_keeps_a_promise():
    assert [name for name, one in ALL.items() if not one.promises] == []


def test_the_measures_of_all_places_know_no_place():
    known = (pack_folder("bury") / "organisations.toml").read_text()
    assert "Bury" in known

    assert [path.name for path in FOLDER.glob("*.toml") if "Bury" in path.read_text()] == []


@pytest.mark.parametrize("name", COMPUTED)
def test_every_measure_is_in_the_sql_that_spark_has_too(name):
    one, asked = ALL[name], {"since": SINCE, "until": UNTIL, "kinds": [("a", "it's")]}
    questions = [question(one, **asked), *([question_at_risk(one, **asked)] if one.kind is Kind.RATE else [])]

    for sql in questions:
        spark = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)

        strange = {one.sql_name() for one in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Func)} - FUNCTIONS
        unknown = list(sqlglot.parse_one(spark[0], read="spark").find_all(exp.Anonymous))
        assert (len(spark), strange, unknown) == (1, set(), [])


@pytest.mark.parametrize("name", COMPUTED)
def test_steps_read_the_copy_and_steps_before_them_and_nothing_else(name):
    known = {*TABLES, "asked", "months", "kinds", "alive", "first_contacts"}
    for step in ALL[name].steps:
        tree = sqlglot.parse_one(step.sql, read="duckdb")
        own = {one.alias for one in tree.find_all(exp.CTE)}

        read = {(one.db, one.name) for one in tree.find_all(exp.Table)}
        assert isinstance(tree, exp.Query)
        assert {one for one in read if one[0] or one[1] not in known | own} == set()
        known.add(step.name)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("name = 'x'", "says, kind, unit, better, source is missing"),
        (
            "name='x'\nsays='x'\nkind='share'\nunit='x'\nbetter='up'\nsource='x'\nnot_computed='x'",
            "'up' is not a valid",
        ),
        ("name='x'\nsays='x'\nkind='share'\nunit='x'\nbetter='lower'\nsource='x'", "or says in not_computed"),
        ("name='x'\nsays='x'\nkind='share'\nunit='x'\nbetter='lower'\nsource='x'\ncolour='red'", "colour is not known"),
        (
            "name='x'\nsays='x'\nkind='rate'\nunit='x'\nbetter='lower'\nsource='x'\n"
            "[[step]]\nname='counted'\nsays='x'\nsql='select 1'",
            "needs the steps counted and at_risk",
        ),
        ("name = ", "is no measure"),
    ],
)
def test_a_file_that_is_no_measure_is_refused_by_name(tmp_path, words, fault):
    path = tmp_path / "mine.toml"
    path.write_text(words)

    with pytest.raises(Refused, match=rf"mine\.toml.*{fault}"):
        read_measure(path)


def test_a_place_adds_measures_of_its_own(tmp_path):
    (tmp_path / "mine.toml").write_text((FOLDER / "attendances.toml").read_text())

    assert [one.kind for one in read_measures(tmp_path).values()] == [Kind.RATE]


def test_a_measure_that_is_not_there_is_told_with_those_that_are_near():
    with pytest.raises(NotFound, match="no measure 'falls-65'.*falls-admissions-65"):
        measures.measure("falls-65", place="bury")


# ---- what is counted


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """Five drawn copies, with their rows."""
    held = []
    for seed in range(5):
        tables = drawn(seed)
        held.append((write_copy(tmp_path_factory.mktemp("copy"), **tables), tables))
    return held


@pytest.mark.parametrize("name", JUDGED)
def test_the_slow_obvious_engine_counts_the_same(copies, name):
    compared = 0
    for folder, tables in copies:
        expected = Judge(tables).groups(name, tuple(ALL[name].by))
        if ALL[name].kind is Kind.RATE:
            expected = {key: (n, n, people, total, months) for key, (n, _, people, total, months) in expected.items()}
        if not any(one[0] for one in expected.values()):
            continue

        found = {
            (base, by, group): (one.n, one.met, one.people, one.total, one.months)
            for (base, by), groups in counted(folder, name).groups.items()
            for group, one in groups.items()
        }

        assert found == expected
        compared += 1
    assert compared >= 3


def test_of_a_rate_it_is_counted_how_many_events_each_person_had(tmp_path):
    events = [
        {"person": person, "event": f"{person}{at}", "started_at": datetime(2025, 3, 1 + at, 9)}
        for person, times in (("ann", 3), ("bob", 2), ("cat", 1))
        for at in range(times)
    ]
    write_copy(tmp_path, events=events)

    (whole,) = counted(tmp_path, "emergency-admissions-65").groups["now", ""].values()

    assert (whole.n, whole.people, whole.squares) == (6, 3, 14.0)


def everywhere(person):
    """Somebody who is in every measure."""
    events = [
        {"person": person, "event": f"{person}{at}", "kind": kind, "started_at": datetime(2025, 3, 1 + at),
         "ended_at": datetime(2025, 3, 2 + at), "ready_at": datetime(2025, 3, 2 + at)}
        for at, kind in enumerate(("emergency admission", "attendance", "out of hours", "fall", "ambulance"))
    ]  # fmt: skip
    return {
        "events": events,
        "diagnoses": [
            {"person": person, "event": f"{person}0", "code": code, "on_day": date(2025, 3, 1)}
            for code in ("W19", "S720", "I639", "J440")
        ],
        "contacts": [
            {"person": person, "kind": kind, "how": "home", "referred_on": date(2025, 4, 1), "on_day": date(2025, 4, 2),
             "referred_at": datetime(2025, 4, 1, 9), "started_at": datetime(2025, 4, 1, 10)}
            for _, kind in measures.kinds_of_contact(place="bury")
        ],
        "conditions": [{"person": person, "code": code} for code in ("59621000", "44054006", "52448006")],
        "medicines": [{"person": person, "code": "1"}],
        "measurements": [
            {"person": person, "code": code, "value": 100.0, "on_day": date(2025, 5, 1)}
            for code in ("72313002", "1091811000000102", "999791000000106")
        ],
        "social_care": [
            {"person": person, "kind": kind, "started_on": date(2025, 3, 3)}
            for kind in ("permanent nursing", "reablement", "home care", "request")
        ],
        "deaths": [{"person": person, "on_day": date(2025, 6, 1)}],
    }  # fmt: skip


@pytest.mark.parametrize("name", COMPUTED)
def test_who_opted_out_is_in_no_measure_and_is_counted_as_left_out(tmp_path, name):
    tables = everywhere("ann")
    # whoever lives and opted out is counted as left out; her death is there for the measures of deaths
    out = {"person": "ann", "birth_month": date(1940, 1, 1), "opted_out": True, "died": False}
    write_copy(tmp_path, people=[out, {"person": "bob"}], **tables)

    try:
        found = counted(tmp_path, name, kinds=[*KINDS, *measures.kinds_of_contact(place="bury")])
    except Refused as refused:
        assert "is not computed" in str(refused)  # noqa: PT017 -- most count nothing of bob, who has no rows
        return

    assert found.left_out == 1
    # bob alone, who is alive and has no rows
    assert {one.n for groups in found.groups.values() for one in groups.values()} <= {0, 1}
    assert all(one.people <= 1 for groups in found.groups.values() for one in groups.values())
    assert sum(one.met for one in found.groups["now", ""].values()) == 0


def test_what_no_source_sends_is_not_computed_and_is_never_nought(tmp_path):
    write_copy(tmp_path, **everywhere("ann"))

    with pytest.raises(Refused, match="holds nothing that it counts"):
        counted(tmp_path, "good-level-of-development")
    with pytest.raises(Refused, match=r"No service's contacts are known here as talking-therapies"):
        counted(tmp_path, "talking-therapies-within-6-weeks")
    with pytest.raises(Refused, match="copy holds no wishes"):
        counted(tmp_path, "preferred-place-of-death")


def test_exactly_two_hours_are_in_time_and_a_call_is_no_visit(tmp_path):
    def visit(at, minutes, how="home"):
        asked = datetime(2025, 5, at, 23, 0)
        times = {"referred_at": asked, "referred_on": asked.date(), "started_at": asked + timedelta(minutes=minutes)}
        return {"person": f"p{at}", "kind": "Rapid response", "how": how, **times}

    contacts = [visit(1, 120), visit(2, 120.01), visit(3, 10, "remote"), visit(3, 130), visit(4, 0)]
    write_copy(tmp_path, contacts=contacts)

    (whole,) = counted(tmp_path, "two-hour-response").groups["now", ""].values()

    assert (whole.met, whole.n) == (2, 4)


def test_children_are_told_by_their_last_answer(tmp_path):
    def answer(person, value, day):
        said = "Good level of development, end of Reception"
        return {"person": person, "system": None, "said": said, "value": value, "on_day": day}

    write_copy(tmp_path, measurements=[answer("ann", 1.0, date(2025, 6, 30)), answer("bob", 0.0, date(2025, 6, 30))])

    (whole,) = counted(tmp_path, "good-level-of-development").groups["now", ""].values()

    assert (whole.met, whole.n) == (1, 2)


def test_a_stay_that_was_sent_as_days_alone_lies_on_those_days_in_summer_too(tmp_path):
    # all of the first to the third of July, by the clock here
    stay = {"event": "a", "started_at": datetime(2025, 6, 30, 23), "ended_at": datetime(2025, 7, 3, 23)}
    ready = {**stay, "person": "ann", "ready_at": datetime(2025, 7, 2, 23)}
    write_copy(tmp_path, events=[ready])

    months = counted(tmp_path, "emergency-admissions-65").groups["now", "month"]
    (days,) = counted(tmp_path, "days-from-ready-to-discharge").groups["now", ""].values()

    assert [month for month, one in months.items() if one.n] == ["2025-07"]
    assert (days.n, days.total) == (1, 0.0)


def test_only_months_that_are_over_are_told_and_what_is_so_now_of_the_last_alone():
    admissions, carers, made = ALL["emergency-admissions-65"], ALL["carers-known"], date(2026, 3, 14)

    assert [last_day_asked(one, made_on=made) for one in (admissions, carers)] == [date(2026, 3, 1)] * 2
    assert last_day_asked(admissions, made_on=made, until=date(2025, 3, 1)) == date(2025, 3, 1)
    for one, until, words in (
        (admissions, date(2026, 4, 1), "made on 14 March 2026: the months before April 2026 are not all in it"),
        (admissions, date(2026, 2, 2), "the first of one"),
        (carers, date(2026, 2, 1), "counts what is so now: it cannot be told of the months before February 2026"),
    ):
        with pytest.raises(Refused, match=words):
            last_day_asked(one, made_on=made, until=until)


def test_whatever_reads_what_is_so_now_says_so():
    """What a sender says still holds, who is a carer or lives in a care home, who waits: known of no past day."""
    now = re.compile(r"is_current|p\.carer|p\.care_home|outcome = 'waiting'")

    reads = {name for name, one in COMPUTED.items() if any(now.search(step.sql) for step in one.steps)}

    assert reads == {name for name, one in COMPUTED.items() if one.of_now}


def test_a_measure_is_parted_only_as_its_file_says():
    with pytest.raises(Refused, match="not by month"):
        measures.by_of("month", ALL["carers-known"])
