"""Groups as bits of whole numbers, so that a whole table is scored in one pass: a person's groups are one `bit_or`.

Methods over the same codes share their numbers. Points are parted into powers of two (7 is 4 + 2 + 1), and a score is
the sum over these: 4 times how many of the groups with a 4 in their points are there, and so on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from locality.methods.scores.method import Method

BITS = 62  # of a whole number of 64, without its sign


@dataclass(frozen=True, slots=True)
class Family:
    """Methods over the same codes: which column and bit each group is, in columns g0, g1 ... counted over all."""

    methods: tuple[Method, ...]
    places: Mapping[str, tuple[str, int]]

    @property
    def years(self) -> int | None:
        """How far back all of these look."""
        return self.methods[0].years

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of these methods, in their order."""
        return tuple(dict.fromkeys(column for column, _ in self.places.values()))

    def numbers(self, codes: Iterable[str | None]) -> dict[str, list[int]]:
        """Each column's numbers, one for each code that was read; 0 for none."""
        method = self.methods[0]
        listed = {code: self._numbers(groups) for code, groups in method.codes.items()}
        lengths = sorted({len(code) for code in listed}) if method.begins else [None]
        told = [
            [listed[code[:length]] for length in lengths if code[:length] in listed] if code is not None else []
            for code in codes
        ]
        return {column: [_union(some, at) for some in told] for at, column in enumerate(self.columns)}

    def _numbers(self, groups: Iterable[str]) -> tuple[int, ...]:
        found = dict.fromkeys(self.columns, 0)
        for column, bit in map(self.places.__getitem__, groups):
            found[column] |= 1 << bit
        return tuple(found.values())

    def kept(self) -> dict[str, str]:
        """Each column without the groups that yield to a severer form that is there, as SQL."""
        found = {column: column for column in self.columns}
        for group in self.methods[0].groups.values():
            if group.yields_to:
                (column, bit), (severer, its) = self.places[group.name], self.places[group.yields_to]
                told = found[column]
                found[column] = f"(case when {severer} & {1 << its} <> 0 then {told} & {~(1 << bit)} else {told} end)"
        return found

    def units(self, method: Method) -> str:
        """The sum of a method in its units, as SQL over the columns."""
        worth: dict[tuple[int, str], int] = {}
        for group in method.groups.values():
            column, bit = self.places[group.name]
            for power in _powers(group.points):
                worth[power, column] = worth.get((power, column), 0) | 1 << bit
        parts = [
            f"cast({points} as integer) * bit_count({column} & {mask})"
            for (points, column), mask in sorted(worth.items())
        ]
        told = " + ".join(parts) or "0"
        return told if method.lowest is None else f"greatest({told}, {method.lowest})"


def families(methods: Iterable[Method]) -> list[Family]:
    """The methods by the codes that they share."""
    together: list[list[Method]] = []
    for one in methods:
        for some in together:
            if some[0].codes == one.codes and some[0].years == one.years:
                some.append(one)
                break
        else:
            together.append([one])
    found, before = [], 0
    for some in together:
        found.append(Family(tuple(some), _places(list(some[0].groups), before)))
        before += len(found[-1].columns)
    return found


def _places(groups: Sequence[str], before: int) -> dict[str, tuple[str, int]]:
    return {name: (f"g{before + at // BITS}", at % BITS) for at, name in enumerate(groups)}


def _powers(points: int) -> list[int]:
    """The powers of two that add up to so many points; negative where the points are."""
    sign = -1 if points < 0 else 1
    return [sign << at for at in range(abs(points).bit_length()) if abs(points) >> at & 1]


def _union(several: Sequence[tuple[int, ...]], at: int) -> int:
    found = 0
    for one in several:
        found |= one[at]
    return found
