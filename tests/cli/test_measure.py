"""`locality measure`."""

import csv
import json
from datetime import date, datetime

import pytest
from typer.testing import CliRunner

from locality.cli import app
from locality.population.queries.kept import last_kept
from tests import factories as make
from tests.population.copies import write_copy

PEOPLE = [
    {
        "person": f"p{at}",
        "birth_month": date(1950, 1, 1),
        "neighbourhood": "prestwich" if at % 3 else "radcliffe",
        "deprivation": 1 + at % 10,
        "opted_out": at >= 400,
    }
    for at in range(410)
]
EVENTS = [
    {
        "person": f"p{at}",
        "event": f"e{at}",
        "started_at": datetime(2025, 1 + at % 12, 5),
        "ended_at": datetime(2025, 1 + at % 12, 9),
    }
    for at in (*range(300), *range(400, 410))
]


@pytest.fixture
def copy(settings, tmp_path, monkeypatch):
    """400 people of 75, 300 of whom were in hospital once; ten opted out."""
    # the server of the tests is at hand already, whatever home the command is told
    settings.LOCALITY_HOME, settings.DATABASE_URL = tmp_path, "at hand"
    write_copy(tmp_path / "copy", people=PEOPLE, events=EVENTS)


def ran(*asked):
    return CliRunner().invoke(app, ["measure", *asked])


def test_measures_are_listed_and_those_that_are_not_computed_say_why():
    told = {one["measure"]: one for one in json.loads(ran("--json").stdout)["measures"]}

    assert told["emergency-admissions-65"]["not_computed"] == ""
    assert told["told-once"]["not_computed"] == "It is asked in surveys, and no survey is loaded."
    assert "measures, " in ran().output


def test_a_measure_is_told_with_its_definition_its_interval_and_who_was_left_out(copy):
    told = ran("emergency-admissions-65", "--by", "neighbourhood")

    assert told.exit_code == 0, told.output
    assert "75,000.0 (66,752.1 to 83,985.5): 300 of 400" in told.output
    assert "How often people of 65 and over are admitted to hospital in an emergency." in told.output
    assert "left out: 10" in " ".join(told.output.split())


def test_machines_get_one_line_and_files_get_every_way_of_parting(copy, tmp_path):
    told = json.loads(ran("emergency-admissions-65", "--json", "--out", str(tmp_path / "out.csv")).stdout)

    with (tmp_path / "out.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert (told["left_out"], told["until"]) == (10, "2026-01-01")
    assert {row["by"] for row in rows} == {
        "",
        "neighbourhood",
        "deprivation",
        "ethnicity",
        "age",
        "sex",
        "practice",
        "month",
    }
    assert (rows[0]["count"], rows[0]["of"], rows[0]["value"]) == ("300", "400", "75000.0")


def test_nothing_small_or_unrounded_is_written(copy, tmp_path):
    ran("long-stays", "--out", str(tmp_path / "out.csv"))

    with (tmp_path / "out.csv").open() as lines:
        counts = [int(row[name]) for row in csv.DictReader(lines) for name in ("count", "of") if row[name]]
    assert [count for count in counts if count % 5 or 0 < count < 8] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["no-such-measure"], "There is no measure 'no-such-measure'."),
        (["emergency-admissions-65", "--by", "colour"], "not by colour"),
        (["emergency-admissions-65", "--until", "2026-01-15"], "whole months"),
        (["preferred-place-of-death"], "is not computed. The copy holds no wishes"),
        (["ambulance-65"], "The copy holds nothing that it counts"),
        (["long-stays", "--out", "/no/such/folder/out.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_told_is_said_in_one_sentence(copy, asked, said):
    told = ran(*asked)

    assert (told.exit_code, said in " ".join(told.output.split())) == (1, True), told.output


def test_without_a_copy_the_command_that_makes_one_is_named(settings, tmp_path):
    settings.LOCALITY_HOME = tmp_path

    told = ran("emergency-admissions-65")

    assert (told.exit_code, "run `locality refresh`" in told.output) == (1, True)


@pytest.mark.django_db
def test_all_are_worked_out_once_and_kept_for_the_pages(copy):
    make.place()

    kept = ran("--keep")

    told = last_kept()
    assert kept.exit_code == 0, kept.output
    assert f"of {len(told.measures)} measures worked out up to December 2025 and kept" in " ".join(kept.output.split())
    assert (told.until, told.synthetic) == (date(2026, 1, 1), False)
    assert told.measures["emergency-admissions-65"].figures.whole.count == 300


@pytest.mark.django_db
def test_what_the_pages_told_of_the_same_months_is_what_the_command_tells(copy, tmp_path):
    make.place()
    ran("--keep", "--json")
    one = {"person": "p399", "event": "new", "started_at": datetime(2025, 6, 6), "ended_at": datetime(2025, 6, 9)}
    events = EVENTS + [one | {"event": f"n{at}"} for at in range(3)]
    write_copy(tmp_path / "copy", people=PEOPLE, events=events)

    told = json.loads(ran("emergency-admissions-65", "--json").stdout)

    assert [row["count"] for row in told["figures"] if row["by"] == ""] == [300]


@pytest.mark.parametrize("asked", [("emergency-admissions-65",), ("--by", "sex"), ("--until", "2025-12-01")])
def test_keeping_takes_all_measures_and_the_last_whole_months(copy, asked):
    assert "say it alone" in " ".join(ran("--keep", *asked).output.split())
