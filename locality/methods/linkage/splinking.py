"""The settings and a model in the words of Splink, for any of its engines."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from locality.methods.linkage.model import Model
from locality.methods.linkage.settings import NOTHING, Comparison, Level

ID = "n"
KEY = "keys"


def splink_settings(model: Model, *, dialect: str = "duckdb", one_to_one: bool = False) -> dict[str, Any]:
    """A Splink settings dictionary. On DuckDB and on Spark it is the same but for the names of three functions.

    On a table that has its blocking keys in the list column `keys`, Splink blocks by them itself.
    """
    return {
        "link_type": "link_only" if one_to_one else "dedupe_only",
        "unique_id_column_name": ID,
        "sql_dialect": dialect,
        "probability_two_random_records_match": model.prior,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "comparisons": [_comparison(one, model, dialect) for one in model.settings.comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.{KEY} = r.{KEY}", "sql_dialect": dialect, "arrays_to_explode": [KEY]}
        ],
    }


def condition_sql(level: Level, dialect: str) -> str:
    """All the conditions of a level, in SQL; the last level holds otherwise."""
    return " and ".join(f"({one.sql(dialect)})" for one in level.conditions) or "ELSE"


def levels_sql(comparison: Comparison, dialect: str = "duckdb") -> str:
    """The level of a comparison for a joined pair, as Splink's own gamma is computed."""
    cases = [f"when {condition_sql(one, dialect)} then {one.value}" for one in comparison.levels if one.conditions]
    return f"case {' '.join(cases)} else {comparison.levels[-1].value} end"


def _comparison(one: Comparison, model: Model, dialect: str) -> dict[str, Any]:
    return {
        "output_column_name": one.name,
        "comparison_description": one.words,
        "comparison_levels": [_level(one, level, model, dialect) for level in one.levels],
    }


def _level(comparison: Comparison, level: Level, model: Model, dialect: str) -> dict[str, Any]:
    said: dict[str, Any] = {"sql_condition": condition_sql(level, dialect), "label_for_charts": level.words}
    if level.value == NOTHING:
        return said | {"is_null_level": True}
    said["m_probability"] = model.m[comparison.name][level.value]
    said["u_probability"] = model.u[comparison.name][level.value]
    if level.terms:
        said |= {
            "tf_adjustment_column": level.terms,
            "tf_adjustment_weight": 1.0,
            "tf_minimum_u_value": model.settings.rare,
            # the frequency of a sound is set against how often two people sound alike, not against equal spelling
            "disable_tf_exact_match_detection": True,
        }
    return said


@contextmanager
def quietly() -> Iterator[None]:
    """Splink's advice on levels is for whoever writes them, and kept from the screens of those who use them."""
    log = logging.getLogger("splink")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
