"""A file of diagnoses: every row is accounted for, whatever it holds."""

import csv
from datetime import date

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locality.methods.scores.charlson import CHARLSON
from locality.methods.scores.hfrs import HFRS
from locality.methods.scores.table_reading import Columns, NothingRead, score_file
from locality.methods.scores.table_writing import write_refused, write_scores

TODAY = date(2026, 11, 22)
people = st.sampled_from(["1", "2", " 2 ", "", "Ann, B"])
codes = st.sampled_from(["F00", "f00.", "W19X", "I50.9D", "I50,E11", "", "x", "Z000"])
days = st.sampled_from(["2026-01-01", "01/02/2024", "2019-05-05", "2026-02-30", "", "1801-01-01", "2099-01-01", "2024"])


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(people, codes, days), max_size=25), dated=st.booleans())
def test_every_row_is_read_or_repeated_or_refused_and_everybody_is_scored(tmp_path, drawn, dated):
    path, engine = tmp_path / "table.csv", duckdb.connect()
    # one row is always right, so that there is something to score
    rows = [("0", "F00", "2026-01-01"), *drawn]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("who", "what", "when"), *rows])

    account = score_file(
        engine=engine,
        path=path,
        columns=Columns("who", "what", "when" if dated else None),
        methods=[HFRS, CHARLSON],
        today=TODAY,
    )
    write_refused(engine=engine, methods=[HFRS, CHARLSON], out=tmp_path / "refused.csv")
    write_scores(engine=engine, methods=[HFRS, CHARLSON], out=tmp_path / "scores.csv")

    refused = rows_of(tmp_path / "refused.csv")
    assert account.rows == len(rows)
    assert account.read + account.repeated + sum(account.refused.values()) == account.rows
    # Charlson looks at every day, so nothing is outside for both
    assert len(refused) == account.rows - account.read
    assert [row["person"] for row in rows_of(tmp_path / "scores.csv")] == list(
        dict.fromkeys(who.strip() for who, _, _ in rows if who.strip())
    )


def test_a_refusal_says_how_many_rows_fail_for_each_reason(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("who,what\n1,x\n1,\n,F00\n")

    try:
        score_file(engine=duckdb.connect(), path=path, columns=Columns("who", "what"), methods=[HFRS], today=TODAY)
        told = ""
    except NothingRead as refusal:
        told = str(refusal)

    assert told == (
        f"No row of {path} can be scored by ICD-10 codes: no code (1), no person (1), not an ICD-10 code (1)."
    )
