"""What the map can be coloured by: one measure at a time, each worked out from published figures of small areas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from locality.directory.queries import NeighbourhoodOverview, Spread, Total

SHADES = 5
MOST_DEPRIVED = (1, 2)  # the tenths that make the most deprived fifth


@dataclass(frozen=True, slots=True)
class Measured:
    """One neighbourhood by one measure: in short for the map, in full for the table."""

    value: Decimal
    words: str
    full: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of every neighbourhood that has its figures, by the neighbourhood's code."""

    code: str
    label: str
    heading: str
    answer: str
    dated: str
    worked_out: str
    series: tuple[Any, ...]
    of: Mapping[str, Measured]
    # where the shades begin and end, when not with the least and the most of those shown
    ends: tuple[Measured, Measured] | None = None

    def shade(self, code: str) -> int:
        """How dark one neighbourhood is: 1 to 5 in equal steps from the least to the most; 0 without a figure."""
        if code not in self.of:
            return 0
        least, most = self.least.value, self.most.value
        if least == most:
            return (SHADES + 1) // 2
        share = (self.of[code].value - least) / (most - least)
        return min(SHADES, 1 + int(share * SHADES))

    @property
    def least(self) -> Measured:
        """The neighbourhood with the least."""
        return self.ends[0] if self.ends else min(self.of.values(), key=attrgetter("value"))

    @property
    def most(self) -> Measured:
        """The neighbourhood with the most."""
        return self.ends[1] if self.ends else max(self.of.values(), key=attrgetter("value"))


def measures(seen: Sequence[NeighbourhoodOverview]) -> list[Measure]:
    """Every measure that the place's figures are there for, in the order of the page."""
    found = (make(seen) for make in (_older, _deprivation, _population))
    return [one for one in found if one is not None]


def _population(seen: Sequence[NeighbourhoodOverview]) -> Measure | None:
    series = latest([total.series for one in seen for total in one.totals if total.series.kind == "population"])
    if series is None:
        return None
    totals = {one.neighbourhood.code: total for one in seen if (total := _total(one, series))}
    of = {code: Measured(total.value, f"{total.value:,.0f}", f"{total.value:,.0f}") for code, total in totals.items()}
    return Measure(
        code="residents",
        label="Residents",
        heading="How many people live in each neighbourhood",
        answer=_contrast(seen, of, "{most} has the most residents, {most_words}; {least} the fewest, {least_words}"),
        dated=series.period,
        worked_out="Small areas added up here.",
        series=(series,),
        of=of,
    )


def _older(seen: Sequence[NeighbourhoodOverview]) -> Measure | None:
    series = latest([total.series for one in seen for total in one.totals if total.series.kind == "population-65"])
    if series is None:
        return None
    totals = {one.neighbourhood.code: total for one in seen if (total := _total(one, series))}
    everybody = {one.neighbourhood.code: total for one in seen if (total := _everybody(one, series))}
    of = {code: _share(total, everybody[code]) for code, total in totals.items() if code in everybody}
    if not of:
        return None
    return Measure(
        code="older",
        label="65 and over",
        heading="How many of the residents are 65 or over",
        answer=_contrast(
            seen,
            of,
            "{most} has the largest share of people of 65 and over, {most_words}; {least} the smallest, {least_words}",
        ),
        dated=series.period,
        worked_out="Small areas added up, and the share worked out, here.",
        series=(series, next(iter(everybody.values())).series),
        of=of,
    )


def _deprivation(seen: Sequence[NeighbourhoodOverview]) -> Measure | None:
    series = latest([spread.series for one in seen for spread in one.tenths if spread.series.kind == "deprivation"])
    if series is None:
        return None
    spreads = {one.neighbourhood.code: s for one in seen for s in one.tenths if s.series.pk == series.pk}
    of = {code: _deprived(spread) for code, spread in spreads.items()}
    return Measure(
        code="deprivation",
        label="Most deprived fifth",
        heading="How many of the small areas are among the most deprived fifth of the country",
        answer=_contrast(
            seen,
            of,
            "{most_full} small areas of {most} are in the most deprived fifth of the country; {least_full} of {least}",
        ),
        dated=series.period,
        worked_out="Small areas of the first two tenths counted here.",
        series=(series,),
        of=of,
    )


def latest(series: Iterable[Any]) -> Any:
    """The newest of several series; one that names no day counts as the oldest, else its period says when."""
    return max(series, key=lambda one: (one.on or date.min, one.period, one.code), default=None)


def _total(one: NeighbourhoodOverview, series: Any) -> Total | None:
    return next((total for total in one.totals if total.series.pk == series.pk), None)


def _everybody(one: NeighbourhoodOverview, part: Any) -> Total | None:
    """The residents of whom another series counts a part: a share of two different days would be neither's."""
    same_day = (t for t in one.totals if t.series.kind == "population" and t.series.on == part.on is not None)
    return next((total for total in same_day if total.value), None)


def _share(part: Total, whole: Total) -> Measured:
    share = 100 * part.value / whole.value
    return Measured(share, f"{share:.1f}%", f"{share:.1f}% ({part.value:,.0f} of {whole.value:,.0f})")


def _deprived(spread: Spread) -> Measured:
    most, every = sum(spread.areas.get(tenth, 0) for tenth in MOST_DEPRIVED), sum(spread.areas.values())
    share = Decimal(100 * most) / every
    return Measured(share, f"{share:.0f}%", f"{most} of {every}")


def _contrast(seen: Sequence[NeighbourhoodOverview], of: Mapping[str, Measured], words: str) -> str:
    names = {one.neighbourhood.code: one.neighbourhood.name for one in seen}
    ranked = sorted(of, key=lambda code: of[code].value)
    least, most = ranked[0], ranked[-1]
    if of[least].value == of[most].value:
        return f"{names[most]}: {of[most].full}" if len(of) == 1 else f"The same in each: {of[most].full}"
    return words.format(
        most=names[most],
        most_words=of[most].words,
        most_full=of[most].full,
        least=names[least],
        least_words=of[least].words,
        least_full=of[least].full,
    )
