"""The rows of an analyst's table made comparable, and those that say nothing to compare set aside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from locality.methods.linkage.kinds import EXTRA
from locality.methods.linkage.settings import Block, settings
from locality.methods.linkage.standardising import ROWS as STANDARD
from locality.methods.linkage.standardising import standardise
from locality.methods.linkage.table_reading import DAYS, SAID
from locality.methods.linkage.table_settings import HOME, TableSettings

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

ROWS = "table_rows"
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
# Telephones and addresses of e-mail are nearly all different: the engine reads them itself, by the rules of numbers.py,
# but that an e-mail with a slip in it is still one here, where the arrival of a patient takes it for none.
DIGITS = "right(regexp_replace(one, '[^0-9]', '', 'g'), 10)"
PHONES = (
    f"list_distinct(list_filter(list_transform(s.phone, lambda one: {DIGITS}),"
    " lambda one: length(one) >= 6 and len(list_distinct(string_split(ltrim(one, '0'), ''))) > 2))"
)
PHONE = {"phones": f"case when len({PHONES}) > 0 then {PHONES} end", "phone": f"({PHONES})[1]"}
MAIL = {
    "emails": "list_distinct(list_transform(s.email, lambda one: lower(one)))",
    "email": "lower(s.email[1])",
    "mailbox": "nullif(split_part(lower(s.email[1]), '@', 1), '')",
}
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
    plain = settings(tuple(by.fields), of="tables")
    compared = tuple(one.comparison for one in by.compared if one.name not in ("born", "phone", "email"))
    sounds = Block("sounds", 0, ("given_sounds", "family_sounds"))
    standardise(engine, SAID, by=replace(plain, comparisons=compared, blocks=(sounds,)))
    dated = "birth_date" in by.fields
    made = {
        name: sql
        for field, columns in (("birth_date", BORN), ("email", MAIL), ("phone", PHONE))
        if field in by.fields
        for name, sql in columns.items()
    }
    added = "".join(f", {sql} as {name}" for name, sql in made.items())
    join = f" left join {DAYS} d on d.src = s.src and d.said = s.birth_date" if dated else ""
    engine.execute(
        f"create or replace temp table {ROWS} as select s.src, r.* exclude (id){added}"
        f" from {STANDARD} r join {SAID} s on s.id = r.n{join}"
    )
    engine.execute(f"drop table {STANDARD}")
    return _set_aside(engine, by)


def _set_aside(engine: "Engine", by: TableSettings) -> tuple[RefusedRow, ...]:
    nothing = " and ".join(f"r.{name} is null" for name in _telling(by)) or "true"
    named = " or ".join(f"s.{name} is not null" for name in ("given_name", "family_name") if name in by.fields)
    found = engine.execute(
        f"select s.src, s.key, {named or 'false'} from {ROWS} r join {SAID} s on s.id = r.n where {nothing} order by r.n"
    ).fetchall()
    if found:
        engine.execute(f"delete from {ROWS} r where {nothing}")
    return tuple(RefusedRow(src, key, NAMES_EMPTY if words else NOTHING_SAID) for src, key, words in found)


def _telling(by: TableSettings) -> Sequence[str]:
    columns = {*by.columns}
    extra = [one.name for one in by.compared if one.name.startswith(EXTRA) and one.part != HOME]
    return [name for name in TELLING if name in columns] + extra
