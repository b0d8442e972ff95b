"""An additive model: a chance as a sum of steps, one sum a feature, which a person can add up by hand.

The log-odds are `base` (those of the average person it was trained on) and, for each feature, the points of the step
that the value lies in. Hastie T, Tibshirani R, Generalized Additive Models, 1990; as points on steps, Ustun B, Rudin C,
Mach Learn 2016; 102: 349-391. Kept as JSON and applied with no more than NumPy: whatever library learned it may go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from locality.base import Refused

FORMAT = 1
Numbers = NDArray[np.float64]
Columns = Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class Asked:
    """A feature: its words, where its steps begin, and whether a later step may only say more."""

    name: str
    words: str
    cuts: tuple[float, ...]
    rises: bool = True
    yes_or_no: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A feature with its points: `points[0]` below the first cut, then one a cut; `unsaid` where there is no value."""

    asked: Asked
    points: tuple[float, ...]
    unsaid: float = 0.0

    def step(self, values: Numbers) -> NDArray[np.intp]:
        """Which step each value lies in; the one after the last where there is none."""
        found = np.searchsorted(np.asarray(self.asked.cuts), values, side="right")
        return np.where(np.isnan(values), len(self.points), found)

    def adds(self, values: Numbers) -> Numbers:
        """What each value adds to the log-odds."""
        return np.asarray([*self.points, self.unsaid])[self.step(values)]


@dataclass(frozen=True, slots=True)
class Reason:
    """What one feature adds for one person: log-odds against the average person, and the same in words."""

    name: str
    words: str
    value: float | None
    adds: float

    @property
    def times(self) -> float:
        """By what the odds are multiplied."""
        return exp(self.adds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Additive:
    """A model to apply: `said` is whatever else must be kept beside it (days, counts, how it was judged)."""

    outcome: str
    base: float
    parts: tuple[Part, ...]
    said: Mapping[str, Any] = field(default_factory=dict)

    def log_odds(self, columns: Columns) -> Numbers:
        """The log-odds of each row; `columns` holds one array a feature, NaN where there is no value."""
        missing = [one.asked.name for one in self.parts if one.asked.name not in columns]
        if missing:
            raise Refused(f"The model looks at {', '.join(missing)}, which is not there.")
        total = np.full(len(next(iter(columns.values()))), self.base)
        for one in self.parts:
            total += one.adds(columns[one.asked.name])
        return total

    def chances(self, columns: Columns) -> Numbers:
        """The probability of each row."""
        return 1 / (1 + np.exp(-self.log_odds(columns)))

    def reasons(self, values: Mapping[str, float | None]) -> list[Reason]:
        """What each feature adds for one person, largest first; with `base` they sum to the log-odds exactly."""
        found = [_reason(one, values.get(one.asked.name)) for one in self.parts]
        return sorted(found, key=lambda one: (-abs(one.adds), one.name))

    def moved(self, *, intercept: float, slope: float) -> "Additive":
        """The model whose log-odds are intercept + slope x these: still a sum of steps, in the same order of people."""
        parts = tuple(
            replace(one, points=tuple(slope * point for point in one.points), unsaid=slope * one.unsaid)
            for one in self.parts
        )
        return replace(self, base=intercept + slope * self.base, parts=parts)

    def written(self) -> dict[str, Any]:
        """The model as JSON; `read` makes the same of it."""
        parts = [
            {
                "name": one.asked.name,
                "words": one.asked.words,
                "rises": one.asked.rises,
                "yes_or_no": one.asked.yes_or_no,
                "steps": step_words(one.asked),
                "cuts": list(one.asked.cuts),
                "points": list(one.points),
                "unsaid": one.unsaid,
            }
            for one in self.parts
        ]
        return {"format": FORMAT, "outcome": self.outcome, "base": self.base, "parts": parts, **self.said}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Additive":
        """The model that `written` wrote; Refused for what is none, or of another form."""
        if told.get("format") != FORMAT:
            raise Refused(f"This is no model of form {FORMAT}: train it anew.")
        try:
            parts = tuple(_part(one) for one in told["parts"])
            said = {name: value for name, value in told.items() if name not in ("format", "outcome", "base", "parts")}
            return cls(outcome=told["outcome"], base=float(told["base"]), parts=parts, said=said)
        except (KeyError, TypeError, ValueError) as fault:
            raise Refused(f"The model is damaged ({fault}): train it anew.") from fault


def _part(told: Mapping[str, Any]) -> Part:
    cuts, points = tuple(map(float, told["cuts"])), tuple(map(float, told["points"]))
    if len(points) != len(cuts) + 1 or list(cuts) != sorted(cuts):
        raise ValueError(f"steps of {told['name']}")
    asked = Asked(told["name"], told["words"], cuts, bool(told["rises"]), bool(told["yes_or_no"]))
    return Part(asked, points, float(told["unsaid"]))


def _reason(part: Part, value: float | None) -> Reason:
    held = float("nan") if value is None else float(value)
    return Reason(part.asked.name, value_words(part.asked, held), value, float(part.adds(np.asarray([held]))[0]))


def value_words(asked: Asked, value: float) -> str:
    """A value with its feature's words: "2 falls in the last year", "dementia: yes"."""
    if isnan(value):
        return f"{asked.words}: not known"
    if asked.yes_or_no or len(asked.cuts) == 1 and not asked.rises:
        return f"{asked.words}: {'yes' if value >= asked.cuts[0] else 'no'}"
    return f"{value:g} {asked.words}"


def step_words(asked: Asked) -> list[str]:
    """The steps of a feature of whole numbers in words: "0", "1 to 2", "3 or more"; of yes or no: "no", "yes"."""
    if asked.yes_or_no or len(asked.cuts) == 1 and not asked.rises:
        return ["no", "yes"]
    ends: Sequence[float] = asked.cuts
    words = [_between(0, ends[0])]
    words += [_between(low, high) for low, high in zip(ends, ends[1:], strict=False)]
    return [*words, f"{ends[-1]:g} or more"]


def _between(low: float, high: float) -> str:
    return f"{low:g}" if high - low <= 1 else f"{low:g} to {high - 1:g}"


def foremost(model: Additive, columns: Columns, *, many: int) -> NDArray[Any]:
    """The words of the steps that raise each person's chance most, largest first: people x `many`, "" for none."""
    adds = np.column_stack([one.adds(columns[one.asked.name]) for one in model.parts])
    order = np.argsort(-adds, axis=1, kind="stable")[:, :many]
    words = np.full(order.shape, "", dtype=object)
    for at, one in enumerate(model.parts):
        said = np.asarray([*(_said(one.asked, step) for step in step_words(one.asked)), ""], dtype=object)
        here = said[one.step(columns[one.asked.name])]
        rows, places = np.nonzero((order == at) & (adds[:, [at]] > 0))
        words[rows, places] = here[rows]
    return words


def _said(asked: Asked, step: str) -> str:
    return f"{asked.words}: {step}" if step in ("no", "yes") else f"{step} {asked.words}"
