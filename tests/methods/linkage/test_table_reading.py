"""An analyst's file is read however it was written: the same people are found in each of its disguises."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from locality.base import Refused
from locality.methods.table_dates import read_column
from tests.methods.linkage.tables import PEOPLE, TRUTH, Table, people, write

HEAD = "id,given,family,born,postcode"


def dated(form: str) -> list[dict]:
    return [row | {"born": date.fromisoformat(row["born"]).strftime(form)} for row in people()]


@pytest.mark.parametrize(
    "form", ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y", "%d-%b-%Y", "%Y%m%d", "%d%m%Y", "%Y-%m-%dT00:00:00"]
)
def test_dates_of_any_common_form_are_read(tmp_path, form):
    found = Table(write(tmp_path / "one.csv", dated(form)))

    assert (found.together, found.linked.said.impossible_dates) == (TRUTH, 0)


def test_a_spreadsheets_count_of_days_is_a_date():
    assert read_column(["29221"])["29221"].digits == "19800101"


def test_month_first_is_known_by_the_column(tmp_path):
    days = read_column(["03/04/1980", "12/25/1981", "01/02/1990"])

    assert [days[said].digits for said in ("03/04/1980", "01/02/1990")] == ["19800304", "19900102"]


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8"), ("|", "utf-8"), ("\t", "utf-16")],
)
def test_any_delimiter_and_letters_are_read(tmp_path, delimiter, encoding):
    rows = [
        row | {"family": row["family"].replace("O'Brien", "O’Brien").replace("Nwosu", "Nwosué")} for row in people()
    ]

    found = Table(write(tmp_path / "one.csv", rows, delimiter=delimiter, encoding=encoding))

    assert found.together == TRUTH


def test_headers_in_any_case_with_spaces_and_lines_broken_in_quotes(tmp_path):
    rows = [{" ID": row["id"], "Given ": row["given"], "FAMILY": row["family"], "Born": row["born"],
             "PostCode": row["postcode"], "note": "one\nand two, or three"} for row in people()]  # fmt: skip

    found = Table(write(tmp_path / "one.csv", rows))

    assert found.together == TRUTH


def test_words_for_nothing_are_nothing(tmp_path):
    nothing = ["NA", "NULL", "-", "unknown", "n/a", "None", "", "#N/A", "not known", "nan"]
    rows = [row | {"phone": nothing[at % 10], "email": nothing[at % 7]} for at, row in enumerate(people())]
    found = Table(write(tmp_path / "one.csv", rows), mapped=PEOPLE | {"phone": "phone", "email": "email"})

    assert found.together == TRUTH
    assert found.engine.execute("select count(phone), count(email) from table_said").fetchall() == [(0, 0)]


@pytest.mark.parametrize("field", ["given_name", "family_name", "full_name", "name"])
def test_a_whole_name_in_one_column_is_parted_whatever_it_was_mapped_to(tmp_path, field):
    rows = [row | {"who": f"{row['given']} {row['family']}"} for row in people()]
    mapped = {field: "who", "birth_date": "born", "postcode": "postcode"}

    found = Table(write(tmp_path / "one.csv", rows), mapped=mapped)

    assert found.together == TRUTH
    assert found.linked.said.fields == ("given_name", "family_name", "birth_date", "postcode")


def test_a_whole_name_may_begin_with_the_family_and_end_with_junior(tmp_path):
    names = ["King, Ada", "ada king", "King, Ada Jr", "Mr. Ada King Junior"]
    path = write(tmp_path / "one.csv", [{"id": at, "name": name} for at, name in enumerate(names)])

    found = Table(path, mapped={"full_name": "name"})

    assert found.engine.execute("select distinct given, family from table_rows").fetchall() == [("ada", "king")]


def test_given_names_of_two_words_stay_given_names(tmp_path):
    rows = [row | {"given": f"{row['given']} Anne" if at % 3 == 0 else row["given"]} for at, row in enumerate(people())]

    found = Table(write(tmp_path / "one.csv", rows), mapped={"given_name": "given", "birth_date": "born"})

    assert found.linked.said.fields == ("given_name", "birth_date")


def test_a_birth_date_in_three_columns_is_one(tmp_path):
    rows = [row | dict(zip("ymd", row["born"].split("-"), strict=True)) for row in people()]
    names = {"given_name": "given", "family_name": "family", "postcode": "postcode"}
    mapped = names | {"birth_year": "y", "birth_month": "m", "birth_day": "d"}

    found = Table(write(tmp_path / "one.csv", rows), mapped=mapped)

    assert (found.together, found.linked.said.fields[2]) == (TRUTH, "birth_date")


def test_other_common_names_of_fields_are_ours(tmp_path):
    mapped = {"first_name": "given", "surname": "family", "dob": "born", "zip": "postcode"}

    found = Table(write(tmp_path / "one.csv", people()), mapped=mapped)

    assert (found.together, found.linked.said.fields) == (TRUTH, tuple(PEOPLE))


def test_what_says_again_what_another_field_says_is_not_counted_twice(tmp_path):
    rows = [row | {"year": row["born"][:4]} for row in people()]

    found = Table(write(tmp_path / "one.csv", rows), mapped=PEOPLE | {"birth_year": "year"})

    assert found.linked.said.fields == tuple(PEOPLE)


def test_several_telephones_in_a_cell_are_each_one(tmp_path):
    rows = [
        {"id": "1", "name": "Ada King", "tel": "0161 496 0000 / 07700 900123"},
        {"id": "2", "name": "Ada King", "tel": "+44 7700 900123"},
        {"id": "3", "name": "Bo Lund", "tel": "0161 496 0007 or 0161 496 0009"},
        {"id": "4", "name": "Bo Lund", "tel": "0161/4960009"},
    ]

    found = Table(write(tmp_path / "one.csv", rows), mapped={"full_name": "name", "phone": "tel"})

    phones = dict(found.engine.execute("select n, phones from table_rows").fetchall())
    assert phones == {
        1: ["1614960000", "7700900123"],
        2: ["7700900123"],
        3: ["1614960007", "1614960009"],
        4: ["1614960009"],
    }


def test_numbers_lose_their_padding_and_their_hyphens(tmp_path):
    said = ["00123", "123", "123.0", "1 23", "1-23"]
    path = write(tmp_path / "one.csv", [{"id": at, "local": one, "ssn": one} for at, one in enumerate(said)])

    found = Table(path, mapped={"local_id": "local", "ssn": "ssn"})

    assert found.engine.execute("select distinct local_id, x_ssn from table_rows").fetchall() == [("123", "123")]


def test_parquet_of_any_types_is_read_as_csv_is(tmp_path):
    rows = people()
    columns = {
        "id": pyarrow.array(range(len(rows)), pyarrow.int64()),
        "given": pyarrow.array([row["given"] for row in rows]),
        "family": pyarrow.array([row["family"] for row in rows]).dictionary_encode(),
        "born": pyarrow.array([date.fromisoformat(row["born"]) for row in rows], pyarrow.date32()),
        "postcode": pyarrow.array([[row["postcode"]] if row["postcode"] else [] for row in rows]),
        "phone": pyarrow.array([7700900100.0 + at // 2 for at in range(len(rows))], pyarrow.float64()),
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "one.parquet")

    found = Table(tmp_path / "one.parquet", mapped=PEOPLE | {"phone": "phone"})

    assert found.together == {frozenset((str(at), str(at + 1))) for at in range(0, len(rows), 2)}
    assert found.engine.execute("select phone from table_rows where n = 1").fetchall() == [("7700900100",)]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("one.xlsx", "x", "one.xlsx is a spreadsheet: save it as CSV first."),
        ("one.csv", "", "one.csv is empty."),
        ("one.csv", f"{HEAD}\n", "one.csv has no rows."),
        (
            "one.csv",
            f"{HEAD}\n1,a,b,c,d\n1,e,f,g,h\n",
            "one.csv: the id 1 stands on 2 rows, and must be one row's own.",
        ),
        (
            "one.csv",
            f"{HEAD}\n1,a,b,c,d\n,e,f,g,h\n",
            "one.csv: 1 of 2 rows have nothing in the id column 'id'.",
        ),
        (
            "one.csv",
            "given,family,born,postcode\na,b,c,d\n",
            "one.csv has no column 'id'. It has given, family, born, postcode.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, name, content, sentence):
    (tmp_path / name).write_text(content)

    with pytest.raises(Refused) as refused:
        Table(tmp_path / name)

    assert str(refused.value) == f"{tmp_path}/{sentence}"


def test_a_damaged_parquet_file_is_refused(tmp_path):
    (tmp_path / "one.parquet").write_bytes(b"PAR1 and nothing of the kind")

    with pytest.raises(Refused, match=r"one\.parquet cannot be read: "):
        Table(tmp_path / "one.parquet")


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(Refused, match=r"^There is no file nowhere\.csv\.$"):
        Table(Path("nowhere.csv"))


def test_nothing_mapped_or_a_name_that_is_none_is_refused(tmp_path):
    path = write(tmp_path / "one.csv", people())

    with pytest.raises(Refused, match="Nothing to compare"):
        Table(path, mapped={})
    with pytest.raises(Refused, match="'a b' cannot be a field's name"):
        Table(path, mapped={"a b": "given"})


def test_a_field_of_one_file_alone_is_refused(tmp_path):
    from locality.methods.linkage.table import link_table
    from locality.methods.linkage.table_columns import Source

    path = write(tmp_path / "one.csv", people())
    sources = [Source(path, "id", {"given_name": ["given"]}), Source(path, "id", {"family_name": ["family"]})]

    with pytest.raises(Refused, match="is mapped to family_name"):
        link_table(duckdb.connect(), sources)
