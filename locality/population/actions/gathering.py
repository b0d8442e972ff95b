"""Gathering what a refresh reads into its engine: everybody's face, who is touched, and the lines about them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow as pa

from locality.population.models import Refresh
from locality.population.queries import reading
from locality.population.rules import files
from locality.population.rules.pseudonyms import pseudonym

Tell = Callable[[str, int, int], None]
# with more people than this share of all touched, it is sooner to read everything
MANY = 0.2
# a person is touched when anything of this differs from what the run before knew
KNOWN = (
    "held", "birth_month", "sex", "small_area", "ward", "neighbourhood", "deprivation", "practice", "practice_known",
    "left_on", "died", "died_on", "opted_out", "objects",
)  # fmt: skip
STATE = "md5(concat_ws('|', " + ", ".join(f"coalesce(cast({name} as varchar), '')" for name in KNOWN) + "))"
NAMED = """
create table faces as
select names.person, names.part, told_faces.* exclude (id), coalesce(objects.said, '') as objects,
    false as is_touched, false as in_slice
from told_faces join names using (id)
left join (
    select person, string_agg(coalesce(organisation, '*'), ',' order by organisation) as said from objecting group by 1
) objects on objects.person = names.person
"""
HEARD = """
update faces set is_touched = true where person in (
    select names.person from heard join holdings using (patient) join names using (id)
)
"""
CHANGED = f"""
update faces set is_touched = true where (person, {STATE}) not in (
    select (person, state) from read_parquet(getvariable('state_file'))
)
"""
GONE = """
insert into gone select person, part from read_parquet(getvariable('state_file'))
where person not in (select person from faces)
"""
HOLDERS = """
create table holders as
select holdings.patient, faces.person from holdings join names using (id) join faces using (person)
where faces.is_touched
"""


def gather(
    duck: duckdb.DuckDBPyConnection,
    *,
    last: Refresh | None,
    state: Path | None,
    key: bytes,
    parts: int,
    on: date,
    tell: Tell = lambda words, done, of: None,
) -> int:
    """Read, as the copier, into the tables `faces`, `objecting`, `gone` and `told`; of the touched alone, with `last`.

    Returns into how many parts people are cut: `parts`, or with 0 as many as suit them.
    """
    news = reading.patients_in_the_news(snapshot=last.snapshot, settled=last.settled) if last else []
    tell("reading people", 0, 1)
    with reading.as_copier():
        objecting = reading.objecting(on=on)
        _take(duck, "told_faces", reading.faces(on=on))
        _take(duck, "holdings", reading.holdings())
        cut = _name(duck, objecting, key=key, parts=parts)
        patients = _touched(duck, state=state, news=news)
        tell("reading lines", 0, 1)
        with reading.lines(patients=patients) as rows:  # noqa: F841 -- DuckDB reads it by its name
            duck.execute("create table told as select holders.person, rows.* from rows join holders using (patient)")
    for name in ("told_faces", "holdings", "names", "holders"):
        duck.execute(f"drop table {name}")
    return cut


def gone(duck: duckdb.DuckDBPyConnection) -> int:
    """How many people of the copy before are nobody now: merged, or without a patient."""
    row = duck.execute("select count(*) from gone").fetchone()
    return row[0] if row else 0


def write_state(duck: duckdb.DuckDBPyConnection, *, folder: Path, run: str) -> str:
    """Keep what was known of everybody, hashed, for the next run to tell whom anything changed of; returns the file."""
    name = f"state/{run}.parquet"
    (folder / name).parent.mkdir(exist_ok=True)
    place = str(folder / name).replace("'", "''")
    duck.execute(
        f"copy (select person, part, {STATE} as state from faces order by person) to '{place}' (format parquet)"
    )
    return name


def _take(duck: duckdb.DuckDBPyConnection, name: str, asked: reading.Rows) -> None:
    with asked as rows:  # noqa: F841 -- DuckDB reads it by its name
        duck.execute(f"create table {name} as select * from rows")


def _name(duck: duckdb.DuckDBPyConnection, objecting: list[tuple[str, str | None]], *, key: bytes, parts: int) -> int:
    """Give everybody their pseudonym, by which they go from here on; returns into how many parts they are cut."""
    ids = [row[0] for row in duck.execute("select id from told_faces").fetchall()]
    people = [pseudonym(key=key, person=UUID(one)) for one in ids]
    cut = parts or files.parts_for(len(people))
    part = pa.array((files.part_of(one, parts=cut) for one in people), pa.int32())
    _keep(duck, "names", id=pa.array(ids, pa.string()), person=pa.array(people, pa.string()), part=part)
    whose, of = zip(*objecting, strict=True) if objecting else ((), ())
    _keep(duck, "said", id=pa.array(whose, pa.string()), organisation=pa.array(of, pa.string()))
    duck.execute("create table objecting as select names.person, organisation from said join names using (id)")
    duck.execute(NAMED)
    return cut


def _keep(duck: duckdb.DuckDBPyConnection, name: str, **columns: pa.Array) -> None:
    rows = pa.table(columns)  # noqa: F841 -- DuckDB reads it by its name
    duck.execute(f"create or replace table {name} as select * from rows")


def _touched(duck: duckdb.DuckDBPyConnection, *, state: Path | None, news: list[UUID]) -> list[UUID] | None:
    """Mark whom the news names and of whom anything else changed; returns their patients, None to read everything."""
    duck.execute("create table gone (person varchar, part integer)")
    if state is None:
        duck.execute("update faces set is_touched = true")
        duck.execute(HOLDERS)
        return None
    duck.execute("set variable state_file = '" + str(state).replace("'", "''") + "'")
    _keep(duck, "heard", patient=pa.array(map(str, news), pa.string()))
    for words in (HEARD, CHANGED, GONE, HOLDERS):
        duck.execute(words)
    patients = [UUID(row[0]) for row in duck.execute("select patient from holders").fetchall()]
    everybody = duck.execute("select count(*) from holdings").fetchall()[0][0]
    return patients if len(patients) <= MANY * everybody else None
