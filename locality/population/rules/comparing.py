"""A neighbourhood beside the whole place: shares of rounded counts, their intervals, and what chance would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from locality.methods import funnel
from locality.methods.inequality import Group, Slope, concentration_index, slope_index
from locality.methods.intervals import CONFIDENCE, wilson
from locality.methods.small_numbers import Release
from locality.population.rules.groups import FIFTHS
from locality.population.rules.picture import FIFTH, NEIGHBOURHOOD, YES


@dataclass(frozen=True, slots=True)
class Compared:
    """So many of so many in percent, with Wilson's limits, and where that lies beside the whole place.

    None throughout where it is kept back.
    """

    count: int | None = None
    of: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    place: funnel.Place | None = None


KEPT_BACK = Compared()


@dataclass(frozen=True, slots=True)
class Gradient:
    """A share in each fifth of deprivation, from the most deprived, and how unequal they are, where all are told."""

    fifths: tuple[tuple[str, Compared], ...]
    slope: Slope | None = None
    concentration: float | None = None


def in_whole(release: Release, way: str, group: str = YES) -> Compared:
    """The share of the whole place that is in a group."""
    return _compared(_count(release.tables.get(way), group), _one(release.total.columns))


def in_neighbourhood(release: Release, way: str, neighbourhood: str, group: str = YES) -> Compared:
    """The share of a neighbourhood that is in a group, beside that of the whole place."""
    return _beside(release, (NEIGHBOURHOOD, way), neighbourhood, group)


def gradient(release: Release, way: str) -> Gradient:
    """The share of each fifth of deprivation that has a trait."""
    held = tuple((name, _beside(release, (FIFTH, way), name, YES)) for name in FIFTHS)
    groups = _in_order([one for _, one in held])
    if groups is None:
        return Gradient(held)
    return Gradient(held, slope_index(groups), concentration_index(groups))


def _in_order(parts: Sequence[Compared]) -> list[Group] | None:
    width = 2 * NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    groups = []
    for one in parts:
        if one.share is None or one.low is None or one.high is None or not one.of:
            return None
        groups.append(Group(float(one.of), one.share, (one.high - one.low) / width))
    return groups


def _beside(release: Release, ways: tuple[str, str], row: str, group: str) -> Compared:
    cells = release.crossed.get(ways)
    cell = None if cells is None else cells.get((row, group))
    whole = in_whole(release, ways[1], group)
    of = _count(release.tables.get(ways[0]), row)
    return _compared(_one(cell.columns if cell else None), of, whole=whole.share)


def _compared(count: int | None, of: int | None, *, whole: float | None = None) -> Compared:
    if count is None or not of:
        return KEPT_BACK
    # rounded on their own, a part can come out as more than the whole that it is all of
    count = min(count, of)
    around = wilson(count=count, of=of)
    place = None if whole is None else funnel.place_of_share(count=count, of=of, whole=whole / 100)
    return Compared(count, of, 100 * count / of, 100 * around.low, 100 * around.high, place)


def _count(groups: object, group: str) -> int | None:
    told = groups.get(group) if isinstance(groups, dict) else None
    return _one(told.columns) if told is not None else None


def _one(columns: tuple[int, ...] | None) -> int | None:
    return None if columns is None else columns[0]
