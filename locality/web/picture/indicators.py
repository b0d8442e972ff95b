"""Published indicators of the whole place over the years, beside the country's. Real."""

from collections.abc import Mapping
from dataclasses import dataclass

from locality.population.queries.picture import Told

PERSONS = "Persons"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of one sex or of all: the periods, and the figures of each area in their order."""

    name: str
    who: str
    unit: str
    origin: str
    periods: tuple[str, ...]
    figures: Mapping[str, tuple[str, ...]]


def shown(told: Told) -> list[Indicator]:
    """Every indicator: an area without a figure in a period has a blank there."""
    held: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    first: dict[tuple[str, str], Mapping[str, str]] = {}
    for row in told.published.indicators:
        key = row["indicator"], row["who"]
        first.setdefault(key, row)
        held.setdefault(key, {})[row["area"], row["period"]] = row["value"]
    return [_indicator(first[key], figures) for key, figures in held.items()]


def _indicator(first: Mapping[str, str], figures: Mapping[tuple[str, str], str]) -> Indicator:
    periods = tuple(sorted({period for _, period in figures}))
    areas = dict.fromkeys(area for area, _ in figures)
    return Indicator(
        first["name"],
        "" if first["who"] == PERSONS else first["who"],
        first["unit"],
        first["origin"],
        periods,
        {area: tuple(figures.get((area, period), "") for period in periods) for area in areas},
    )
