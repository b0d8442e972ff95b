"""Children: health visitors, vaccinations, weighing and measuring, readiness for school, and the council's care."""

from functools import cache
from random import Random

from locality.demo.borough.life import Life, Mark, working
from locality.demo.borough.people import Window
from locality.demo.borough.published import areas
from locality.demo.borough.rates import YEAR, figure

VISITS = (
    (12, "New birth visit"),
    (45, "Six to eight week review"),
    (330, "One-year review"),
    (850, "Two to two-and-a-half-year review (ASQ-3)"),
)
JABS = (
    (56, "6-in-1 vaccine, first dose"),
    (56, "Rotavirus vaccine, first dose"),
    (84, "6-in-1 vaccine, second dose"),
    (112, "6-in-1 vaccine, third dose"),
    (368, "Measles, mumps and rubella (MMR), first dose"),
    (370, "Hib and MenC vaccine"),
    (1225, "4-in-1 pre-school booster"),
    (1226, "Measles, mumps and rubella (MMR), second dose"),
)
STARTS_SCHOOL, MEASURED_AGAIN = 5, 11
GRADIENT_READY = 0.035  # a quintile, within age (assumed)
PLANS = ("Neglect", "Emotional harm", "Domestic abuse at home")


def live(life: Life, window: Window, rng: Random) -> None:
    """Only for those under eighteen."""
    person = life.person
    if person.age >= 18:
        return
    born = person.born.toordinal()
    if person.age < 6:
        if rng.random() < figure("seen_by_health_visitor") / 100:
            for days, words in VISITS:
                day = working(born + days + rng.randrange(0, 14))
                if life.start <= day < life.end:
                    life.childhood.append(Mark("visit", day, words))
        takes = rng.random() < figure("vaccinated_at_two") / 100
        for days, words in JABS:
            day = working(born + days + rng.randrange(0, 25))
            if day < life.end and (takes or rng.random() < 0.35):
                life.jabs.append((day, words))
    _measured(life, window, rng)
    _looked_after(life, rng)


def _measured(life: Life, window: Window, rng: Random) -> None:
    age = life.person.age
    if age == STARTS_SCHOOL:
        day = working(window.end - rng.randrange(60, 150))
        ready = figure("good_level_of_development") / 100 + GRADIENT_READY * (life.quintile - _mean_quintile())
        life.childhood.append(Mark("ready" if rng.random() < ready else "not-ready", day, ""))
    if age in (STARTS_SCHOOL, MEASURED_AGAIN):
        name = "obese_at_reception" if age == STARTS_SCHOOL else "obese_at_year_six"
        day = working(window.end - rng.randrange(30, 300))
        life.childhood.append(Mark("obese" if rng.random() < figure(name) / 100 else "measured", day, ""))


def _looked_after(life: Life, rng: Random) -> None:
    """Child protection plans and children in care, oftener where deprivation is (assumed)."""
    times = 1.5 - 0.2 * (life.quintile - 1) if life.quintile else 1.0
    times /= 1.5 - 0.2 * (_mean_quintile() - 1)
    began = max(life.start, life.end - rng.randrange(20, round(YEAR)))
    if rng.random() < figure("child_protection_plans") / 10_000 * times:
        life.childhood.append(Mark("protection", began, rng.choice(PLANS)))
    elif rng.random() < figure("children_in_care") / 10_000 * times:
        life.childhood.append(Mark("care", began, "In the council's care"))


@cache
def _mean_quintile() -> float:
    total = sum(one.registered for one in areas())
    return sum(one.quintile * one.registered for one in areas()) / total
