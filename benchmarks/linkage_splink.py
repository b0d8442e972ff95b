"""Plain Splink, as its own tutorials and examples use it: the measure for `link-table`, never a part of it.

Name, date, postcode and e-mail comparisons of its library, exact agreement for the rest, with term frequencies; a
handful of blocking rules; the prior from a few rules that are surely true with a recall of 0.7; u by random pairs; m by
expectation maximisation over blocks. It is given blanks as missing and dates as ISO, so that cleaning is no difference.
"""

import logging
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from locality.methods.table_dates import read_column

NAMES = ("given_name", "family_name")
PAIRS = 1e6  # random ones, for u
TOO_MANY = 5e6  # pairs: a training block that brings more is left out, so that it ends
LEAST = 0.01  # the probability from which on pairs are kept

Judged = tuple[tuple[int, str], tuple[int, str], float]


def link(files: Sequence[Path], fields: dict[str, str]) -> list[Judged]:
    """Every pair of rows (table, id) that Splink finds at a probability of 0.01 or above."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    from splink import DuckDBAPI, Linker, SettingsCreator

    engine = duckdb.connect()
    engine.execute("set enable_progress_bar = false")
    tables = [_load(engine, path, fields, place) for place, path in enumerate(files)]
    rules = _blocks(engine, tables, fields)
    settings = SettingsCreator(
        link_type="dedupe_only" if len(files) == 1 else "link_only",
        unique_id_column_name="id",
        blocking_rules_to_generate_predictions=rules,
        comparisons=_comparisons(fields),
    )
    api = DuckDBAPI(connection=engine)
    linker = Linker([api.register(one) for one in tables] if len(tables) > 1 else api.register(tables[0]), settings)
    linker.training.estimate_probability_two_random_records_match(_surely(fields), recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=1)
    _train(linker, engine, tables, fields)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    return _pairs(found.as_duckdbpyrelation(), two=len(files) == 2)


def _load(engine: Any, path: Path, fields: dict[str, str], place: int) -> str:
    columns = ", ".join(
        f"nullif(trim(\"{column}\"), '') as {field}" for field, column in {"id": "id", **fields}.items()
    )
    name = f"said_{place}"
    engine.execute(f"create table {name} as select {columns} from read_csv(?, all_varchar=true)", [str(path)])
    if "birth_date" in fields:
        said = [value for (value,) in engine.execute(f"select distinct birth_date from {name}").fetchall() if value]
        days = {value: _iso(one) for value, one in read_column(said).items()}
        engine.register("days", pyarrow.table({"said": list(days), "day": list(days.values())}))
        engine.execute(
            f"create or replace table {name} as select s.* replace (d.day as birth_date)"
            f" from {name} s left join days d on d.said = s.birth_date"
        )
    return name


def _iso(one: Any) -> str | None:
    if one.digits:
        return f"{one.digits[:4]}-{one.digits[4:6]}-{one.digits[6:]}"
    return f"{one.year:04d}-01-01" if one.year else None


def _comparisons(fields: Iterable[str]) -> list[Any]:
    import splink.comparison_library as cl

    found: list[Any] = []
    one: Any
    for field in fields:
        if field in NAMES:
            one = cl.NameComparison(field)
        elif field == "birth_date":
            found.append(cl.DateOfBirthComparison(field, input_is_string=True, invalid_dates_as_null=True))
            continue
        elif field == "postcode":
            one = cl.DamerauLevenshteinAtThresholds(field, [1, 2])
        elif field == "email":
            one = cl.EmailComparison(field)
        else:
            one = cl.ExactMatch(field)
        found.append(one.configure(term_frequency_adjustments=True))
    return found


def _blocks(engine: Any, tables: Sequence[str], fields: Iterable[str]) -> list[Any]:
    from splink import block_on

    has = {*fields}
    every = [
        ("given_name", "family_name"),
        ("birth_date",),
        ("given_name", "birth_date"),
        ("family_name", "birth_date"),
        ("birth_date", "postcode"),
        ("given_name", "postcode"),
        ("family_name", "postcode"),
        ("house_number", "address_line"),
        ("email",),
        ("phone",),
    ]
    turned = "l.given_name = r.family_name and l.family_name = r.given_name"
    both = [turned] if {*NAMES} <= has else []
    found = [one for one in every if {*one} <= has]
    # what a table of a million rows cannot afford by one field alone it meets by two
    return [block_on(*one) for one in found if len(one) > 1 or _reach(engine, tables, one) <= TOO_MANY] + both


def _surely(fields: Iterable[str]) -> list[Any]:
    from splink import block_on

    has = {*fields}
    every = [("given_name", "birth_date"), ("family_name", "birth_date"), ("email",)]
    if "birth_date" not in has:
        every += [("given_name", "family_name", "postcode"), ("given_name", "family_name", "phone")]
    found = [one for one in every if {*one} <= has]
    return [block_on(*one) for one in found or [tuple(one for one in NAMES if one in has)]]


def _train(linker: Any, engine: Any, tables: Sequence[str], fields: Iterable[str]) -> None:
    from splink import block_on

    for one in (("given_name", "family_name"), ("birth_date",), ("postcode",), ("email",)):
        if {*one} <= {*fields} and _reach(engine, tables, one) <= TOO_MANY:
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(*one))
            except Exception as error:  # noqa: BLE001 -- a block that Splink cannot learn from is left out
                print(f"  Splink did not train on {one}: {str(error).splitlines()[0]}", flush=True)


def _reach(engine: Any, tables: Sequence[str], parts: Sequence[str]) -> float:
    key = ", ".join(parts)
    known = " and ".join(f"{one} is not null" for one in parts)
    every = " union all ".join(f"select {key} from {one} where {known}" for one in tables)
    found = engine.execute(f"select sum(n * n) from (select count(*) as n from ({every}) group by {key})").fetchall()
    return float(found[0][0] or 0)


def _pairs(found: Any, *, two: bool) -> list[Judged]:
    names = "id_l, id_r, match_probability"
    if not two:
        return [((0, left), (0, right), chance) for left, right, chance in found.select(names).fetchall()]
    rows = found.select(f"source_dataset_l, source_dataset_r, {names}").fetchall()
    return [
        ((0, left), (1, right), chance) if one < other else ((0, right), (1, left), chance)
        for one, other, left, right, chance in rows
    ]
