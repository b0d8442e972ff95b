"""The small areas of one neighbourhood, one measure at a time, each from the figures published of the area itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from locality.directory.queries import TENTHS
from locality.web.place.measures import MOST_DEPRIVED, Measure, Measured, latest
from locality.web.words import counted

Figures = Mapping[str, Sequence[Any]]
RANK = "rank"
# the country's own tenths, so that a shade says the same on the map of every neighbourhood
LEAST_DEPRIVED = Measured(Decimal(1), "Tenth 10, least deprived", "")
MOST = Measured(Decimal(10), "tenth 1, most deprived", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One small area of the table."""

    area: Any
    words: tuple[tuple[Measure, str], ...]


def area_measures(areas: Sequence[Any], figures: Figures) -> list[Measure]:
    """Every measure that the figures of these areas are there for, in the order of the page."""
    names = {area.code: area.name for area in areas}
    found = (make(names, figures) for make in (_deprivation, _residents, _older))
    return [one for one in found if one is not None]


def lines(areas: Sequence[Any], measures: Sequence[Measure], chosen: Measure | None) -> list[Line]:
    """The areas with a cell for each measure: those with most of the chosen one first."""
    ranked = sorted(areas, key=lambda area: _most_first(area, chosen))
    return [Line(area, tuple((one, _full(one, area.code)) for one in measures)) for area in ranked]


def _most_first(area: Any, chosen: Measure | None) -> tuple[Decimal, str]:
    value = chosen.of[area.code].value if chosen and area.code in chosen.of else Decimal(-1)
    return -value, area.name


def _full(measure: Measure, code: str) -> str:
    return measure.of[code].full if code in measure.of else "No figure"


def _deprivation(names: Mapping[str, str], figures: Figures) -> Measure | None:
    found = (one.series for one in _all(figures))
    series = latest(one for one in found if one.kind == "deprivation" and one.unit == TENTHS)
    if series is None:
        return None
    of = {code: _tenth(one.value, figures[code], series) for code, one in _values(figures, series).items()}
    deprived = sum(11 - one.value in MOST_DEPRIVED for one in of.values())
    fifth = "in the most deprived fifth of the country"
    return Measure(
        code="deprivation",
        label="Deprivation",
        heading="How deprived its small areas are",
        answer=f"{deprived} of its {counted(len(of), 'small area')} {'is' if deprived == 1 else 'are'} {fifth}",
        dated=series.period,
        worked_out="As published.",
        series=(series,),
        of=of,
        ends=(LEAST_DEPRIVED, MOST),
    )


def _tenth(value: Decimal, figures: Sequence[Any], tenths: Any) -> Measured:
    """The first tenth is the most deprived, so it is the darkest."""
    rank = next((f for f in figures if f.series.unit == RANK and f.series.period == tenths.period), None)
    full = f"Tenth {value:.0f}" + (f", rank {rank.value:,.0f}" if rank else "")
    return Measured(11 - value, f"{value:.0f}", full)


def _residents(names: Mapping[str, str], figures: Figures) -> Measure | None:
    series = latest(one.series for one in _all(figures) if one.series.kind == "population" and one.series.adds_up)
    if series is None:
        return None
    of = {
        # (four digits are wider than a small area on the map)
        code: Measured(one.value, f"{one.value / 1000:.1f}k", f"{one.value:,.0f}")
        for code, one in _values(figures, series).items()
    }
    said = "{most} has the most residents, {most_full}; {least} the fewest, {least_full}"
    return Measure(
        code="residents",
        label="Residents",
        heading="How many people live in each of its small areas",
        answer=_most_and_fewest(of, names, said),
        dated=series.period,
        worked_out="As published.",
        series=(series,),
        of=of,
    )


def _older(names: Mapping[str, str], figures: Figures) -> Measure | None:
    series = latest(one.series for one in _all(figures) if one.series.kind == "population-65")
    if series is None:
        return None
    of = {}
    for code, one in _values(figures, series).items():
        # a share of two different days would be neither's
        whole = next(
            (f for f in figures[code] if f.series.kind == "population" and f.series.on == series.on is not None), None
        )
        if whole is not None and whole.value:
            share = 100 * one.value / whole.value
            of[code] = Measured(share, f"{share:.0f}%", f"{share:.0f}% ({one.value:,.0f} of {whole.value:,.0f})")
    if not of:
        return None
    said = "{most} has the largest share of people of 65 and over, {most_full}; {least} the smallest, {least_full}"
    return Measure(
        code="older",
        label="65 and over",
        heading="How many of the residents are 65 or over",
        answer=_most_and_fewest(of, names, said),
        dated=series.period,
        worked_out="The share worked out here.",
        series=(series,),
        of=of,
    )


def _most_and_fewest(of: Mapping[str, Measured], names: Mapping[str, str], words: str) -> str:
    ranked = sorted(of, key=lambda code: (of[code].value, names[code]))
    least, most = ranked[0], ranked[-1]
    if of[least].value == of[most].value:
        return f"{names[most]}: {of[most].full}" if len(of) == 1 else f"The same in each: {of[most].full}"
    return words.format(most=names[most], most_full=of[most].full, least=names[least], least_full=of[least].full)


def _all(figures: Figures) -> list[Any]:
    return [one for each in figures.values() for one in each]


def _values(figures: Figures, series: Any) -> dict[str, Any]:
    found = ((code, next((one for one in each if one.series_id == series.pk), None)) for code, each in figures.items())
    return {code: one for code, one in found if one is not None}
