"""An analyst's files read into one table of words by field, whatever their columns are called and dates look like."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from locality.base import Refused
from locality.methods.linkage.fields import FIELDS
from locality.methods.linkage.standardising import quoted
from locality.methods.linkage.table_dates import from_parts, read_column

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    Engine = duckdb.DuckDBPyConnection

SAID, DAYS = "table_said", "table_days"
SEVERAL = ("given_name", "family_name", "postcode", "phone", "email")  # fields that may hold more values than one
FIELD = re.compile(r"[a-z][a-z0-9_]*")
SHOWN = 12  # columns named in a refusal

Map = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path, which column is the id, and the columns of each field."""

    path: Path
    id: str
    columns: Map


@dataclass(frozen=True, slots=True)
class Said:
    """What was read: the fields that there are, how many rows each file has, and the ids that stand in both files."""

    fields: tuple[str, ...]
    rows: tuple[int, ...]
    shared_ids: int
    impossible_dates: int


def read(engine: "Engine", sources: Sequence[Source]) -> Said:
    """Make `table_said` of one file or two; raise Refused, in one sentence, where a file or a column is not there.

    Its columns: `id`, a whole number in the order of the files; `src`, 0 or 1; `key`, the id as the file has it; then
    a column for each field, of text or of lists of text. Birth dates are read into `table_days` by `said` and `src`.
    """
    fields = _fields(sources)
    parts = [_read_file(engine, one, place, fields) for place, one in enumerate(sources)]
    engine.execute(
        f"create or replace temp table {SAID} as"
        f" select row_number() over (order by src, line) as id, * exclude (line) from ({' union all by name '.join(parts)})"
    )
    rows = tuple(_one(engine, f"select count(*) from {SAID} where src = {place}") for place in range(len(sources)))
    for place, one in enumerate(sources):
        _check_ids(engine, one, place, rows[place])
    shared = _one(engine, f"select count(*) from (select key from {SAID} group by key having count(distinct src) > 1)")
    return Said(fields, rows, shared, _read_days(engine, "birth_date" in fields, len(sources)))


def _fields(sources: Sequence[Source]) -> tuple[str, ...]:
    named = [*dict.fromkeys(field for one in sources for field in one.columns)]
    if not named:
        raise Refused("Nothing to compare: say with --map which column holds what, as in given_name=first_name.")
    for field in named:
        if not FIELD.fullmatch(field):
            raise Refused(
                f"{field!r} cannot be the name of a field: write small letters, figures and _, as in soc_sec_id."
            )
    for one in sources:
        if absent := [field for field in named if field not in one.columns]:
            raise Refused(f"Nothing of {one.path} is mapped to {absent[0]}.")
    return (*[one for one in FIELDS if one in named], *[one for one in named if one not in FIELDS])


def _read_file(engine: "Engine", source: Source, place: int, fields: Sequence[str]) -> str:
    """The file as a table of text; returns the SELECT of its rows by field."""
    headers = _load(engine, source.path, place)
    key = _column(source, source.id, headers)
    columns = {field: _columns(source, source.columns[field], headers) for field in fields}
    whole = columns.get("given_name") == columns.get("family_name") and len(columns.get("given_name", ())) == 1
    selected = [f"{_sql(field, columns[field], whole=whole)} as {quoted(field)}" for field in fields]
    if len(columns.get("birth_date", ())) > 1:
        _join_parts(engine, place, columns["birth_date"])
        selected = [one for one in selected if not one.endswith(' as "birth_date"')] + ["birth_date"]
    return f"select {place} as src, line, {key} as key, {', '.join(selected)} from table_file_{place}"


def _load(engine: "Engine", path: Path, place: int) -> list[str]:
    """The file as `table_file_0` or `_1`, columns c0, c1 ... trimmed, blanks missing; returns its trimmed headers."""
    import duckdb

    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    try:
        found = _relation(engine, path)
        headers = [name.strip().lstrip("\ufeff") for name in found.columns]
        columns = [
            f"nullif(trim({quoted(name)}::varchar, ' \t\r\n\u00a0\u200b\ufeff'), '') as c{at}"
            for at, name in enumerate(found.columns)
        ]
        engine.register("table_relation", found)
        engine.execute(
            f"create or replace temp table table_file_{place} as"
            f" select row_number() over () as line, {', '.join(columns)} from table_relation"
        )
        engine.unregister("table_relation")
    except (duckdb.Error, OSError) as error:
        raise Refused(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if len(set(headers)) < len(headers):
        twice = next(name for name in headers if headers.count(name) > 1)
        raise Refused(f"{path} has two columns called {twice!r}.")
    return headers


def _relation(engine: "Engine", path: Path) -> "duckdb.DuckDBPyRelation":
    import duckdb

    if path.suffix.lower() in (".parquet", ".pq"):
        return engine.read_parquet(str(path))
    try:
        return engine.read_csv(str(path), all_varchar=True, header=True, null_padding=True, sample_size=20000)
    except duckdb.Error as error:
        if "encoded" not in str(error) and "unicode" not in str(error).lower():
            raise
        return engine.read_csv(str(path), all_varchar=True, header=True, null_padding=True, encoding="latin-1")


def _columns(source: Source, names: Sequence[str], headers: list[str]) -> tuple[str, ...]:
    """The columns named; "a+b" is two of them where no column is called so."""
    apart = [part for name in names for part in ([name] if name in headers else name.split("+"))]
    return tuple(_column(source, name.strip(), headers) for name in apart)


def _column(source: Source, name: str, headers: list[str]) -> str:
    if name in headers:
        return f"c{headers.index(name)}"
    loosely = [at for at, one in enumerate(headers) if one.casefold() == name.casefold()]
    if len(loosely) == 1:
        return f"c{loosely[0]}"
    more = f" and {len(headers) - SHOWN} more" if len(headers) > SHOWN else ""
    raise Refused(f"{source.path} has no column {name!r}. It has {', '.join(headers[:SHOWN])}{more}.")


def _sql(field: str, columns: Sequence[str], *, whole: bool) -> str:
    """The value of a field out of its column or columns."""
    if whole and field in ("given_name", "family_name"):
        return _of_whole_name(field, columns[0])
    if field in SEVERAL:
        every = f"list_filter([{', '.join(columns)}], lambda one: one is not null)"
        return f"case when len({every}) > 0 then {every} end"
    return columns[0] if len(columns) == 1 else f"nullif(concat_ws(' ', {', '.join(columns)}), '')"


def _of_whole_name(field: str, column: str) -> str:
    """A part of a column that holds the whole name: "Ada King" or "King, Ada"."""
    given = (
        f"case when contains({column}, ',') then nullif(trim(split_part({column}, ',', 2)), '')"
        f" else nullif(trim(regexp_replace({column}, '\\S+$', '')), '') end"
    )
    family = (
        f"case when contains({column}, ',') then nullif(trim(split_part({column}, ',', 1)), '')"
        f" else nullif(regexp_extract({column}, '(\\S+)$', 1), '') end"
    )
    one = given if field == "given_name" else family
    return f"case when {one} is not null then [{one}] end"


def _join_parts(engine: "Engine", place: int, columns: Sequence[str]) -> None:
    """A birth date in several columns becomes one."""
    import pyarrow

    said = engine.execute(f"select line, {', '.join(columns)} from table_file_{place} order by line").to_arrow_table()
    parts = [[value or "" for value in said[column].to_pylist()] for column in columns]
    whole = pyarrow.table(
        {"line": said["line"], "birth_date": pyarrow.array([one or None for one in from_parts(parts)])}
    )
    engine.register("table_parts", whole)
    engine.execute(
        f"create or replace temp table table_file_{place} as"
        f" select f.*, p.birth_date from table_file_{place} f join table_parts p using (line) order by line"
    )
    engine.unregister("table_parts")


def _check_ids(engine: "Engine", source: Source, place: int, rows: int) -> None:
    if not rows:
        raise Refused(f"{source.path} has no rows.")
    if missing := _one(engine, f"select count(*) from {SAID} where src = {place} and key is null"):
        raise Refused(f"{source.path}: {missing} of {rows} rows have nothing in the id column {source.id!r}.")
    twice = engine.execute(
        f"select key, count(*) from {SAID} where src = {place} group by key having count(*) > 1 order by key limit 1"
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
    for place in range(files):
        said = engine.execute(
            f"select birth_date, count(*) from {SAID} where src = {place} and birth_date is not null group by 1 order by 1"
        ).fetchall()
        found = read_column(value for value, _ in said)
        impossible += sum(many for value, many in said if found[value].impossible)
        engine.register("table_read", _as_table(place, found))
        engine.execute(f"insert into {DAYS} select * from table_read")
        engine.unregister("table_read")
    return impossible


def _as_table(place: int, found: dict) -> "pyarrow.Table":
    import pyarrow

    days, whole = found.values(), pyarrow.int32()
    return pyarrow.table(
        {
            "src": pyarrow.array([place] * len(found), whole),
            "said": pyarrow.array(list(found), pyarrow.string()),
            "born": pyarrow.array([one.digits for one in days], pyarrow.string()),
            "born_year": pyarrow.array([one.year for one in days], whole),
            "born_month": pyarrow.array([one.month for one in days], whole),
            "born_day": pyarrow.array([one.day for one in days], whole),
        }
    )


def _one(engine: "Engine", sql: str) -> int:
    return int(engine.execute(sql).fetchall()[0][0])
