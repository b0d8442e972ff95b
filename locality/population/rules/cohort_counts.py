"""How many are in a cohort, as it may be told, before anybody is named: whom each line leaves out, and where they live.

Three releases, each of a total that an attacker is taken to know: the cohort beside everybody else, those left out by
each line, those within by neighbourhood. Where the first keeps the cohort back, nothing of it is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from locality.methods.small_numbers import Counts, release, safe_count

WITHIN, WITHOUT, WHOLE = "within", "without", "who"
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


def tell(exact: Exact) -> Told:
    """What may be told of a cohort."""
    whole = Counts((exact.everybody,))
    parts = {WITHIN: Counts((exact.within,)), WITHOUT: Counts((exact.everybody - exact.within,))}
    first = release({WHOLE: parts}, total=whole)
    table, everybody = first.tables[WHOLE], _only(first.total.columns)
    nobody = tuple(None for _ in exact.left_out)
    if table is None or table[WITHIN].columns is None or table[WITHOUT].columns is None:
        return Told(everybody, None, nobody, {}, safe_count(exact.opted_out))
    return Told(
        everybody=everybody,
        within=_only(table[WITHIN].columns),
        left_out=_left_out(exact.left_out),
        by_neighbourhood=_parted(exact.by_neighbourhood, total=exact.within),
        opted_out=safe_count(exact.opted_out),
    )


def _left_out(counts: Sequence[int]) -> tuple[int | None, ...]:
    told = _parted({str(at): count for at, count in enumerate(counts)}, total=sum(counts))
    return tuple(told.get(str(at)) for at in range(len(counts)))


def _parted(counts: Mapping[str, int], *, total: int) -> dict[str, int | None]:
    groups = {name: Counts((count,)) for name, count in counts.items()}
    table = release({WHOLE: groups}, total=Counts((total,))).tables[WHOLE]
    return {name: _only(one.columns) for name, one in (table or {}).items()}


def _only(columns: Sequence[int] | None) -> int | None:
    return None if columns is None else columns[0]
