"""The people of one block: households settled in homes, named, related and numbered."""

from collections.abc import Iterator
from datetime import date
from random import Random

from locality.demo.borough import addresses, names, numbers
from locality.demo.borough.chance import Weighted, chance
from locality.demo.borough.closeness import relate
from locality.demo.borough.conditions import Drawing
from locality.demo.borough.households import Group, Member, households, tenure
from locality.demo.borough.people import Household, Person, Window
from locality.demo.borough.plan import Block
from locality.demo.borough.published import GROUPS, Area, areas, district

# the NHS's ethnic categories within each group of the census, as many as the district has of each
CATEGORIES = {
    "white": {"A": "White: English", "B": "White: Irish", "C": "White: Other"},
    "asian": {"H": ": Indian", "J": ": Pakistani", "K": ": Bangladeshi", "R": ": Chinese", "L": ": Other Asian"},
    "black": {"M": "African: Caribbean", "N": "African: African", "P": ": Other Black"},
    "mixed": {"D": "Black Caribbean", "E": "Black African", "F": "White and Asian", "G": "Other Mixed"},
    "other": {"S": "Other ethnic group"},
}
MOVED_A_YEAR = 0.08  # targets.toml: moves
FROM_OUTSIDE = 0.4  # of those who moved (assumed)
CHILDREN_MIXED = 2.0  # how much oftener the young are of a mixed group than the old (assumed)


def people_of(block: Block, *, seed: int, drawing: Drawing, window: Window) -> list[Household]:
    """Everybody of a block, in households; the same whoever asks."""
    rng = chance(seed, "block", block.number, block.people)
    merged = block.as_one()
    left = dict(block.areas)
    found: list[Household] = []
    key = block.first
    for group in _apart(households(merged, block.people, rng), rng):
        area = areas()[_place(left, group, rng)]
        household = _settle(group, area, number=len(found), window=window, rng=rng)
        for person in _members(group, household, area, first=key, window=window, rng=rng):
            person.nhs_number = numbers.nhs_number(person.key, seed=seed)
            drawing.draw(person, quintile=area.quintile, end=window.end, rng=rng)
            household.people.append(person)
        key += len(household.people)
        found.append(household)
    relate(found, rng)
    return found


def _apart(groups: Iterator[Group], rng: Random) -> Iterator[Group]:
    """Care homes of up to forty residents each."""
    for group in groups:
        if group.kind != "home":
            yield group
            continue
        residents = group.members
        rng.shuffle(residents)
        size = min(40, len(residents))
        for start in range(0, len(residents), size):
            yield Group("home", residents[start : start + size])


def _place(left: dict[int, int], group: Group, rng: Random) -> int:
    """One of the block's areas, each as likely as it has people to come; a care home only where there is one."""
    wanted = [one for one, many in left.items() if many > 0 and (group.kind != "home" or areas()[one].homes)]
    chosen = Weighted(wanted, [left[one] for one in wanted]).draw(rng) if wanted else next(iter(left))
    left[chosen] -= len(group.members)
    return chosen


def _settle(group: Group, area: Area, *, number: int, window: Window, rng: Random) -> Household:
    held = "home" if group.kind == "home" else tenure(area, group, rng)
    flat = held in ("social", "private") and rng.random() < 0.35
    address = (
        addresses.care_home(area, number=rng.randrange(max(1, int(area.homes))))
        if held == "home"
        else addresses.house(area, flat=flat, rng=rng)
    )
    household = Household(number, area.number, group.kind, held, address, numbers.landline(rng))
    years = (window.end - window.start) / 365.25
    if held != "home" and rng.random() < MOVED_A_YEAR * years:
        household.moved = rng.randrange(window.start, window.end - 7)
        household.new_here = rng.random() < FROM_OUTSIDE
        other = areas()[rng.randrange(len(areas()))]
        household.before = (
            addresses.elsewhere(rng) if household.new_here else addresses.house(other, flat=flat, rng=rng)
        )
    return household


# ---- who they are


def _members(
    group: Group, household: Household, area: Area, *, first: int, window: Window, rng: Random
) -> Iterator[Person]:
    shared = _heritage(area, rng)
    family = names.family(shared[2], rng)
    practice = Weighted(list(area.lists), list(area.lists.values())).draw(rng)
    married = rng.random() < 0.72
    oldest = max(one.age for one in group.members)
    for number, member in enumerate(group.members):
        own = group.kind in ("home", "other")
        group_name, category, heritage = _heritage(area, rng) if own else shared
        person = Person(first + number, member.sex, member.age, _born(member.age, window, rng), household, member.role)
        person.group, person.category, person.heritage = group_name, category, heritage
        if not own and rng.random() < _mixed(area, member.age):
            person.group, person.category = "mixed", _category("mixed", rng)
        person.practice = practice if not own else Weighted(list(area.lists), list(area.lists.values())).draw(rng)
        person.married = married and member.role in ("parent", "partner") and group.kind not in ("lone", "single")
        _call(person, names.family(heritage, rng) if own else family, member, rng)
        _speak(person, rng)
        person.mobile = numbers.mobile(rng) if member.age >= 12 and not (oldest > 84 and rng.random() < 0.5) else ""
        person.bmi = _bmi(member.age, rng)
        yield person


def _heritage(area: Area, rng: Random) -> tuple[str, str, str]:
    """Ethnic group, category and the heritage of names of a household; mixed groups come person by person."""
    groups = [one for one in GROUPS if one != "mixed"]
    group = Weighted(groups, [area.ethnic[one] for one in groups]).draw(rng)
    category = _category(group, rng)
    if category in ("A", "C") and rng.random() < area.jewish / max(area.ethnic["white"], 0.01):
        return group, category, "jewish"
    return group, category, names.heritages(category).draw(rng)


def _mixed(area: Area, age: int) -> float:
    return area.ethnic["mixed"] * (CHILDREN_MIXED if age < 25 else 0.57)


def _category(group: str, rng: Random) -> str:
    counts = district("population_ethnic_group")
    codes = CATEGORIES[group]
    return Weighted(
        list(codes), [sum(n for what, n in counts.items() if words in what) for words in codes.values()]
    ).draw(rng)


def _born(age: int, window: Window, rng: Random) -> date:
    """A birth date that makes them so old on the day up to which is told."""
    days = round(age * 365.25) + rng.randrange(2, 364)
    return date.fromordinal(window.end - days)


def _call(person: Person, family: str, member: Member, rng: Random) -> None:
    taken = {one.given[0] for one in person.household.people}
    for _ in range(8):
        person.given = names.given(person.heritage, person.sex, born=person.born.year, rng=rng)
        if person.given[0] not in taken:
            break
    person.family = names.of_sex(family, person.sex)
    own = names.womans_own(person.heritage, rng) if person.sex == "female" else ""
    if own:
        person.family = own
    elif person.sex == "female" and person.married and rng.random() < 0.85:
        person.former_family = names.of_sex(names.family(person.heritage, rng), "female")
    elif member.role == "partner" and not person.married:
        person.family = names.of_sex(names.family(person.heritage, rng), person.sex)
    person.prefix = _prefix(person, rng)
    person.likes = names.nickname(person.given[0], rng) if rng.random() < 0.25 else ""


def _prefix(person: Person, rng: Random) -> str:
    if person.age < 16:
        return "Miss" if person.sex == "female" else "Master"
    if rng.random() < 0.008:
        return "Dr"
    if person.sex == "male":
        return "Mr"
    if person.married or (person.age > 70 and rng.random() < 0.85):
        return "Mrs"
    return rng.choice(("Miss", "Ms", "Ms"))


def _speak(person: Person, rng: Random) -> None:
    person.language = names.language(person.heritage, rng)
    if person.language and person.age < 18 and rng.random() < 0.6:
        person.language = None
    if person.language and person.age >= 3:
        often = 0.1 if person.age < 18 else 0.17 if person.age < 45 else 0.43
        person.interpreter = rng.random() < often * (1.25 if person.sex == "female" else 0.85)


def _bmi(age: int, rng: Random) -> float:
    """Of adults two in three are overweight (targets.toml); children's weights are told by their own figures."""
    if age < 18:
        return round(rng.gauss(16.5 + age * 0.25, 2.2), 1)
    # a skewed curve: the median a little over 26
    return round(max(16.0, 15.5 + rng.lognormvariate(2.43, 0.4)), 1)
