"""`locality link-quality`, from a file of labels to what it prints, keeps and writes."""

import csv
import gzip
import json

import pytest
from typer.testing import CliRunner

from locality.base import Refused
from locality.base.ids import new_id
from locality.cli import app
from locality.cli.link_labels import read_labels
from locality.people.models import Link, LinkageQuality, Patient, Person
from tests import factories as make


@pytest.fixture
def here(db, tmp_path):
    """A home without a demo, with Peggy known to two sources and Stan to one."""
    peggy, stan = (Person.objects.create(made_at=make.AT) for _ in range(2))
    for person, source, local_id in ((peggy, "gp", "1"), (peggy, "acute", "7"), (stan, "gp", "2")):
        row = Patient.objects.create(id=new_id(), source=make.source(source), local_id=local_id, said_at=make.AT)
        Link.objects.create(
            patient=row, person=person, method="test", linked_at=make.AT, linked_by_kind="system", linked_by=new_id()
        )
    return tmp_path


def labels(folder, *rows: str, head: str = "person,source,local_id,ward"):
    path = folder / "labels.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def run(*words):
    return CliRunner().invoke(app, ["link-quality", *map(str, words)])


def test_a_file_of_labels_is_measured_kept_and_told_to_a_machine(here):
    path = labels(here, "peggy,gp,1,North", "peggy,acute,7,North", "stan,gp,2,South")

    answer = run("--labels", path, "--json")

    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["origin"], told["patients"], told["people"]) == (0, "labels.csv", 3, 2)
    assert (told["overall"]["recall"]["count"], told["overall"]["recall"]["of"]) == (1, 1)
    assert LinkageQuality.objects.get().figures["overall"] == told["overall"]


def test_the_figures_are_written_as_json_and_as_tables(here):
    path = labels(here, "peggy,gp,1,North", "peggy,acute,7,North")

    answer = run("--labels", path, "--out", here / "out")

    rows = list(csv.DictReader((here / "out" / "groups.csv").read_text().splitlines()))
    assert answer.exit_code == 0
    assert [(one["group"], one["recall count"], one["recall of"]) for one in rows] == [("all", "1", "1")]
    assert json.loads((here / "out" / "quality.json").read_text())["people"] == 1


def test_people_read_a_table(here):
    path = labels(here, "peggy,gp,1,North", "peggy,acute,7,North")

    answer = run("--labels", path)

    assert "2 patients measured, against labels.csv." in answer.stderr
    assert "100.0000%" in answer.stderr


def test_with_no_labels_and_nothing_decided_it_says_what_to_do(here):
    answer = run()

    assert answer.exit_code == 1
    assert "no pair has been decided by review" in answer.stderr


def test_labels_of_somewhere_else_are_refused(here):
    answer = run("--labels", labels(here, "x,gp,999,North"))

    assert answer.exit_code == 1
    assert "None of the labelled patients is here." in answer.stderr


@pytest.mark.parametrize(
    ("rows", "head", "word"),
    [
        (["peggy,gp,1"], "who,source,local_id", "has no column person"),
        (["peggy,gp,"], "person,source,local_id", "line 2: person, source and local_id must all be filled"),
        (["peggy,gp,1", "stan,gp,1"], "person,source,local_id", "line 3: 1 of gp was said to be somebody else before"),
    ],
)
def test_labels_that_cannot_be_read_are_refused_with_the_line(tmp_path, rows, head, word):
    with pytest.raises(Refused, match=word):
        read_labels(labels(tmp_path, *rows, head=head), origin="labels", neighbourhoods={})


def test_a_file_that_is_no_table_is_refused(tmp_path):
    (tmp_path / "labels.csv").write_bytes(b"\xff\xfe\x00broken")

    for path, word in (
        (tmp_path / "labels.csv", "cannot be read as a table"),
        (tmp_path / "none.csv", "There is no file"),
    ):
        with pytest.raises(Refused, match=word):
            read_labels(path, origin="labels", neighbourhoods={})


def test_other_columns_part_people_into_groups(tmp_path):
    path = labels(tmp_path, "peggy,gp,1,North", head="person,source,local_id,Ward")

    assert read_labels(path, origin="labels", neighbourhoods={}).groups == {"peggy": {"Ward": "North"}}


def test_the_boroughs_own_files_tell_neighbourhood_fifth_age_and_ethnic_group(tmp_path):
    with gzip.open(tmp_path / "labels.csv.gz", "wt") as lines:
        lines.write("person,source,local_id,slips\n0,gp,2000000,nickname\n")
    with gzip.open(tmp_path / "people.csv.gz", "wt") as lines:
        lines.write("person,lsoa,quintile,age,group,category\n0,E01000001,1,84,asian,J\n")

    truth = read_labels(tmp_path / "labels.csv.gz", origin="borough", neighbourhoods={"E01000001": "Riverside"})

    assert truth.people == {("gp", "2000000"): "0"}
    assert truth.groups["0"] == {
        "Neighbourhood": "Riverside",
        "Deprivation": "1 (the most deprived fifth)",
        "Age": "80 and over",
        "Ethnic group": "Asian",
        "Origin of names": "Pakistani",
    }
