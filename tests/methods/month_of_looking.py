"""A month of looks in an invented place, drawn from how people work and live, with twenty who should not have looked.

It knows nothing of how looks are judged. Practitioners live in the place they work in: they have surnames, streets,
colleagues and appointments of their own; wards fill and empty; practices see anybody on their list; the emergency
department sees people before anybody has written down why; people finish their notes late, and after the relationship
has ended. The twenty are drawn into the same weeks: relatives, neighbours, people they once knew, colleagues, somebody
in the news, a whole street, the night, the dead.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log2
from random import Random

from locality.methods.unusual_looking import Looked, Why

FIRST = date(2026, 10, 5)
DAYS = 28
PRACTICES = 40
HOUSEHOLDS_A_STREET = 15


@dataclass(slots=True)
class Someone:
    surname: int
    household: int
    street: int
    practice: int
    watched: bool = False
    died: date | None = None


@dataclass(slots=True)
class Worker:
    number: int
    role: str
    kind: str  # ward, emergency, practice, team, duty
    organisation: str
    group: int
    rota: bool
    person: int | None  # who they are themselves, where they live in the place
    known: bool  # whether the place knows which person they are
    surname: int
    declared: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class View:
    worker: int
    person: int
    on: date
    hour: int
    why: Why


@dataclass(slots=True)
class Month:
    people: list[Someone]
    workers: list[Worker]
    views: list[View]
    snoops: dict[int, tuple[str, set[tuple[int, int, date]]]]  # by number: how, and which looks are theirs


def month(*, seed: int, workers: int = 2_500, views: int = 60_000) -> Month:
    """A month of about so many views; the same for the same seed."""
    draw = Random(seed)
    people = _people(draw, workers * 25)
    staff = _staff(draw, people, workers)
    made = Month(people, staff, [], {})
    _work(draw, made, views)
    _plant(draw, made)
    return made


# ---- where they live


def _people(draw: Random, many: int) -> list[Someone]:
    surnames = list(range(max(300, many // 25)))
    weights = [(rank + 3) ** -0.85 for rank in surnames]
    people: list[Someone] = []
    household = 0
    while len(people) < many:
        size = draw.choices([1, 2, 3, 4, 5], [32, 34, 15, 13, 6])[0]
        street = household // HOUSEHOLDS_A_STREET
        name = draw.choices(surnames, weights)[0]
        practice = draw.choices([street % PRACTICES, (street + 1) % PRACTICES], [4, 1])[0]
        for _ in range(size):
            other = draw.random() < 0.2
            surname = draw.choices(surnames, weights)[0] if other else name
            people.append(Someone(surname, household, street, practice))
        household += 1
    for one in draw.sample(people, 40):
        one.watched = True
    for one in draw.sample(people, many // 60):
        one.died = FIRST + timedelta(days=draw.randint(-700, 20))
    return people


KINDS = (
    ("ward", "clinician", 30),
    ("emergency", "clinician", 8),
    ("practice", "clinician", 14),
    ("practice", "care_coordinator", 12),
    ("team", "clinician", 18),
    ("team", "social_worker", 9),
    ("team", "link_worker", 4),
    ("duty", "clinician", 5),
)
GROUP = {"ward": 25, "emergency": 60, "practice": 16, "team": 20, "duty": 30}


def _staff(draw: Random, people: list[Someone], many: int) -> list[Worker]:
    alive = [number for number, one in enumerate(people) if one.died is None]
    homes = draw.sample(alive, many)
    staff, seats = [], defaultdict(int)
    for number in range(many):
        kind, role, _ = draw.choices(KINDS, [weight for *_, weight in KINDS])[0]
        group = seats[kind] // GROUP[kind]
        seats[kind] += 1
        local = draw.random() < 0.85
        # a practice's staff mostly live where its patients do
        home = homes[number]
        surname = people[home].surname if local else draw.choice(people).surname
        worker = Worker(
            number=number,
            role=role,
            kind=kind,
            organisation="hospital" if kind in ("ward", "emergency") else f"{kind} {group % PRACTICES}",
            group=group % PRACTICES if kind == "practice" else group,
            rota=kind in ("emergency", "duty") or (kind == "ward" and draw.random() < 0.5),
            person=home if local else None,
            known=local and draw.random() < 0.7,
            surname=surname,
        )
        if draw.random() < 0.3:
            worker.declared = set(draw.sample(alive, draw.randint(1, 3)))
        staff.append(worker)
    return staff


# ---- how they work


def _work(draw: Random, made: Month, views: int) -> None:
    lists = _lists(draw, made)
    busy = [draw.lognormvariate(0, 0.6) for _ in made.workers]
    workdays = [draw.sample(range(DAYS), draw.randint(8, 18)) for _ in made.workers]
    scale = views / sum(level for level in busy)
    for worker, level, days in zip(made.workers, busy, workdays, strict=True):
        for _ in range(max(1, round(level * scale * draw.uniform(0.9, 1.1)))):
            day = draw.choice(days)
            person, why = _somebody(draw, made, worker, day, lists)
            if _stays_away(draw, made, worker, person):
                continue
            view = View(worker.number, person, FIRST + timedelta(days=day), _hour(draw, worker, day), why)
            # a page is opened again while one works with somebody
            made.views += [view] * draw.choices([1, 2, 3], [85, 11, 4])[0]
    del made.views[views:]


Lists = dict[tuple[str, int, int], list[int]]


def _lists(draw: Random, made: Month) -> Lists:
    """Whom each ward, team and duty desk has to do with on each day, and whom each practice has on its list."""
    everybody = range(len(made.people))
    living = [number for number in everybody if made.people[number].died is None]
    lists: Lists = {}
    groups = {(worker.kind, worker.group) for worker in made.workers}
    for kind, group in sorted(groups):
        if kind == "practice":
            lists[kind, group, -1] = [number for number in everybody if made.people[number].practice == group]
        elif kind == "team":
            lists[kind, group, -1] = draw.sample(everybody, 130)
        else:
            lying = draw.sample(living, 28)
            for day in range(DAYS):
                lists[kind, group, day] = list(lying)
                fresh = 28 if kind != "ward" else 6
                lying = lying[fresh:] + draw.sample(living, fresh)
    return lists


def _somebody(draw: Random, made: Month, worker: Worker, day: int, lists: Lists) -> tuple[int, Why]:
    luck = draw.random()
    if luck < 0.006:
        # a telephone call, a corridor: nobody has written down why
        return draw.randrange(len(made.people)), Why.UNEXPLAINED
    if worker.kind == "practice":
        return draw.choice(lists["practice", worker.group, -1]), Why.BROAD
    if worker.kind == "team":
        return draw.choice(lists["team", worker.group, -1]), Why.ENDED if luck < 0.02 else Why.EXPLAINED
    if luck < 0.03 and day:
        # notes finished when they had gone
        return draw.choice(lists[worker.kind, worker.group, max(0, day - 6)]), Why.ENDED
    early = worker.kind != "ward" and luck < 0.06
    return draw.choice(lists[worker.kind, worker.group, day]), Why.UNEXPLAINED if early else Why.EXPLAINED


def _stays_away(draw: Random, made: Month, worker: Worker, person: int) -> bool:
    """Most leave their own people to somebody else; and few look at those who died long ago."""
    one = made.people[person]
    if one.died is not None and one.died < FIRST - timedelta(days=30):
        return draw.random() < 0.9
    near = worker.person is not None and one.household == made.people[worker.person].household
    return (near or person in worker.declared) and draw.random() < 0.85


def _hour(draw: Random, worker: Worker, day: int) -> int:
    if worker.rota and (day // 4 + worker.number) % 3 == 0:
        return draw.choice([20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7])
    return draw.choice([21, 22, 23]) if draw.random() < 0.008 else min(max(round(draw.gauss(13, 3)), 7), 20)


# ---- those who should not have looked

SNOOPS = (
    *(("a relative",) * 4),
    *(("a neighbour",) * 3),
    *(("somebody they once knew",) * 3),
    *(("a colleague",) * 3),
    *(("somebody in the news",) * 2),
    *(("one after another",) * 2),
    *(("at night",) * 1),
    *(("the dead",) * 1),
    *(("their own household",) * 1),
)


def _plant(draw: Random, made: Month) -> None:
    local = [worker for worker in made.workers if worker.person is not None]
    for number, (how, worker) in enumerate(zip(SNOOPS, draw.sample(local, len(SNOOPS)), strict=True)):
        looks = WAYS[how](draw, made, worker)
        made.views += looks
        made.snoops[number] = (how, {(one.worker, one.person, one.on) for one in looks})


def _look(draw: Random, made: Month, worker: Worker, person: int, *, night: bool = False, day: int = -1) -> View:
    # who is on their own practice's list opens without a question; otherwise they break the glass with some story
    theirs = worker.kind == "practice" and made.people[person].practice == worker.group
    hour = draw.choice([0, 1, 2, 3]) if night else min(max(round(draw.gauss(14, 3)), 7), 21)
    on = FIRST + timedelta(days=draw.randrange(DAYS) if day < 0 else day)
    return View(worker.number, person, on, hour, Why.BROAD if theirs else Why.UNEXPLAINED)


def _whoever(draw: Random, made: Month, so: Callable[[int, Someone], bool]) -> int:
    found = [number for number, one in enumerate(made.people) if so(number, one)]
    return draw.choice(found) if found else draw.randrange(len(made.people))


def _relative(draw: Random, made: Month, worker: Worker) -> list[View]:
    home = made.people[worker.person].household
    one = _whoever(draw, made, lambda _, other: other.surname == worker.surname and other.household != home)
    return [_look(draw, made, worker, one) for _ in range(draw.randint(1, 3))]


def _neighbour(draw: Random, made: Month, worker: Worker) -> list[View]:
    me = made.people[worker.person]
    one = _whoever(draw, made, lambda _, other: other.street == me.street and other.household != me.household)
    return [_look(draw, made, worker, one) for _ in range(draw.randint(1, 2))]


def _once_known(draw: Random, made: Month, worker: Worker) -> list[View]:
    one = draw.randrange(len(made.people))
    days = draw.sample(range(DAYS), draw.randint(3, 6))
    return [_look(draw, made, worker, one, day=day) for day in days]


def _colleague(draw: Random, made: Month, worker: Worker) -> list[View]:
    near = {
        other.person
        for other in made.workers
        if (other.kind, other.group) == (worker.kind, worker.group) and other.number != worker.number
    }
    one = _whoever(draw, made, lambda number, _: number in near)
    return [_look(draw, made, worker, one) for _ in range(draw.randint(1, 2))]


def _in_the_news(draw: Random, made: Month, worker: Worker) -> list[View]:
    return [_look(draw, made, worker, _whoever(draw, made, lambda _, one: one.watched))]


def _one_after_another(draw: Random, made: Month, worker: Worker) -> list[View]:
    day = draw.randrange(DAYS)
    street = draw.choice(made.people).street
    near = [number for number, one in enumerate(made.people) if abs(one.street - street) < 2]
    return [_look(draw, made, worker, one, day=day) for one in draw.sample(near, min(len(near), draw.randint(30, 60)))]


def _at_night(draw: Random, made: Month, worker: Worker) -> list[View]:
    # somebody who works by day
    worker = draw.choice([other for other in made.workers if not other.rota and other.person is not None])
    day = draw.randrange(DAYS)
    return [_look(draw, made, worker, draw.randrange(len(made.people)), night=True, day=day) for _ in range(3)]


def _the_dead(draw: Random, made: Month, worker: Worker) -> list[View]:
    long_ago = FIRST - timedelta(days=90)
    one = _whoever(draw, made, lambda _, other: other.died is not None and other.died < long_ago)
    return [_look(draw, made, worker, one) for _ in range(2)]


def _household(draw: Random, made: Month, worker: Worker) -> list[View]:
    home = made.people[worker.person].household
    one = _whoever(draw, made, lambda number, other: other.household == home and number != worker.person)
    return [_look(draw, made, worker, one) for _ in range(2)]


WAYS = {
    "a relative": _relative,
    "a neighbour": _neighbour,
    "somebody they once knew": _once_known,
    "a colleague": _colleague,
    "somebody in the news": _in_the_news,
    "one after another": _one_after_another,
    "at night": _at_night,
    "the dead": _the_dead,
    "their own household": _household,
}


# ---- what a place would know of each look


def looks_of(made: Month) -> list[Looked]:
    """One for each practitioner, person and day, as the place's own records would tell it."""
    grouped: dict[tuple[int, int, date], list[View]] = defaultdict(list)
    for view in made.views:
        grouped[view.worker, view.person, view.on].append(view)
    share = defaultdict(int)
    for one in made.people:
        share[one.surname] += 1
    who_works = defaultdict(set)
    for worker in made.workers:
        if worker.known:
            who_works[worker.person].add((worker.organisation, worker.kind, worker.group))
    return [_facts(made, views, share, who_works) for views in grouped.values()]


def _facts(made: Month, views: list[View], share: dict[int, int], who_works: dict[int, set]) -> Looked:
    view = views[0]
    worker, one = made.workers[view.worker], made.people[view.person]
    home = made.people[worker.person] if worker.known else None
    same = one.surname == worker.surname
    desks = {desk for desk in who_works[view.person] if desk == (worker.organisation, worker.kind, worker.group)}
    return Looked(
        by=worker.number,
        person=view.person,
        role=worker.role,
        organisation=worker.organisation,
        on=view.on,
        why=max(views, key=lambda each: list(Why).index(each.why)).why,
        hours=frozenset(each.hour for each in views),
        own_record=worker.known and worker.person == view.person,
        declared=view.person in worker.declared,
        household=home is not None and home.household == one.household,
        street=home is not None and home.street == one.street,
        surname_rarity=round(log2(len(made.people) / share[one.surname])) if same else None,
        colleague=bool(desks),
        watched=one.watched,
        dead_days=(view.on - one.died).days if one.died else None,
    )
