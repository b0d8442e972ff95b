"""How unequally things lie between fifths of deprivation: traits of the copy, and measures."""

from collections.abc import Iterator
from dataclasses import dataclass

from locality.population.queries.picture import Told
from locality.population.rules.comparing import gradient, in_whole
from locality.population.rules.groups import FIFTHS
from locality.population.rules.outcomes import Outcome, Part
from locality.population.rules.picture import FALLEN, WANTED
from locality.web.picture.charts import Chart, Spot, chart
from locality.web.picture.words import KEPT

SHORT = ("Most deprived", "Second", "Third", "Fourth", "Least deprived")
LEVEL = 0.02


@dataclass(frozen=True, slots=True)
class Fifth:
    """One fifth: its figure with limits, None where it is kept back."""

    name: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Gradient:
    """One thing by fifth, and how unequal it is; the slope is in the unit of the figure."""

    code: str
    topic: str
    name: str
    unit: str
    fifths: tuple[Fifth, ...]
    slope: float | None
    low: float | None
    high: float | None
    relative: float | None
    concentration: float | None

    @property
    def is_sure(self) -> bool:
        """Whether the slope's interval leaves nought out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    @property
    def says(self) -> str:
        """Which end has more, in words."""
        if self.concentration is None:
            return "Not all fifths can be told"
        if not self.is_sure or abs(self.concentration) < LEVEL:
            return "About level"
        return "More among the most deprived" if self.concentration < 0 else "More among the least deprived"

    @property
    def chart(self) -> Chart | None:
        """The fifths under each other, from the most deprived."""
        unit = "%" if self.unit == "%" else ""
        spots = [
            Spot(short, one.value, one.low, one.high, _said(one, unit))
            for short, one in zip(SHORT, self.fifths, strict=True)
        ]
        return chart(spots, unit=unit)


def gradients(told: Told) -> list[Gradient]:
    """Everything that is told by fifth, the most unequal first; what cannot be told wholly comes last."""
    found = [*_traits(told), *_outcomes(told)]
    return sorted(found, key=lambda one: (one.concentration is None, -abs(one.concentration or 0.0)))


def _traits(told: Told) -> Iterator[Gradient]:
    for one in WANTED.traits:
        # of what nobody has, no source may send anything
        if one.code == FALLEN or in_whole(told.safe.whole, one.code).count == 0:
            continue
        held = gradient(told.safe.whole, one.code)
        yield Gradient(
            code=one.code,
            topic=one.topic,
            name=one.name,
            unit="%",
            fifths=tuple(Fifth(name, each.share, each.low, each.high) for name, each in held.fifths),
            slope=held.slope.index if held.slope else None,
            low=held.slope.low if held.slope else None,
            high=held.slope.high if held.slope else None,
            relative=held.slope.relative if held.slope else None,
            concentration=held.concentration,
        )


def _outcomes(told: Told) -> Iterator[Gradient]:
    for one in told.outcomes:
        if one.whole is not None and one.fifths:
            yield _outcome(one)


def _outcome(one: Outcome) -> Gradient:
    held = {part.group: part for part in one.fifths}
    unequal = one.unequal
    return Gradient(
        code=one.measure,
        topic="outcomes",
        name=one.name,
        unit=one.unit,
        fifths=tuple(_fifth(name, held.get(name)) for name in FIFTHS),
        slope=unequal.slope if unequal else None,
        low=unequal.low if unequal else None,
        high=unequal.high if unequal else None,
        relative=unequal.relative if unequal else None,
        concentration=unequal.concentration if unequal else None,
    )


def _fifth(name: str, part: Part | None) -> Fifth:
    return Fifth(name, part.value, part.low, part.high) if part else Fifth(name, None, None, None)


def _said(one: Fifth, unit: str) -> str:
    if one.value is None or one.low is None or one.high is None:
        return KEPT
    return f"{one.value:,.1f}{unit} ({one.low:,.1f} to {one.high:,.1f})"
