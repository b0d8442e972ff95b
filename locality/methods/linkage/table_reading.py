"""An analyst's files read into one table of words by field, whatever their columns are called and dates look like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from locality.base import Refused
from locality.methods.linkage.fields import NAMES
from locality.methods.linkage.table_columns import (
    MOSTLY,
    SEVERAL,
    Source,
    fields_of,
    places,
    share_of_whole_names,
    value_sql,
    whole_name_sql,
)
from locality.methods.table_dates import from_parts, read_column
from locality.methods.table_files import APART, FILE, load, place, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    Engine = duckdb.DuckDBPyConnection

SAID, DAYS = "table_said", "table_days"
# ids in the order of their numbers, and of their letters where they are none
BY_ID = "try_cast({0} as hugeint) nulls last, {0}"


@dataclass(frozen=True, slots=True)
class Said:
    """What was read: the fields that there are, how many rows each file has, and the ids that stand in both files."""

    fields: tuple[str, ...]
    several: tuple[str, ...]  # those that have more values than one in a row
    rows: tuple[int, ...]
    shared_ids: int
    impossible_dates: int


def read(engine: "Engine", sources: Sequence[Source]) -> Said:
    """Make `table_said` of one file or two; raise Refused, in one sentence, where a file or a column is not there.

    Its columns: `id`, a whole number in the order of the files and of their ids, so that the order of rows does not
    matter; `src`, 0 or 1; `key`, the id as the file has it; then a column of text for each field, several values of one
    kept apart by APART. Birth dates are read into `table_days`.
    """
    mapped = fields_of(sources)
    named = {*mapped} & {*NAMES}
    fields = mapped if len(named) != 1 else (*NAMES, *[one for one in mapped if one not in NAMES])
    listed = "".join(f", {quoted(field)} varchar" for field in fields)
    engine.execute(f"create or replace temp table {SAID} (id integer, src tinyint, key varchar{listed})")
    rows: list[int] = []
    for number, one in enumerate(sources):
        rows.append(_read_file(engine, one, number, fields, before=sum(rows)))
        _check_ids(engine, one, number, rows[-1])
    shared = f"select count(*) from (select key from {SAID} group by key having count(distinct src) > 1)"
    both = _one(engine, shared) if len(sources) > 1 else 0
    # of two names of which one was asked for, the other is there where whole names were found
    said = tuple(one for one in fields if one in mapped or _any(engine, f"{one} is not null"))
    several = tuple(one for one in SEVERAL if one in said and _any(engine, f"contains({one}, chr({ord(APART)}))"))
    return Said(said, several, tuple(rows), both, _read_days(engine, "birth_date" in said, len(sources)))


def _any(engine: "Engine", condition: str) -> bool:
    return bool(_one(engine, f"select count(*) from (select 1 from {SAID} where {condition} limit 1)"))


def _read_file(engine: "Engine", source: Source, number: int, fields: Sequence[str], *, before: int) -> int:
    """Add the rows of a file to `table_said`, numbered from those before; returns how many there are."""
    at: dict[str, tuple[str, ...]] = {}
    key = ""

    def choose(headers: list[str]) -> set[str]:
        nonlocal key
        key = place(source.path, source.id, headers)
        at.update(places(source, headers))
        return {key, *(column for columns in at.values() for column in columns)}

    load(engine, source.path, choose)
    whole = _whole_names(engine, at)
    selected = {field: value_sql(field, at[field]) if field in at else "null" for field in fields}
    if whole:
        selected |= {field: whole_name_sql(field, whole) for field in NAMES}
    if len(at.get("birth_date", ())) > 1:
        _join_parts(engine, at["birth_date"])
        selected["birth_date"] = "birth_date"
    order = f"row_number() over (order by {BY_ID.format(key)}) + {before}"
    engine.execute(
        f"insert into {SAID} select * from (select ({order})::integer as id, {number}, {key}, "
        f"{', '.join(selected.values())} from {FILE}) order by id"
    )
    rows = _one(engine, f"select count(*) from {FILE}")
    engine.execute(f"drop table {FILE}")
    return rows


def _whole_names(engine: "Engine", at: Mapping[str, Sequence[str]]) -> str:
    """The column that holds whole names: mapped to both names, or to one of them and mostly of two words or more."""
    named = [at[one] for one in NAMES if one in at]
    if not named or len({*named}) > 1 or len(named[0]) > 1:
        return ""
    column = named[0][0]
    if len(named) == len(NAMES):
        return column
    share = engine.execute(f"select {share_of_whole_names(column)} from {FILE}").fetchall()[0][0]
    return column if (share or 0) >= MOSTLY else ""


def _join_parts(engine: "Engine", columns: Sequence[str]) -> None:
    """A birth date in several columns becomes one."""
    import pyarrow

    said = engine.execute(f"select rowid as line, {', '.join(columns)} from {FILE} order by line").to_arrow_table()
    parts = [[value or "" for value in said[column].to_pylist()] for column in columns]
    whole = pyarrow.table(
        {"line": said["line"], "birth_date": pyarrow.array([one or None for one in from_parts(parts)])}
    )
    engine.register("table_parts", whole)
    engine.execute(
        f"create or replace temp table {FILE} as"
        f" select f.*, p.birth_date from {FILE} f join table_parts p on p.line = f.rowid order by p.line"
    )
    engine.unregister("table_parts")


def _check_ids(engine: "Engine", source: Source, number: int, rows: int) -> None:
    if not rows:
        raise Refused(f"{source.path} has no rows.")
    if missing := _one(engine, f"select count(*) from {SAID} where src = {number} and key is null"):
        raise Refused(f"{source.path}: {missing} of {rows} rows have nothing in the id column {source.id!r}.")
    twice = engine.execute(
        f"select key, count(*) from {SAID} where src = {number} group by key having count(*) > 1 order by key limit 1"
    ).fetchall()
    if twice:
        raise Refused(f"{source.path}: the id {twice[0][0]} stands on {twice[0][1]} rows, and must be one row's own.")


def _read_days(engine: "Engine", dated: bool, files: int) -> int:
    """Make `table_days`, every distinct birth date read; returns how many rows name a day that cannot be."""
    engine.execute(
        f"create or replace temp table {DAYS}"
        " (src integer, said varchar, born varchar, born_year integer, born_month integer, born_day integer)"
    )
    if not dated:
        return 0
    impossible = 0
    for number in range(files):
        said = engine.execute(
            f"select birth_date, count(*) from {SAID} where src = {number} and birth_date is not null"
            " group by 1 order by 1"
        ).fetchall()
        found = read_column(value for value, _ in said)
        impossible += sum(many for value, many in said if found[value].impossible)
        engine.register("table_read", _as_table(number, found))
        engine.execute(f"insert into {DAYS} select * from table_read")
        engine.unregister("table_read")
    return impossible


def _as_table(number: int, found: dict[str, Any]) -> "pyarrow.Table":
    import pyarrow

    days, whole = found.values(), pyarrow.int32()
    return pyarrow.table(
        {
            "src": pyarrow.array([number] * len(found), whole),
            "said": pyarrow.array(list(found), pyarrow.string()),
            "born": pyarrow.array([one.digits for one in days], pyarrow.string()),
            "born_year": pyarrow.array([one.year for one in days], whole),
            "born_month": pyarrow.array([one.month for one in days], whole),
            "born_day": pyarrow.array([one.day for one in days], whole),
        }
    )


def _one(engine: "Engine", sql: str) -> int:
    return int(engine.execute(sql).fetchall()[0][0])
