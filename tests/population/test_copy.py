from datetime import date

import duckdb
import pytest

from locality.base import NotFound, Refused
from locality.population.queries.copy import manifest, open_copy
from locality.population.rules.columns import TABLES, VERSION
from tests.population.copies import write_copy


def test_a_copy_written_by_hand_is_read_as_its_rows(tmp_path):
    write_copy(
        tmp_path,
        people=[{"person": "ann", "birth_month": date(1941, 3, 1)}],
        conditions=[{"person": "ann", "code": "84114007"}, {"person": "bob", "code": "73211009"}],
    )

    with open_copy(folder=tmp_path) as duck:
        people = duck.execute("select person, birth_month from people order by person").fetchall()
        conditions = duck.execute("select person, code, ended_on from conditions order by person").fetchall()

    assert people == [("ann", date(1941, 3, 1)), ("bob", date(1950, 1, 1))]
    assert conditions == [("ann", "84114007", None), ("bob", "73211009", None)]


def test_every_table_is_there_with_its_columns_and_types_though_nothing_was_written(tmp_path):
    write_copy(tmp_path)

    with open_copy(folder=tmp_path) as duck:
        found = {
            name: [(row[0], row[1]) for row in duck.execute(f"describe {name}").fetchall()] for name in sorted(TABLES)
        }

    assert found == {name: [(one.name, one.type) for one in TABLES[name].columns] for name in sorted(TABLES)}


def test_without_a_copy_the_command_that_makes_one_is_named(tmp_path):
    with pytest.raises(NotFound, match="^There is no analytical copy yet: run `locality refresh`.$"):
        open_copy(folder=tmp_path)


def test_a_copy_of_other_columns_is_refused(tmp_path):
    write_copy(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace(f'"version": {VERSION}', '"version": 0'))

    with pytest.raises(Refused, match="made by another version of Locality"):
        manifest(folder=tmp_path)


def test_a_question_to_the_copy_reads_no_other_file(tmp_path):
    beside = tmp_path / "beside.csv"
    beside.write_text("secret\n1\n")
    write_copy(tmp_path / "copy", people=[{"person": "ann"}])

    with open_copy(folder=tmp_path / "copy") as duck:
        with pytest.raises(duckdb.PermissionException):
            duck.execute(f"select * from read_csv('{beside}')")
        with pytest.raises(duckdb.InvalidInputException):
            duck.execute("set enable_external_access = true")
