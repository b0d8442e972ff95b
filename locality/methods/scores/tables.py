"""A table of diagnoses scored by published methods: DuckDB is handed in, and the work is done there.

Every step is a select that reads those before it, in the SQL that Spark has too. Only the distinct codes come to
Python, to be read by the same function that reads one person's; `scoring` is the slow and obvious way it is held to.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from locality.methods.scores.bits import Family, families
from locality.methods.scores.method import Diagnosis, Method, Score
from locality.methods.scores.scoring import score

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

ROWS, CODES, LATEST, SCORED = "score_rows", "score_codes", "score_latest", "scored"


def score_table(
    *, engine: "Engine", methods: Sequence[Method], rows: str, dated: bool = False, on: date | None = None
) -> None:
    """Make the table `scored`: one row a person, with NAME_score (points) and NAME_band for each method.

    `rows` is a query of person, code and, where `dated`, on_day: a person without a scoring code has 0. `dated` lets
    only diagnoses with a day count: those up to `on`, or to the person's latest, and, for a method that looks back so
    many years, not older. Codes are read as the methods read them; `score_codes` then says of each what was read or
    why not. A dash in a method's name is an underscore in a column's.
    """
    found = families(methods)
    engine.execute(f"create or replace temp view {ROWS} as {rows}")
    _read_codes(engine, found)
    for name, sql in steps(found, dated=dated, on=on).items():
        engine.execute(f"create or replace temp table {name} as {sql}")


def _read_codes(engine: "Engine", found: Sequence[Family]) -> None:
    import pyarrow

    readers = {family.methods[0].read for family in found}
    if len(readers) != 1:
        raise ValueError("these methods read their codes in different ways: score them one after the other")
    read = readers.pop()
    said = [code for (code,) in engine.execute(f"select distinct code from {ROWS} where code is not null").fetchall()]
    outcomes = [read(code) for code in said]
    columns: dict[str, pyarrow.Array] = {
        "code": pyarrow.array(said, pyarrow.string()),
        "said": pyarrow.array([one.code for one in outcomes], pyarrow.string()),
        "refused": pyarrow.array([one.refused or None for one in outcomes], pyarrow.string()),
    }
    for family in found:
        numbers = family.numbers([one.code for one in outcomes])
        columns |= {name: pyarrow.array(values, pyarrow.int64()) for name, values in numbers.items()}
    engine.register("score_codes_read", pyarrow.table(columns))
    engine.execute(f"create or replace temp table {CODES} as select * from score_codes_read")
    engine.unregister("score_codes_read")


def steps(found: Sequence[Family], *, dated: bool, on: date | None) -> dict[str, str]:
    """The selects that make a table of scores of `score_rows` and `score_codes`, by the name of what each makes."""
    made: dict[str, str] = {}
    if dated and on is None:
        made[LATEST] = f"select person, max(on_day) as on_day from {ROWS} group by person"
    joined = f"{ROWS} left join {CODES} on {CODES}.code = {ROWS}.code"
    if LATEST in made:
        joined += f" left join {LATEST} on {LATEST}.person = {ROWS}.person"
    last = f"cast('{on.isoformat()}' as date)" if on else f"{LATEST}.on_day"
    found_in = [
        f"coalesce(bit_or({_counted(column, family.years, last) if dated else column}), 0) as {column}"
        for family in found
        for column in family.columns
    ]
    groups = f"select {ROWS}.person, {', '.join(found_in)} from {joined} group by {ROWS}.person"
    kept = [f"{sql} as {column}" for family in found for column, sql in family.kept().items()]
    units = [f"{family.units(one)} as {_column(one)}" for family in found for one in family.methods]
    told = [part for family in found for one in family.methods for part in _told(one)]
    made[SCORED] = (
        f"with grouped as ({groups}), kept as (select person, {', '.join(kept)} from grouped),"
        f" summed as (select person, {', '.join(units)} from kept)"
        f" select person, {', '.join(told)} from summed"
    )
    return made


def _counted(column: str, years: int | None, last: str) -> str:
    since = f" and {ROWS}.on_day >= {last} - interval {years} year" if years else ""
    return f"case when {ROWS}.on_day <= {last}{since} then {column} end"


def _column(method: Method) -> str:
    return method.name.replace("-", "_")


def _told(method: Method) -> list[str]:
    name = _column(method)
    points = name if method.units == 1 else f"cast({name} as double) / {method.units}"
    return [f"{points} as {name}_score", f"{_band(method)} as {name}_band"]


def _band(method: Method) -> str:
    if not method.bands:
        return "cast(null as varchar)"
    ends = "".join(
        f" when {_column(method)} <= {one.up_to} then '{one.name}'" for one in method.bands if one.up_to is not None
    )
    return f"case{ends} else '{method.bands[-1].name}' end"


def explain(
    *,
    engine: "Engine",
    method: Method,
    rows: str,
    people: Iterable[str],
    dated: bool = False,
    on: date | None = None,
) -> Mapping[str, Score]:
    """The scores of these people with their reasons; `rows` may have a column `origin` as well (an event, a sender)."""
    asked = list(people)
    wanted = "(select distinct unnest(?) as person)"
    relation = engine.execute(f"select * from ({rows}) join {wanted} using (person) order by all", [asked])
    names = [column[0] for column in relation.description or []]
    theirs: dict[str, list[Diagnosis]] = {person: [] for person in asked}
    for values in relation.fetchall():
        row = dict(zip(names, values, strict=True))
        theirs[row["person"]].append(Diagnosis(row["code"] or "", row.get("on_day"), row.get("origin")))
    return {
        person: score(method=method, diagnoses=some, on=(on or _latest(some)) if dated else None)
        for person, some in theirs.items()
    }


def _latest(diagnoses: Iterable[Diagnosis]) -> date:
    # where no diagnosis has a day none counts, whatever the day asked for
    return max((one.on for one in diagnoses if one.on), default=date.max)
