"""Measures as a picture shows them: the place, its neighbourhoods and its fifths, with how unequal they are."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from locality.methods.inequality import Group, concentration_index
from locality.population.rules.groups import FIFTHS
from locality.population.rules.measures import By, Measure
from locality.population.rules.telling import Figure, Figures


@dataclass(frozen=True, slots=True)
class Part:
    """One group as told: None throughout where it is kept back. `low` and `high` are of `value`."""

    group: str
    count: int | None
    of: int | None
    value: float | None
    low: float | None
    high: float | None
    # as if its ages were the standard population's, where that can be told
    standardised: float | None
    place: str


@dataclass(frozen=True, slots=True)
class Unequal:
    """Between fifths of deprivation: the slope and its limits, most over least deprived, the concentration index."""

    slope: float
    low: float | None
    high: float | None
    relative: float | None
    concentration: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measure of the picture. Why it is not worked out stands in `not_computed`, and then nothing else."""

    measure: str
    name: str
    says: str
    unit: str
    better: str
    not_computed: str = ""
    whole: Part | None = None
    neighbourhoods: tuple[Part, ...] = ()
    fifths: tuple[Part, ...] = ()
    unequal: Unequal | None = None

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def outcome(one: Measure, figures: Figures | None, *, why_not: str = "") -> Outcome:
    """A measure as told; `why_not` where it is not worked out."""
    bare = Outcome(one.id, one.name, one.says, one.unit, str(one.better), not_computed=why_not)
    if figures is None:
        return bare
    fifths = figures.by.get(By.DEPRIVATION) or ()
    return replace(
        bare,
        not_computed="",
        whole=_part(figures.whole),
        neighbourhoods=tuple(map(_part, figures.by.get(By.NEIGHBOURHOOD) or ())),
        fifths=tuple(map(_part, fifths)),
        unequal=_unequal(figures, fifths),
    )


def read_outcome(told: dict[str, Any]) -> Outcome:
    """What `written` wrote."""
    parts = {name: tuple(Part(**part) for part in told[name]) for name in ("neighbourhoods", "fifths")}
    whole = Part(**told["whole"]) if told["whole"] else None
    unequal = Unequal(**told["unequal"]) if told["unequal"] else None
    return Outcome(**{**told, **parts, "whole": whole, "unequal": unequal})


def _part(one: Figure) -> Part:
    standardised = one.standardised.value if one.standardised else None
    return Part(
        one.group, one.count, one.of, one.value, one.low, one.high, standardised, str(one.place) if one.place else ""
    )


def _unequal(figures: Figures, fifths: Sequence[Figure]) -> Unequal | None:
    slope = figures.slope
    if slope is None:
        return None
    held = {one.group: one for one in fifths}
    ordered = [Group(float(held[name].of or held[name].count or 0), held[name].value or 0.0) for name in FIFTHS]
    return Unequal(slope.index, slope.low, slope.high, slope.relative, concentration_index(ordered))
