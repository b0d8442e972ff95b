"""How many are in a cohort, as it may be told, before anybody is named: whom each line leaves out, and where they live.

Three releases, each of a total that an attacker is taken to know: the cohort beside everybody else, those left out by
each line, those within by neighbourhood. Where the first keeps the cohort back, nothing of it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from locality.methods.small_numbers import Counts, Release, release, safe_count

WITHIN, WITHOUT = "within", "without"
# the three releases
WHO, LINES, WHERE = "who", "lines", "where"
NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Exact:
    """What was counted, of those who did not opt out. Not for telling.

    left_out: for each line in its order, how many of those who met all lines before it do not meet it.
    """

    within: int
    left_out: tuple[int, ...]
    by_neighbourhood: Mapping[str, int]
    opted_out: int

    @property
    def everybody(self) -> int:
        return self.within + sum(self.left_out)


@dataclass(frozen=True, slots=True)
class Told:
    """The same as it may be told: None where it is kept back, an empty table where it cannot be told at all."""

    everybody: int | None
    within: int | None
    left_out: tuple[int | None, ...]
    by_neighbourhood: Mapping[str, int | None]
    opted_out: int | None


def releases(exact: Exact, *, earlier: Mapping[str, Release] | None = None) -> dict[str, Release]:
    """Disclosure control of the three; `earlier`: what was told of the same cohort before, which stands a while."""
    before = earlier or {}

    def of(name: str, counts: Mapping[str, int], total: int) -> Release:
        groups = {group: Counts((count,)) for group, count in counts.items()}
        return release({name: groups}, total=Counts((total,)), earlier=before.get(name))

    without = exact.everybody - exact.within
    return {
        WHO: of(WHO, {WITHIN: exact.within, WITHOUT: without}, exact.everybody),
        LINES: of(LINES, {str(at): count for at, count in enumerate(exact.left_out)}, without),
        WHERE: of(WHERE, exact.by_neighbourhood, exact.within),
    }


def tell(exact: Exact, *, safe: Mapping[str, Release] | None = None) -> Told:
    """What may be told of a cohort; `safe`: what `releases` gave of this count, where it is kept."""
    safe = safe or releases(exact)
    who, everybody = _table(safe[WHO], WHO), _only(safe[WHO].total.columns)
    if who.get(WITHIN) is None or who.get(WITHOUT) is None:
        nobody = tuple(None for _ in exact.left_out)
        return Told(everybody, None, nobody, {}, safe_count(exact.opted_out))
    lines = _table(safe[LINES], LINES)
    return Told(
        everybody=everybody,
        within=who[WITHIN],
        left_out=tuple(lines.get(str(at)) for at in range(len(exact.left_out))),
        by_neighbourhood=_table(safe[WHERE], WHERE),
        opted_out=safe_count(exact.opted_out),
    )


def _table(safe: Release, name: str) -> dict[str, int | None]:
    return {group: _only(one.columns) for group, one in (safe.tables[name] or {}).items()}


def _only(columns: tuple[int, ...] | None) -> int | None:
    return None if columns is None else columns[0]
