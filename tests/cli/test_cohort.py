"""`locality cohort` and `locality segments`."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from locality.cli import app
from locality.journal.models import Event
from locality.population.rules.segments import SEGMENTS
from tests.population.copies import write_copy

FILE = """
code = "old"
version = 3
says = "People of 65 and over who look after somebody"
who = [{ age_from = 65 }, { carer = true }]
"""


@pytest.fixture
def copy(settings, tmp_path, monkeypatch):
    """100 people of 75, 50 of whom look after somebody, and 200 of 36; nine opted out."""
    # the server of the tests is at hand already, whatever home the command is told
    settings.LOCALITY_HOME, settings.DATABASE_URL = tmp_path, "at hand"
    people = [
        {
            "person": f"p{at:03}",
            "birth_month": date(1950 if at < 100 else 1990, 1, 1),
            "neighbourhood": "east" if at % 2 else "west",
            "carer": at < 50,
            "opted_out": at >= 300,
        }
        for at in range(309)
    ]
    write_copy(tmp_path / "copy", people=people)
    (tmp_path / "old.toml").write_text(FILE)
    return tmp_path


def ran(*asked):
    return CliRunner().invoke(app, [*asked])


def test_a_cohort_is_told_in_counts_line_by_line_and_names_nobody(copy):
    told = ran("cohort", str(copy / "old.toml"))

    page = " ".join(told.output.split())
    assert told.exit_code == 0, told.output
    assert "People of 65 and over who look after somebody (old, version 3)" in page
    assert "50 of 300 people, on 2026-01-01." in page
    assert ("65 or older 200" in page, "is known to look after somebody 50" in page) == (True, True)
    assert ("east: 25" in page, "west: 25" in page, "left out: 10" in page) == (True, True, True)
    assert ("Nobody is named here" in page, "p00" in page) == (True, False)


def test_for_machines_it_is_one_line(copy):
    told = json.loads(ran("cohort", str(copy / "old.toml"), "--json").stdout)

    assert (told["cohort"], told["version"], told["people"], told["of"]) == ("old", 3, 50, 300)
    assert [line["leaves_out"] for line in told["lines"]] == [200, 50]
    assert (told["by_neighbourhood"], told["pseudonyms"]) == ({"east": 25, "west": 25}, None)


@pytest.mark.django_db
def test_pseudonyms_are_written_for_care_and_it_is_written_down(copy):
    told = ran("cohort", str(copy / "old.toml"), "--out", str(copy / "list.txt"))

    assert told.exit_code == 0, told.output
    assert (copy / "list.txt").read_text().splitlines() == [f"p{at:03}" for at in range(50)]
    assert list(Event.objects.filter(what="cohort.written").values_list("detail__cohort", flat=True)) == ["old"]


def test_those_of_the_pack_are_listed_and_asked_by_their_code(copy):
    listed, one = ran("cohort"), ran("cohort", "carers-of-pension-age", "--json")

    assert "frail-at-home: People of 65 and over at home" in " ".join(listed.output.split())
    assert json.loads(one.stdout)["cohort"] == "carers-of-pension-age"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("code =", "is not TOML"),
        (FILE.replace("age_from", "ages"), "says nothing known"),
        (FILE.replace('version = 3', ""), "does not say version"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_meant_is_refused_in_one_sentence(copy, words, told):
    (copy / "bad.toml").write_text(words)

    refused = ran("cohort", str(copy / "bad.toml"))

    assert (refused.exit_code, told in " ".join(refused.output.split())) == (1, True)


def test_what_is_neither_a_file_nor_a_code_is_told_with_the_codes_there_are(copy):
    refused = ran("cohort", "nobody")

    assert "the pack has no cohort of that code. It has: carers-of-pension-age," in " ".join(refused.output.split())


def test_without_a_copy_the_command_that_makes_one_is_named(settings, tmp_path):
    settings.LOCALITY_HOME = tmp_path

    assert "run `locality refresh`" in " ".join(ran("segments").output.split())


def test_segments_are_told_in_words_that_people_could_be_told(copy):
    told, machines = ran("segments"), json.loads(ran("segments", "--json").stdout)

    healthy = next(one for one in machines["segments"] if one["code"] == "healthy")
    assert "Generally healthy" in told.output
    assert (healthy["told"], healthy["people"]) == (SEGMENTS[-1].told, 300)
    assert (machines["everybody"], machines["opted_out"]) == (300, 10)
