"""Two rows compared in Python, level for level as Splink compares them in SQL."""

from collections.abc import Callable
from functools import cache

from locality.methods.linkage.kinds import Holds
from locality.methods.linkage.settings import Comparison, Settings, settings
from locality.methods.linkage.standard import Standard

Grade = Callable[[Standard, Standard], int]


def levels(a: Standard, b: Standard, *, by: Settings | None = None) -> tuple[int, ...]:
    """The level of each comparison, in the order of the settings: -1 says nothing, 0 differs, higher agrees more."""
    return tuple([grade(a, b) for grade in _grades(by or settings())])


@cache
def _grades(by: Settings) -> tuple[Grade, ...]:
    return tuple(_grade(one) for one in by.comparisons)


def _grade(comparison: Comparison) -> Grade:
    tries = [(_all_hold([part.holds for part in one.conditions]), one.value) for one in comparison.levels]

    def grade(a: Standard, b: Standard) -> int:
        for holds, value in tries:
            if holds(a, b):
                return value
        raise AssertionError("unreachable: the last level holds otherwise")

    return grade


def _all_hold(checks: list[Holds]) -> Holds:
    if len(checks) == 1:
        return checks[0]
    return lambda a, b: all(check(a, b) for check in checks)
