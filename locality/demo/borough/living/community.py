"""Nurses, therapists and the mental health trust: episodes with one service, and their contacts."""

from random import Random

from locality.demo.borough.chance import Weighted, poisson
from locality.demo.borough.life import Episode, Life, Visit, working
from locality.demo.borough.people import Person, Window
from locality.demo.borough.rates import YEAR, days_of, often, rates

NURSING = ("Leg ulcer dressings", "Catheter care", "Insulin at home", "Wound after operation", "Pressure ulcer care")
THERAPIES = {
    "Community physiotherapy": ("Falls and balance", "After hip fracture", "Back pain", "Knee pain"),
    "Podiatry": ("Foot ulcer risk with diabetes", "Painful nails", "Foot protection"),
    "Occupational therapy": ("Bathing and stairs", "Equipment at home", "Kitchen safety"),
    "Speech and language therapy": ("Swallowing", "Speech after stroke"),
    "Nutrition and dietetics": ("Losing weight without meaning to", "Diabetes and diet"),
}
THERAPY_SHARES = (44, 24, 8, 8, 7)
CHILDRENS = {
    "Speech and language therapy": ("Words slow to come", "Hard to understand"),
    "Children's physiotherapy": ("Walking late",),
}
TOGETHER = {"district_nursing": 22, "community_therapy": 4, "intermediate_care": 12, "mental_health_spells": 14}
# those with a serious mental illness are seen far oftener, those with depression or anxiety more often; the rest are
# seen the less, so that the whole holds (assumed)
SEEN = {"psychosis": 12.0, "depression": 2.0, "anxiety": 2.0, "dementia": 2.0}
OTHERS_SEEN = 0.66
REASONS = {
    "Child and adolescent mental health": ("Low mood", "Anxious, missing school", "Eating"),
    "Community mental health team": ("Low mood", "Anxiety", "Hearing voices", "Relapse"),
    "Memory service": ("Memory getting worse", "Review after diagnosis"),
    "Older people's mental health": ("Low mood after bereavement", "Anxiety"),
}


def live(life: Life, window: Window, rng: Random) -> None:
    """The community trust's episodes, then the mental health trust's."""
    person = life.person
    for day in days_of("district_nursing", person, start=life.start, end=life.end, rng=rng):
        _add(life, "District nursing", rng.choice(NURSING), day, mean=22, gap=4, rng=rng)
    for day in days_of("community_therapy", person, start=life.start, end=life.end, rng=rng):
        services = CHILDRENS if person.age < 16 else THERAPIES
        service = Weighted(list(services), THERAPY_SHARES[: len(services)]).draw(rng)
        _add(life, service, rng.choice(services[service]), day, mean=4, gap=14, rng=rng)
    for day in days_of("intermediate_care", person, start=life.start, end=life.end, rng=rng):
        home = [stay.end_day for stay in life.stays if stay.emergency and not stay.open and not stay.died]
        after = rng.choice(home) if home and rng.random() < 0.8 else day
        reason = "Home from hospital: getting going again" if after in home else "Crisis at home, to avoid hospital"
        _add(life, "Intermediate care at home", reason, after, mean=12, gap=2, rng=rng)
    _minds(life, rng)
    life.community.sort(key=lambda one: one.start)


def _add(life: Life, service: str, reason: str, day: int, *, mean: int, gap: int, rng: Random) -> None:
    """An episode with about so many contacts, every so many days; one that runs past the last day is still open."""
    count = 1 + poisson(rng, rng.expovariate(1 / (mean - 1)))
    contacts, at = [], day
    for _ in range(count):
        if at >= life.end:
            break
        contacts.append(Visit(at if gap < 5 else working(at), 500 + 5 * rng.randrange(96)))
        at += max(1, round(rng.gauss(gap, gap / 3)))
    if contacts:
        ended = None if at >= life.end and life.person.died is None else contacts[-1].day
        into = life.mind if service in REASONS else life.community
        into.append(Episode(service, day, ended, reason, contacts))


def _minds(life: Life, rng: Random) -> None:
    person = life.person
    times = max((SEEN[code] for code in SEEN if code in person.conditions), default=OTHERS_SEEN)
    rate = rates("mental_health_spells")[person.sex][person.age] * times
    if times == OTHERS_SEEN:
        rate = often("mental_health_spells", person) * times
    years = (life.end - life.start) / YEAR
    for _ in range(poisson(rng, rate * years)):
        service = _service(person)
        _add(life, service, rng.choice(REASONS[service]), rng.randrange(life.start, life.end), mean=14, gap=12, rng=rng)
    life.mind.sort(key=lambda one: one.start)


def _service(person: Person) -> str:
    if person.age < 18:
        return "Child and adolescent mental health"
    if "dementia" in person.conditions:
        return "Memory service"
    return "Older people's mental health" if person.age > 69 else "Community mental health team"
