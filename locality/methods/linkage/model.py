"""A trained model: what each level weighs, how rare each name is, and from how many rows it learned."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from locality.base import Refused
from locality.methods.linkage.kinds import Read, read
from locality.methods.linkage.settings import NOTHING, Settings, settings
from locality.methods.linkage.standard import Standard

# of a value, and of names that sound alike
RARITY = {
    False: ("and it is rarer than most", "and it is more common than most"),
    True: (
        "and such names are rarer than most, or oftener spelt in two ways",
        "and such names are more common than most",
    ),
}
DEFAULT = Path(__file__).parent / "default_model.json"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the evidence: in bits, each of which doubles the odds or, below nought, halves them."""

    comparison: str
    words: str
    bits: float


@dataclass(frozen=True, slots=True)
class Weight:
    """What one level adds: `bits`, and for a value whose rarity counts `log2 u - log2 frequency` on top."""

    bits: float
    column: str = ""
    log2_u: float = 0.0


@dataclass(eq=False)
class Model:
    """`m` and `u` by comparison and level value; `terms` by column: the frequency of each value that is not rare."""

    settings: Settings
    m: dict[str, dict[int, float]]
    u: dict[str, dict[int, float]]
    terms: dict[str, dict[str, float]] = field(default_factory=dict)
    prior: float = 0.0
    trained_on: int = 0
    trained_at: str = ""  # a day, as the trainer said it
    source: str = ""  # what it learned from, in words

    def __post_init__(self) -> None:
        self.prior = self.prior or self.settings.prior
        self.prior_bits = math.log2(self.prior / (1 - self.prior))
        self._weights = [self._weights_of(place) for place in range(len(self.settings.comparisons))]
        self._sounds = {sound for sound, _ in self.settings.varying}
        self._reads: dict[str, Read] = {column: read(column) for column in self.settings.terms}

    def _weights_of(self, place: int) -> dict[int, Weight]:
        one = self.settings.comparisons[place]
        found = {NOTHING: Weight(0.0)}
        for level in one.levels:
            if level.value != NOTHING:
                m, u = self.m[one.name][level.value], self.u[one.name][level.value]
                found[level.value] = Weight(math.log2(m / u), level.terms, math.log2(u))
        return found

    @classmethod
    def untrained(cls, by: Settings | None = None) -> "Model":
        """The model that training starts from: m and u as the settings say them, every value as rare as any."""
        by = by or settings()
        seen = {one.name: [level for level in one.levels if level.value != NOTHING] for one in by.comparisons}
        return cls(
            by,
            m={name: {level.value: level.m for level in found} for name, found in seen.items()},
            u={name: {level.value: level.u for level in found} for name, found in seen.items()},
        )

    @classmethod
    def read(cls, said: Mapping[str, Any], *, by: Settings | None = None) -> "Model":
        """A model as `written` wrote it; raise Refused when it was trained for other settings than these."""
        by = by or settings(tuple(said["fields"]), of=said["of"])
        if said["settings_version"] != by.version:
            raise Refused(
                f"This model was trained for the linkage settings of {said['settings_version']}, and those in use are"
                f" of {by.version}: train a new one with `locality link --train`."
            )
        values = {one.name: {level.name: level.value for level in one.levels} for one in by.comparisons}
        learned = {kind: {} for kind in ("m", "u")}  # type: dict[str, dict[str, dict[int, float]]]
        for name, found in said["comparisons"].items():
            for kind in ("m", "u"):
                learned[kind][name] = {values[name][level]: one[kind] for level, one in found.items()}
        return cls(
            by,
            learned["m"],
            learned["u"],
            terms=said["terms"],
            prior=said["prior"],
            trained_on=said["trained_on"],
            trained_at=said["trained_at"],
            source=said["source"],
        )

    def written(self) -> dict[str, Any]:
        """The model as JSON can hold it, for people to read too."""
        return {
            "settings_version": self.settings.version,
            "fields": list(self.settings.fields),
            "of": self.settings.of,
            "trained_at": self.trained_at,
            "trained_on": self.trained_on,
            "source": self.source,
            "prior": self.prior,
            "comparisons": {one.name: self._levels_written(one.name) for one in self.settings.comparisons},
            "terms": self.terms,
        }

    def _levels_written(self, name: str) -> dict[str, dict[str, float]]:
        one = next(one for one in self.settings.comparisons if one.name == name)
        found = [level for level in one.levels if level.value != NOTHING]
        return {
            level.name: {
                "m": self.m[name][level.value],
                "u": self.u[name][level.value],
                "bits": round(math.log2(self.m[name][level.value] / self.u[name][level.value]), 2),
            }
            for level in found
        }

    def weight(self, levels: Sequence[int], a: Standard, b: Standard) -> float:
        """The evidence in bits (log2 of the odds), with what was known beforehand and how rare the values are."""
        total = self.prior_bits
        for weights, level in zip(self._weights, levels, strict=True):
            found = weights[level]
            total += found.bits
            if found.column:
                total += self._rarity(found, a, b)
        return total

    def _rarity(self, found: Weight, a: Standard, b: Standard) -> float:
        return found.log2_u - math.log2(max(self.frequency(found.column, a), self.frequency(found.column, b)))

    def frequency(self, column: str, one: Standard) -> float:
        """How frequent a row's value is; a value never seen, or hardly ever, counts as rare and no rarer."""
        value = self._reads[column](one)
        return max(self.terms.get(column, {}).get(value, 0.0), self.settings.rare)

    @staticmethod
    def probability(weight: float) -> float:
        """The probability of one person, between 0 and 1, of a weight in bits."""
        return 1 / (1 + 2**-weight) if weight >= 0 else 2**weight / (1 + 2**weight)

    def steps(self, levels: Sequence[int], a: Standard, b: Standard) -> list[Step]:
        """The evidence as steps in words: what was known beforehand, then every comparison that says something."""
        found = [Step("beforehand", "before anything is compared", self.prior_bits)]
        for one, weights, level in zip(self.settings.comparisons, self._weights, levels, strict=True):
            if level == NOTHING:
                continue
            weight = weights[level]
            found.append(Step(one.words, one.level(level).words, weight.bits))
            if weight.column:
                bits = self._rarity(weight, a, b)
                rare, common = RARITY[weight.column in self._sounds]
                found.append(Step(one.words, rare if bits > 0 else common, bits))
        return found


@cache
def default_model() -> Model:
    """The model that is shipped: a new place links from its first day, and trains its own when it will."""
    return Model.read(json.loads(DEFAULT.read_text(encoding="utf-8")))
