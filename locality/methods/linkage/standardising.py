"""A whole table made comparable: each distinct value is read once in Python, and joined back in the engine."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from locality.methods.linkage.keys import hashes, salt
from locality.methods.linkage.kinds import EXTRA
from locality.methods.linkage.settings import Settings
from locality.methods.linkage.standard import COLUMNS, GROUPS, LISTS, Group, text
from locality.methods.table_files import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    Engine = duckdb.DuckDBPyConnection

ROWS, KEYS = "linkage_rows", "linkage_keys"
AT_ONCE = 50_000
HASH = "_hash"
WHOLE = ("born_year", "born_month", "born_day")
# what stands together from several groups: SQL over columns of each, and which they are
ACROSS = {
    "homes": (
        "case when house is not null then list_transform(postcodes, lambda one: one || ' ' || house) end",
        ("house", "postcodes"),
    ),
    f"sounds{HASH}": (
        f"list_distinct(list_concat(coalesce(given_sounds{HASH}, []), coalesce(family_sounds{HASH}, [])))",
        (f"given_sounds{HASH}", f"family_sounds{HASH}"),
    ),
}


def standardise(engine: "Engine", table: str, *, by: Settings, id: str = "id") -> int:
    """Make the table `linkage_rows` out of a table of words; returns how many rows there are.

    The given table has a column, of text, dates or lists of text, for each field of the settings that it has at all.
    The one made has `n` (from 1, in the order of ids), `id`, the standard columns and the hashes of key parts.
    """
    engine.execute(
        f"""
            create or replace temp table linkage_said as
            select row_number() over (order by {quoted(id)})::integer as n, * from {table}
        """  # noqa: S608 -- the caller's own
    )
    has = {name for name, *_ in engine.execute("describe linkage_said").fetchall()}
    wanted = _wanted(by)
    selected, joins = ["said.n", f"said.{quoted(id)} as id"], []
    read: list[str] = []
    for place, group in enumerate([*GROUPS, *_extras(by)]):
        columns = [made for one in group.columns for made in (one, one + HASH) if made in wanted]
        fields = [one for one in group.fields if one in has]
        if columns and fields:
            of = f"linkage_of_{place}"
            _read_each(engine, of, group, fields, columns)
            read.append(of)
            same = " and ".join(f"said.{quoted(one)} is not distinct from {of}.{quoted(one)}" for one in fields)
            joins.append(f"left join {of} on {same}")
            selected += [f"{of}.{quoted('_' + one)} as {quoted(one)}" for one in columns]
        else:
            selected += [f"null::{_type(one)} as {quoted(one)}" for one in columns]
    rows = f"select {', '.join(selected)} from linkage_said said {' '.join(joins)}"  # noqa: S608 -- names that are quoted
    across = "".join(f", {sql} as {name}" for name, (sql, _) in ACROSS.items() if name in wanted)
    engine.execute(f"create or replace temp table {ROWS} as select *{across} from ({rows})")  # noqa: S608
    for of in read:
        engine.execute(f"drop table {of}")
    return int(engine.execute(f"select count(*) from {ROWS}").fetchall()[0][0])  # noqa: S608 -- only our own names


def make_keys(engine: "Engine", *, by: Settings) -> None:
    """Make `linkage_keys` (key, n) out of `linkage_rows`: the very keys that `keys.keys` makes of each row."""
    parts = [keys_sql(by, place) for place in range(len(by.blocks))]
    every = " union all ".join(parts)
    engine.execute(f"create or replace temp table {KEYS} as select distinct key, n from ({every})")  # noqa: S608


def keys_sql(by: Settings, place: int) -> str:
    """One block's keys: a product of the values of its parts, summed as `keys.block_keys` sums them."""
    block = by.blocks[place]
    names = [quoted(one + HASH) for one in block.parts]
    rows = f"select n, {', '.join(names)} from {ROWS}"  # noqa: S608 -- names that are quoted
    for name, one in zip(names, block.parts, strict=True):
        if one in LISTS:
            rows = f"select * replace (unnest({name}) as {name}) from ({rows})"  # noqa: S608
    total = " + ".join(names)
    return f"select {salt(block)}::bigint + {total} as key, n from ({rows}) where {total} is not null"  # noqa: S608


def _wanted(by: Settings) -> set[str]:
    """The columns that comparing and blocking need, and those that they are made of."""
    found = {*by.columns, *(part + HASH for block in by.blocks for part in block.parts)}
    for name, (_, needs) in ACROSS.items():
        if name in found:
            found |= {*needs}
    return found


def _extras(by: Settings) -> Iterator[Group]:
    for one in by.comparisons:
        if one.name not in COLUMNS and one.name.startswith(EXTRA):
            yield Group((one.name.removeprefix(EXTRA),), _whole(one.name), (one.name,))


def _whole(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda said: {name: text(said)}


def _type(column: str) -> str:
    each = "bigint" if column.endswith(HASH) else "integer" if column in WHOLE else "varchar"
    if column == "new_year":
        return "boolean"
    return each + "[]" if column.removesuffix(HASH) in LISTS else each


def _read_each(engine: "Engine", of: str, group: Group, fields: list[str], columns: list[str]) -> None:
    """Every distinct value of a group's fields, read: a table of the values as said and of what they come to."""
    names = ", ".join(quoted(one) for one in fields)
    said = " or ".join(f"{quoted(one)} is not null" for one in fields)
    types = ", ".join(f"null::{_type(one)} as {quoted('_' + one)}" for one in columns)
    engine.execute(f"create or replace temp table {of} as select {names}, {types} from linkage_said limit 0")  # noqa: S608
    sql = f"select distinct {names} from linkage_said where {said}"  # noqa: S608
    distinct = engine.execute(sql).to_arrow_table()
    for start in range(0, distinct.num_rows, AT_ONCE):
        engine.register("linkage_read", _as_read(distinct.slice(start, AT_ONCE), group, columns))
        engine.execute(f"insert into {of} select * from linkage_read")  # noqa: S608
        engine.unregister("linkage_read")


def _as_read(said: "pyarrow.Table", group: Group, columns: list[str]) -> "pyarrow.Table":
    import pyarrow

    nothing = [None] * said.num_rows
    values = [said[one].to_pylist() if one in said.column_names else nothing for one in group.fields]
    made = [group.of(*(_frozen(one) for one in row)) for row in zip(*values, strict=True)]
    for column in columns:
        plain = column.removesuffix(HASH)
        found = [one.get(plain) for one in made]
        if column != plain:
            found = [_hashes(plain, one) for one in found]
        # an empty list is nothing said
        filled = [one if one != () else None for one in found]
        said = said.append_column("_" + column, pyarrow.array(filled, type=_arrow_type(pyarrow, column)))
    return said


def _hashes(column: str, value: Any) -> Any:
    found = hashes(column, value)
    return found if column in LISTS else found[0] if found else None


def _arrow_type(pyarrow: Any, column: str) -> Any:
    kind = _type(column)
    each = {"bigint": pyarrow.int64(), "integer": pyarrow.int32(), "boolean": pyarrow.bool_()}
    found = each.get(kind.removesuffix("[]"), pyarrow.string())
    return pyarrow.list_(found) if kind.endswith("[]") else found


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
