"""Counts by which nobody is picked out: 1 to 7 are hidden, the rest are rounded to the nearest 5.

As Hospital Episode Statistics are published of less than the whole country since September 2018 (NHS Digital,
"Disclosure control methodology for Hospital Episode Statistics (HES) and Emergency Care Data Set (ECDS)"): nought
stays nought.
`release` tells whole tables so: a table of small counts beside its total can be solved, so further groups are kept
back with the small ones until it cannot (secondary suppression; Hundepool A et al, Statistical Disclosure Control,
Wiley 2012, chapter 4). What it holds to: of every hidden count of 1 to 7 all seven values stay possible to somebody who
has every table of the release, and every earlier release of the same period, and is even told which groups were small
and which were kept back for their sake. The tests try to break it.

A base may also be parted in two ways at once (`crossed`: neighbourhood by age). A cell is then kept back if it is small
or if others would give a small one away, by the same promise to somebody who knows even the exact count of every row:
how much the cells can be shifted around with all their sums unchanged is a flow through rows and columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from locality.methods.flow import most_through

HIDDEN_TO = 7
ROUND_TO = 5
# how far a shown count may lie from the count itself
SLACK = (ROUND_TO - 1) // 2
ANY = 10**9


class Kept(StrEnum):
    """Why a group is kept back. Not for publication: it tells which ones were small."""

    SMALL = "small"
    COVER = "cover"
    # a cell whose whole column is kept back, whatever is in it
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one group in columns that share nobody (met, not met) and add up over the groups of a table.

    people: how many people stand behind them, where that is fewer than the counts say (several events of one person).
    """

    columns: tuple[int, ...]
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A group as it may be told: its counts rounded, or none where it is kept back."""

    columns: tuple[int, ...] | None
    kept: Kept | None = None


NOT_TOLD = Told(None, Kept.SMALL)
# two ways of parting by their names, and a cell by its groups of both
Ways = tuple[str, str]
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Release:
    """The whole as told, each table, and each crossing of two; None where one cannot be told at all."""

    total: Told
    tables: Mapping[str, Mapping[str, Told] | None] = field(default_factory=dict)
    crossed: Mapping[Ways, Mapping[Cell, Told] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crossings:
    """Two ways of parting at once: `cells` of each pair of tables, a count for every pair of their groups.

    shared: ways that are crossed more than once, or told in other releases too: what is told there may tell their exact
    counts. The first way of a pair is always taken as such. untold: groups of which no cell is ever shown ("no").
    """

    cells: Mapping[Ways, Mapping[Cell, Counts]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()


NO_CROSSINGS = Crossings()


def safe_count(count: int) -> int | None:
    """A count of people as it may be told: None where it is hidden, which is never nought."""
    if count < 0:
        raise ValueError("a count is not less than nought")
    if 0 < count <= HIDDEN_TO:
        return None
    return rounded(count)


def safe_objectors(count: int) -> int | None:
    """How many object, as it may be told: None up to seven, nought with them.

    Told as nought today and as a few tomorrow, it would say of whoever joined a place that they objected.
    """
    return safe_count(count) or None


def rounded(count: float) -> int:
    """The nearest that is told: by fives, halves upwards."""
    return ROUND_TO * int((2 * count + ROUND_TO) // (2 * ROUND_TO))


def release(
    tables: Mapping[str, Mapping[str, Counts]],
    *,
    total: Counts,
    earlier: Release | None = None,
    sure_tells: bool = False,
    crossings: Crossings = NO_CROSSINGS,
) -> Release:
    """What may be told of one base (the same people or events in the same period) parted in several ways.

    tables: for each way of parting, the groups; each must add up to the total, or ValueError is raised.
    crossings: of people, one column; the cells must add up to the groups of both tables, or ValueError is raised.
    earlier: what was told of the same base before; a figure then stands until it has moved by more than HIDDEN_TO.
    sure_tells: also keep back a group in which all or none were counted, where that tells something of everybody in it.
    """
    for name, groups in tables.items():
        sums = tuple(map(sum, zip(*(one.columns for one in groups.values()), strict=True))) if groups else ()
        if groups and sums != total.columns:
            raise ValueError(f"{name} adds up to {sums}, not to {total.columns}")
    for ways, cells in crossings.cells.items():
        _check_sums(ways, cells, tables)
    if _is_small(total, sure_tells=sure_tells):
        return Release(NOT_TOLD, dict.fromkeys(tables), dict.fromkeys(crossings.cells))
    before = earlier or Release(NOT_TOLD)
    whole = _as_before(Told(_rounded(total)), total, before.total if earlier else None)
    told = {
        name: _table(groups, before=before.tables.get(name) or {}, sure_tells=sure_tells)
        for name, groups in tables.items()
    }
    if whole.columns is None:
        return Release(whole, dict.fromkeys(tables), dict.fromkeys(crossings.cells))
    grids = {ways: Grid.of(ways, crossings, tables, told) for ways in crossings.cells}
    return Release(whole, told, {ways: _crossed(grid, before.crossed.get(ways) or {}) for ways, grid in grids.items()})


def _table(groups: Mapping[str, Counts], *, before: Mapping[str, Told], sure_tells: bool) -> Mapping[str, Told] | None:
    told = {
        name: Told(None, Kept.SMALL)
        if _is_small(one, sure_tells=sure_tells)
        else _as_before(Told(_rounded(one)), one, before.get(name))
        for name, one in groups.items()
    }
    while (lack := _lack(groups, told, sure_tells=sure_tells)) is not None:
        cover = _best_cover(groups, told, *lack)
        if cover is None:
            return None
        told[cover] = Told(None, Kept.COVER)
    return told


def _is_small(one: Counts, *, sure_tells: bool) -> bool:
    few = one.people is not None and 0 < one.people <= HIDDEN_TO
    sure = sure_tells and len(one.columns) > 1 and 0 in one.columns and any(one.columns)
    return few or sure or any(0 < count <= HIDDEN_TO for count in one.columns)


def _rounded(one: Counts) -> tuple[int, ...]:
    return tuple(map(rounded, one.columns))


def _as_before(now: Told, one: Counts, before: Told | None) -> Told:
    """Tell it as before until it has moved enough that nobody alone can have moved it."""
    if before is None:
        return now
    if before.columns is None:
        # it was hidden: what it was could be told from a figure that is hardly above the threshold
        return now if all(count == 0 or count > 2 * HIDDEN_TO for count in one.columns) else Told(None, Kept.COVER)
    moved = any(abs(count - was) > HIDDEN_TO for count, was in zip(one.columns, before.columns, strict=True))
    # a nought that is no longer one has to be seen; it is more than HIDDEN_TO, or it would be hidden
    started = any(count and not was for count, was in zip(one.columns, before.columns, strict=True))
    return now if moved or started else before


def _lack(groups: Mapping[str, Counts], told: Mapping[str, Told], *, sure_tells: bool) -> tuple[int, int, int] | None:
    """The first column in which the rest give a small count away: the column, what lacks to go down, and up."""
    small = [name for name, one in told.items() if one.kept is Kept.SMALL]
    columns = len(next(iter(groups.values())).columns) if groups else 0
    for column in range(columns):
        room = {name: _room(groups[name], told[name], column) for name in groups}
        down, up = (sum(one[way] for one in room.values()) for way in (0, 1))
        for name in small:
            need_down, need_up = _need(groups[name], column, sure_tells=sure_tells)
            lack_down = need_down - (down - room[name][0])
            lack_up = need_up - (up - room[name][1])
            if lack_down > 0 or lack_up > 0:
                return column, max(0, lack_down), max(0, lack_up)
    return None


def _need(one: Counts, column: int, *, sure_tells: bool) -> tuple[int, int]:
    """By how much the others must be able to fall and to rise, so that this count may be anything small."""
    count = one.columns[column]
    if 0 < count <= HIDDEN_TO:
        return HIDDEN_TO - count, count
    if count == 0:
        return (HIDDEN_TO, 0) if sure_tells else (0, 0)
    few = one.people is not None and one.people <= HIDDEN_TO
    return (HIDDEN_TO // 2, HIDDEN_TO // 2) if few else (0, 0)


def _room(one: Counts, told: Told, column: int) -> tuple[int, int]:
    """By how much a group's count could be less, and more, without anything shown being otherwise."""
    count = one.columns[column]
    if told.columns is not None:
        shown = told.columns[column]
        if not count or abs(count - shown) > SLACK:
            return 0, 0
        return count - max(HIDDEN_TO + 1, shown - SLACK), shown + SLACK - count
    if told.kept is Kept.COVER:
        return (count - HIDDEN_TO - 1, ANY) if count else (0, 0)
    if 0 < count <= HIDDEN_TO:
        return count - 1, HIDDEN_TO - count
    if one.people is not None and one.people <= HIDDEN_TO and len(one.columns) == 1:
        return max(0, count - one.people), ANY
    return (count, ANY) if count else (0, 0)


def _best_cover(groups: Mapping[str, Counts], told: Mapping[str, Told], column: int, down: int, up: int) -> str | None:
    """The smallest group that, kept back too, gives enough room; else the one that gives most; None where none does."""
    gains: dict[str, tuple[bool, int, int]] = {}
    for name, one in groups.items():
        if told[name].columns is None or not one.columns[column]:
            continue
        was, would = _room(one, told[name], column), _room(one, Told(None, Kept.COVER), column)
        gain = min(down, would[0] - was[0]) + min(up, would[1] - was[1])
        if gain > 0:
            gains[name] = (gain == down + up, 0 if gain == down + up else gain, -sum(one.columns))
    return max(gains, key=lambda name: (gains[name], name)) if gains else None


def shown(told: Sequence[int] | None) -> int | None:
    """What the columns of a group add up to as shown, so that no total tells more than its parts."""
    return None if told is None else sum(told)


# ---- two ways at once

# what lies outside the grid: the sum of all columns
OUTSIDE = ("", "")
Node = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Grid:
    """One crossing at work: its cells, the counts of its columns and what is told of them and of its rows."""

    cells: Mapping[Cell, Counts]
    columns: Mapping[str, Counts]
    rows_told: Mapping[str, Told] | None
    columns_told: Mapping[str, Told] | None
    is_shared: bool
    untold: frozenset[str]

    @classmethod
    def of(
        cls,
        ways: Ways,
        crossings: Crossings,
        tables: Mapping[str, Mapping[str, Counts]],
        told: Mapping[str, Mapping[str, Told] | None],
    ) -> "Grid":
        first, second = ways
        shared = second in crossings.shared
        cells = crossings.cells[ways]
        return cls(cells, tables[second], told[first], told[second], shared, crossings.untold)


def _check_sums(ways: Ways, cells: Mapping[Cell, Counts], tables: Mapping[str, Mapping[str, Counts]]) -> None:
    for at, way in enumerate(ways):
        sums = dict.fromkeys(tables[way], 0)
        for cell, one in cells.items():
            (count,) = one.columns
            sums[cell[at]] += count
        if sums != {name: one.columns[0] for name, one in tables[way].items()}:
            raise ValueError(f"{' by '.join(ways)} does not add up to {way}")


def _crossed(grid: Grid, before: Mapping[Cell, Told]) -> Mapping[Cell, Told] | None:
    rows, columns = grid.rows_told, grid.columns_told
    if rows is None or columns is None or any(one.columns is None for one in rows.values()):
        return None
    if grid.is_shared and any(one.columns is None for one in columns.values()):
        return None
    told = {cell: _cell(grid, cell, before.get(cell)) for cell in grid.cells}
    while (lack := next((one for one in _needed(grid, told) if not one.is_met(grid, told)), None)) is not None:
        cover = _best_cell(grid, told, lack)
        if cover is None:
            return None
        told[cover] = Told(None, Kept.COVER)
    return told


def _cell(grid: Grid, cell: Cell, before: Told | None) -> Told:
    one, column = grid.cells[cell], (grid.columns_told or {})[cell[1]]
    if column.columns is None:
        return Told(None, Kept.WHOLE)
    if _is_small(one, sure_tells=False):
        return Told(None, Kept.SMALL)
    return Told(None, Kept.COVER) if cell[1] in grid.untold else _as_before(Told(_rounded(one)), one, before)


def _room_in(grid: Grid, told: Mapping[Cell, Told], cell: Cell) -> tuple[int, int]:
    (count,) = grid.cells[cell].columns
    return (count, ANY) if told[cell].kept is Kept.WHOLE else _room(grid.cells[cell], told[cell], 0)


def _network(grid: Grid, told: Mapping[Cell, Told], *, without: tuple[Node, Node]) -> dict[Node, dict[Node, int]]:
    """What can be shifted while no row changes: from a row to a column by taking from a cell, back by adding to it."""
    arcs: dict[Node, dict[Node, int]] = {}
    for (row, column), (down, up) in ((cell, _room_in(grid, told, cell)) for cell in grid.cells):
        arcs.setdefault(("row", row), {})["column", column] = down
        arcs.setdefault(("column", column), {})["row", row] = up
    for name, counted in grid.columns.items() if not grid.is_shared else ():
        down, up = _room(counted, (grid.columns_told or {})[name], 0)
        arcs.setdefault(("column", name), {})[OUTSIDE] = down
        arcs.setdefault(OUTSIDE, {})["column", name] = up
    end, other = without
    arcs[end][other] = arcs[other][end] = 0
    return arcs


@dataclass(frozen=True, slots=True)
class Needed:
    """What must be able to go from one node to another and back, so that a small count may be any from 1 to 7."""

    one: Node
    other: Node
    there: int
    back: int

    def is_met(self, grid: Grid, told: Mapping[Cell, Told]) -> bool:
        return self.met(grid, told) == self.there + self.back

    def met(self, grid: Grid, told: Mapping[Cell, Told]) -> int:
        """How much of it can go, past the count itself."""
        network = _network(grid, told, without=(self.one, self.other))
        there = most_through(network, source=self.one, sink=self.other, enough=self.there)
        return there + most_through(network, source=self.other, sink=self.one, enough=self.back)


def _needed(grid: Grid, told: Mapping[Cell, Told]) -> Iterator[Needed]:
    """One for every small count that is hidden: what leaves its row for its column elsewhere makes it so much more."""
    for (row, column), one in told.items():
        (count,) = grid.cells[row, column].columns
        if one.columns is None and 0 < count <= HIDDEN_TO:
            yield Needed(("row", row), ("column", column), HIDDEN_TO - count, count - 1)
    for name, one in (grid.columns_told or {}).items():
        (count,) = grid.columns[name].columns
        if one.kept is Kept.SMALL and 0 < count <= HIDDEN_TO:
            yield Needed(("column", name), OUTSIDE, HIDDEN_TO - count, count - 1)


def _best_cell(grid: Grid, told: Mapping[Cell, Told], needed: Needed) -> Cell | None:
    """The smallest cell that, kept back too, gives enough room; else the one that gives most; None: none is left."""
    best: tuple[int, Cell] | None = None
    offered = sorted(
        (one.columns[0], cell) for cell, one in grid.cells.items() if told[cell].columns and one.columns[0]
    )
    for _, cell in offered:
        covered = {**told, cell: Told(None, Kept.COVER)}
        gain = needed.met(grid, covered)
        if gain == needed.there + needed.back:
            return cell
        if best is None or gain > best[0]:
            best = gain, cell
    return best[1] if best else None
