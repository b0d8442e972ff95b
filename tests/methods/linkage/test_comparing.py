"""What Python finds between two rows is what Splink finds: the levels, the weight and the keys."""

from itertools import combinations
from random import Random

import duckdb
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from locality.methods.linkage.comparing import levels
from locality.methods.linkage.fields import FIELDS
from locality.methods.linkage.keys import block_keys, keys
from locality.methods.linkage.model import Model, default_model
from locality.methods.linkage.pairing import linker_of, pairs, with_terms
from locality.methods.linkage.settings import Settings
from locality.methods.linkage.settings import settings as linkage_settings
from locality.methods.linkage.splinking import quietly, splink_settings
from locality.methods.linkage.standard import standard
from locality.methods.linkage.standardising import keys_sql, make_keys, standardise
from tests.methods.linkage.rows import ROWS, Row, borough, table

PATIENTS = linkage_settings()
TABLES = linkage_settings((*FIELDS, "eye_colour"), of="tables")


def scored_by_splink(rows: list[Row], model: Model) -> dict[tuple[int, int], tuple[float, tuple[int, ...]]]:
    """Every two rows as Splink's own prediction scores them, with its own gammas."""
    engine = duckdb.connect()
    by = model.settings
    standardise(engine, table(engine, rows, fields=by.fields), by=by)
    with_terms(engine, model)
    engine.execute(
        "create temp table every as select l.n as join_key_l, r.n as join_key_r, '0' as match_key"
        " from linkage_rows l join linkage_rows r on l.n < r.n"
    )
    said = splink_settings(model) | {"retain_matching_columns": True, "blocking_rules_to_generate_predictions": []}
    with quietly():
        linker = linker_of(engine, "linkage_compared", said)
        linker.table_management.register_blocked_pairs_for_predict(linker._db_api.register("every"))
        found = linker.inference.predict(warning_mode="never")
    gammas = ", ".join(f'"gamma_{one.name}"' for one in by.comparisons)
    scored = engine.execute(f"select n_l, n_r, match_weight, {gammas} from {found.physical_name}").fetchall()
    return {(a, b): (weight, tuple(found)) for a, b, weight, *found in scored}


def scored_in_python(rows: list[Row], model: Model) -> dict[tuple[int, int], tuple[float, tuple[int, ...]]]:
    told = {place: standard(row) for place, row in enumerate(rows, 1)}
    scored = {}
    for a, b in combinations(told, 2):
        agreed = levels(told[a], told[b], by=model.settings)
        scored[a, b] = (model.weight(agreed, told[a], told[b]), agreed)
    return scored


def agree(rows: list[Row], model: Model) -> None:
    by_splink, in_python = scored_by_splink(rows, model), scored_in_python(rows, model)
    assert {pair: found for pair, (_, found) in by_splink.items()} == {
        pair: found for pair, (_, found) in in_python.items()
    }
    assert {pair: weight for pair, (weight, _) in by_splink.items()} == pytest.approx(
        {pair: weight for pair, (weight, _) in in_python.items()}, abs=1e-9
    )


@settings(max_examples=12, deadline=None)
@given(st.lists(ROWS, min_size=12, max_size=30))
def test_python_and_splink_grade_and_weigh_drawn_pairs_alike(rows):
    agree(rows, default_model())


@settings(max_examples=4, deadline=None)
@given(st.lists(ROWS, min_size=8, max_size=14), st.lists(st.text(max_size=9), min_size=14, max_size=14))
def test_python_and_splink_agree_on_a_table_with_every_field_and_one_more(rows, words):
    more = [
        row
        | {"birth_place": word, "occupation": word[::-1], "local_id": word[:3], "eye_colour": word[1:]}
        | {"house_number": word[:2], "locality": word}
        for row, word in zip(rows, words, strict=False)
    ]

    agree(more, Model.untrained(TABLES))


def test_python_and_splink_agree_on_a_made_borough():
    agree(borough(40), default_model())


@pytest.mark.parametrize("by", [PATIENTS, TABLES], ids=["patients", "tables"])
@settings(max_examples=10, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=15))
def test_the_batch_blocks_on_the_very_keys_that_an_arrival_is_looked_up_by(by: Settings, rows: list[Row]):
    engine = duckdb.connect()
    standardise(engine, table(engine, rows), by=by)

    make_keys(engine, by=by)

    found = engine.execute("select n, list(key order by key) from linkage_keys group by n").fetchall()
    wanted = {place: list(keys(standard(row), by=by)) for place, row in enumerate(rows, 1)}
    assert dict(found) == {place: its for place, its in wanted.items() if its}


def test_each_block_makes_the_same_keys_in_sql_as_in_python():
    rows = borough(30)
    engine = duckdb.connect()
    standardise(engine, table(engine, rows), by=PATIENTS)

    for place, block in enumerate(PATIENTS.blocks):
        in_sql = {(n, key) for key, n in engine.execute(keys_sql(PATIENTS, place)).fetchall()}
        in_python = {(n, key) for n, row in enumerate(rows, 1) for key in block_keys(standard(row), block)}
        assert (block.name, in_sql) == (block.name, in_python)


def test_a_key_is_a_signed_whole_number_of_64_bits_and_never_changes():
    one = standard({"given_name": "Margaret", "family_name": "Hargreaves", "birth_date": "1941-05-02"})

    assert keys(one) == (1225558250176951045, 2057705107636671967, 2057999235268251635, 2548091684962939696)
    assert all(0 < key < 2**63 for key in keys(one))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Maria", "Msria", "typed"),
        ("Sanjay", "Sankay", "typed"),
        ("Dorothy", "Dotothy", "typed"),
        ("Nadim", "Nadir", "near"),
        ("Carla", "Carlo", "spelling"),
        ("Martin", "Martina", "spelling"),
        ("Jean", "Jran", "partly"),
        ("David", "Dabe", "partly"),
    ],
)
def test_a_slip_inside_a_name_is_told_from_the_names_of_a_man_and_a_woman(one, other, level):
    place = PATIENTS.place("given")
    of = [standard({"given_name": name}) for name in (one, other)]

    found = {levels(*of)[place], levels(*reversed(of))[place]}

    assert [PATIENTS.comparisons[place].level(value).name for value in found] == [level]


def test_the_order_of_two_rows_makes_no_difference_to_their_weight():
    rows = [standard(row) for row in borough(25)]
    model = default_model()

    there = [model.weight(levels(a, b), a, b) for a, b in combinations(rows, 2)]
    back = [model.weight(levels(b, a), b, a) for a, b in combinations(rows, 2)]

    assert there == back


def test_the_batch_gives_each_pair_the_levels_and_the_weight_that_python_gives_it():
    rows = borough(60)
    engine = duckdb.connect()
    model = default_model()

    done = pairs(engine, table(engine, rows), model)

    scored = engine.execute("select first, second, weight, levels from linkage_pairs").fetchall()
    in_python = scored_in_python(rows, model)
    assert done.pairs == len(scored)
    assert {(a, b): tuple(found) for a, b, _, found in scored} == {(a, b): in_python[a, b][1] for a, b, *_ in scored}
    assert {(a, b): weight for a, b, weight, _ in scored} == pytest.approx(
        {(a, b): in_python[a, b][0] for a, b, *_ in scored}, abs=1e-9
    )


def test_the_engines_measures_of_likeness_are_those_of_python_to_the_last_bit():
    rng = Random(20261122)
    words = ["".join(rng.choices("abdehimnorstu", k=rng.randrange(1, 15))) for _ in range(40_000)]
    pairs_of_words = pyarrow.table({"a": words[::2], "b": words[1::2]})

    rows = (
        duckdb.connect()
        .register("words", pairs_of_words)
        .execute("select jaro_winkler_similarity(a, b), damerau_levenshtein(a, b), levenshtein(a, b) from words")
        .fetchall()
    )

    assert rows == [
        (JaroWinkler.similarity(a, b), DamerauLevenshtein.distance(a, b), Levenshtein.distance(a, b))
        for a, b in zip(words[::2], words[1::2], strict=True)
    ]
