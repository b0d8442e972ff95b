"""All pairs of a table that may be one person, scored by Splink's prediction with the model's own term frequencies."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from locality.methods.linkage.judging import LOW, LOWEST, MATCH, NONE, POSSIBLE, pattern
from locality.methods.linkage.model import Model
from locality.methods.linkage.settings import Settings
from locality.methods.linkage.splinking import levels_sql, quietly, splink_settings
from locality.methods.linkage.standardising import KEYS, ROWS, make_keys, standardise
from locality.methods.table_files import quoted

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

PAIRS = "linkage_pairs"
AT_ONCE = 500_000  # candidate pairs that are compared at a time: Splink copies the rows of each side
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Paired:
    """`rows` compared by so many `candidates`; `pairs` kept; keys left out because more rows share them than may."""

    rows: int
    candidates: int
    pairs: int
    crowded: int
    in_crowds: int


def pairs(
    engine: "Engine",
    table: str,
    model: Model,
    *,
    id: str = "id",
    least: float = LOWEST,
    between: str = "",
    tell: Tell = lambda done, of: None,
) -> Paired:
    """Make `linkage_pairs` of a table of words by field: every pair of rows that meets by a key and is not unlikely.

    Its columns: `first` and `second` (the smaller id first), `weight` in bits, `probability`, `levels` (those of
    `comparing.levels`), and as `judging` says `state`, `cautions`, `certain` and `contradicts`. With `between`, the
    name of a column, only rows that differ in it are paired. `tell` hears how many candidates of how many are done.
    """
    standardise(engine, table, by=model.settings, id=id)
    return pairs_of_rows(engine, model, least=least, between=between, tell=tell)


def pairs_of_rows(
    engine: "Engine",
    model: Model,
    *,
    least: float = LOWEST,
    between: str = "",
    tell: Tell = lambda done, of: None,
) -> Paired:
    """As `pairs`, of a table already made comparable by `standardising.standardise`."""
    make_keys(engine, by=model.settings)
    crowded, in_crowds = crowds(engine, by=model.settings)
    candidates = _candidates(engine, by=model.settings, between=between)
    with_terms(engine, model)
    engine.execute(
        "create or replace temp table linkage_scored"
        " (first_n integer, second_n integer, weight double, probability double, levels tinyint[])"
    )
    with quietly():
        for start in range(0, candidates, AT_ONCE):
            tell(start, candidates)
            _score(engine, model, start, least=least)
    tell(candidates, candidates)
    _judge(engine, by=model.settings)
    for spent in ("linkage_shared", "linkage_candidates", "linkage_compared", "linkage_scored"):
        engine.execute(f"drop table {spent}")
    return Paired(count(engine, ROWS), candidates, count(engine, PAIRS), crowded, in_crowds)


def count(engine: "Engine", table: str) -> int:
    """How many rows one of our tables has."""
    return int(engine.execute(f"select count(*) from {table}").fetchall()[0][0])  # noqa: S608 -- only our own names


def _judge(engine: "Engine", *, by: Settings) -> None:
    """Each pattern of levels is judged once, in Python; its pairs take their state from that and their probability."""
    import pyarrow

    patterns = [tuple(one) for (one,) in engine.execute("select distinct levels from linkage_scored").fetchall()]
    judged = [pattern(one, by=by) for one in patterns]
    columns = {
        "levels": pyarrow.array(patterns, pyarrow.list_(pyarrow.int8())),
        "cautions": pyarrow.array([one.cautions for one in judged], pyarrow.list_(pyarrow.string())),
        **{
            name: pyarrow.array([getattr(one, name) for one in judged], pyarrow.bool_())
            for name in ("low", "asked", "certain", "contradicts")
        },
    }
    engine.register("linkage_patterns", pyarrow.table(columns))
    engine.execute(
        f"""
            create or replace temp table {PAIRS} as
            select l.id as first, r.id as second, weight, probability, levels, state,
            case when state in ('match', 'possible') then cautions else [] end as cautions,
            certain and state = 'match' as certain, contradicts
            from (select *, case
            when probability < {LOWEST} then '{NONE}'
            when low or probability < case when asked then {by.doubt} else {by.possible} end then '{LOW}'
            when probability >= {by.match} and len(cautions) = 0 then '{MATCH}' else '{POSSIBLE}' end as state
            from linkage_scored join linkage_patterns using (levels)) s
            join {ROWS} l on l.n = first_n join {ROWS} r on r.n = second_n
        """  # noqa: S608 -- only our own names
    )
    engine.unregister("linkage_patterns")


def crowds(engine: "Engine", *, by: Settings) -> tuple[int, int]:
    """How many keys are left out because more rows share them than may, and how many rows share the largest."""
    engine.execute(
        f"""
            create or replace temp table linkage_shared as select key, count(*) as many from {KEYS}
            group by key having count(*) > 1
        """  # noqa: S608 -- only our own names
    )
    found = engine.execute("select count(*), coalesce(max(many), 0) from linkage_shared where many > ?", [by.crowd])
    crowded, largest = found.fetchall()[0]
    return int(crowded), int(largest)


def _candidates(engine: "Engine", *, by: Settings, between: str) -> int:
    apart = f" and l.{quoted(between)} is distinct from r.{quoted(between)}" if between else ""
    sides = " join linkage_said l on l.n = a.n join linkage_said r on r.n = b.n" if between else ""
    engine.execute(
        f"""
            create or replace temp table linkage_met as select key, n from {KEYS}
            semi join (select key from linkage_shared where many <= {by.crowd}) using (key)
        """  # noqa: S608
    )
    engine.execute(
        f"""
            create or replace temp table linkage_candidates as select distinct a.n as join_key_l, b.n as join_key_r
            from linkage_met a join linkage_met b on a.key = b.key and a.n < b.n{sides}{apart and " where true"}{apart}
            order by join_key_l, join_key_r
        """  # noqa: S608 -- only our own names, and one that is quoted
    )
    engine.execute("drop table linkage_met")
    return count(engine, "linkage_candidates")


def with_terms(engine: "Engine", model: Model) -> None:
    """Make `linkage_compared`, the rows as Splink reads them: with the model's frequencies of what counts by rarity."""
    import pyarrow

    columns = ", ".join(f"rows.{quoted(one)}" for one in model.settings.columns)
    joins, frequencies = [], []
    for place, column in enumerate(model.settings.terms):
        known = model.terms.get(column, {})
        terms = {
            "term": pyarrow.array(known, pyarrow.string()),
            "share": pyarrow.array(known.values(), pyarrow.float64()),
        }
        engine.register(f"linkage_terms_{place}", pyarrow.table(terms))
        joins.append(f"left join linkage_terms_{place} t{place} on t{place}.term = rows.{quoted(column)}")
        rare = model.settings.rare
        frequencies.append(f"greatest(coalesce(t{place}.share, {rare}), {rare}) as {quoted('tf_' + column)}")
    engine.execute(
        f"""
            create or replace temp table linkage_compared as
            select {", ".join(["rows.n", columns, *frequencies])} from {ROWS} rows {" ".join(joins)}
        """  # noqa: S608
    )
    for place in range(len(model.settings.terms)):
        engine.unregister(f"linkage_terms_{place}")


def _score(engine: "Engine", model: Model, start: int, *, least: float) -> None:
    engine.execute(
        f"""
            create or replace temp view linkage_chunk as select join_key_l, join_key_r, '0' as match_key
            from linkage_candidates where rowid >= {start} and rowid < {start + AT_ONCE}
        """  # noqa: S608 -- two whole numbers
    )
    linker = linker_of(engine, "linkage_compared", splink_settings(model))
    api = linker._db_api
    linker.table_management.register_blocked_pairs_for_predict(api.register("linkage_chunk", table_name="chunk"))
    # a threshold handed to Splink would make the engine compare every pair twice
    found = linker.inference.predict(warning_mode="never")
    levels = ", ".join(levels_sql(one) for one in model.settings.comparisons)
    engine.execute(
        f"""
            insert into linkage_scored select n_l, n_r, match_weight, match_probability, [{levels}]
            from ({_joined(found.physical_name, model.settings)} where match_probability >= {least})
        """  # noqa: S608
    )
    found.drop_table_from_database_and_remove_from_cache()


def _joined(predicted: str, by: Settings) -> str:
    sides = ", ".join(f"{side}.{quoted(one)} as {quoted(f'{one}_{side}')}" for one in by.columns for side in "lr")
    return f"""
            select p.*, {sides} from {predicted} p
            join linkage_compared l on l.n = p.n_l join linkage_compared r on r.n = p.n_r
        """  # noqa: S608


def linker_of(engine: "Engine", table: str, said: dict[str, Any]) -> Any:
    """Splink's linker over a table of standard rows whose term frequencies are already beside them."""
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=engine)
    linker = Linker(api.register(table, table_name="rows"), said, log_level=None, validate_settings=False)
    for one in said["comparisons"]:
        for column in {level.get("tf_adjustment_column") for level in one["comparison_levels"]} - {None}:
            # they stand beside the rows: Splink asks for the lookups and then reads none of them
            engine.execute(
                f"""
                    create or replace temp view {quoted("linkage_lookup_" + column)} as
                    select distinct {quoted(column)}, {quoted("tf_" + column)} from {table}
                """  # noqa: S608
            )
            lookup = api.register(f"linkage_lookup_{column}")
            linker.table_management.register_term_frequency_lookup(lookup, column)
    return linker
