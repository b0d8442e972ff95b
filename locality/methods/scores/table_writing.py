"""What was scored of a file, written: the scores, the rows that do not count, and the reasons of each score."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from locality.methods.scores.method import Method
from locality.methods.scores.table_reading import JUDGED, READ, outside_column
from locality.methods.scores.tables import SCORED
from locality.methods.table_files import write

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection


def write_scores(*, engine: "Engine", methods: Sequence[Method], out: Path) -> None:
    """Write person, score and band of one method, or person, NAME_score and NAME_band of several.

    One row a person, in the order in which the file first names them.
    """
    names = [one.name.replace("-", "_") for one in methods]
    told = (
        f"s.{names[0]}_score as score, s.{names[0]}_band as band"
        if len(names) == 1
        else ", ".join(f"s.{name}_score, s.{name}_band" for name in names)
    )
    first = f"select person, min(row) as row from {READ} where person is not null group by person"
    write(
        engine, f"select s.person, {told} from {SCORED} s join ({first}) f on f.person = s.person order by f.row", out
    )


def write_refused(*, engine: "Engine", methods: Sequence[Method], out: Path) -> None:
    """Write row, person, code, date and reason of every row that counts for no method, in the order of the file."""
    nowhere = " and ".join(outside_column(one) for one in methods)
    reason = f"coalesce(reason, case when {nowhere} then 'outside the time that is looked at' end)"
    write(
        engine,
        f"select row, person, code, said_on as date, {reason} as reason from {JUDGED}"
        f" where {reason} is not null order by row",
        out,
    )
