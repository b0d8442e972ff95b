"""The rows of an analyst's table made comparable, and those that say nothing to compare set aside.

Each distinct value of a field is read once, by the same functions as a patient's (standard.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from locality.methods.linkage.kinds import EXTRA
from locality.methods.linkage.standard import GROUPS, LISTS, text
from locality.methods.linkage.table_reading import DAYS, SAID
from locality.methods.linkage.table_settings import HOME, TableSettings
from locality.methods.table_files import APART, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    Engine = duckdb.DuckDBPyConnection

ROWS = "table_rows"
NUMBERED = ("local_id",)
IN_SQL = {"birth_date", "phone", "email"}  # fields that the engine reads itself, below
BORN = {
    "born": "d.born",
    "born_turned": "case when d.born_day <= 12 and d.born_day <> d.born_month"
    " then printf('%04d%02d%02d', d.born_year, d.born_day, d.born_month) end",
    "born_year": "d.born_year",
    "born_month": "d.born_month",
    "born_day": "d.born_day",
    "born_days": "date_diff('day', date '1900-01-01', make_date(d.born_year, d.born_month, d.born_day))",
    "new_year": "coalesce(d.born_month = 1 and d.born_day = 1, false)",
}
# Telephones and addresses of e-mail are nearly all different, so the engine reads them, by the rules of numbers.py; but
# an e-mail with a slip in it is still one here, where the arrival of a patient takes it for none.
ONE_DIGIT = f"^0*({'|'.join(f'{digit}*' for digit in range(10))})$"
LAST_TEN = "regexp_extract(regexp_replace({0}, '[^0-9]', '', 'g'), '[0-9]{{6,10}}$')"
ONE = {
    "phone": f"case when not regexp_matches({LAST_TEN}, '{ONE_DIGIT}') then {LAST_TEN} end",
    "email": "lower({0})",
}
# the present postcode's parts, where a row has one postcode
FIRST = {"sector": "sectors", "district": "districts"}
# what tells somebody from others; a row with none of it is nobody's
TELLING = ("given", "family", "born_year", "nhs_typed", "local_id", "email", "phone")
NAMES_EMPTY = "no name in it is one, and there is nothing else to know somebody by"
NOTHING_SAID = "it says nothing to know somebody by"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that can be compared with none, by its file (0 or 1) and id, and why."""

    src: int
    key: str
    word: str


def make_rows(engine: "Engine", *, by: TableSettings) -> tuple[RefusedRow, ...]:
    """Make `table_rows` out of `table_said`: n, src, the standard columns; returns the rows that it leaves out."""
    said = engine.execute(f"select * exclude (key) from {SAID} order by id").to_arrow_table()
    added = [column for group in _groups(by) for column in _read(said, *group)]
    for name, column in added:
        said = said.append_column(f"_{name}", column)
    engine.register("table_read", said)
    columns = [f"s.{quoted(f'_{name}')} as {quoted(name)}" for name, _ in added] + _in_sql(by)
    join = f" left join {DAYS} d on d.src = s.src and d.said = s.birth_date" if "birth_date" in by.fields else ""
    engine.execute(
        f"create or replace temp table {ROWS} as select s.id as n, s.src, {', '.join(columns)} from table_read s{join}"
    )
    engine.unregister("table_read")
    return _set_aside(engine, by)


def _in_sql(by: TableSettings) -> list[str]:
    """The columns that the engine reads itself, as SQL."""
    found = [f"{sql} as {name}" for name, sql in BORN.items()] if "birth_date" in by.fields else []
    for field in ONE.keys() & {*by.fields}:
        one = ONE[field].format(f"s.{field}")
        if field in by.several:
            each = ONE[field].format("one")
            values = f"list_transform(string_split(s.{field}, chr({ord(APART)})), lambda one: {each})"
            found.append(f"list_filter({values}, lambda one: one is not null) as {field}s")
            one = ONE[field].format(f"split_part(s.{field}, chr({ord(APART)}), 1)")
        found.append(f"{one} as {field}")
        if field == "email":
            found.append(f"nullif(split_part({one}, '@', 1), '') as mailbox")
    return sorted(found)


Reader = Callable[..., dict[str, Any]]


def _groups(by: TableSettings) -> Iterator[tuple[tuple[str, ...], Reader, list[str]]]:
    """What is read together: fields, how, and the columns that are wanted of it."""
    wanted = {*by.columns, "given_sounds", "family_sounds"}
    for group in (one for one in GROUPS if one.fields != NUMBERED):
        columns = [one for one in (*group.columns, *FIRST) if one in wanted and FIRST.get(one, one) in group.columns]
        if columns and {*group.fields} & ({*by.fields} - IN_SQL):
            yield group.fields, group.of, columns
    for one in by.compared:
        if one.name.startswith(EXTRA):
            yield (one.name.removeprefix(EXTRA),), _whole(one.name), [one.name]
    if {*NUMBERED} & {*by.fields}:
        yield NUMBERED, _whole(*NUMBERED), [*NUMBERED]


def _whole(name: str) -> Reader:
    return lambda said: {name: _number(text(said))}


def _number(said: str | None) -> str | None:
    """A number without the noughts that one file writes before it and another does not, or what stands between."""
    bare = said.replace(" ", "") if said else ""
    return (bare.lstrip("0") or "0") if bare.isdigit() else said


def _read(
    said: "pyarrow.Table", fields: Sequence[str], of: Reader, columns: Sequence[str]
) -> Iterator[tuple[str, "pyarrow.ChunkedArray"]]:
    """The columns that come of a group of fields, row by row."""
    import pyarrow

    distinct = _together(said, fields).dictionary_encode()
    made = [of(*_apart(value, len(fields))) for value in distinct.dictionary.to_pylist()]
    for column in columns:
        kind = pyarrow.list_(pyarrow.string()) if column in LISTS else pyarrow.string()
        # an empty list is nothing said
        found = pyarrow.array([_value(one, column) for one in made], kind)
        yield column, found.take(distinct.indices)


def _value(made: dict[str, Any], column: str) -> Any:
    if column in FIRST:
        return next(iter(made.get(FIRST[column], ())), None)
    return made.get(column) or None


def _together(said: "pyarrow.Table", fields: Sequence[str]) -> Any:
    """Several columns as one of text, their values kept apart; nothing where all of them say nothing."""
    import pyarrow
    import pyarrow.compute

    has = {*said.column_names}
    if len(fields) == 1:
        return _one_chunk(said[fields[0]])
    nothing = pyarrow.nulls(said.num_rows, pyarrow.string())
    columns = [_one_chunk(said[one]) if one in has else nothing for one in fields]
    joined = pyarrow.compute.binary_join_element_wise(*columns, APART, null_handling="replace", null_replacement="")
    return pyarrow.compute.replace_with_mask(
        joined, pyarrow.compute.equal(joined, APART * (len(fields) - 1)), pyarrow.scalar(None, pyarrow.string())
    )


def _one_chunk(column: Any) -> Any:
    import pyarrow

    found = column.combine_chunks()
    return found.cast(pyarrow.string()) if found.type != pyarrow.string() else found


def _apart(value: str | None, fields: int) -> tuple[Any, ...]:
    """A value as the functions of standard.py take it: one argument a field, of several values a tuple."""
    if value is None:
        return (None,) * fields
    if fields > 1:
        return tuple(part or None for part in value.split(APART))
    return (tuple(value.split(APART)),) if APART in value else (value,)


def _set_aside(engine: "Engine", by: TableSettings) -> tuple[RefusedRow, ...]:
    nothing = " and ".join(f"r.{name} is null" for name in _telling(by)) or "true"
    named = " or ".join(f"s.{name} is not null" for name in ("given_name", "family_name") if name in by.fields)
    found = engine.execute(
        f"select s.src, s.key, {named or 'false'} from {ROWS} r join {SAID} s on s.id = r.n"
        f" where {nothing} order by r.n"
    ).fetchall()
    if found:
        engine.execute(f"delete from {ROWS} r where {nothing}")
    return tuple(RefusedRow(src, key, NAMES_EMPTY if words else NOTHING_SAID) for src, key, words in found)


def _telling(by: TableSettings) -> Sequence[str]:
    columns = {*by.columns}
    extra = [one.name for one in by.compared if one.name.startswith(EXTRA) and one.part != HOME]
    return [name for name in TELLING if name in columns] + extra
