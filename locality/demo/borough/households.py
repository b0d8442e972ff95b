"""Who lives with whom: an area's people put together into households.

The census counts household composition for the whole district only. It is spread over areas by the ages, tenures and
crowding of each: children's households follow the children there, old couples and old people alone follow the old,
lone parents lean towards rented homes and large families towards crowded ones (how strongly is assumed).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from locality.demo.borough.chance import Weighted
from locality.demo.borough.published import OLDEST, TENURES, Area, areas, share_female

OLD = 66
SEXES = ("female", "male")
OTHER = {"female": "male", "male": "female"}
TWINS = 0.015
SOCIAL, CROWDED = 0.149, 0.038  # the district's shares of homes (census 2021)

# Of old people not in care homes and of other adults without children: households of each kind, census 2021. Couples
# of whom one is not yet old, and old parents with grown children, are counted there among the others: assumed here.
OLD_KINDS = {"single": 10646, "couple": 7288, "mixed": 3300, "lone-grown": 1300, "couple-grown": 900, "other": 500}
ADULT_KINDS = {"single": 14234, "couple": 9400, "couple-grown": 4500, "lone-grown": 2300, "other": 1700}
# people in care homes, of all of that age (census 2021: communal establishments by age and sex)
IN_HOMES = {65: 0.0102, 75: 0.0293, 85: 0.136}
# which tenure each kind of household leans to, beyond its area's: assumed
LEANS = {
    "single": (0.9, 0.7, 1.5, 1.3),
    "couple": (1.0, 1.3, 0.5, 1.0),
    "old": (2.2, 0.15, 1.0, 0.4),
    "family": (0.45, 1.8, 0.7, 1.0),
    "lone": (0.25, 0.6, 2.1, 1.9),
    "couple-grown": (1.4, 1.1, 0.6, 0.4),
    "lone-grown": (1.1, 0.7, 1.4, 0.6),
    "other": (0.7, 0.9, 0.9, 1.6),
}


@dataclass(frozen=True, slots=True)
class Member:
    sex: str
    age: int
    role: str  # parent, partner, child, grown, single, sharer, elder, resident


@dataclass(slots=True)
class Group:
    kind: str
    members: list[Member]


class Pool:
    """People by sex and age who are not yet in a household."""

    def __init__(self, area: Area, people: int, rng: Random):
        self.left = {sex: [0] * (OLDEST + 1) for sex in SEXES}
        cells = [(sex, age) for age in range(OLDEST + 1) for sex in SEXES]
        female = share_female()
        shares = [area.ages[age] * (female[age] if sex == "female" else 1 - female[age]) for sex, age in cells]
        for sex, age in Weighted(cells, shares).spread(rng, people):
            self.left[sex][age] += 1

    def count(self, low: int, high: int = OLDEST) -> int:
        """How many are left of these ages."""
        return sum(sum(ages[low : high + 1]) for ages in self.left.values())

    def take(self, sex: str, low: int, high: int, near: int) -> int | None:
        """The age of somebody of this sex within these ages, nearest to one; None when there is nobody."""
        ages, low, high = self.left[sex], max(low, 0), min(high, OLDEST)
        for far in range(max(near - low, high - near, 0) + 1):
            for age in (near - far, near + far):
                if low <= age <= high and ages[age]:
                    ages[age] -= 1
                    return age
        return None

    def any(self, low: int, high: int, rng: Random) -> tuple[str, int] | None:
        """Somebody of these ages, each as likely as any other."""
        left = self.count(low, high)
        if not left:
            return None
        place = rng.randrange(left)
        for sex in SEXES:
            for age in range(low, high + 1):
                place -= self.left[sex][age]
                if place < 0:
                    self.left[sex][age] -= 1
                    return sex, age
        raise AssertionError("unreachable")


def households(area: Area, people: int, rng: Random) -> Iterator[Group]:
    """The area's people, every one in a household or a care home."""
    pool = Pool(area, people, rng)
    yield from _in_homes(pool, area, rng)
    while pool.count(0, 17):
        yield _with_children(pool, area, rng)
    rented = 0.5 + 0.5 * (area.tenures["social"] + area.tenures["private"]) / 0.33
    old = _Kinds(OLD_KINDS, rng)
    while pool.count(OLD):
        yield _of_the_old(pool, old, rng)
    others = _Kinds({**ADULT_KINDS, "single": ADULT_KINDS["single"] * rented}, rng)
    while pool.count(18):
        yield _of_adults(pool, others, rng)


def _in_homes(pool: Pool, area: Area, rng: Random) -> Iterator[Group]:
    """Only areas with care homes have residents of them, so there they are more than one in so many."""
    if not area.homes:
        return
    often = _homes_scale()
    residents = []
    for low, high in ((65, 74), (75, 84), (85, OLDEST)):
        for sex in SEXES:
            for age in range(low, high + 1):
                for _ in range(pool.left[sex][age]):
                    if rng.random() < min(0.9, IN_HOMES[low] * often * area.homes):
                        pool.left[sex][age] -= 1
                        residents.append(Member(sex, age, "resident"))
    if residents:
        yield Group("home", residents)


@cache
def _homes_scale() -> float:
    old = [(one.registered * sum(one.ages[75:]), one.homes) for one in areas()]
    return sum(people for people, _ in old) / sum(people * homes for people, homes in old)


def _with_children(pool: Pool, area: Area, rng: Random) -> Group:
    youngest = pool.any(0, 17, rng)
    if youngest is None:
        raise AssertionError("unreachable")
    large = min(2.5, max(0.5, area.crowded / CROWDED))
    wanted = Weighted((1, 2, 3, 4, 5), (0.45, 0.38, 0.12 * large, 0.04 * large, 0.01 * large)).draw(rng)
    children = [Member(*youngest, "child")]
    for _ in range(wanted - 1):
        near = children[-1].age + rng.randrange(1, 5)
        sex = rng.choice(SEXES)
        age = pool.take(sex, children[-1].age + (rng.random() > TWINS), 17, near)
        if age is not None:
            children.append(Member(sex, age, "child"))
    oldest = children[-1].age
    lone = min(0.5, max(0.08, 0.25 * (0.5 + 0.5 * area.tenures["social"] / SOCIAL)))
    return _around(pool, children, oldest, lone=rng.random() < lone, rng=rng)


def _around(pool: Pool, children: list[Member], oldest: int, *, lone: bool, rng: Random) -> Group:
    """The parents of these children, and now and then a grown brother or a grandmother."""
    first = _parent(pool, oldest, father=lone and rng.random() < 0.1, rng=rng)
    if first is None:
        anyone = pool.any(18, OLDEST, rng)
        # nobody grown is left in a very small area: the eldest is taken to be of age
        adult = Member(*anyone, "parent") if anyone else Member(children[-1].sex, 18, "parent")
        return Group("lone", [adult, *(children if anyone else children[:-1])])
    members = [first]
    if not lone:
        members += _partner(pool, first, low=18, rng=rng)
    kind = "family" if len(members) == 2 else "lone"
    if rng.random() < 0.12 and first.age >= 36:
        members += _grown(pool, first.age, 1, rng)
    if rng.random() < 0.06:
        elder = pool.take("female", first.age + 18, first.age + 42, first.age + 27)
        members += [Member("female", elder, "elder")] if elder is not None else []
    return Group(kind, members + children)


def _parent(pool: Pool, oldest: int, *, father: bool, rng: Random) -> Member | None:
    near = oldest + round(rng.gauss(29.5, 5.0))
    for sex in ("male", "female") if father else ("female", "male"):
        age = pool.take(sex, max(18, oldest + 16), oldest + (45 if sex == "female" else 55), near)
        if age is not None:
            return Member(sex, age, "parent")
    return None


def _partner(pool: Pool, one: Member, *, low: int, rng: Random, high: int = OLDEST) -> list[Member]:
    """Somebody of about the same age; where few are left, of any age that will do."""
    near = one.age + round(rng.gauss(2 if one.sex == "female" else -2, 3))
    for far in (12, 24):
        age = pool.take(OTHER[one.sex], max(low, one.age - far), min(high, one.age + far), near)
        if age is not None:
            return [Member(OTHER[one.sex], age, "partner")]
    return []


def _grown(pool: Pool, parent: int, many: int, rng: Random) -> list[Member]:
    found = []
    for _ in range(many):
        sex = rng.choice(SEXES)
        age = pool.take(sex, 18, parent - 18, min(parent - 27, 19 + round(rng.expovariate(0.2))))
        if age is not None:
            found.append(Member(sex, age, "grown"))
    return found


class _Kinds:
    """Draws the kinds of household; a couple that could not be made is made up for by a later one."""

    def __init__(self, kinds: Mapping[str, float], rng: Random):
        self.kinds, self.rng, self.owed = Weighted(list(kinds), list(kinds.values())), rng, 0

    def draw(self) -> str:
        """The kind to try next."""
        kind = self.kinds.draw(self.rng)
        if kind == "single" and self.owed:
            self.owed -= 1
            return "couple"
        return kind

    def made(self, group: Group) -> Group:
        """Note a household of two or more that came out as one person."""
        self.owed += len(group.members) == 1
        return group


def _of_the_old(pool: Pool, kinds: _Kinds, rng: Random) -> Group:
    kind = kinds.draw()
    one = Member(*(pool.any(OLD, OLDEST, rng) or ("female", OLD)), "parent")
    if kind == "single":
        return Group("single", [one])
    if kind == "mixed":
        return kinds.made(_paired(one, _partner(pool, one, low=50, high=OLD - 1, rng=rng), []))
    if kind in ("couple", "couple-grown"):
        grown = _grown(pool, one.age, 1, rng) if kind == "couple-grown" else []
        return kinds.made(_paired(one, _partner(pool, one, low=45, rng=rng), grown))
    if kind == "lone-grown":
        return kinds.made(_paired(one, [], _grown(pool, one.age, 1, rng)))
    second = pool.take("female", OLD, OLDEST, one.age)
    sharers = [Member("female", second, "sharer")] if second is not None else []
    return kinds.made(Group("other" if sharers else "single", [one, *sharers]))


def _of_adults(pool: Pool, kinds: _Kinds, rng: Random) -> Group:
    kind = kinds.draw()
    grown_up = kind in ("couple-grown", "lone-grown")
    found = (pool.any(44, OLD - 1, rng) if grown_up else None) or pool.any(18, OLD - 1, rng) or ("male", 40)
    one = Member(*found, "parent")
    if kind == "single":
        return Group("single", [one])
    if kind == "other":
        sharers = [Member(sex, age, "sharer") for sex, age in _sharers(pool, one.age, rng)]
        return kinds.made(Group("other" if sharers else "single", [one, *sharers]))
    partner = _partner(pool, one, low=18, rng=rng) if kind != "lone-grown" else []
    grown = _grown(pool, one.age, rng.choice((1, 1, 2)), rng) if grown_up else []
    return kinds.made(_paired(one, partner, grown))


def _sharers(pool: Pool, near: int, rng: Random) -> Iterator[tuple[str, int]]:
    for _ in range(rng.choice((1, 2, 2))):
        sex = rng.choice(SEXES)
        age = pool.take(sex, 18, OLD - 1, near + rng.randrange(-6, 7))
        if age is not None:
            yield sex, age


def _paired(one: Member, partner: list[Member], grown: list[Member]) -> Group:
    kind = {
        (False, False): "single",
        (True, False): "couple",
        (False, True): "lone-grown",
        (True, True): "couple-grown",
    }
    return Group(kind[bool(partner), bool(grown)], [one, *partner, *grown])


def tenure(area: Area, group: Group, rng: Random) -> str:
    """How this household holds its home: its area's shares, leaning as its kind does."""
    old = group.kind in ("single", "couple") and group.members[0].age >= OLD
    leans = LEANS["old" if old else group.kind]
    weights = [area.tenures[one] * lean for one, lean in zip(TENURES, leans, strict=True)]
    return Weighted(TENURES, weights).draw(rng)
