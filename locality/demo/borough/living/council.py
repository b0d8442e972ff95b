"""Adult social care, and what two voluntary organisations give."""

from random import Random

from locality.demo.borough.life import Episode, Life, Mark, Package, Visit, working
from locality.demo.borough.people import Window
from locality.demo.borough.rates import days_of, figure, often

# shares of those whom the council supports (assumed), and what is left for the others so that the whole holds
PAID_IN_A_HOME, LEARNING_DISABILITY, OTHERS = 0.55, 0.55, 0.85
HOME_CARE = (
    "Two visits a day at home",
    "One visit a day at home",
    "Four visits a day at home, two carers",
    "Three visits a day at home",
)
OUTCOMES = (
    ("Information and advice given", 38),
    ("Equipment or a small adaptation", 20),
    ("Assessed: support at home", 14),
    ("Short-term help to get going again", 12),
    ("No further action", 16),
)
ADMITTED, LATE = 0.45, 0.045  # residents who came within the years told; of the dead of 65 and over, who came late


def live(life: Life, window: Window, rng: Random) -> None:
    """Packages, requests, reablement, care homes; then befriending and day care."""
    person = life.person
    if person.age >= 18:
        _support(life, window, rng)
        for day in days_of("social_care_requests", person, start=life.start, end=life.end, rng=rng):
            words = rng.choices([one[0] for one in OUTCOMES], [one[1] for one in OUTCOMES])[0]
            life.council.append(Mark("request", working(day), words))
    if person.age >= 65:
        _reable(life, rng)
        _into_a_home(life, window, rng)
    _company(life, window, rng)


def _support(life: Life, window: Window, rng: Random) -> None:
    person = life.person
    if person.household.home:
        if rng.random() < PAID_IN_A_HOME:
            words = "Residential care, funded by the council"
            life.packages.append(Package("residential", words, _began(life, rng), _ended(life, window)))
        return
    learning = "learning-disability" in person.conditions
    chance = LEARNING_DISABILITY if learning else min(0.8, OTHERS * often("long_term_social_care", person))
    if rng.random() >= chance:
        return
    kind, words = "home", rng.choice(HOME_CARE)
    if learning:
        kind, words = "supported", "Supported living: help through the day"
    elif rng.random() < 0.2:
        kind, words = "direct-payment", "Direct payment for a personal assistant"
    life.packages.append(Package(kind, words, _began(life, rng), _ended(life, window)))


def _began(life: Life, rng: Random) -> int:
    return life.end - 10 - rng.randrange(1400) if life.person.age >= 18 else life.start


def _ended(life: Life, window: Window) -> int | None:
    return life.end if life.end < window.end else None


def _reable(life: Life, rng: Random) -> None:
    for day in days_of("reablement", life.person, start=life.start, end=life.end, rng=rng):
        home = [stay.end_day for stay in life.stays if stay.emergency and not stay.open and not stay.died]
        start = rng.choice(home) if home and rng.random() < 0.7 else day
        still = rng.random() < figure("home_after_reablement") / 100
        end = min(start + 42, life.end)
        outcome = "Still at home 91 days later" if still else "Not at home 91 days later"
        words = "Reablement at home, up to six weeks"
        life.packages.append(Package("reablement", words, start, end, outcome))


def _into_a_home(life: Life, window: Window, rng: Random) -> None:
    if life.person.household.home:
        came = rng.random() < ADMITTED
    else:
        came = life.person.died is not None and rng.random() < LATE
    if came:
        life.council.append(Mark("care-home", rng.randrange(life.start, life.end), "Moved into a care home for good"))


def _company(life: Life, window: Window, rng: Random) -> None:
    person = life.person
    if person.died is not None or person.household.home:
        return
    if person.age >= 60 and rng.random() < often("befriending", person):
        start = window.end - 30 - rng.randrange(500)
        life.befriended = Episode("Befriending", start, None, "", _weekly(start, window, rng))
    if person.age >= 18 and rng.random() < often("day_care", person):
        start = window.end - 30 - rng.randrange(700)
        service = "Day care" if person.age >= 65 else "Day opportunities"
        life.day_care = Episode(service, start, None, "", _weekly(start, window, rng))


def _weekly(start: int, window: Window, rng: Random) -> list[Visit]:
    """Every week on one day: the last six, and one to come."""
    first = window.end + rng.randrange(1, 8)
    days = [first - 7 * back for back in range(6, -1, -1)]
    return [Visit(day, 600 + 30 * rng.randrange(8)) for day in days if day >= start]
