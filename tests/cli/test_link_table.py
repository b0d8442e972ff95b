"""`locality link-table`: an analyst's file, or two, linked from the command line."""

import csv
import json
from pathlib import Path

import duckdb
from typer.testing import CliRunner

from locality.cli import app

HEADERS = "ref, first ,last,dob,postcode\n"
FIRST = HEADERS + (
    "a1,Margaret,Hargreaves,1942-05-03,M26 2XN\n"
    "a2, Oluwaseun ,Adeyemi,1990-11-21,BL9 0EZ\n"
    "a3,Unknown,,,\n"
    "a4,Piotr,Kowalczyk,1985-01-30,BL8 1LJ\n"
)
SECOND = HEADERS + (
    "b1,Margret,Hargreaves,03/05/1942,m262xn\nb2,Piotr,Kowalczyk,30/01/1985,BL8 1LJ\nb3,Ruth,Adler,12/12/1961,BL9 7TD\n"
)
MAP = "given_name=first,family_name=last,birth_date=dob,postcode=postcode"


def run(folder: Path, *words: str):
    (folder / "one.csv").write_text(FIRST)
    (folder / "two.csv").write_text(SECOND)
    return CliRunner().invoke(app, ["link-table", *words])


def clusters(path: Path) -> set[frozenset[str]]:
    together: dict[str, set[str]] = {}
    for row in csv.DictReader(path.read_text().splitlines()):
        together.setdefault(row["cluster"], set()).add(row["id"])
    return {frozenset(one) for one in together.values()}


def test_two_files_are_linked_one_to_one_and_every_row_is_in_a_cluster(tmp_path):
    out, files = tmp_path / "out.csv", (str(tmp_path / "one.csv"), str(tmp_path / "two.csv"))

    answer = run(tmp_path, *files, "--map", MAP, "--id", "ref", "--out", str(out), "--one-to-one", "--json")

    assert answer.exit_code == 0
    assert out.read_text().splitlines()[0] == "id,cluster"
    assert clusters(out) == {frozenset(one) for one in (["a1", "b1"], ["a4", "b2"], ["a2"], ["a3"], ["b3"])}
    assert [one["id"] for one in json.loads(answer.stdout)["refused"]] == ["a3"]


def test_pairs_come_with_their_probability(tmp_path):
    out, pairs = tmp_path / "out.csv", tmp_path / "pairs.csv"
    files = (str(tmp_path / "one.csv"), str(tmp_path / "two.csv"))

    run(tmp_path, *files, "--map", MAP, "--id", "ref", "--out", str(out), "--pairs", str(pairs), "--one-to-one")

    rows = list(csv.DictReader(pairs.read_text().splitlines()))
    assert {(row["id_l"], row["id_r"]) for row in rows} == {("a1", "b1"), ("a4", "b2")}
    assert all(0 < float(row["probability"]) <= 1 for row in rows)


def test_a_column_that_is_not_there_is_one_clear_sentence(tmp_path):
    answer = run(
        tmp_path, str(tmp_path / "one.csv"), "--map", "given_name=forename", "--id", "ref", "--out", str(tmp_path / "o")
    )

    assert (answer.exit_code, "forename" in answer.stderr, (tmp_path / "o").exists()) == (1, True, False)


def test_a_map_or_threshold_that_cannot_be_read_is_one_clear_sentence(tmp_path):
    file, out = str(tmp_path / "one.csv"), str(tmp_path / "o")

    unmapped = run(tmp_path, file, "--map", "given_name", "--id", "ref", "--out", out)
    too_sure = run(tmp_path, file, "--map", MAP, "--id", "ref", "--out", out, "--threshold", "1")

    assert (unmapped.exit_code, unmapped.stderr.strip()) == (
        1,
        "--map says 'given_name': write it as given_name=first_name, with commas between.",
    )
    assert (too_sure.exit_code, too_sure.stderr.strip()) == (
        1,
        "--threshold is a probability: more than 0, less than 1.",
    )


def test_what_was_done_is_told_and_the_outcome_may_be_parquet(tmp_path):
    out = tmp_path / "out.parquet"

    answer = run(tmp_path, str(tmp_path / "one.csv"), "--map", MAP, "--id", "ref", "--out", str(out))

    told = " ".join(answer.stderr.split())
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert "4 rows of one.csv: 4 clusters, 0 rows in one with others" in told
    assert "one.csv, a3: not compared: no name in it is one, and there is nothing else to know somebody by." in told
    assert duckdb.read_parquet(str(out)).columns == ["id", "cluster"]


def test_a_second_file_may_call_its_columns_otherwise(tmp_path):
    out = tmp_path / "out.csv"
    run(tmp_path, "--help")
    (tmp_path / "three.csv").write_text(
        SECOND.replace("ref, first ,last,dob,postcode", "nr;n1;n2;d;pc").replace(",", ";")
    )
    words = (
        "--map",
        MAP,
        "--id",
        "ref",
        "--map2",
        "given_name=n1,family_name=n2,birth_date=d,postcode=pc",
        "--id2",
        "nr",
    )

    answer = CliRunner().invoke(
        app, ["link-table", str(tmp_path / "one.csv"), str(tmp_path / "three.csv"), *words, "--out", str(out)]
    )

    assert answer.exit_code == 0
    assert {frozenset(one) for one in (["a1", "b1"], ["a4", "b2"])} <= clusters(out)


def test_nothing_is_written_over_a_file_that_is_read_or_into_a_folder_that_is_not_there(tmp_path):
    file = str(tmp_path / "one.csv")

    over = run(tmp_path, file, "--map", MAP, "--id", "ref", "--out", file)
    nowhere = run(tmp_path, file, "--map", MAP, "--id", "ref", "--out", str(tmp_path / "no" / "out.csv"))

    assert (over.exit_code, nowhere.exit_code) == (1, 1)
    assert "is read or written already" in over.stderr
    assert "There is no folder" in nowhere.stderr
    assert (tmp_path / "one.csv").read_text() == FIRST


def test_the_help_says_which_fields_there_are(tmp_path):
    answer = run(tmp_path, "--help")

    assert answer.exit_code == 0
    assert all(field in answer.stdout for field in ("given_name", "birth_date", "nhs_number", "full_name"))


def test_rows_that_could_not_be_compared_are_written_with_their_reason(tmp_path):
    refused = tmp_path / "refused.csv"
    files = (str(tmp_path / "one.csv"), str(tmp_path / "two.csv"))
    words = ("--map", MAP, "--id", "ref", "--out", str(tmp_path / "out.csv"), "--refused", str(refused))

    answer = run(tmp_path, *files, *words)

    assert answer.exit_code == 0
    assert list(csv.reader(refused.read_text().splitlines())) == [
        ["file", "id", "reason"],
        ["one.csv", "a3", "no name in it is one, and there is nothing else to know somebody by"],
    ]


def test_a_table_of_which_every_row_could_be_compared_has_none_refused(tmp_path):
    refused = tmp_path / "refused.csv"
    run(tmp_path, "--help")
    words = ("--map", MAP, "--id", "ref", "--out", str(tmp_path / "out.csv"), "--refused", str(refused))

    answer = CliRunner().invoke(app, ["link-table", str(tmp_path / "two.csv"), *words])

    assert (answer.exit_code, refused.read_text().splitlines()) == (0, ["file,id,reason"])
