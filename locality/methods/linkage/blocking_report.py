"""What blocking can reach: the pairs that each rule makes meet, alone and together, and the pairs that none does."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from locality.methods.linkage.settings import Settings
from locality.methods.linkage.standardising import keys_sql, standardise
from locality.methods.table_files import quoted

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Reach:
    """One rule: `rows` that have a key by it, `pairs` that it makes meet, `alone` those that no other rule makes meet.

    `crowded` are its keys left out because too many rows share them. Where it is known who is who, `true` are its
    pairs of one person, and `true_alone` those of them that no other rule makes meet.
    """

    block: str
    rows: int
    pairs: int
    alone: int
    crowded: int
    true: int
    true_alone: int


@dataclass(frozen=True, slots=True)
class BlockingReport:
    """All rules together; `true_pairs` are all pairs of one person, met by a key or not."""

    rows: int
    pairs: int
    true: int
    true_pairs: int
    blocks: tuple[Reach, ...]

    @property
    def reached(self) -> float | None:
        """The share of one person's pairs that meet at all; None where nobody knows who is who."""
        return self.true / self.true_pairs if self.true_pairs else None


def blocking_report(engine: "Engine", table: str, *, by: Settings, id: str = "id", person: str = "") -> BlockingReport:
    """Report on the blocking rules over a table of words by field; `person` names the column that says who is who."""
    rows = standardise(engine, table, by=by, id=id)
    _meet(engine, by)
    who = quoted(person) if person else "null"
    engine.execute(
        f"""
            create or replace temp table linkage_reached as
            select met.*, coalesce(l.who = r.who, false) as one_person
            from (select a, b, list(block) as blocks from linkage_meeting group by a, b) met
            join (select n, {who} as who from linkage_said) l on l.n = a
            join (select n, {who} as who from linkage_said) r on r.n = b
        """  # noqa: S608 -- only our own names, and one that is quoted
    )
    pairs, true = engine.execute("select count(*), count(*) filter (one_person) from linkage_reached").fetchall()[0]
    return BlockingReport(
        rows=rows,
        pairs=int(pairs),
        true=int(true),
        true_pairs=_true_pairs(engine, person) if person else 0,
        blocks=tuple(_reach(engine, place, one.name, by.crowd) for place, one in enumerate(by.blocks)),
    )


def _meet(engine: "Engine", by: Settings) -> None:
    """Every pair that meets, with the rule by which it does; crowded keys left out, as linking leaves them out."""
    parts = [f"select {place} as block, * from ({keys_sql(by, place)})" for place in range(len(by.blocks))]  # noqa: S608
    every = f"select distinct block, key, n from ({' union all '.join(parts)})"  # noqa: S608 -- only our own names
    engine.execute(f"create or replace temp table linkage_by_block as {every}")
    engine.execute(
        """
            create or replace temp table linkage_shared_by as
            select block, key, count(*) as many from linkage_by_block group by block, key having count(*) > 1
        """
    )
    engine.execute(
        """
            create or replace temp table linkage_meeting as
            select distinct l.block, l.n as a, r.n as b
            from linkage_shared_by shared
            join linkage_by_block l using (block, key) join linkage_by_block r using (block, key)
            where shared.many <= $crowd and l.n < r.n
        """,
        {"crowd": by.crowd},
    )


def _true_pairs(engine: "Engine", person: str) -> int:
    who = quoted(person)
    people = f"select count(*) as many from linkage_said where {who} is not null group by {who}"  # noqa: S608
    sql = f"select coalesce(sum(many * (many - 1) // 2), 0) from ({people})"  # noqa: S608
    return int(engine.execute(sql).fetchall()[0][0])


def _reach(engine: "Engine", place: int, name: str, crowd: int) -> Reach:
    found = engine.execute(
        """
            select (select count(distinct n) from linkage_by_block where block = $place),
                count(*), count(*) filter (len(blocks) = 1),
                (select count(*) from linkage_shared_by where block = $place and many > $crowd),
                count(*) filter (one_person), count(*) filter (one_person and len(blocks) = 1)
            from linkage_reached where list_contains(blocks, $place)
        """,
        {"place": place, "crowd": crowd},
    ).fetchall()[0]
    return Reach(name, *(int(one) for one in found))
