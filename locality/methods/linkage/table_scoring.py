"""What a pair's levels, and the rarity of what it agrees on, come to: the weight of one person against two, in bits."""

from typing import TYPE_CHECKING

from locality.methods.linkage.table_comparing import level_names
from locality.methods.linkage.table_rows import ROWS
from locality.methods.linkage.table_settings import HOME, PERSON, TableSettings
from locality.methods.linkage.table_training import (
    HERE,
    HOUSEHOLD,
    KINDS,
    MOVED,
    NEIGHBOURS,
    RELATIVES,
    Learned,
    weight_sql,
)
from locality.methods.table_files import quoted

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

FREQUENCIES = "table_frequencies"
KEPT = -15.0  # bits; what is less likely is not kept
WORTH = -20.0  # bits for one person before rarity is looked at: below, no rarity could help
RAREST = 10.0  # bits that rarity may add or take
NOWHERE = -999.0  # bits for a kind of pair that is not learned


def frequencies(engine: "Engine", *, by: TableSettings) -> None:
    """Make `table_frequencies`: by row and column whose rarity counts, how rare its value is, in bits below usual.

    Usual is how often two random values of the column are the same; so what a common value loses rare ones gain.
    """
    terms = [one for one in by.terms]
    joins, columns = [], []
    for place, name in enumerate(terms):
        column = quoted(name)
        engine.execute(
            f"create or replace temp table table_terms_{place} as with counted as"
            f" (select {column} as term, count(*)::double as many from {ROWS} where {column} is not null group by 1)"
            " select term, log2(many * (select sum(many) from counted)"
            " / (select sum(many * many) from counted)) as bits from counted"
        )
        joins.append(f" left join table_terms_{place} t{place} on t{place}.term = r.{column}")
        columns.append(f", least(greatest(t{place}.bits, -{RAREST}), {RAREST}) as f{place}")
    engine.execute(
        f"create or replace temp table {FREQUENCIES} as select r.n{''.join(columns)} from {ROWS} r{''.join(joins)}"
    )
    for place in range(len(terms)):
        engine.execute(f"drop table table_terms_{place}")


def score(engine: "Engine", compared: str, into: str, learned: Learned, *, by: TableSettings) -> None:
    """Make the table `into` (l, r, weight) of compared pairs: those that are not too unlikely.

    A rare value speaks against strangers, not against a household that shares it.
    """
    names = level_names(by)
    _weigh_patterns(engine, compared, learned, names)
    rarity = _rarity(by)
    parts = {
        "strangers": [sql for _, sql in rarity],
        "neighbours": [sql for part, sql in rarity if part != HOME],
        "household": [sql for part, sql in rarity if part == PERSON],
        "relatives": [sql for part, sql in rarity if part in (PERSON, HOME)],
    }
    sums = ", ".join(f"{' + '.join(sqls) or '0.0'} as {kind}_bits" for kind, sqls in parts.items())
    engine.execute(
        f"create or replace temp table {into} as select l, r, weight from (select l, r,"
        " one - log2(pow(2.0, household + household_bits) + pow(2.0, relatives + relatives_bits)"
        " + pow(2.0, neighbours + neighbours_bits)"
        f" + pow(2.0, strangers_bits)) as weight from (select p.*, {sums} from"
        f" (select c.*, w.one, w.household, w.relatives, w.neighbours from {compared} c join table_weights w"
        f" using ({', '.join(names)}) where w.one > {WORTH}) p"
        f" join {FREQUENCIES} a on a.n = p.l join {FREQUENCIES} b on b.n = p.r)) where weight > {KEPT} order by l, r"
    )


def _weigh_patterns(engine: "Engine", compared: str, learned: Learned, names: list[str]) -> None:
    """Make `table_weights`: of each pattern of levels, the bits for each kind of pair against strangers."""
    listed = ", ".join(names)
    kinds = [kind for kind in KINDS if kind in learned.share]
    weights = {kind: weight_sql(learned, kind, names) for kind in kinds}
    one = f"here + log2(1 + pow(2.0, {MOVED} - here))" if MOVED in weights else HERE
    rest = [f"{kind if kind in weights else NOWHERE} as {kind}" for kind in (HOUSEHOLD, RELATIVES, NEIGHBOURS)]
    engine.execute(
        f"create or replace temp table table_weights as select {listed}, {one} as one, {', '.join(rest)} from"
        f" (select {listed}, {', '.join(f'{sql} as {kind}' for kind, sql in weights.items())}"
        f" from (select distinct {listed} from {compared}))"
    )


def _rarity(by: TableSettings) -> list[tuple[str, str]]:
    """For each level whose value's rarity counts: what its comparison is about, and the bits as SQL."""
    found = []
    terms = list(by.terms)
    for name, one in zip(level_names(by), by.compared, strict=True):
        for level in one.levels:
            if level.terms:
                at = terms.index(level.terms)
                # where names stand in each other's place, the value of the other column is another's
                bits = f"coalesce(greatest(a.f{at}, case when p.crossed then a.f{at} else b.f{at} end), 0.0)"
                found.append((one.part, f"case when p.{name} = {level.value} then {bits} else 0.0 end"))
    return found
