"""Somebody who types off docs/packs.md has a place that works."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from locality.base import NotFound, system
from locality.cli import app
from locality.directory import queries
from locality.directory.actions import load_pack
from locality.directory.models import Site
from locality.directory.rules import AboutKind
from locality.population.actions import refresh
from locality.population.queries.copy import open_copy

DOCS = Path(__file__).parents[2] / "docs" / "packs.md"
FILE = re.compile(r"^`([a-z.]+)`\n\n```[a-z]+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TODAY = date(2026, 11, 21)
BY = system(at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture
def otterdale(tmp_path, db) -> Path:
    folder = tmp_path / "otterdale"
    folder.mkdir()
    for name, words in FILE.findall(DOCS.read_text()):
        (folder / name).write_text(words)
    return folder


def test_the_guides_own_pack_loads_and_loads_again_without_a_change(otterdale):
    loaded = load_pack(pack=otterdale, by=BY)
    again = load_pack(pack=otterdale, by=BY)

    assert len(list(otterdale.iterdir())) == 18
    assert loaded.sentence == "otterdale: 34 added."
    assert again.sentence == "otterdale: nothing to change, all is already as the pack says."


def test_the_guides_place_answers_every_question(otterdale):
    load_pack(pack=otterdale, by=BY)

    overview = queries.overview(TODAY)
    answer = queries.team_responsible(postcode="zz2 2aa", practice="ZZ99901", on=TODAY)

    assert [(one.neighbourhood.code, one.team.code, one.areas) for one in overview.neighbourhoods] == [
        ("downhill", "downhill", 1),
        ("uphill", "uphill", 1),
    ]
    assert (answer.team.code, answer.by, answer.registration.code) == ("downhill", "residence", "uphill")
    assert [one.code for one in queries.successors_of(queries.organisation("ZZ2"), on=TODAY)] == ["ZZ1"]
    assert set(Site.objects.filter(is_public=True).values_list("code", flat=True)) == {"ZZ99901", "ZZ101"}
    assert len(queries.outlines(AboutKind.NEIGHBOURHOOD)["features"]) == 2


def test_every_rule_of_the_table_is_one_that_a_pack_may_have(otterdale):
    rules = re.findall(r"^\| `(\[.*?\])` \|", DOCS.read_text(), re.MULTILINE)
    text = (otterdale / "pack.toml").read_text()
    answers = []

    for rule in rules:
        (otterdale / "pack.toml").write_text(re.sub(r"responsible_team = .*", f"responsible_team = {rule}", text))
        load_pack(pack=otterdale, by=BY)
        people = [("ZZ2 2AA", "ZZ99901"), ("ZZ9 9ZZ", "ZZ99901"), ("ZZ2 2AA", "P99999")]
        found = queries.teams_responsible(people, on=TODAY)
        answers.append([one.team and one.team.code for one in found])

    assert answers == [
        ["downhill", "uphill", "downhill"],
        ["uphill", "uphill", "downhill"],
        ["downhill", None, "downhill"],
        ["uphill", "uphill", None],
    ]


BESIDE = {
    "ages.csv": "lsoa,age,persons\nE01099901,90,7\n",
    "contact-kinds.csv": "class,kind\nrapid-response,Otter response\n",
    "promises.csv": "measure,promise,origin\ntwo-hour-response,Within two hours,Otterdale's plan\n",
}


def test_a_place_from_a_folder_is_measured_by_its_own_pack(otterdale, tmp_path, settings):
    for name, words in BESIDE.items():
        (otterdale / name).write_text(words)
    load_pack(pack=otterdale, by=BY)
    settings.LOCALITY_HOME = tmp_path / "home"
    refresh(key=bytes(32), by=BY, now=lambda: BY.at)

    with open_copy() as duck:
        populations = duck.execute("select small_area, age_from, people from populations").fetchall()
    told = json.loads(CliRunner().invoke(app, ["measure", "--json"]).stdout)

    assert populations == [("E01099901", 90, 7)]
    not_computed = {one["measure"]: one["not_computed"] for one in told["measures"]}
    assert (not_computed["two-hour-response"], not_computed["community-within-18-weeks"]) == (
        "",
        "No service's contacts are known here as community: the pack's contact-kinds say which are.",
    )


def test_people_are_found_by_the_criteria_of_the_folder_that_was_loaded(otterdale):
    load_pack(pack=otterdale, by=BY)

    done = CliRunner().invoke(app, ["find-people"])

    assert (done.exit_code, " ".join(done.stderr.split())) == (
        0,
        "The pack of Otterdale has no criteria: docs/finding.md says how to write one.",
    )


def test_where_the_folder_is_gone_a_sentence_says_where_it_was(otterdale):
    load_pack(pack=otterdale, by=BY)
    otterdale.rename(otterdale.with_name("elsewhere"))

    with pytest.raises(NotFound) as gone:
        queries.pack_of(queries.place())

    assert str(gone.value) == (
        f"The pack of Otterdale was loaded from {otterdale}: bring it back, or load it from elsewhere."
    )
