"""Who is close to whom: partners, parents, children, carers, and whom to ring."""

from random import Random

from locality.demo.borough import names, numbers
from locality.demo.borough.people import Close, Household, Person

# the share who care for somebody unpaid, by age: shaped so that the census's total is met (targets.toml: unpaid_carers)
CARING = ((85, 0.06), (75, 0.09), (65, 0.12), (50, 0.165), (35, 0.1), (18, 0.05), (5, 0.011), (0, 0.0))
NEEDING_CARE = ("dementia", "palliative", "parkinsons", "stroke", "learning-disability", "ms", "hf")
FRIENDS = ("Friend", "Neighbour", "Niece", "Nephew", "Brother", "Sister")
PARENTS = {"female": "Mother", "male": "Father"}
CHILDREN = {"female": "Daughter", "male": "Son"}
OF_ONE_SEX = {"Daughter": "female", "Niece": "female", "Sister": "female"} | dict.fromkeys(
    ("Son", "Nephew", "Brother"), "male"
)
SIBLINGS = {"female": "Sister", "male": "Brother"}


def relate(households: list[Household], rng: Random) -> None:
    """Say of everybody who is close to them; one of those is their next of kin."""
    daughters = [
        person
        for household in households
        for person in household.people
        if person.sex == "female" and 28 <= person.age <= 66 and person.role in ("parent", "partner")
    ]
    for household in households:
        for person in household.people:
            person.close = _at_home(person, household, rng)
            if not person.close or (person.age > 74 and rng.random() < 0.4):
                person.close.append(_elsewhere(person, daughters, rng))
            person.close[0].next_of_kin = True
    for household in households:
        for person in household.people:
            _care(person, rng)


def _at_home(person: Person, household: Household, rng: Random) -> list[Close]:
    if household.home:
        return []
    others = [one for one in household.people if one is not person]
    found = []
    for one in others:
        kind = _kind(person, one)
        if kind:
            found.append(Close(kind, one.name, one.mobile or household.landline, one))
    # a child's mother before the father, an adult's partner before their children
    found.sort(key=lambda close: (close.kind not in ("Wife", "Husband", "Partner", "Mother"), close.kind == "Brother"))
    return found[:3]


def _kind(person: Person, other: Person) -> str:
    """What the other is to this person."""
    grown = ("parent", "partner")
    if person.role in grown and other.role in grown:
        return ("Wife" if other.sex == "female" else "Husband") if person.married else "Partner"
    if person.role in ("child", "grown") and other.role in grown:
        return PARENTS[other.sex]
    if person.role in grown and other.role in ("child", "grown"):
        return CHILDREN[other.sex] if other.age >= 18 else ""
    if person.role in ("child", "grown") and other.role in ("child", "grown"):
        return SIBLINGS[other.sex] if other.age >= 18 else ""
    if "elder" in (person.role, other.role):
        return "Grandmother" if other.role == "elder" and person.role == "child" else "Relative"
    return "Friend"


def _elsewhere(person: Person, daughters: list[Person], rng: Random) -> Close:
    """A daughter in another household near by, or somebody who is not of the borough."""
    if person.age > 60 and rng.random() < 0.55:
        for _ in range(6):
            one = rng.choice(daughters) if daughters else None
            if one and one.heritage == person.heritage and 20 <= person.age - one.age <= 42 and not one.former_family:
                one.former_family = person.family if one.married else ""
                return Close("Daughter", one.name, one.mobile or one.household.landline, one)
    kind = rng.choice(("Daughter", "Son", "Daughter", *FRIENDS) if person.age > 60 else FRIENDS)
    sex = OF_ONE_SEX.get(kind)
    chosen = sex or rng.choice(("female", "male"))
    born = person.born.year + (28 if kind in ("Daughter", "Son", "Niece", "Nephew") else 0)
    given = names.given(person.heritage, chosen, born=born, rng=rng)[0]
    family = person.family if kind in ("Son", "Brother") else names.of_sex(names.family(person.heritage, rng), chosen)
    return Close(kind, f"{given} {family}", numbers.mobile(rng))


def _care(person: Person, rng: Random) -> None:
    """Whether they look after somebody without pay: oftener where somebody close is ill."""
    needing = [close for close in person.close if close.person is not None and _needs_care(close.person)]
    often = next(share for start, share in CARING if person.age >= start)
    if rng.random() >= often * (3.0 if needing else 0.92):
        return
    person.carer = True
    for close in needing:
        other = close.person
        if other is None:
            continue
        person.cares_for = other
        for one in other.close:
            one.carer = one.carer or one.person is person
        return


def _needs_care(person: Person) -> bool:
    return person.age > 84 or any(code in person.conditions for code in NEEDING_CARE)
