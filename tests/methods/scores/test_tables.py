"""A table of diagnoses, held to the slow and obvious way: one person after the other."""

from datetime import date

import duckdb
import pyarrow
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.methods.scores import tables
from locality.methods.scores.bits import families
from locality.methods.scores.cambridge import CAMBRIDGE
from locality.methods.scores.catalogue import METHODS, OF_ICD10
from locality.methods.scores.hfrs import HFRS
from locality.methods.scores.method import Diagnosis
from locality.methods.scores.scoring import score
from tests.methods.scores import theirs

SCORING = sorted({code for table in theirs.CODES for code, _ in theirs.pairs(table)} | set(theirs.HFRS_POINTS))
WRITTEN = ["{0}", "{0}X", "{0}.1", " {0}A", "{0}5D"]
OTHERS = ["Z00.0", "nonsense", "", "I50, E11", "r54", "4280", None]
codes = st.one_of(
    st.builds(lambda code, way: way.format(code), st.sampled_from(SCORING), st.sampled_from(WRITTEN)),
    st.sampled_from(OTHERS),
)
days = st.one_of(st.none(), st.dates(date(2020, 2, 27), date(2024, 3, 1)))
rows_of = st.lists(st.tuples(st.sampled_from("abcd"), codes, days), max_size=60)
ROWS = "select person, code, on_day from drawn"


@pytest.fixture(scope="module")
def engine():
    return duckdb.connect()


def put(engine, rows):
    people, said, on = zip(*rows, strict=True) if rows else ((), (), ())
    kinds = pyarrow.string(), pyarrow.string(), pyarrow.date32()
    columns = [pyarrow.array(values, kind) for values, kind in zip((people, said, on), kinds, strict=True)]
    engine.register("drawn", pyarrow.table(columns, ["person", "code", "on_day"]))


def obvious(rows, methods, *, dated, on):
    """Each person's scores and bands, by the function for one person."""
    found = {}
    for person in {person for person, _, _ in rows}:
        theirs = [Diagnosis(code or "", day) for one, code, day in rows if one == person]
        last = (on or max((one.on for one in theirs if one.on), default=date.max)) if dated else None
        scores = [score(method=method, diagnoses=theirs, on=last) for method in methods]
        found[person] = tuple(part for one in scores for part in (one.value, one.band))
    return found


def by_table(engine, methods, *, dated, on):
    tables.score_table(engine=engine, methods=methods, rows=ROWS, dated=dated, on=on)
    return {person: tuple(rest) for person, *rest in engine.execute("select * from scored").fetchall()}


@settings(max_examples=60, deadline=None)
@given(
    rows=rows_of,
    dated=st.booleans(),
    on=st.one_of(st.none(), st.dates(date(2022, 2, 27), date(2024, 3, 1))),
)
def test_a_table_scores_everybody_as_one_after_the_other(engine, rows, dated, on):
    put(engine, rows)

    assert by_table(engine, OF_ICD10, dated=dated, on=on) == obvious(rows, OF_ICD10, dated=dated, on=on)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([*CAMBRIDGE.groups, "Heart failure", "x"]))))
def test_names_of_conditions_score_as_one_after_the_other(engine, rows):
    drawn = [(*one, None) for one in rows]
    put(engine, drawn)

    for method in (CAMBRIDGE, METHODS["efi"]):
        assert by_table(engine, [method], dated=False, on=None) == obvious(drawn, [method], dated=False, on=None)


def test_everybody_with_every_code_has_every_point(engine):
    put(engine, [("all", code, None) for code in SCORING] + [("none", None, None)])

    found = by_table(engine, [HFRS], dated=False, on=None)

    assert found == {"all": (173.2, "high"), "none": (0.0, "low")}


def test_methods_that_read_different_things_are_not_scored_together(engine):
    put(engine, [("a", "F00", None)])

    with pytest.raises(ValueError, match="different ways"):
        tables.score_table(engine=engine, methods=[HFRS, CAMBRIDGE], rows=ROWS)


@settings(max_examples=20, deadline=None)
@given(rows=rows_of)
def test_people_of_a_table_are_explained_as_they_are_scored(engine, rows):
    put(engine, rows)
    people = sorted({person for person, _, _ in rows})

    scored = by_table(engine, [HFRS], dated=True, on=None)
    told = tables.explain(engine=engine, method=HFRS, rows=ROWS, people=people, dated=True)

    assert {person: (one.value, one.band) for person, one in told.items()} == scored
    assert all(round(sum(part.points for part in one.reasons), 1) == one.value for one in told.values())


@pytest.mark.parametrize("on", [None, date(2023, 5, 1)])
def test_every_step_can_be_said_to_spark_and_means_the_same(engine, on):
    rows = [(person, code, date(2022, 5, 1)) for person, code in zip("abcdefgh" * 90, SCORING, strict=False)]
    put(engine, rows)
    expected = by_table(engine, OF_ICD10, dated=True, on=on)

    for name, sql in tables.steps(families(OF_ICD10), dated=True, on=on).items():
        spark = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
        back = sqlglot.transpile(spark, read="spark", write="duckdb")[0]
        engine.execute(f"create or replace temp table {name} as {back}")

    again = {person: tuple(rest) for person, *rest in engine.execute("select * from scored").fetchall()}
    assert again == expected
