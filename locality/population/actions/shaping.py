"""From lines of the record to the files of the copy, in an engine of its own and some people at a time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from locality.methods.scores import tables
from locality.methods.scores.catalogue import OF_ICD10
from locality.population.rules import files, steps
from locality.population.rules.columns import TABLES, Table

# so many lines at a time: about half a gigabyte
SLICE_LINES = 500_000
OF_PEOPLE = [table for table in TABLES.values() if table.of_people]


@dataclass(slots=True)
class Shaped:
    """What was written, and what became of the lines."""

    files: dict[str, dict[int, str]] = field(default_factory=dict)
    written: int = 0
    kept: int = 0
    used: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one run writes, and where; `old` are the files of the run before, whose other people stay."""

    folder: Path
    run: str
    parts: int
    old: dict[str, dict[int, str]]
    on: date
    until: datetime
    salt: str


def shape(
    duck: duckdb.DuckDBPyConnection, job: Job, *, tell: Callable[[str, int, int], None] = lambda words, done, of: None
) -> Shaped:
    """Write the parts in which somebody was touched, from `told`, `faces` and `objecting` of this engine."""
    duck.execute("set variable salt = '" + job.salt + "'")
    done = Shaped(files={table.name: dict(job.old.get(table.name, {})) for table in OF_PEOPLE})
    slices = _slices(duck)
    for number, parts in enumerate(slices):
        tell("writing", number, len(slices))
        _slice(duck, parts)
        for statement in steps.statements():
            _run(duck, statement, job)
        _score(duck, on=job.on)
        _count(duck, done)
        for part in parts:
            for table in OF_PEOPLE:
                _write(duck, table, part, job=job, done=done)
        for name in (*steps.MADE, *(f"copy_{table.name}" for table in OF_PEOPLE)):
            duck.execute(f"drop table {name}")
    return done


def _slices(duck: duckdb.DuckDBPyConnection) -> list[list[int]]:
    """The touched parts, as many together as make a good piece of work."""
    rows = duck.execute(
        "select part, coalesce(sum(lines), 0) from faces left join"
        " (select person, count(*) as lines from told group by 1) using (person)"
        " where is_touched group by part union all select part, 0 from gone order by part"
    ).fetchall()
    found: list[list[int]] = []
    held = 0
    for part, lines in rows:
        if found and part in found[-1]:
            continue
        if not found or held + lines > SLICE_LINES:
            found.append([])
            held = 0
        found[-1].append(part)
        held += lines
    return found


def _slice(duck: duckdb.DuckDBPyConnection, parts: list[int]) -> None:
    duck.execute("update faces set in_slice = part = any($parts) where is_touched", {"parts": parts})


def _run(duck: duckdb.DuckDBPyConnection, statement: str, job: Job) -> None:
    values = {"on": job.on, "until": job.until}
    duck.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})


# whoever has no diagnosis with a day has no score: nothing is known, which is not nought
SCORED_OF = "select person, code, on_day from copy_diagnoses where on_day <= date '{on}'"


def _score(duck: duckdb.DuckDBPyConnection, *, on: date) -> None:
    """Every published score that ICD-10 codes alone are enough for, of the people of this slice."""
    tables.score_table(engine=duck, methods=OF_ICD10, rows=SCORED_OF.format(on=on), dated=True, on=on)
    each = " union all ".join(
        f"select person, '{one.name}' as method, {name}_score as score, {name}_band as band, date '{on}' as on_day"
        f" from {tables.SCORED}"
        for one in OF_ICD10
        for name in [one.name.replace("-", "_")]
    )
    duck.execute(f"create table copy_scores as {each}")


def _count(duck: duckdb.DuckDBPyConnection, done: Shaped) -> None:
    done.kept += _one(duck, steps.KEPT)
    done.used += _one(duck, steps.USED)
    done.reasons.update(dict(duck.execute(steps.REASONS).fetchall()))
    done.noted.update(dict(duck.execute(steps.noted()).fetchall()))


def _one(duck: duckdb.DuckDBPyConnection, words: str) -> int:
    row = duck.execute(words).fetchone()
    return row[0] if row else 0


def _write(duck: duckdb.DuckDBPyConnection, table: Table, part: int, *, job: Job, done: Shaped) -> None:
    """One file: the rows of the people who were touched, and from the file before those of everybody else."""
    name = files.file_of(table.name, part, job.run)
    path = job.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    low, high = files.bounds_of(part, parts=job.parts)
    ours = f"select {steps.selected(table)} from copy_{table.name} where person >= '{low}' and person < '{high}'"
    before = job.old.get(table.name, {}).get(part)
    if before is not None:
        columns = ", ".join(f'"{one}"' for one in table.names)
        ours += (
            f" union all select {columns}"
            f" from read_parquet('{_quoted(job.folder / before)}', hive_partitioning = false)"
            " where person not in (select person from faces where is_touched union all select person from gone)"
        )
    order = ", ".join(f'"{one}"' for one in table.order)
    duck.execute(f"copy ({ours} order by {order}) to '{_quoted(path)}' (format parquet, compression zstd)")
    done.files[table.name][part] = name
    done.written += 1


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
