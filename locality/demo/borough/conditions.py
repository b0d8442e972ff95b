"""Who has which long-term condition: shaped by age, sex and ethnicity, raked to each practice's published totals.

There is no table of prevalence by age and deprivation: the gradient by deprivation within age, and how unevenly
illness falls on people of the same age, are assumed. Both are taken into account when raking, so totals are kept.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from locality.demo.borough.chance import Weighted
from locality.demo.borough.people import Held, Person
from locality.demo.borough.published import OLDEST, Area, areas, practices, prevalence, share_female, toml

# three kinds of people: half are less ill than their age tells, a fifth a good deal more (assumed)
BURDENS = (0.5, 0.3, 0.2)
UNEVEN = (0.7, 1.0, 1.75)
# by quintile of deprivation, the most deprived first (assumed)
GRADIENT = {1: 1.15, 2: 1.05, 3: 1.0, 4: 0.93, 5: 0.87}
MOST = 0.95
TURNS = 6
ETHNICITIES = {"white": "white", "asian": "asian", "black": "black"}  # of the published table; others: all together
WITHIN = {"lvsd": "hf", "diabetes-1": "diabetes"}
YEARS_A_CELL = 5

Factors = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Illness:
    """One condition as illness.toml tells it."""

    code: str
    words: str
    snomed: str
    icd10: str
    starts: tuple[int, int]
    register_from: int | None
    kinds: tuple[tuple, ...]
    recent: int
    watch: dict[str, float]
    review: str
    medicines: tuple[tuple, ...]
    observed: bool


@cache
def illnesses() -> dict[str, Illness]:
    """Every condition, in the order of the file."""
    return {
        code: Illness(
            code=code,
            words=one["words"],
            snomed=one.get("snomed", ""),
            icd10=one.get("icd10", ""),
            starts=tuple(one["starts"]),
            register_from=one.get("from"),
            kinds=tuple(map(tuple, one.get("kinds", ()))),
            recent=one.get("recent", 0),
            watch=one.get("watch", {}),
            review=one.get("review", ""),
            medicines=tuple(map(tuple, one.get("medicines", ()))),
            observed=one.get("observed", False),
        )
        for code, one in toml("illness.toml").items()
    }


@cache
def by_age(code: str, ethnicity: str, sex: str) -> tuple[float, ...]:
    """The share of people of each age who have it, before raking."""
    shape = toml("illness.toml")[code].get("shape")
    return steps(shape["ages"], shape[sex]) if shape else prevalence()[code, ethnicity, sex]


def steps(ages: list[int], values: list[float]) -> tuple[float, ...]:
    """A value for every age, from bands told by where they begin."""
    return tuple(
        next((value for start, value in reversed(list(zip(ages, values, strict=True))) if age >= start), 0.0)
        for age in range(OLDEST + 1)
    )


# ---- raking


@cache
def factors() -> Factors:
    """By what each practice's people differ from the shape, condition by condition; "" for practices elsewhere."""
    ours = {code: one for code, one in practices().items() if one.ours}
    cells = {code: list(_cells(code)) for code in ours}
    found: Factors = {code: {} for code in ours}
    for condition, illness in illnesses().items():
        for code, practice in ours.items():
            if condition in practice.registers and illness.register_from is not None:
                found[code][condition] = _raked(
                    condition, cells[code], share=practice.registers[condition], since=illness.register_from
                )
    middle = {
        condition: sum(one[condition] for one in found.values()) / len(found)
        for condition in next(iter(found.values()))
    }
    return {**found, "": middle}


Cell = tuple[int, str, str, float, float]  # age, sex, ethnicity, gradient, people


def _cells(practice: str) -> Iterator[Cell]:
    """The practice's people by five-year age, sex, ethnicity and deprivation, as its list by area tells."""
    counts: dict[tuple[int, str, str, float], float] = defaultdict(float)
    for area in areas():
        people = area.lists.get(practice, 0)
        if not people:
            continue
        groups = _ethnicities(area)
        for start in range(0, OLDEST + 1, YEARS_A_CELL):
            ages = range(start, min(start + YEARS_A_CELL, OLDEST + 1))
            women = sum(area.ages[age] * share_female()[age] for age in ages)
            both = sum(area.ages[age] for age in ages)
            for ethnicity, share in groups.items():
                key = (min(start + 2, OLDEST), ethnicity, GRADIENT[area.quintile])
                counts[key[0], "female", *key[1:]] += people * share * women
                counts[key[0], "male", *key[1:]] += people * share * (both - women)
    yield from ((*key, count) for key, count in counts.items())


def _ethnicities(area: Area) -> dict[str, float]:
    found = {name: area.ethnic[name] for name in ETHNICITIES}
    return {**found, "alleth": area.ethnic["mixed"] + area.ethnic["other"]}


def _raked(condition: str, cells: list[Cell], *, share: float, since: int) -> float:
    """The factor with which the practice's people come to its published share, chances cut off at the most."""
    bins: dict[int, float] = defaultdict(float)
    people = 0.0
    for age, sex, ethnicity, gradient, count in cells:
        if age + 2 < since:
            continue
        people += count
        one = by_age(condition, ethnicity, sex)[age] * gradient
        if one > 0:
            bins[round(math.log(one) * 25)] += count
    weights = [(math.exp(place / 25), count) for place, count in bins.items()]
    wanted, factor = share * people, 1.0
    for _ in range(TURNS):
        made = sum(
            count * burden * min(MOST, one * uneven * factor)
            for one, count in weights
            for burden, uneven in zip(BURDENS, UNEVEN, strict=True)
        )
        factor *= wanted / made
    return factor


# ---- drawing


class Drawing:
    """Draws conditions; the chances of people alike in practice, ethnicity, sex and age are worked out once."""

    def __init__(self, raked: Factors):
        self.raked = raked
        self.known: dict[tuple[str, str, str, int], list[tuple[Illness, float]]] = {}

    def draw(self, person: Person, *, quintile: int, end: int, rng: Random) -> None:
        """Give a person their conditions, each with the day on which it was first written down."""
        person.burden = 0 if (place := rng.random()) < BURDENS[0] else 1 if place < BURDENS[0] + BURDENS[1] else 2
        times = UNEVEN[person.burden] * GRADIENT[quintile]
        ethnicity = ETHNICITIES.get(person.group, "alleth")
        for illness, chance in self._chances(person.practice, ethnicity, person.sex, person.age):
            if rng.random() < min(MOST, chance * times):
                person.conditions[illness.code] = _held(illness, person, end=end, rng=rng)
        self._within(person, ethnicity, rng, end=end)

    def _chances(self, practice: str, ethnicity: str, sex: str, age: int) -> list[tuple[Illness, float]]:
        key = (practice if practice in self.raked else "", ethnicity, sex, age)
        if key not in self.known:
            self.known[key] = [
                (illness, self._chance(code, *key)) for code, illness in illnesses().items() if code not in WITHIN
            ]
        return self.known[key]

    def _chance(self, code: str, practice: str, ethnicity: str, sex: str, age: int) -> float:
        chance = by_age(code, ethnicity, sex)[age] * self.raked[practice].get(code, 1.0)
        if code == "prediabetes":
            # nobody has it beside diabetes: the others have it the more
            chance /= max(0.3, 1 - self._chance("diabetes", practice, ethnicity, sex, age))
        return chance

    def _within(self, person: Person, ethnicity: str, rng: Random, *, end: int) -> None:
        """What only those with another condition have, and what cannot stand beside another."""
        practice = person.practice if person.practice in self.raked else ""
        for code, outer in WITHIN.items():
            if outer not in person.conditions:
                continue
            chance = by_age(code, ethnicity, person.sex)[person.age] * self.raked[practice].get(code, 1.0)
            of = by_age(outer, ethnicity, person.sex)[person.age] * self.raked[practice].get(outer, 1.0)
            if rng.random() < chance / max(of, 1e-9):
                person.conditions[code] = _held(illnesses()[code], person, end=end, rng=rng)
        if "diabetes-1" in person.conditions:
            # told as the one kind it is, and counted on the one register of both
            person.conditions["diabetes"] = person.conditions.pop("diabetes-1")
        if "diabetes" in person.conditions:
            person.conditions.pop("prediabetes", None)


def _held(illness: Illness, person: Person, *, end: int, rng: Random) -> Held:
    words, snomed, icd10 = illness.words, illness.snomed, illness.icd10
    kinds = [one for one in illness.kinds if one[3] in ("", person.sex)]
    if kinds:
        words, snomed, icd10, *_ = Weighted(kinds, [one[4] for one in kinds]).draw(rng)
    return Held(illness.code, words, snomed, icd10, _since(illness, person, end=end, rng=rng))


def _since(illness: Illness, person: Person, *, end: int, rng: Random) -> int:
    """A day between the ages at which it begins, before the end of what is told."""
    lived = (end - person.born.toordinal()) / 365.25
    low, high = illness.starts
    age = rng.uniform(min(low, lived * 0.9), max(min(high, lived), min(low, lived * 0.9)))
    day = person.born.toordinal() + round(age * 365.25)
    if illness.recent:
        day = max(day, end - rng.randrange(30, illness.recent))
    return max(person.born.toordinal(), min(day, end - rng.randrange(5, 60)))
