"""Learning from a table, without labels, what its pairs of rows are: by expectation maximisation over kinds of pairs.

The usual model knows two kinds, one person and two (Fellegi and Sunter 1969; Winkler 1988), and takes comparisons to be
independent within each. In tables of people they are not: who moves changes the whole address at once, and a household
shares it; so learning settles on families as if they were persons. Here a pair is one of six kinds, within each of
which independence is nearer the truth (latent classes): one person at one home, one person who moved, two of one
household, two relatives who live apart, two neighbours, two strangers. How strangers agree is counted on random pairs,
freed of those that are not strangers; everything else is learned over the pairs that met, leaning on where the settings
start.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from locality.methods.linkage.settings import NOTHING
from locality.methods.linkage.table_comparing import level_names
from locality.methods.linkage.table_settings import FAMILY, HOME, Compared, TableSettings

if TYPE_CHECKING:
    import duckdb

    Engine = duckdb.DuckDBPyConnection

PATTERNS = "table_patterns"
HERE, MOVED, STRANGERS = "here", "moved", "strangers"
HOUSEHOLD, RELATIVES, NEIGHBOURS = "household", "relatives", "neighbours"
KINDS = (HERE, MOVED, HOUSEHOLD, RELATIVES, NEIGHBOURS)
ONE = (HERE, MOVED)  # of one person; the others are no more and no less common within a file than across two
ROUNDS, FEWEST_ROUNDS, STILL = 80, 8, 2e-4
LEAN, LEAN_LITTLE, UNSEEN = 10.0, 5.0, 0.5  # pairs that the start counts for; what a level never seen counts for
FIGURES = 12  # sums taken in another order may differ in the last figures: the outcome must not
ENOUGH = 50.0  # pairs of one person at one home, from which on they alone show how their rows differ
TOP = 600  # e to this is still a number

Shares = dict[int, float]


@dataclass(frozen=True)
class Learned:
    """Of each comparison, by level: how often it holds for each kind of pair; `share` of all pairs of each kind.

    Of two files, `pairs` are those across and `within` those of one file, of which `share_within` are one person.
    """

    levels: tuple[dict[str, Shares], ...]
    share: dict[str, float]
    pairs: int
    within: int
    share_within: dict[str, float]
    rounds: int

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self.share)

    @property
    def matches(self) -> float:
        """How many pairs are one person's, as learned."""
        return self.pairs * (self.share[HERE] + self.share.get(MOVED, 0.0))

    def bits(self, place: int, kind: str, level: int) -> float:
        """What a level adds for a kind of pair against strangers, in bits."""
        if level == NOTHING or kind not in self.levels[place]:
            return 0.0
        return math.log2(self.levels[place][kind][level] / self.levels[place][STRANGERS][level])

    def beforehand(self, kind: str) -> float:
        """How likely a kind of pair is against strangers before anything is compared, in bits."""
        return math.log2(self.share[kind] / (1 - math.fsum(self.share.values())))


def count_patterns(engine: "Engine", *, by: TableSettings, met: str, drawn: str, within: str = "") -> int:
    """Make `table_patterns`: each pattern of levels, and how many pairs of each table have it; returns how many.

    `within` are pairs of one of two files: they show how alike two of one household are.
    """
    names = ", ".join(level_names(by))
    tables = {"met": met, "drawn": drawn, "inside": within}
    counts = [
        f"select {names}, {', '.join(f'{_counted(one, name)} as {one}' for one in tables)} from {table} group by all"
        for name, table in tables.items()
        if table
    ]
    engine.execute(
        f"create or replace temp table {PATTERNS} as select {names}, sum(met) as met, sum(drawn) as drawn,"
        f" sum(inside) as inside from ({' union all '.join(counts)}) group by {names} order by {names}"
    )
    return int(engine.execute(f"select count(*) from {PATTERNS}").fetchall()[0][0])


def _counted(one: str, name: str) -> str:
    return "count(*)" if one == name else "0"


def learn(
    engine: "Engine", *, by: TableSettings, rows: int, pairs: int, within: int = 0, unique: bool = False
) -> Learned:
    """Learn from `table_patterns` of a table of so many rows; the same table gives the same.

    `pairs` is how many there are in all, or across two files; `within` those of one of two files, of which none is one
    person where each file is `unique`.
    """
    kinds = _kinds({one.part for one in by.compared})
    levels = _start(by.compared, _drawn(engine, by), kinds)
    first = min(0.2 * rows / pairs, 0.1)
    start = {HERE: first, MOVED: 0.3 * first, HOUSEHOLD: first, RELATIVES: first, NEIGHBOURS: min(10 * first, 0.1)}
    share = {kind: start[kind] for kind in kinds}
    share_within = {kind: 0.0 if unique else 0.1 * share[kind] for kind in kinds if kind in ONE} if within else {}
    now = Learned(levels, share, pairs, within, share_within, 0)
    for rounds in range(1, ROUNDS + 1):
        sums = _expect(engine, by, now)
        after = _maximise(by.compared, now, sums, rounds)
        change = _change(now, after)
        now = after
        if rounds > FEWEST_ROUNDS and change < STILL:
            break
    return now


def _kinds(parts: Collection[str]) -> tuple[str, ...]:
    """The kinds of pairs that a table can tell apart: without family names a household is no more than neighbours."""
    if HOME not in parts:
        return (HERE,)
    return KINDS if FAMILY in parts else (HERE, MOVED, NEIGHBOURS)


def _drawn(engine: "Engine", by: TableSettings) -> list[Shares]:
    return [
        dict(
            engine.execute(
                f"select {name}, sum(drawn)::double from {PATTERNS} where {name} <> {NOTHING} group by 1 order by 1"
            ).fetchall()
        )
        for name in level_names(by)
    ]


def _start(compared: Sequence[Compared], drawn: list[Shares], kinds: Sequence[str]) -> tuple[dict[str, Shares], ...]:
    levels = []
    for one, seen in zip(compared, drawn, strict=True):
        m = _whole({level.value: level.m for level in one.levels})
        u = _strangers(one, seen)
        between = _whole({level: (m[level] + u[level]) / 2 for level in m})
        found = {HERE: m, STRANGERS: u}
        if len(kinds) > 1:
            kin = m if one.part in (HOME, FAMILY) else u
            homes = {MOVED: u, HOUSEHOLD: kin, RELATIVES: between, NEIGHBOURS: between}
            found |= homes if one.part == HOME else {MOVED: m, HOUSEHOLD: kin, RELATIVES: kin}
        levels.append({kind: shares for kind, shares in found.items() if kind in (*kinds, STRANGERS)})
    return tuple(levels)


def _whole(shares: Shares) -> Shares:
    """Shares that sum to one."""
    total = math.fsum(shares.values())
    return {level: float(f"{share / total:.{FIGURES}g}") for level, share in shares.items()}


def _strangers(one: Compared, seen: Mapping[int, float]) -> Shares:
    return _whole({level.value: seen.get(level.value, 0.0) + UNSEEN + 2 * level.u for level in one.levels})


def weight_sql(now: Learned, kind: str, names: Sequence[str], *, natural: bool = False) -> str:
    """The evidence for a kind of pair against strangers as SQL over the level columns: in bits, or natural."""
    scale = math.log(2) if natural else 1.0
    terms = [number(now.beforehand(kind) * scale)]
    for place, name in enumerate(names):
        bits = {level: now.bits(place, kind, level) * scale for level in now.levels[place][STRANGERS]}
        if any(bits.values()):
            listed = ", ".join(number(bits.get(level, 0.0)) for level in range(max(bits) + 1))
            terms.append(f"[{number(0.0)}, {listed}][{name} + 2]")
    return " + ".join(terms)


def number(value: float) -> str:
    """A number that SQL reads as binary, whole figures kept, and not as decimal."""
    return f"{value:.16e}"


Sums = dict[str, list[Shares]]


def _expect(engine: "Engine", by: TableSettings, now: Learned) -> Sums:
    """How many pairs of each kind are at each level, as things stand; of strangers, among the pairs drawn."""
    names = level_names(by)
    listed = ", ".join(names)
    inside = {kind: f"inside * {_inside(kind, now)} * rest_inside" for kind in now.kinds}
    weights = ", ".join(
        f"exp(least({weight_sql(now, kind, names, natural=True)}, {TOP})) as {kind}" for kind in now.kinds
    )
    sums = ", ".join(f"sum(met * {kind} * rest{' + ' + inside[kind] if now.within else ''})" for kind in now.kinds)
    ones = "".join(f", sum({inside[kind]})" for kind in now.share_within)
    found = engine.execute(
        f"select grouping_id({listed}), {listed}, {sums}, sum(drawn * rest){ones} from"
        f" (select *, 1.0 / (1.0 + {' + '.join(now.kinds)}) as rest,"
        f" 1.0 / (1.0 + {' + '.join(_inside(kind, now) for kind in now.kinds)}) as rest_inside from"
        f" (select {listed}, met, drawn, inside, {weights} from {PATTERNS}))"
        f" group by grouping sets ({', '.join(f'({name})' for name in names)}, ())"
    ).fetchall()
    kinds = (*now.kinds, STRANGERS)
    into: Sums = {kind: [{} for _ in names] for kind in kinds}
    into[""] = [{}]
    every = (1 << len(names)) - 1
    for mask, *row in found:
        counts = row[len(names) :]
        if mask == every:
            into[""][0] = dict(enumerate(counts))
            continue
        place = len(names) - 1 - (every ^ mask).bit_length() + 1
        if row[place] != NOTHING:
            for kind, count in zip(kinds, counts, strict=False):
                into[kind][place][row[place]] = count
    return into


def _inside(kind: str, now: Learned) -> str:
    """How much likelier a kind of pair is than strangers, of two rows of one file."""
    if kind not in ONE:
        return kind
    return f"{kind} * {number(now.share_within.get(kind, 0.0) / now.share[kind])}"


def _maximise(compared: Sequence[Compared], now: Learned, sums: Sums, rounds: int) -> Learned:
    levels = tuple(
        _levels(one, now, {kind: found[place] for kind, found in sums.items() if kind})
        for place, one in enumerate(compared)
    )
    totals = sums[""][0]
    ones = {kind: totals[len(now.kinds) + 1 + place] for place, kind in enumerate(now.share_within)}
    share = {}
    for place, kind in enumerate(now.kinds):
        every = now.pairs if kind in ONE else now.pairs + now.within
        share[kind] = float(f"{max(totals[place] - ones.get(kind, 0.0), UNSEEN) / every:.{FIGURES}g}")
    crowded = max(math.fsum(share.values()) / 0.9, 1.0)
    share = {kind: one / crowded for kind, one in share.items()}
    share_within = {
        kind: float(f"{one / now.within:.{FIGURES}g}") if now.share_within[kind] else 0.0 for kind, one in ones.items()
    }
    return Learned(levels, share, now.pairs, now.within, share_within, rounds)


def _levels(one: Compared, now: Learned, counts: Mapping[str, Shares]) -> dict[str, Shares]:
    start = {level.value: level.m for level in one.levels}
    u = _strangers(one, counts[STRANGERS])
    if MOVED not in now.share:
        return {HERE: _held(_leaning(counts[HERE], start, LEAN), one.seldom, {}), STRANGERS: u}
    if one.part == HOME:
        m = _leaning(counts[HERE], start, LEAN)
        # of a household as of one person at home, of the others as of strangers, until the table says otherwise
        starts = {kind: m if kind == HOUSEHOLD else u for kind in now.kinds if kind != HERE}
        others = {kind: _leaning(counts[kind], start, LEAN_LITTLE) for kind, start in starts.items()}
        return {HERE: m, STRANGERS: u, **others}
    # one home is what makes sure of one person: where enough are at home, those who moved are not asked
    sure = counts[HERE] if math.fsum(counts[HERE].values()) > ENOUGH else _both(counts, HERE, MOVED)
    m = _held(_leaning(sure, start, LEAN), one.seldom, {})
    if HOUSEHOLD not in now.share:
        return {HERE: m, MOVED: m, STRANGERS: u}
    kin = _leaning(_both(counts, HOUSEHOLD, RELATIVES), m if one.part == FAMILY else u, LEAN_LITTLE)
    kin = _held(kin, one.most, u)
    return {HERE: m, MOVED: m, HOUSEHOLD: kin, RELATIVES: kin, STRANGERS: u}


def _both(counts: Mapping[str, Shares], one: str, other: str) -> Shares:
    levels = {*counts[one], *counts[other]}
    return {level: counts[one].get(level, 0.0) + counts[other].get(level, 0.0) for level in levels}


def _leaning(seen: Mapping[int, float], start: Shares, lean: float) -> Shares:
    total = math.fsum(start.values())
    return _whole({level: seen.get(level, 0.0) + lean * share / total for level, share in start.items()})


def _held(shares: Shares, most: Mapping[int, float], u: Shares) -> Shares:
    """No level oftener than the settings let it be, unless strangers agree so oftener still."""
    limits = {level: max(share, 1.5 * u.get(level, 0.0)) for level, share in most.items()}
    held = {level: limit for level, limit in limits.items() if shares[level] > limit}
    if not held:
        return shares
    free = math.fsum(share for level, share in shares.items() if level not in held)
    left = 1 - math.fsum(held.values())
    return {level: held.get(level, share * left / free) for level, share in shares.items()}


def _change(now: Learned, after: Learned) -> float:
    return max(
        abs(share - new[HERE][level])
        for old, new in zip(now.levels, after.levels, strict=True)
        for level, share in old[HERE].items()
    )
