"""The table of targets against what was made."""

import math
from collections import Counter
from dataclasses import dataclass

from locality.demo.borough.conditions import illnesses
from locality.demo.borough.published import practices, toml

WITHIN = 0.2
# so many standard errors a small borough's figure may lie off beyond that
ERRORS = 3.0
# below so many expected, one practice's register says little
FEWEST = 50
ORIGIN = "NHS Digital, Quality and Outcomes Framework 2021-22, as kept by NHSX (Open Government Licence)"


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure: what was published, what was made, and whether that is near enough."""

    name: str
    unit: str
    published: float
    made: float
    counted: float  # how many of these there are
    within: float  # how far off it may be, as a share: 0.2, and in a small borough what chance may do
    origin: str
    year: str
    assumed: bool

    @property
    def off(self) -> float:
        """How far off it is, as a share of what was published."""
        return self.made / self.published - 1 if self.published else 0.0

    @property
    def met(self) -> bool:
        return abs(self.off) <= self.within


def check_targets(counts: Counter[str], *, by_practice: bool = False) -> list[Checked]:
    """Every target against what `write_borough` counted; registers by practice too, if asked.

    A figure may lie 20% off, or as far as the chance of so few people makes likely (three standard errors), if that
    is more.
    """
    found = [_checked(one, counts) for one in toml("targets.toml")["target"]]
    for code in illnesses():
        found += _register(code, counts, by_practice=by_practice)
    return found


def _checked(one: dict, counts: Counter[str]) -> Checked:
    of, per = float(counts[one["of"]]), float(counts[one["per"]])
    expected = one["value"] * per / one["times"]
    # a share of so many varies less, the nearer it is to all of them
    rest = max(0.02, 1 - one["value"] / 100) if one["unit"].startswith("%") else 1.0
    return Checked(
        name=one["name"],
        unit=one["unit"],
        published=one["value"],
        made=of / per * one["times"] if per else 0.0,
        counted=of,
        within=_within(expected, rest=rest, cluster=one.get("cluster", 1.0), least=one.get("within", WITHIN)),
        origin=one["origin"],
        year=one["year"],
        assumed=one.get("assumed", False),
    )


def _within(expected: float, *, rest: float, cluster: float, least: float = WITHIN) -> float:
    if expected <= 0:
        return math.inf
    return max(least, ERRORS * math.sqrt(rest * cluster / expected))


def _register(code: str, counts: Counter[str], *, by_practice: bool) -> list[Checked]:
    ours = {key: one for key, one in practices().items() if one.ours and code in one.registers}
    if illnesses()[code].register_from is None or not ours:
        return []
    people = {key: float(counts[f"list.{key}.{code}"]) for key in ours}
    made = {key: float(counts[f"register.{key}.{code}"]) for key in ours}
    wanted = {key: people[key] * one.registers[code] for key, one in ours.items()}
    whole = sum(people.values())
    found = [_share(code, wanted=sum(wanted.values()), made=sum(made.values()), people=whole)]
    if by_practice:
        found += [
            _share(f"{code} at {key}", wanted=wanted[key], made=made[key], people=people[key])
            for key in ours
            if wanted[key] >= FEWEST
        ]
    return found


def _share(name: str, *, wanted: float, made: float, people: float) -> Checked:
    return Checked(
        name=f"register: {name}",
        unit="% of those of its ages on the practices' lists",
        published=100 * wanted / people if people else 0.0,
        made=100 * made / people if people else 0.0,
        counted=made,
        within=_within(wanted, rest=1.0, cluster=1.0),
        origin=ORIGIN,
        year="2021-22",
        assumed=False,
    )
