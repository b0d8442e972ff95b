"""Which rows of a table are compared at all: those that meet by a key, as many blocks as the table can afford.

Nobody can say of an unknown table which block finds its people, so there are many, each cut where its keys are shared
by so many rows that they tell nobody apart. In a small table every row meets every other.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from locality.methods.linkage.kinds import EXTRA
from locality.methods.linkage.table_rows import ROWS
from locality.methods.linkage.table_settings import TableBlock, TableSettings

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

CANDIDATES = "table_candidates"
EVERY = 1_500_000  # pairs that are compared without asking for keys
LARGE = 250_000  # rows from which on a table gets the narrow blocks alone
FEWEST, SHARE = 400_000, 1.0  # pairs that a block may bring: so many, or so many a row
MOST, MOST_SHARE = 1_500_000, 3.0  # candidates: above that, rows must meet by two blocks
TWICE = 2  # what a block that is sure counts for

ANY, ACROSS, WITHIN = "any", "across", "within"  # which pairs: of any two rows, of two files, of one of two files
BETWEEN = {ANY: "", ACROSS: " and a.src <> b.src", WITHIN: " and a.src = b.src"}
PAIRS_OF_KEY = {
    ANY: "count(*) * (count(*) - 1) // 2",
    ACROSS: "count(*) filter (where src = 0) * count(*) filter (where src = 1)",
    WITHIN: "(count(*) filter (where src = 0) * (count(*) filter (where src = 0) - 1)"
    " + count(*) filter (where src = 1) * (count(*) filter (where src = 1) - 1)) // 2",
}

Part = tuple[
    str, tuple[str, ...], bool
]  # SQL over the columns of `table_rows`, those columns, whether it gives several
SEVERAL = {"email": "emails", "phone": "phones", "postcode": "postcodes"}

PARTS: dict[str, Part] = {
    "number": ("nhs_typed", ("nhs_typed",), False),
    "local_id": ("local_id", ("local_id",), False),
    "email": ("email", ("email",), False),
    "mailbox": ("mailbox", ("mailbox",), False),
    "phone": ("phone", ("phone",), False),
    "names": (
        "least(given_sound, family_sound) || ' ' || greatest(given_sound, family_sound)",
        ("given_sound", "family_sound"),
        False,
    ),
    "sound": (
        "list_distinct(list_concat(coalesce(given_sounds, []), coalesce(family_sounds, [])))",
        ("given_sounds", "family_sounds"),
        True,
    ),
    "given_sound": ("given_sound", ("given_sound",), False),
    "family_sound": ("family_sound", ("family_sound",), False),
    "given_start": ("substr(given, 1, 3)", ("given",), False),
    "family_start": ("substr(family, 1, 3)", ("family",), False),
    "initials": (
        "least(substr(given, 1, 1), substr(family, 1, 1)) || greatest(substr(given, 1, 1), substr(family, 1, 1))",
        ("given", "family"),
        False,
    ),
    "given": ("given", ("given",), False),
    "family": ("family", ("family",), False),
    "born": ("least(born, coalesce(born_turned, born))", ("born", "born_turned"), False),
    "year": ("born_year", ("born_year",), False),
    "day": (
        "least(born_month, born_day) * 100 + greatest(born_month, born_day)",
        ("born_month", "born_day"),
        False,
    ),
    "postcode": ("postcode", ("postcode",), False),
    "district": ("coalesce(district, substr(postcode, 1, 3))", ("postcode", "district"), False),
    "house": ("house", ("house",), False),
    "street": ("street", ("street",), False),
    "street2": ("street2", ("street2",), False),
    "streets": ("least(street, street2) || ' ' || greatest(street, street2)", ("street", "street2"), False),
    "locality": ("locality", ("locality",), False),
    "birth_place": ("birth_place", ("birth_place",), False),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """What one block brought: `pairs` of `all_pairs` that its keys would bring; None of the latter: all were taken."""

    block: str
    pairs: int
    all_pairs: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """So many `candidates` of all `possible` pairs; with `least` blocks in common; what each block brought."""

    candidates: int
    possible: int
    least: int
    reached: tuple[Reached, ...]


Tell = Callable[[int, int], None]


def find_candidates(
    engine: "Engine",
    *,
    by: TableSettings,
    which: str = ANY,
    into: str = CANDIDATES,
    tell: Tell = lambda done, of: None,
) -> Blocked:
    """Make a table of candidates (l, r), l before r, out of `table_rows`: `which` pairs is any, across or within."""
    possible = possible_pairs(engine, which)
    if possible <= EVERY:
        engine.execute(
            f"create or replace temp table {into} as"
            f" select a.n as l, b.n as r from {ROWS} a join {ROWS} b on a.n < b.n{BETWEEN[which]} order by l, r"
        )
        return Blocked(possible, possible, 0, ())
    rows = _one(engine, f"select count(*) from {ROWS}")
    blocks = _affordable(engine, by, rows)
    engine.execute("create or replace temp table table_met (l integer, r integer, times tinyint)")
    reached = []
    for place, (block, parts) in enumerate(blocks):
        tell(place, len(blocks))
        reached.append(_meet(engine, block, parts, place, which=which, most=max(FEWEST, int(SHARE * rows))))
    tell(len(blocks), len(blocks))
    least = _gather(engine, into, max(MOST, int(MOST_SHARE * rows)))
    return Blocked(_one(engine, f"select count(*) from {into}"), possible, least, tuple(reached))


def possible_pairs(engine: "Engine", which: str) -> int:
    """How many pairs there are."""
    rows = dict(engine.execute(f"select src, count(*) from {ROWS} group by src").fetchall())
    first, second = rows.get(0, 0), rows.get(1, 0)
    if which == ACROSS:
        return first * second
    within = (first * (first - 1) + second * (second - 1)) // 2
    return within if which == WITHIN else within + first * second


def _affordable(engine: "Engine", by: TableSettings, rows: int) -> list[tuple[TableBlock, list[Part]]]:
    """The blocks whose parts the table has and that it can afford, with their parts."""
    has = {name for name, *_ in engine.execute(f"describe {ROWS}").fetchall()}
    found = [(one, [_part(part, has) for part in one.parts]) for one in by.blocks if rows < LARGE or not one.wide]
    return [(one, parts) for one, parts in found if all({*columns} <= has for _, columns, _ in parts)]


def _part(name: str, has: Collection[str]) -> Part:
    if name.startswith(EXTRA):
        return name, (name,), False
    if SEVERAL.get(name) in has:
        return SEVERAL[name], (SEVERAL[name],), True
    return PARTS[name]


def _meet(engine: "Engine", block: TableBlock, parts: list[Part], place: int, *, which: str, most: int) -> Reached:
    """Add the pairs of one block to `table_met`, smallest keys first, as many as it may bring."""
    _make_keys(engine, parts, place)
    engine.execute(
        "create or replace temp table table_shared as select * from"
        f" (select key, {PAIRS_OF_KEY[which]} as pairs from table_keys group by key having count(*) > 1)"
        " where pairs > 0"
    )
    sizes = engine.execute("select pairs, count(*) from table_shared group by pairs order by pairs").fetchall()
    taken, limit = 0, 0
    for size, many in sizes:
        if taken + size * many > most:
            break
        taken, limit = taken + size * many, size
    engine.execute(
        "create or replace temp table table_few as select key, n, src from table_keys"
        f" semi join (select key from table_shared where pairs <= {limit}) using (key)"
    )
    times = TWICE if block.sure else 1
    several = any(one for *_, one in parts)
    engine.execute(
        f"insert into table_met select {'distinct' if several else ''} a.n, b.n, {times}"
        f" from table_few a join table_few b on a.key = b.key and a.n < b.n{BETWEEN[which]}"
    )
    return Reached(" and ".join(block.parts), taken, sum(size * many for size, many in sizes))


def _make_keys(engine: "Engine", parts: list[Part], place: int) -> None:
    values = [f"unnest({sql})" if several else sql for sql, _, several in parts]
    columns = ", ".join(f"{sql} as p{at}" for at, sql in enumerate(values))
    names = [f"p{at}" for at in range(len(parts))]
    known = " and ".join(f"{name} is not null" for name in names)
    engine.execute(
        "create or replace temp table table_keys as"
        f" select hash({place}, {', '.join(names)}) as key, n, src from (select n, src, {columns} from {ROWS})"
        f" where {known}"
    )


def _gather(engine: "Engine", into: str, most: int) -> int:
    """Make the candidates of all pairs met; where they are too many, of those met by two blocks or a sure one."""
    engine.execute(
        "create or replace temp table table_counted as select l, r, sum(times) as times from table_met group by l, r"
    )
    engine.execute("drop table table_met")
    every = _one(engine, "select count(*) from table_counted")
    least = 1 if every <= most else TWICE
    engine.execute(
        f"create or replace temp table {into} as select l, r from table_counted where times >= {least} order by l, r"
    )
    engine.execute("drop table table_counted")
    return least


def _one(engine: "Engine", sql: str) -> int:
    return int(engine.execute(sql).fetchall()[0][0])
