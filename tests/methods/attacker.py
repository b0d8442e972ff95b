"""Somebody who has every table of a release and wants the small counts: mixed-integer programming over all of them.

They are told more than anybody will be: how the tables were made, and which groups were kept back for being small and
which for the others' sake.
"""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from locality.methods.small_numbers import HIDDEN_TO, ROUND_TO, Kept, Release, Told

MANY = 2_000
HALF = (ROUND_TO - 1) // 2


class Attacker:
    """What is known of the counts, as constraints; `reach` is how far a shown figure may be off."""

    def __init__(self, release: Release, groups: dict[str, list[str]], columns: int, *, reach: int = HALF):
        self.columns, self.reach = columns, reach
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.of: dict[tuple[str, str, int], int] = {}
        totals = [self._shown(release.total, column) for column in range(columns)]
        for table, names in groups.items():
            told = release.tables[table]
            for name in names:
                self._group(table, name, None if told is None else told[name])
            for column in range(columns):
                self.rows.append(
                    ({**{self.of[table, name, column]: 1.0 for name in names}, totals[column]: -1.0}, 0, 0)
                )
        self.told, self.groups = release, groups
        self.cells: dict[tuple[tuple[str, str], tuple[str, str]], int] = {}

    def cross(self, ways: tuple[str, str]) -> None:
        """Take in a crossing of two tables (of one column): its cells add up to the groups of both."""
        told = self.told.crossed[ways]
        if told is None:
            return
        sums: dict[int, dict[int, float]] = {}
        for cell, one in told.items():
            variable = self._variable(0, MANY) if one.kept is Kept.WHOLE else self._cell(one)
            self.cells[ways, cell] = variable
            for way, name in zip(ways, cell, strict=True):
                group = self.of[way, name, 0]
                sums.setdefault(group, {group: -1.0})[variable] = 1.0
        self.rows += [(row, 0, 0) for row in sums.values()]

    def _cell(self, told: Told) -> int:
        if told.columns is not None:
            return self._shown(told, 0)
        if told.kept is Kept.SMALL:
            return self._variable(1, HIDDEN_TO)
        count, some = self._variable(0, MANY), self._variable(0, 1)
        self.rows.append(({count: 1.0, some: -(HIDDEN_TO + 1.0)}, 0, MANY))
        self.rows.append(({count: 1.0, some: -float(MANY)}, -MANY, 0))
        return count

    def possible(self, value: int, *counts: int) -> bool:
        """Whether these counts together could be so many."""
        width = len(self.low)
        rows = [*self.rows, (dict.fromkeys(counts, 1.0), value, value)]
        matrix = np.zeros((len(rows), width))
        for at, (row, _, _) in enumerate(rows):
            for column, weight in row.items():
                matrix[at, column] += weight
        constraints = LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows])
        bounds = Bounds(self.low, self.high)
        return milp(np.zeros(width), integrality=np.ones(width), bounds=bounds, constraints=constraints).status == 0

    def _variable(self, low: float, high: float) -> int:
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def _shown(self, told: Told, column: int) -> int:
        if told.columns is None:
            return self._variable(0, MANY)
        shown = told.columns[column]
        if shown == 0:
            return self._variable(0, 0)
        return self._variable(max(HIDDEN_TO + 1, shown - self.reach), shown + self.reach)

    def _group(self, table: str, name: str, told: Told | None) -> None:
        counts = [
            self._variable(0, MANY) if told is None or told.columns is None else self._shown(told, column)
            for column in range(self.columns)
        ]
        for column, count in enumerate(counts):
            self.of[table, name, column] = count
        if told is None or told.columns is not None:
            return
        if told.kept is Kept.SMALL:
            small = list(self._small(counts))
            self.rows.append((dict.fromkeys(small, 1.0), 1, len(small)))
        else:
            for count in counts:
                some = self._variable(0, 1)
                self.rows.append(({count: 1.0, some: -(HIDDEN_TO + 1.0)}, 0, MANY))
                self.rows.append(({count: 1.0, some: -float(MANY)}, -MANY, 0))

    def _small(self, counts: list[int]) -> Iterator[int]:
        for count in counts:
            this = self._variable(0, 1)
            self.rows.append(({count: 1.0, this: -1.0}, 0, MANY))
            self.rows.append(({count: 1.0, this: float(MANY)}, 0, HIDDEN_TO + MANY))
            yield this
