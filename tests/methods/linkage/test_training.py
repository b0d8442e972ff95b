"""A model is learned from the table at hand, without labels, and comes out the same every time."""

import duckdb
import pytest
import sqlglot

from locality.base import Refused
from locality.methods.linkage.blocking_report import blocking_report
from locality.methods.linkage.fields import FIELDS
from locality.methods.linkage.judging import judge
from locality.methods.linkage.model import Model, default_model
from locality.methods.linkage.pairing import pairs
from locality.methods.linkage.settings import settings
from locality.methods.linkage.splinking import splink_settings
from locality.methods.linkage.standard import standard
from locality.methods.linkage.training import train
from tests.methods.linkage.rows import Row, borough, number, table

# the functions that Splink's jar registers on Spark, beside those that Spark has itself
FROM_THE_JAR = {"JARO_WINKLER", "DAMERAU_LEVENSHTEIN"}
SPARKS_OWN = {"ARRAYS_OVERLAP"}  # since Spark 2.4; the parser has no word of its own for it


@pytest.fixture(scope="module")
def learned():
    engine = duckdb.connect()
    return [
        train(
            engine, table(engine, borough(400)), by=settings(), on="2026-11-22", source="a made borough", sample=200_000
        )
        for _ in range(2)
    ]


def test_training_again_on_the_same_table_gives_the_same_model(learned):
    assert learned[0].written() == learned[1].written()


def test_the_model_says_when_and_from_how_many_rows_it_learned(learned):
    said = learned[0].written()

    assert (said["trained_at"], said["trained_on"], said["source"]) == ("2026-11-22", 1200, "a made borough")


def test_agreement_is_learned_to_be_commoner_for_one_person(learned):
    model = learned[0]
    for name in ("given", "family", "born", "home", "phone", "number"):
        one = next(one for one in model.settings.comparisons if one.name == name)
        best, worst = max(model.m[name]), min(model.m[name])
        value = {level.name: level.value for level in one.levels}["same"]
        assert (best >= value, worst) == (True, 0)
        assert model.m[name][value] / model.u[name][value] > 10
        assert model.m[name][0] < model.u[name][0]


def test_m_and_u_are_shares_that_sum_to_one(learned):
    for found in (learned[0].m, learned[0].u):
        assert {name: round(sum(shares.values()), 4) for name, shares in found.items()} == dict.fromkeys(found, 1.0)


def test_the_learned_model_finds_the_people_of_the_made_borough(learned):
    engine = duckdb.connect()
    rows = borough(400)

    pairs(engine, table(engine, rows), learned[0])

    found = engine.execute("select first, second, state from linkage_pairs").fetchall()
    same = {(a, b) for a in range(1, 1201) for b in range(a + 1, 1201) if (a - 1) // 3 == (b - 1) // 3}
    joined = {(a, b) for a, b, state in found if state == "match"}
    met = {(a, b) for a, b, state in found if state in ("match", "possible")}
    assert joined - same == set()
    assert len(met & same) / len(same) > 0.99


def test_two_spellings_weigh_more_of_a_name_that_is_often_spelt_in_two_ways():
    engine = duckdb.connect()
    rows = [row for person in range(600) for row in told_twice(person)]

    model = train(engine, table(engine, rows), by=settings(), sample=100_000)

    found = model.terms["family_sound"]
    often, seldom = (found[standard({"family_name": name}).family_sound] for name in ("Hussain", "Ogden"))
    assert (seldom, often) == (0.1, pytest.approx(0.1 / 8, rel=0.1))


def told_twice(person: int) -> list[Row]:
    """One in ten is a Hussain, half of whom are a Husain elsewhere; the other names are as common and spelt one way."""
    others = ("Ogden", "Holt", "Malik", "Nowak", "Coyne", "Mensah", "Grantley", "Birtwell", "Tierney")
    family = (others[person % 10 - 1],) * 2
    if person % 10 == 0:
        family = ("Hussain", "Husain" if person % 20 else "Hussain")
    true = {
        "given_name": [f"Anna{chr(97 + person % 26)}{chr(97 + person % 7)}"],
        "birth_date": f"{1950 + person % 40}-{1 + person % 12:02d}-{1 + person % 28:02d}",
        "nhs_number": number(person),
    }
    return [true | {"family_name": [name]} for name in family]


def test_a_table_too_small_to_learn_from_keeps_the_settings_own_numbers():
    engine = duckdb.connect()
    by = settings()

    model = train(engine, table(engine, borough(1)), by=by)

    assert model.m["given"] == pytest.approx(Model.untrained(by).m["given"])


def test_states_of_the_batch_are_those_of_judging_one_by_one():
    engine = duckdb.connect()
    pairs(engine, table(engine, borough(80)), default_model(), least=0.0)

    rows = engine.execute("select levels, probability, state, cautions, certain from linkage_pairs").fetchall()

    one_by_one = [judge(tuple(levels), probability) for levels, probability, *_ in rows]
    assert [(state, tuple(cautions), certain) for _, _, state, cautions, certain in rows] == [
        (one.state, one.cautions, one.certain) for one in one_by_one
    ]


def test_a_key_that_a_crowd_shares_is_left_out_and_told():
    engine = duckdb.connect()
    rows = [
        {"given_name": [name * 3], "family_name": [name + "ford"], "nhs_number": "9434765919"}
        for name in (chr(97 + a) + chr(97 + b) for a in range(11) for b in range(11))
    ]

    done = pairs(engine, table(engine, rows), default_model())

    assert (done.rows, done.crowded, done.in_crowds, done.candidates) == (121, 1, 121, 0)


def test_the_blocking_report_tells_what_each_rule_reaches_alone_and_together():
    engine = duckdb.connect()
    rows = borough(60)
    name = table(engine, rows)
    engine.execute(f"create temp table who as select *, (id - 1) // 3 as person from {name}")

    report = blocking_report(engine, "who", by=settings(), person="person")

    assert (report.rows, report.true_pairs) == (180, 180)
    assert (report.true, report.reached) == (180, 1.0)
    assert [one.block for one in report.blocks] == [one.name for one in settings().blocks]
    assert {one.block: one.true for one in report.blocks}["birth date and any name"] < report.pairs
    assert {one.block: one.rows for one in report.blocks}["number"] == 120


def every_condition(dialect):
    said = splink_settings(Model.untrained(settings((*FIELDS, "eye_colour"), of="tables")), dialect=dialect)
    people = splink_settings(default_model(), dialect=dialect)
    levels = [
        level
        for one in [*said["comparisons"], *people["comparisons"]]
        for level in one["comparison_levels"]
        if level["sql_condition"] != "ELSE"
    ]
    return [level["sql_condition"] for level in levels]


def test_every_condition_can_be_read_by_spark():
    unknown = set()
    for sql in every_condition("spark"):
        tree = sqlglot.parse_one(sql, dialect="spark", error_level=sqlglot.ErrorLevel.RAISE)
        unknown |= {one.name.upper() for one in tree.find_all(sqlglot.exp.Anonymous)}
        # Splink writes what it reads in this dialect before Spark sees it
        assert sqlglot.transpile(sql, read="spark", write="spark")

    assert unknown == FROM_THE_JAR | SPARKS_OWN


def test_spark_is_given_the_same_settings_as_duckdb_but_for_three_functions():
    names = {
        "jaro_winkler_similarity": "jaro_winkler",
        "list_has_any": "arrays_overlap",
    }
    on_duckdb = every_condition("duckdb")
    for ours, theirs in names.items():
        on_duckdb = [sql.replace(ours, theirs) for sql in on_duckdb]

    assert every_condition("spark") == on_duckdb


def test_a_table_with_nothing_to_compare_is_refused():
    with pytest.raises(Refused, match="map at least one column"):
        settings(())


def test_a_kind_of_agreement_that_there_is_not_is_refused_in_words():
    from locality.methods.linkage.kinds import condition

    with pytest.raises(Refused, match="is no kind of agreement"):
        condition("nearly given")
