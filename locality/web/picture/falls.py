"""Where the falls programme's people live: small area by small area as published, and as the copy tells it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from locality.methods.intervals import wilson
from locality.methods.small_numbers import Release
from locality.population.queries.picture import Told
from locality.population.queries.published import PublishedArea
from locality.population.rules.comparing import KEPT_BACK, Compared
from locality.population.rules.picture import AGE, AREA, FALLEN, NEIGHBOURHOOD, OLDER, OLDER_UNIT, UNIT, WARD, YES
from locality.web.place.measures import Measure, Measured

# the small areas with the most older people that together hold this much of them all are the target
TARGET = 1 / 3


@dataclass(frozen=True, slots=True)
class Place:
    """A small area, a ward, a neighbourhood or the whole: published residents, and people of the copy."""

    code: str
    name: str
    within: str
    real: PublishedArea | None
    older: Compared = KEPT_BACK
    # of those of 65 and over
    fallen: Compared = KEPT_BACK
    # of a neighbourhood: the smallest and the largest share of 65 and over of its small areas, and how many are targets
    areas: int = 0
    least: float = 0.0
    most: float = 0.0
    targets: int = 0


@dataclass(frozen=True, slots=True)
class Falls:
    """The page: neighbourhoods side by side, then what they are made of."""

    neighbourhoods: tuple[Place, ...]
    areas: tuple[Place, ...]
    wards: tuple[Place, ...]
    targets: frozenset[str]
    measures: tuple[Measure, ...]


def falls(told: Told) -> Falls:
    """Who is 65 or over and who fell, by neighbourhood and by small area."""
    published = told.published
    targets = _targets(published.areas)
    of_units = _units(told)
    areas = tuple(
        Place(one.code, one.name, published.names.get(one.neighbourhood, ""), one, *of_units.get(one.code, ()))
        if told.safe.unit == AREA
        else Place(one.code, one.name, published.names.get(one.neighbourhood, ""), one)
        for one in sorted(published.areas, key=lambda one: (-one.older, one.name))
    )
    wards = _wards(told, of_units) if told.safe.unit == WARD else ()
    return Falls(
        tuple(_neighbourhood(told, code, name, targets) for code, name in published.names.items()),
        areas,
        wards,
        targets,
        tuple(_measures(told, areas)),
    )


def share(one: PublishedArea) -> float:
    """How many of the residents are 65 or over, in percent."""
    return 100 * one.older / one.estimated if one.estimated else 0.0


def _targets(areas: Sequence[PublishedArea]) -> frozenset[str]:
    """The small areas with the most people of 65 and over, until they hold a third of them all."""
    held, wanted = set(), TARGET * sum(one.older for one in areas)
    for one in sorted(areas, key=lambda one: (-one.older, one.code)):
        if wanted <= 0:
            break
        held.add(one.code)
        wanted -= one.older
    return frozenset(held)


def _neighbourhood(told: Told, code: str, name: str, targets: frozenset[str]) -> Place:
    parts = [one for one in told.published.areas if one.neighbourhood == code]
    shares = [share(one) for one in parts] or [0.0]
    real = PublishedArea(
        code, name, "", code, None,
        sum(one.residents or 0 for one in parts), sum(one.estimated for one in parts),
        sum(one.older for one in parts), sum(one.oldest for one in parts),
    )  # fmt: skip
    older, fallen = _of_neighbourhood(told.safe.whole, code)
    return Place(
        code, name, "", real, older, fallen,
        areas=len(parts), least=min(shares), most=max(shares), targets=sum(one.code in targets for one in parts),
    )  # fmt: skip


def _of_neighbourhood(release: Release, code: str) -> tuple[Compared, Compared]:
    people = _count(release.tables.get(NEIGHBOURHOOD), code)
    ages, fell = release.crossed.get((NEIGHBOURHOOD, AGE)), release.crossed.get((NEIGHBOURHOOD, FALLEN))
    bands = [_count(ages, (code, band)) for band in OLDER]
    # added up from what is shown, so that no sum tells more than its parts
    older = None if any(one is None for one in bands) else sum(one or 0 for one in bands)
    return _compared(older, people), _compared(_count(fell, (code, YES)), older)


def _units(told: Told) -> dict[str, tuple[Compared, Compared]]:
    held = {}
    for release in told.safe.within.values():
        older, fell = release.crossed.get((UNIT, OLDER_UNIT)), release.crossed.get((UNIT, FALLEN))
        for code in release.tables.get(UNIT) or {}:
            many = _count(older, (code, YES))
            people = _count(release.tables.get(UNIT), code)
            held[code] = (_compared(many, people), _compared(_count(fell, (code, YES)), many))
    return held


def _wards(told: Told, of_units: dict[str, tuple[Compared, Compared]]) -> tuple[Place, ...]:
    where = {one.ward: told.published.names.get(one.neighbourhood, "") for one in told.published.areas}
    found = [
        Place(code, told.published.wards.get(code, code), where.get(code, ""), None, *figures)
        for code, figures in of_units.items()
    ]
    return tuple(sorted(found, key=lambda one: (-(one.fallen.count or 0), one.name)))


def _count(groups: object, group: object) -> int | None:
    told = groups.get(group) if isinstance(groups, dict) else None
    return told.columns[0] if told is not None and told.columns is not None else None


def _compared(count: int | None, of: int | None) -> Compared:
    if count is None or not of:
        return KEPT_BACK
    count = min(count, of)
    around = wilson(count=count, of=of)
    return Compared(count, of, 100 * count / of, 100 * around.low, 100 * around.high)


def _measures(told: Told, areas: Sequence[Place]) -> list[Measure]:
    """What the map can show: published figures, and who fell where the copy tells it of small areas."""
    real = [
        _measure(
            "older", "People of 65 and over", areas,
            lambda one: (one.real.older, f"{one.real.older:,} of {one.real.estimated:,}") if one.real else None,
        ),
        _measure(
            "share", "Share of 65 and over", areas,
            lambda one: (share(one.real), f"{share(one.real):.0f}% of {one.real.estimated:,}") if one.real else None,
        ),
        _measure(
            "oldest", "People of 80 and over", areas,
            lambda one: (one.real.oldest, f"{one.real.oldest:,} of {one.real.estimated:,}") if one.real else None,
        ),
    ]  # fmt: skip
    fallen = _measure(
        "fallen", "Had a fall written down, 65 and over", areas,
        lambda one: (one.fallen.count, f"{one.fallen.count:,} of {one.fallen.of:,}") if one.fallen.count else None,
    )  # fmt: skip
    return [one for one in (*real, fallen) if one.of]


def _measure(code: str, label: str, areas: Sequence[Place], of: Callable[[Place], tuple[float, str] | None]) -> Measure:
    found = {one.code: told for one in areas if (told := of(one)) is not None}
    held = {place: Measured(Decimal(str(value)), f"{value:,.0f}", words) for place, (value, words) in found.items()}
    return Measure(code, label, label, "", "", "", (), held)
