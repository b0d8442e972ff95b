"""How often things happen to people, by age and sex: shapes from rates.toml, scaled to the figures of targets.toml."""

from collections.abc import Callable
from functools import cache
from random import Random

from locality.demo.borough.chance import poisson
from locality.demo.borough.conditions import steps
from locality.demo.borough.people import Person, Window
from locality.demo.borough.published import OLDEST, areas, dying, share_female, toml

YEAR = 365.25
# of the old, those who would use most die soonest, and then use no more
OLD_MISSED = 1.1
# how unevenly death falls on people of one age and sex (assumed; see conditions.BURDENS)
DEATH_UNEVEN = (0.35, 0.8, 2.925)
IN_A_HOME, NOT_IN_A_HOME = 2.6, 0.94  # of those of 65 and over (assumed)

# the figure of targets.toml that each shape is scaled to, what it is a share of, and how many come together: fewer
# than an episode's usual contacts, since some run past the last day, and those who use most die soonest
SCALED_TO: dict[str, tuple[str, float, float]] = {
    "gp_consultations": ("gp_consultations", 1, 1),
    "ae_attendances": ("ae_attendances", 1000, 1),
    "fall_admissions": ("fall_admissions", 100_000, 1),
    "self_harm_admissions": ("self_harm_admissions", 100_000, 1),
    "alcohol_admissions": ("alcohol_admissions", 100_000, 1),
    "planned_admissions": ("planned_admissions", 1000, 1),
    "outpatient_attendances": ("outpatient_attendances", 1, 1),
    "out_of_hours_contacts": ("out_of_hours_contacts", 1000, 1),
    "district_nursing": ("district_nursing_contacts", 1000, 18.5),
    "community_therapy": ("community_therapy_contacts", 1000, 3.7),
    "intermediate_care": ("intermediate_care_contacts", 1000, 10),
    "mental_health_spells": ("mental_health_contacts", 1000, 12.8),
    "long_term_social_care": ("long_term_social_care", 1000, 1),
    "social_care_requests": ("social_care_requests", 1000, 1),
    "reablement": ("reablement", 1000, 1),
    "care_home_admissions": ("care_home_admissions", 100_000, 1),
    "befriending": ("befriended", 1000, 1),
    "day_care": ("day_care", 1000, 0.78),
}
# figures a head of the old, of adults, of those of sixty and over; the others are a head of everybody
OF_AGES = {
    "fall_admissions": 65,
    "reablement": 65,
    "care_home_admissions": 65,
    "long_term_social_care": 18,
    "social_care_requests": 18,
    "day_care": 18,
    "befriended": 60,
}


@cache
def figure(name: str) -> float:
    """One of the figures of targets.toml."""
    return next(one["value"] for one in toml("targets.toml")["target"] if one["name"] == name)


@cache
def register() -> dict[str, tuple[float, ...]]:
    """The share of the whole register that is of each sex and age."""
    total = sum(one.registered for one in areas())
    ages = [sum(one.ages[age] * one.registered for one in areas()) / total for age in range(OLDEST + 1)]
    female = share_female()
    return {
        "female": tuple(share * female[age] for age, share in enumerate(ages)),
        "male": tuple(share * (1 - female[age]) for age, share in enumerate(ages)),
    }


def _exposure(age: int) -> float:
    return min(3.0, age + 0.5)


def _mean(of: Callable[[str, int], float], *, since: int) -> float:
    """The mean over the register's years lived from an age on."""
    cells = [
        (register()[sex][age] * _exposure(age), sex, age)
        for sex in ("female", "male")
        for age in range(since, OLDEST + 1)
    ]
    return sum(weight * of(sex, age) for weight, sex, age in cells) / sum(weight for weight, _, _ in cells)


@cache
def rates(name: str) -> dict[str, tuple[float, ...]]:
    """How often a year, by sex and single year of age."""
    if name == "emergency_admissions":
        return _other_emergencies()
    target, times, together = SCALED_TO[name]
    since = OF_AGES.get(target, 0)
    return _scaled(name, figure(target) / times / together, since=since)


def _scaled(name: str, wanted: float, *, since: int) -> dict[str, tuple[float, ...]]:
    shape = toml("rates.toml")[name]
    by_age = {sex: steps(shape["ages"], shape[sex]) for sex in ("female", "male")}
    factor = wanted / _mean(lambda sex, age: by_age[sex][age], since=since)
    factor *= OLD_MISSED if since >= 60 else 1.0
    return {sex: tuple(value * factor for value in values) for sex, values in by_age.items()}


def _other_emergencies() -> dict[str, tuple[float, ...]]:
    """Emergency admissions less those with a figure of their own."""
    own = [rates(name) for name in ("fall_admissions", "self_harm_admissions", "alcohol_admissions")]
    of_own = _mean(lambda sex, age: sum(one[sex][age] for one in own), since=0)
    return _scaled("emergency_admissions", figure("emergency_admissions") / 1000 - of_own, since=0)


@cache
def uneven(name: str) -> tuple[float, ...]:
    """By how ill they are: what multiplies the rate."""
    return tuple(toml("rates.toml")[name]["uneven"])


def often(name: str, person: Person) -> float:
    """How often a year this happens to this person."""
    return rates(name)[person.sex][person.age] * uneven(name)[person.burden]


def days_of(name: str, person: Person, *, start: int, end: int, rng: Random) -> list[int]:
    """The days between two on which it happens."""
    if end <= start:
        return []
    count = poisson(rng, often(name, person) * (end - start) / YEAR)
    return sorted(rng.randrange(start, end) for _ in range(count))


def dies_on(person: Person, window: Window, rng: Random) -> int | None:
    """The day within the window on which a person dies, as life tables have it; mostly there is none."""
    chance = dying()[person.sex][person.age] * DEATH_UNEVEN[person.burden] * _exposure(person.age)
    if person.age >= 65:
        chance *= IN_A_HOME if person.household.home else NOT_IN_A_HOME
    if "palliative" in person.conditions:
        chance *= 4
    if rng.random() >= chance:
        return None
    return rng.randrange(max(window.start, person.born.toordinal()), window.end)
