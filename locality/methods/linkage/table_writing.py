"""What link-table found, written to files: every row with its cluster, and the pairs that stand in one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from locality.methods.linkage.table import CLUSTERED, SCORED, Linked
from locality.methods.linkage.table_reading import SAID
from locality.methods.table_files import write

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

FIGURES = 6  # of a probability


def write_clusters(engine: "Engine", linked: Linked, out: Path) -> None:
    """Write `id,cluster` for every row of the files, in their order; CSV, or Parquet where `out` says so.

    Where an id stands in both files, every id is preceded by the number of its file: 1:17 and 2:17.
    """
    key = "(s.src + 1)::varchar || ':' || s.key" if linked.said.shared_ids else "s.key"
    write(engine, f"select {key} as id, c.cluster from {CLUSTERED} c join {SAID} s on s.id = c.n order by c.n", out)


def write_pairs(engine: "Engine", out: Path) -> int:
    """Write `id_l,id_r,probability` of every pair that stands in one cluster and was compared; returns how many.

    Of two files, id_l is of the first and id_r of the second, each as its file has it.
    """
    pairs = f"{SCORED} p join {CLUSTERED} x on x.n = p.l join {CLUSTERED} y on y.n = p.r and y.cluster = x.cluster"
    write(
        engine,
        f"select a.key as id_l, b.key as id_r, round(1 / (1 + pow(2.0, -p.weight)), {FIGURES}) as probability"
        f" from {pairs} join {SAID} a on a.id = p.l join {SAID} b on b.id = p.r order by p.l, p.r",
        out,
    )
    return int(engine.execute(f"select count(*) from {pairs}").fetchall()[0][0])


def write_refused(engine: "Engine", linked: Linked, files: Sequence[str], out: Path) -> None:
    """Write `file,id,reason` of every row that could be compared with none, in the order of the files."""
    import pyarrow

    columns = {
        "file": [files[one.src] for one in linked.refused],
        "id": [one.key for one in linked.refused],
        "reason": [one.word for one in linked.refused],
    }
    engine.register("table_refused", pyarrow.table(columns, pyarrow.schema([(name, "string") for name in columns])))
    write(engine, "select * from table_refused", out)
    engine.unregister("table_refused")
