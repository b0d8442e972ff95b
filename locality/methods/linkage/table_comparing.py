"""Pairs of rows compared in the engine, level for level as the settings say; names whichever way about agrees best."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from locality.methods.linkage.splinking import levels_sql
from locality.methods.linkage.table_rows import ROWS
from locality.methods.linkage.table_settings import TableSettings
from locality.methods.table_files import quoted

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

DRAWN = "table_drawn"
DRAWS = 500_000  # random pairs, by which it is known how often strangers agree
AT_ONCE = 500_000
# names that stand in each other's place: the other's columns, and nothing where the other has none of the kind
TURNED = {
    "given": "family",
    "givens": "families",
    "given_sound": "family_sound",
    "given_kin": "",
    "family": "given",
    "families": "givens",
    "family_sound": "given_sound",
}
# one name missing counts for half; the other way about must be clearly better, and neither name agree as it stands
CLEARLY = 0.2
ALIKE = "coalesce(jaro_winkler_similarity(a.{}, b.{}), 0.5)"
CROSSED = (
    # measured only where it may matter: of "and" the engine works out both sides
    "case when a.given is distinct from b.given and a.family is distinct from b.family then"
    f" {ALIKE.format('given', 'family')} + {ALIKE.format('family', 'given')}"
    f" > {ALIKE.format('given', 'given')} + {ALIKE.format('family', 'family')} + {CLEARLY}"
    " else false end"
)

Tell = Callable[[int, int], None]


def level_names(by: TableSettings) -> list[str]:
    """The columns that hold the levels, in the order of the settings."""
    return [f"g{place}" for place in range(len(by.compared))]


def compare(engine: "Engine", pairs: str, into: str, *, by: TableSettings, tell: Tell = lambda done, of: None) -> None:
    """Make the table `into` of a table of pairs (l, r): l, r, crossed and the level of each comparison."""
    names = ", ".join(f"{name} tinyint" for name in level_names(by))
    engine.execute(f"create or replace temp table {into} (l integer, r integer, crossed boolean, {names})")
    many = engine.execute(f"select count(*) from {pairs}").fetchall()[0][0]
    for start in range(0, many, AT_ONCE):
        tell(start, many)
        chunk = f"(select l, r from {pairs} where rowid >= {start} and rowid < {start + AT_ONCE})"
        engine.execute(f"insert into {into} {_compared(chunk, by)}")
    tell(many, many)


def _compared(pairs: str, by: TableSettings) -> str:
    crossed = CROSSED if by.both_names else "false"
    sides = ", ".join(_both_sides(column, by) for column in by.columns)
    levels = ", ".join(
        f"{levels_sql(one.comparison)} as {name}" for name, one in zip(level_names(by), by.compared, strict=True)
    )
    return (
        f"select l, r, crossed, {levels} from"
        f" (select p.l, p.r, {crossed} as crossed, {sides}"
        f" from {pairs} p join {ROWS} a on a.n = p.l join {ROWS} b on b.n = p.r)"
    )


def _both_sides(column: str, by: TableSettings) -> str:
    left, right = quoted(f"{column}_l"), quoted(f"{column}_r")
    there = f"b.{quoted(column)}"
    if by.both_names and column in TURNED:
        other = f"b.{TURNED[column]}" if TURNED[column] else "null"
        there = f"case when crossed then {other} else {there} end"
    return f"a.{quoted(column)} as {left}, {there} as {right}"


def draw(engine: "Engine", *, two: bool) -> None:
    """Make `table_drawn` (l, r): pairs drawn at random, the same each time; with `two`, of one row of each file."""
    side = "src" if two else "0"
    engine.execute(
        f"create or replace temp table table_places as select n, {side} as side,"
        f" row_number() over (partition by {side} order by n) - 1 as place from {ROWS}"
    )
    sizes = dict(engine.execute("select side, count(*) from table_places group by side").fetchall())
    left, right = sizes[0], sizes[1 if two else 0]
    engine.execute(
        "create or replace temp table table_draws as"
        f" select (hash(i) % {left})::bigint as x, (hash(i * 7919 + 13) % {right})::bigint as y"
        f" from range({DRAWS}) t(i)"
    )
    # one side after the other: joined at once, the engine may take every row of one with every row of the other first
    engine.execute(
        "create or replace temp table table_half as"
        " select a.n as l, d.y from table_draws d join table_places a on a.place = d.x where a.side = 0"
    )
    engine.execute(
        f"create or replace temp table {DRAWN} as select distinct least(l, b.n) as l, greatest(l, b.n) as r"
        f" from table_half h join table_places b on b.place = h.y where b.side = {1 if two else 0} and l <> b.n"
        " order by l, r"
    )
