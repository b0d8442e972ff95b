"""link-table: an analyst's file, or two, linked without labels; a model is learned from the rows at hand.

Reading, standardising and grading are those of `locality link`; what is learned is told in table_training.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from locality.base import Refused
from locality.methods.linkage.table_assigning import against_rivals, assign
from locality.methods.linkage.table_blocking import (
    ACROSS,
    ANY,
    CANDIDATES,
    WITHIN,
    Blocked,
    find_candidates,
    possible_pairs,
)
from locality.methods.linkage.table_clusters import Clusters, Pair, best_threshold, cluster
from locality.methods.linkage.table_columns import Source
from locality.methods.linkage.table_comparing import DRAWN, compare, draw
from locality.methods.linkage.table_reading import SAID, Said, read
from locality.methods.linkage.table_rows import ROWS, RefusedRow, make_rows
from locality.methods.linkage.table_scoring import frequencies, score
from locality.methods.linkage.table_settings import TableSettings, table_settings
from locality.methods.linkage.table_training import Learned, count_patterns, learn

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

COMPARED, SCORED, CLUSTERED = "table_compared", "table_scored", "table_clustered"
# the threshold that is expected to be best is not followed beyond these, in bits: 0.2 and 0.95 as probabilities
LOWEST, HIGHEST = -2.0, 4.25
DOUBTFUL = -10.0  # bits; pairs above are looked at when the best threshold is sought

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of it: clusters stand in `table_clustered` (n, cluster), pairs in `table_scored` (l, r, weight)."""

    said: Said
    refused: tuple[RefusedRow, ...]
    blocked: Blocked
    learned: Learned | None
    threshold: float  # in bits
    clusters: int  # every row is in one, most of them alone
    joined: int  # rows that are not alone
    too_many: int


def link_table(
    engine: "Engine",
    sources: Sequence[Source],
    *,
    threshold: float | None = None,
    one_to_one: bool = False,
    tell: Tell = lambda word, done, of: None,
) -> Linked:
    """Link one file within itself, or two with each other; raise Refused where they cannot be read as asked.

    `threshold` is in bits; without one, that which is expected to give the best F1. `tell` hears how far each step is.
    """
    if one_to_one and len(sources) != 2:
        raise Refused("--one-to-one links two files: name a second one.")
    tell("reading", 0, 1)
    said = read(engine, sources)
    by = table_settings(said.fields, several=said.several)
    tell("making comparable", 0, 1)
    refused = make_rows(engine, by=by)
    two = len(sources) == 2
    blocked = find_candidates(engine, by=by, which=ACROSS if two else ANY, tell=_at(tell, "finding pairs"))
    learned = None
    engine.execute(f"create or replace temp table {SCORED} (l integer, r integer, weight double)")
    if blocked.candidates:
        learned = _learn_and_score(engine, by, blocked, two=two, unique=one_to_one, tell=tell)
    tell("clustering", 0, 1)
    found, at = _cluster(engine, by, learned, threshold, two=two, one_to_one=one_to_one)
    count = _write_clusters(engine, found)
    tell("clustering", 1, 1)
    joined = sum(len(one) for one in found.members)
    return Linked(said, refused, blocked, learned, at, count, joined, found.too_many)


def _at(tell: Tell, word: str) -> Callable[[int, int], None]:
    return lambda done, of: tell(word, done, of)


def _learn_and_score(
    engine: "Engine", by: TableSettings, blocked: Blocked, *, two: bool, unique: bool, tell: Tell
) -> Learned:
    compare(engine, CANDIDATES, COMPARED, by=by, tell=_at(tell, "comparing"))
    drawn = COMPARED
    if blocked.candidates < blocked.possible:
        draw(engine, two=two)
        drawn = "table_drawn_compared"
        compare(engine, DRAWN, drawn, by=by, tell=_at(tell, "comparing strangers"))
    within, inside = (_compare_within(engine, by, tell), possible_pairs(engine, WITHIN)) if two else ("", 0)
    tell("learning", 0, 1)
    count_patterns(engine, by=by, met=COMPARED, drawn=drawn, within=within)
    rows = engine.execute(f"select count(*) from {ROWS}").fetchall()[0][0]
    learned = learn(engine, by=by, rows=rows, pairs=blocked.possible, within=inside, unique=unique)
    tell("scoring", 0, 1)
    frequencies(engine, by=by)
    score(engine, COMPARED, SCORED, learned, by=by)
    return learned


def _compare_within(engine: "Engine", by: TableSettings, tell: Tell) -> str:
    """The pairs of each file show how alike two of one household are, since few or none of them are one person."""
    find_candidates(engine, by=by, which=WITHIN, into="table_within", tell=_at(tell, "finding pairs in each file"))
    compare(engine, "table_within", "table_within_compared", by=by, tell=_at(tell, "comparing in each file"))
    return "table_within_compared"


def _cluster(
    engine: "Engine",
    by: TableSettings,
    learned: Learned | None,
    threshold: float | None,
    *,
    two: bool,
    one_to_one: bool,
) -> tuple[Clusters, float]:
    likely = _pairs(engine, f"select l, r, weight from {SCORED} where weight >= {DOUBTFUL}")
    if one_to_one:
        return _one_to_one(engine, likely, threshold)
    at = _threshold((weight for *_, weight in likely), threshold)
    found = cluster(_around(engine, at), at)
    if learned is not None and _compare_inside(engine, by, learned, found, two=two):
        found = cluster(_around(engine, at), at)
    return found, at


def _threshold(weights, asked: float | None) -> float:
    return max(LOWEST, min(HIGHEST, best_threshold(weights))) if asked is None else asked


def _one_to_one(engine: "Engine", likely: list[Pair], threshold: float | None) -> tuple[Clusters, float]:
    assigned = against_rivals(assign(likely, DOUBTFUL), likely)
    at = _threshold((weight for *_, weight in assigned), threshold)
    standing = [(left, right, weight) for left, right, weight in assigned if weight >= at]
    _replace_scored(engine, standing)
    return Clusters(tuple((left, right) for left, right, _ in standing), 0), at


def _pairs(engine: "Engine", sql: str) -> list[Pair]:
    return engine.execute(sql).fetchall()


def _around(engine: "Engine", at: float) -> list[Pair]:
    """The pairs at the threshold or above, and all others between rows of theirs."""
    return _pairs(
        engine,
        f"with high as (select l, r from {SCORED} where weight >= {at}),"
        " near as (select l as n from high union select r from high)"
        f" select l, r, weight from {SCORED} semi join near x on x.n = l semi join near y on y.n = r order by l, r",
    )


def _compare_inside(engine: "Engine", by: TableSettings, learned: Learned, found: Clusters, *, two: bool) -> bool:
    """Compare the pairs within clusters that never met, so that each pair of a cluster has its weight."""
    _write_members(engine, found)
    across = f" join {ROWS} x on x.n = a.n join {ROWS} y on y.n = b.n" if two else ""
    engine.execute(
        "create or replace temp table table_inside as select a.n as l, b.n as r from table_members a"
        f" join table_members b on a.cluster = b.cluster and a.n < b.n{across}"
        f" anti join {CANDIDATES} c on c.l = a.n and c.r = b.n{' where x.src <> y.src' if two else ''} order by l, r"
    )
    if not engine.execute("select count(*) from table_inside").fetchall()[0][0]:
        return False
    compare(engine, "table_inside", "table_inside_compared", by=by)
    score(engine, "table_inside_compared", "table_inside_scored", learned, by=by)
    engine.execute(f"insert into {SCORED} select * from table_inside_scored")
    return True


def _write_members(engine: "Engine", found: Clusters) -> None:
    import pyarrow

    rows = [(row, one[0]) for one in found.members for row in one]
    columns = {
        "n": pyarrow.array([row for row, _ in rows], pyarrow.int32()),
        "cluster": pyarrow.array([first for _, first in rows], pyarrow.int32()),
    }
    engine.register("table_found", pyarrow.table(columns))
    engine.execute("create or replace temp table table_members as select * from table_found")
    engine.unregister("table_found")


def _write_clusters(engine: "Engine", found: Clusters) -> int:
    """Make `table_clustered`: each row of the files with the number of its cluster, from 1 in the order of the rows."""
    _write_members(engine, found)
    engine.execute(
        f"create or replace temp table {CLUSTERED} as select n, dense_rank() over (order by first) as cluster from"
        f" (select s.id as n, coalesce(m.cluster, s.id) as first from {SAID} s"
        " left join table_members m on m.n = s.id)"
    )
    return int(engine.execute(f"select count(distinct cluster) from {CLUSTERED}").fetchall()[0][0])


def _replace_scored(engine: "Engine", pairs: list[Pair]) -> None:
    import pyarrow

    whole = pyarrow.int32()
    columns = {
        "l": pyarrow.array([left for left, *_ in pairs], whole),
        "r": pyarrow.array([right for _, right, _ in pairs], whole),
        "weight": pyarrow.array([weight for *_, weight in pairs], pyarrow.float64()),
    }
    engine.register("table_standing", pyarrow.table(columns))
    engine.execute(f"create or replace temp table {SCORED} as select * from table_standing")
    engine.unregister("table_standing")
