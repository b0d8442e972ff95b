"""Somebody who types off docs/packs.md has a place that works."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from locality.base import system
from locality.directory import queries
from locality.directory.actions import load_pack
from locality.directory.rules import AboutKind

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
    assert [site.code for site in queries.sites_to_visit(TODAY)] == ["ZZ99901", "ZZ101"]
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
