"""An analyst's file of diagnoses read, scored and accounted for: no row is lost without a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from locality.base import Refused
from locality.methods.scores import tables
from locality.methods.scores.method import Method
from locality.methods.table_dates import Read, read_column
from locality.methods.table_files import FILE, load, place

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

READ, DAYS, JUDGED = "score_read", "score_days", "score_judged"
# extracts put 1800-01-01, 1582-10-15 and the like where no date is known
EARLIEST = date(1900, 1, 1)
NO_PERSON, NO_CODE, NO_DATE, NOT_A_DATE, PART_OF_A_DATE = (
    *("no person", "no code", "no date", "not a date"),
    "not a whole date",
)
BEFORE, AFTER, REPEATED = "a date before 1900", "a date still to come", "a row before it says the same"
# a day with a time of day is that day, and would be as many values as there are moments
DAY_OF = "case when regexp_matches({0}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T]') then left({0}, 10) else {0} end"


class NothingRead(Refused):
    """No row counts; `score_judged` says why of each."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    person: str
    code: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Where the rows went: rows = read + repeated + refused; `outside` are rows read that a method does not look at."""

    rows: int
    people: int
    read: int
    repeated: int
    without_points: int  # rows read whose code gives nothing in any method
    refused: dict[str, int] = field(default_factory=dict)
    outside: dict[str, int] = field(default_factory=dict)
    unread_people: int = 0  # of whom no row could be read: their 0 says nothing


def score_file(
    *,
    engine: "Engine",
    path: Path,
    columns: Columns,
    methods: Sequence[Method],
    today: date,
    on: date | None = None,
) -> Account:
    """Make `scored` of a file, and `score_judged`, each row with the reason why it does not count, or none.

    Raise Refused, in one sentence, where nothing can be scored. The file's days count where `columns` names them: up to
    `on`, or to each person's latest; a day after `today` is refused.
    """
    _read(engine, path, columns, today)
    dated = columns.date is not None
    if on and not dated:
        raise Refused("A day to score as of needs the column that holds the dates: name it with --date.")
    rows = f"select person, code, on_day from {READ} where person is not null"
    tables.score_table(engine=engine, methods=methods, rows=rows, dated=dated, on=on)
    _judge(engine, methods, dated=dated, on=on)
    account = _account(engine, methods, dated=dated)
    if not account.read:
        reasons = ", ".join(f"{reason} ({many:,})" for reason, many in account.refused.items())
        raise NothingRead(f"No row of {path} can be scored by {methods[0].reads}: {reasons}.")
    return account


def _read(engine: "Engine", path: Path, columns: Columns, today: date) -> None:
    at: list[str] = []

    def choose(headers: list[str]) -> set[str]:
        at[:] = [place(path, name, headers) for name in (columns.person, columns.code, columns.date) if name]
        return set(at)

    load(engine, path, choose)
    person, code, *dates = at
    said = DAY_OF.format(dates[0]) if dates else "cast(null as varchar)"
    engine.execute(
        f"create or replace temp table {DAYS} as select said, cast(null as date) as on_day, cast(null as varchar)"
        f" as refused from (select distinct {said} as said from {FILE}) where said is not null"
    )
    if dates:
        _read_days(engine, today)
    day, refused = (
        ("d.on_day", f"case when f.said is null then '{NO_DATE}' else d.refused end") if dates else ("null", "null")
    )
    engine.execute(
        f"create or replace temp table {READ} as select f.row, f.person, f.code, f.said as said_on,"
        f" cast({day} as date) as on_day, cast({refused} as varchar) as refused"
        f" from (select rowid + 1 as row, {person} as person, {code} as code, {said} as said from {FILE}) f"
        f" left join {DAYS} d on d.said = f.said order by f.row"
    )
    engine.execute(f"drop table {FILE}")
    if not _one(engine, f"select count(*) from {READ}"):
        raise Refused(f"{path} has no rows.")
    if not _one(engine, f"select count(*) from {READ} where person is not null"):
        raise Refused(f"{path} has nothing in its column {columns.person!r}.")


def _read_days(engine: "Engine", today: date) -> None:
    import pyarrow

    said = [value for (value,) in engine.execute(f"select said from {DAYS} order by said").fetchall()]
    found = read_column(said)
    days = [_day(found[value], today) for value in said]
    read = pyarrow.table(
        {
            "said": pyarrow.array(said, pyarrow.string()),
            "on_day": pyarrow.array([day for day, _ in days], pyarrow.date32()),
            "refused": pyarrow.array([refused for _, refused in days], pyarrow.string()),
        }
    )
    engine.register("score_days_read", read)
    engine.execute(f"create or replace temp table {DAYS} as select * from score_days_read")
    engine.unregister("score_days_read")


def _day(read: Read, today: date) -> tuple[date | None, str | None]:
    if read.year is not None and read.day is None and not read.impossible:
        return None, PART_OF_A_DATE
    if read.year is None or read.month is None or read.day is None:
        return None, NOT_A_DATE
    day = date(read.year, read.month, read.day)
    if day < EARLIEST:
        return None, BEFORE
    return (None, AFTER) if day > today else (day, None)


def _judge(engine: "Engine", methods: Sequence[Method], *, dated: bool, on: date | None) -> None:
    """Every row with why it does not count, if so, and the methods that do not look at its day."""
    latest = f"left join {tables.LATEST} l on l.person = r.person" if dated and on is None else ""
    outside = [f"{sql} as {name}" for name, sql in _outside(methods, dated=dated, on=on).items()]
    again = "row_number() over (partition by r.person, c.said, r.on_day order by r.row) > 1"
    reason = (
        f"case when r.person is null then '{NO_PERSON}' when r.code is null then '{NO_CODE}'"
        f" when c.refused is not null then c.refused when r.refused is not null then r.refused"
        f" when {again} then '{REPEATED}' end"
    )
    points = " or ".join(f"c.{column} <> 0" for column in _number_columns(engine))
    engine.execute(
        f"create or replace temp table {JUDGED} as select r.row, r.person, r.code, r.said_on, {reason} as reason,"
        f" ({points}) as scores{''.join(f', {one}' for one in outside)}"
        f" from {READ} r left join {tables.CODES} c on c.code = r.code {latest}"
    )


def _outside(methods: Iterable[Method], *, dated: bool, on: date | None) -> dict[str, str]:
    last = f"cast('{on.isoformat()}' as date)" if on else "l.on_day"
    found = {}
    for one in methods:
        since = f" or r.on_day < {last} - interval {one.years} year" if one.years else ""
        found[outside_column(one)] = f"coalesce(r.on_day > {last}{since}, false)" if dated else "false"
    return found


def outside_column(method: Method) -> str:
    """The column of `score_judged` that says whether this method does not look at the row's day."""
    return f"outside_{method.name.replace('-', '_')}"


def _number_columns(engine: "Engine") -> list[str]:
    columns = [name for name, *_ in engine.execute(f"describe {tables.CODES}").fetchall()]
    return [name for name in columns if name.startswith("g")]


def _account(engine: "Engine", methods: Sequence[Method], *, dated: bool) -> Account:
    counts = dict(
        engine.execute(f"select reason, count(*) from {JUDGED} group by reason order by 2 desc, 1").fetchall()
    )
    read, repeated = counts.pop(None, 0), counts.pop(REPEATED, 0)
    outside = {
        one.name: _one(engine, f"select count(*) from {JUDGED} where reason is null and {outside_column(one)}")
        for one in methods
    }
    unread = (
        f"select count(*) from (select person from {JUDGED} where person is not null"
        f" group by person having count(*) filter (where reason is null or reason = '{REPEATED}') = 0)"
    )
    return Account(
        rows=read + repeated + sum(counts.values()),
        people=_one(engine, f"select count(*) from {tables.SCORED}"),
        read=read,
        repeated=repeated,
        without_points=_one(engine, f"select count(*) from {JUDGED} where reason is null and not scores"),
        refused=counts,
        outside=outside if dated else {},
        unread_people=_one(engine, unread),
    )


def _one(engine: "Engine", sql: str) -> int:
    return int(engine.execute(sql).fetchall()[0][0])
