"""Rules of need: polypharmacy, falls, carer strain; what is not known is not a no."""

import duckdb
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locality.methods.scores import carer_strain, falls, polypharmacy
from locality.methods.scores.rules import judge, judge_table, of

RULES = {one.name: one for one in (polypharmacy.RULE, falls.RULE, carer_strain.RULE)}


@pytest.mark.parametrize(
    ("medicines", "level"), [(0, "no"), (4, "no"), (5, "five to nine"), (9, "five to nine"), (10, "ten or more")]
)
def test_medicines_are_counted(medicines, level):
    assert judge(rule=polypharmacy.RULE, facts={"medicines": medicines}).level == level


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"age": 64, "falls_last_year": 3}, "no"),
        ({"age": 65, "falls_last_year": 2}, "assess"),
        ({"age": 80, "falls_last_year": 0, "frail": True}, "no"),
        ({"age": 80, "falls_last_year": 1, "frail": True}, "assess"),
        ({"age": 80, "falls_last_year": 1, "frail": False, "unsteady": False, "injured_by_fall": 0}, "no"),
        ({"age": 80, "falls_last_year": 1, "frail": False}, "not known"),
        ({"falls_last_year": 2}, "not known"),
        ({}, "not known"),
    ],
)
def test_who_fell_is_assessed_and_what_is_not_known_is_said(facts, level):
    assert judge(rule=falls.RULE, facts=facts).level == level


def test_a_carer_who_says_so_comes_before_every_guess():
    facts = {"has_carer": True, "carer_says_strain": True, "carer_age": 81}

    found = judge(rule=carer_strain.RULE, facts=facts)

    assert (found.level, found.reasons) == (
        "said so",
        ("has an unpaid carer", "the carer said that it is too much"),
    )
    assert found.unknown == ("carer_hours", "emergency_admissions", "carer_admissions")


def test_somebody_without_a_carer_has_none_to_ask():
    assert judge(rule=carer_strain.RULE, facts={"has_carer": False, "emergency_admissions": 5}).level == "no"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_rule_names_its_source_and_is_not_passed_off_as_verified(rule):
    assert rule.source
    assert rule.status == ("assumed" if rule is carer_strain.RULE else "unverified")


def test_a_rule_must_explain_each_fact_that_it_speaks_of():
    told = {
        **{"title": "t", "source": "s", "status": "assumed", "note": "", "facts": {}},
        "levels": [{"name": "x", "all": [{"fact": "height", "at_least": 2, "words": "is tall"}]}],
    }

    with pytest.raises(ValueError, match="height"):
        of("tall", told)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(RULES)))
def test_a_table_is_judged_as_one_after_the_other(data, name):
    rule = RULES[name]
    values = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0, 5.0, 10.0, 49.0, 50.0, 65.0, 80.0]))
    drawn = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(rule.facts, values)), min_size=1, max_size=30))
    kinds = {"person": pyarrow.string(), **dict.fromkeys(rule.facts, pyarrow.float64())}
    rows = [{"person": f"{at:02}", **facts} for at, facts in enumerate(drawn)]
    engine = duckdb.connect()
    engine.register("facts", pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(kinds)))

    judge_table(engine=engine, rule=rule, rows="from facts")

    found = engine.execute("select level from rule_judged order by person").fetchall()
    assert [level for (level,) in found] == [judge(rule=rule, facts=facts).level for facts in drawn]
