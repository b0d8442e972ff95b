"""`locality score-table`: an analyst's own table, scored from the command line, no row lost without a reason."""

import csv
import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from locality.cli import app

TABLE = """pid,icd,when,ward
 1 ,I50.9,2024-03-01,A4
1,i509,01/03/2024,A4
1,W19,2020-01-01,A4
1,F00.1,2024-02-29,A4
2,nonsense,2024-01-01,
3,I10D,2024-13-45,
3,I50.9A,9999-12-31,
4,"I50, E11",2024-01-01,
,I50.9,2024-01-01,
5,,2024-01-01,
6,Z00.0,2024-01-01 10:11:12,
7,I11.0,,
7,I11.0,1801-01-01,
7,I11.0,2024,
7,I11.0,2099-01-01,
"""
COLUMNS = ("--person", "pid", "--code", "icd")


def run(folder: Path, *words: str, table: str | bytes = TABLE, name: str = "table.csv"):
    file = folder / name
    file.write_bytes(table if isinstance(table, bytes) else table.encode())
    return CliRunner().invoke(app, ["score-table", str(file), *words, "--out", str(folder / "out.csv")])


def rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def test_everybody_has_a_row_in_the_order_of_the_file(tmp_path):
    answer = run(tmp_path, "--method", "hfrs", *COLUMNS)

    assert answer.exit_code == 0
    assert rows(tmp_path / "out.csv") == [
        ("person", "score", "band"),
        ("1", "10.3", "intermediate"),
        *((person, "0.0", "low") for person in "234567"),
    ]


def test_with_dates_frailty_looks_two_years_back(tmp_path):
    run(tmp_path, "--method", "hfrs", *COLUMNS, "--date", "when")

    assert rows(tmp_path / "out.csv")[1] == ("1", "7.1", "intermediate")


def test_a_day_to_score_as_of_holds_for_everybody(tmp_path):
    run(tmp_path, "--method", "hfrs", *COLUMNS, "--date", "when", "--on", "2021-06-01")

    assert rows(tmp_path / "out.csv")[1] == ("1", "3.2", "low")


def test_each_row_that_does_not_count_is_listed_with_its_reason(tmp_path):
    refused = tmp_path / "refused.csv"

    run(tmp_path, "--method", "hfrs", *COLUMNS, "--date", "when", "--refused", str(refused))

    assert rows(refused) == [
        ("row", "person", "code", "date", "reason"),
        ("2", "1", "i509", "01/03/2024", "a row before it says the same"),
        ("3", "1", "W19", "2020-01-01", "outside the time that is looked at"),
        ("5", "2", "nonsense", "2024-01-01", "not an ICD-10 code"),
        ("6", "3", "I10D", "2024-13-45", "not a date"),
        ("7", "3", "I50.9A", "9999-12-31", "not a date"),
        ("8", "4", "I50, E11", "2024-01-01", "several codes in one cell"),
        ("9", "", "I50.9", "2024-01-01", "no person"),
        ("10", "5", "", "2024-01-01", "no code"),
        ("12", "7", "I11.0", "", "no date"),
        ("13", "7", "I11.0", "1801-01-01", "a date before 1900"),
        ("14", "7", "I11.0", "2024", "not a whole date"),
        ("15", "7", "I11.0", "2099-01-01", "a date still to come"),
    ]


def test_the_figures_for_machines_add_up(tmp_path):
    answer = run(tmp_path, "--method", "hfrs", *COLUMNS, "--date", "when", "--json")

    figures = json.loads(answer.stdout)
    assert figures | {"file": ""} == {
        "file": "",
        "methods": ["hfrs"],
        "unverified": {},
        "people": 7,
        "rows": 15,
        "read": 4,
        "repeated": 1,
        "refused": {
            "not a date": 2,
            "a date before 1900": 1,
            "a date still to come": 1,
            "no code": 1,
            "no date": 1,
            "no person": 1,
            "not a whole date": 1,
            "not an ICD-10 code": 1,
            "several codes in one cell": 1,
        },
        "without_points": 2,
        "outside": {"hfrs": 1},
        "people_without_a_row_read": 5,
    }
    assert figures["read"] + figures["repeated"] + sum(figures["refused"].values()) == figures["rows"]


def test_people_are_told_what_was_not_counted(tmp_path):
    answer = run(tmp_path, "--method", "hfrs", *COLUMNS, "--date", "when")

    told = answer.stderr.splitlines()
    assert told[1] == "Rows: 15; read: 4; repeated, and counted once: 1; refused: 10."
    assert told[2] == "  not a date: 2"
    assert "People of whom no row could be read: 5; their 0 says nothing." in told


def test_several_methods_stand_side_by_side(tmp_path):
    run(tmp_path, "--method", "charlson, charlson-quan", "--method", "shmi", *COLUMNS, table="pid,icd\n1,B20\n1,C780\n")

    assert rows(tmp_path / "out.csv") == [
        ("person", "charlson_score", "charlson_band", "charlson_quan_score", "charlson_quan_band", "shmi_score")
        + ("shmi_band",),
        ("1", "12", "5 or more", "10", "", "16", ""),
    ]


def test_all_is_every_method_of_icd10(tmp_path):
    answer = run(tmp_path, "--method", "all", *COLUMNS, "--json")

    assert json.loads(answer.stdout)["methods"] == [
        *("hfrs", "charlson", "charlson-quan", "charlson-shmi", "shmi", "elixhauser"),
    ]
    assert list(json.loads(answer.stdout)["unverified"]) == ["shmi"]


def test_parquet_is_read_and_written(tmp_path):
    file, out = tmp_path / "table.parquet", tmp_path / "out.parquet"
    duckdb.sql(
        f"copy (select * from (values (7, 'F00', date '2024-01-01'), (7, 'F00', date '2020-01-01'), (8, null, null))"
        f" t(pid, icd, day)) to '{file}'"
    )
    words = [str(file), "--method", "hfrs", *COLUMNS, "--date", "day", "--out", str(out)]

    answer = CliRunner().invoke(app, ["score-table", *words])

    assert answer.exit_code == 0
    assert duckdb.sql(f"from '{out}'").fetchall() == [("7", 7.1, "intermediate"), ("8", 0.0, "low")]


def test_conditions_are_named_or_come_with_a_list_of_codes(tmp_path):
    (tmp_path / "codes.csv").write_text("code,condition\nG20..,Epilepsy\nXE0VF,heart_failure\n")

    run(tmp_path, "--method", "cambridge", *COLUMNS, table="pid,icd\n1,Heart Failure\n1,heart failure\n2,gout\n")
    named = rows(tmp_path / "out.csv")
    run(tmp_path, "--method", "cambridge", *COLUMNS, "--codes", str(tmp_path / "codes.csv"), table="pid,icd\n1,XE0VF\n")

    assert named[1:] == [("1", "1.18", ""), ("2", "0.0", "")]
    assert rows(tmp_path / "out.csv")[1:] == [("1", "1.18", "")]


@pytest.mark.parametrize(
    ("words", "table", "sentence"),
    [
        (("--method", "hfrs"), "", "table.csv is empty."),
        (("--method", "hfrs"), "pid,icd\n", "table.csv has no rows."),
        (("--method", "hfrs"), "id,icd\n1,F00\n", "table.csv has no column 'pid'. It has id, icd."),
        (("--method", "hfrs"), "pid,icd\n,F00\n,F01\n", "table.csv has nothing in its column 'pid'."),
        (
            ("--method", "hfrs"),
            "pid,icd\n1,84114007\n2,84114007\n",
            "No row of table.csv can be scored by ICD-10 codes: not an ICD-10 code (2).",
        ),
        (
            ("--method", "frailty"),
            TABLE,
            "There is no method 'frailty'. There are hfrs, charlson, charlson-quan, charlson-shmi, shmi, elixhauser,"
            " cambridge, efi; and all, those of ICD-10 codes.",
        ),
        (
            ("--method", "hfrs,efi"),
            TABLE,
            "These methods read different things (hfrs: ICD-10 codes; efi: names of its 36 deficits): score them one"
            " after the other.",
        ),
        (
            ("--method", "hfrs", "--on", "2024-01-01"),
            TABLE,
            "A day to score as of needs the column that holds the dates: name it with --date.",
        ),
    ],
)
def test_where_nothing_can_be_done_one_sentence_says_why(tmp_path, monkeypatch, words, table, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "table.csv").write_text(table)

    answer = CliRunner().invoke(app, ["score-table", "table.csv", *words, *COLUMNS, "--out", "out.csv"])

    assert (answer.exit_code, answer.stderr.strip()) == (1, sentence)
    assert not (tmp_path / "out.csv").exists()


def test_when_no_row_can_be_read_the_reasons_are_listed_all_the_same(tmp_path):
    refused = tmp_path / "refused.csv"

    answer = run(tmp_path, "--method", "hfrs", *COLUMNS, "--refused", str(refused), table="pid,icd\n1,84114007\n")

    assert answer.exit_code == 1
    assert rows(refused)[1:] == [("1", "1", "84114007", "", "not an ICD-10 code")]


def test_a_list_of_codes_for_a_method_that_has_its_own_is_refused(tmp_path):
    (tmp_path / "codes.csv").write_text("code,condition\nx,gout\n")

    own = run(tmp_path, "--method", "hfrs", *COLUMNS, "--codes", str(tmp_path / "codes.csv"))
    unknown = run(tmp_path, "--method", "efi", *COLUMNS, "--codes", str(tmp_path / "codes.csv"))

    assert (own.exit_code, own.stderr.strip()) == (
        1,
        "--codes is for methods without codes of their own; hfrs has its published ones.",
    )
    assert (unknown.exit_code, "row 1: the condition 'gout' is not one of" in unknown.stderr) == (1, True)


def test_what_is_read_is_never_written_over(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(TABLE)
    words = [str(file), "--method", "hfrs", *COLUMNS, "--out", str(file)]

    answer = CliRunner().invoke(app, ["score-table", *words])

    assert (answer.exit_code, file.read_text()) == (1, TABLE)


def test_other_delimiters_and_letters_are_read(tmp_path):
    table = "pid;icd\r\nAndré;F00.1\r\n".encode("cp1252")

    run(tmp_path, "--method", "hfrs", *COLUMNS, table=table)

    assert rows(tmp_path / "out.csv")[1:] == [("André", "7.1", "intermediate")]
