"""A person as one source knows them: the truth, with that source's slips in it."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from locality.demo.borough import names
from locality.demo.borough.people import Address, Person
from locality.demo.borough.slips import Errors

KEYS = {
    "a": "s", "b": "v", "c": "x", "d": "s", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o", "j": "k", "k": "l",
    "l": "k", "m": "n", "n": "m", "o": "i", "p": "o", "q": "w", "r": "t", "s": "a", "t": "r", "u": "i", "v": "b",
    "w": "e", "x": "c", "y": "t", "z": "x",
}  # fmt: skip
HAS_A_LANDLINE = 40  # past this age (assumed)
CATEGORIES = "ABCDEFGHJKLMNPRS"


@dataclass(slots=True)
class Known:
    """One patient of one source."""

    person: Person
    source: str
    local_id: str
    given: tuple[str, ...]
    family: str
    prefix: str
    likes: str
    sex: str
    born: date
    nhs_number: str
    address: Address
    mobile: str
    landline: str
    category: str
    slips: list[str] = field(default_factory=list)


def _parents_telephone(person: Person) -> str:
    return person.close[0].phone if person.age < 16 and person.close else ""


def as_known(
    person: Person, *, source: str, local_id: str, errors: Errors, groups: frozenset[str], seen: int, rng: Random
) -> Known:
    """What a source holds of a person whom it last saw on a day."""
    household = person.household
    known = Known(
        person=person,
        source=source,
        local_id=local_id,
        given=person.given,
        family=person.family,
        prefix=person.prefix,
        likes=person.likes,
        sex=person.sex,
        born=person.born,
        nhs_number=person.nhs_number,
        address=household.address,
        mobile=person.mobile or _parents_telephone(person),
        landline=household.landline if person.age > HAS_A_LANDLINE else "",
        category=person.category,
    )
    if household.moved is not None and household.before is not None and seen < household.moved:
        known.address = household.before
    for kind, chance in errors.chances(source, groups).items():
        if rng.random() < chance and kind in SLIPS and SLIPS[kind](known, rng):
            known.slips.append(kind)
    return known


# ---- each slip says whether it changed anything


def _number_missing(known: Known, rng: Random) -> bool:
    known.nhs_number = ""
    return True


def _number_mistyped(known: Known, rng: Random) -> bool:
    if known.nhs_number:
        place = rng.randrange(3, 10)
        digit = str((int(known.nhs_number[place]) + rng.randrange(1, 10)) % 10)
        known.nhs_number = known.nhs_number[:place] + digit + known.nhs_number[place + 1 :]
    return bool(known.nhs_number)


def _number_of_another(known: Known, rng: Random) -> bool:
    others = [one for one in known.person.household.people if one is not known.person]
    if not others or not known.nhs_number or known.person.household.home:
        return False
    known.nhs_number = rng.choice(others).nhs_number
    return True


def _nickname(known: Known, rng: Random) -> bool:
    called = known.person.likes or names.nickname(known.given[0], rng)
    if not called:
        return False
    known.given, known.likes = (called,), ""
    return True


def _second_name_dropped(known: Known, rng: Random) -> bool:
    dropped = len(known.given) > 1
    known.given = known.given[:1]
    return dropped


def _names_swapped(known: Known, rng: Random) -> bool:
    known.given, known.family = (known.family,), known.given[0]
    return True


def _written_otherwise(known: Known, rng: Random) -> bool:
    family, given = names.written_otherwise(known.family, rng), names.written_otherwise(known.given[0], rng)
    changed = (family, given) != (known.family, known.given[0])
    known.family, known.given = family, (given, *known.given[1:])
    return changed


def _former_name(known: Known, rng: Random) -> bool:
    if not known.person.former_family:
        return False
    known.family = known.person.former_family
    return True


def mistyped(word: str, rng: Random) -> str:
    """A word with one slip of the keys: two letters swapped, one left out, doubled, or its neighbour."""
    if len(word) < 3:
        return word
    at = rng.randrange(1, len(word) - 1)
    slip = rng.randrange(4)
    if slip == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if slip == 1:
        return word[:at] + word[at + 1 :]
    if slip == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + KEYS.get(word[at], word[at]) + word[at + 1 :]


def _typed_family(known: Known, rng: Random) -> bool:
    before, known.family = known.family, mistyped(known.family, rng)
    return known.family != before


def _typed_given(known: Known, rng: Random) -> bool:
    before, known.given = known.given, (mistyped(known.given[0], rng), *known.given[1:])
    return known.given != before


def _born_mistyped(known: Known, rng: Random) -> bool:
    born = known.born
    if known.person.age < 1:
        return False  # it might then be a day to come
    if born.day <= 12 and born.day != born.month and rng.random() < 0.6:
        known.born = born.replace(day=born.month, month=born.day)
    else:
        known.born = born.replace(day=min(28, born.day), year=born.year - rng.choice((1, 10)))
    return True


def _born_first_of_january(known: Known, rng: Random) -> bool:
    known.born = known.born.replace(day=1, month=1)
    return known.born != known.person.born


def _sex_wrong(known: Known, rng: Random) -> bool:
    known.sex = "male" if known.sex == "female" else "female"
    return True


def _old_address(known: Known, rng: Random) -> bool:
    before = known.person.household.before
    if before is None or known.address is before:
        return False
    known.address = before
    return True


def _postcode_missing(known: Known, rng: Random) -> bool:
    known.address = Address(known.address.lines, known.address.town, "")
    return True


def _postcode_mistyped(known: Known, rng: Random) -> bool:
    postcode = known.address.postcode
    if not postcode:
        return False
    last = rng.choice("ABDEFGHJLNPQRSTUWXYZ")
    known.address = Address(known.address.lines, known.address.town, postcode[:-1] + last)
    return postcode[-1] != last


def _phone_missing(known: Known, rng: Random) -> bool:
    had = bool(known.mobile or known.landline)
    known.mobile = known.landline = ""
    return had


def _ethnicity_missing(known: Known, rng: Random) -> bool:
    known.category = ""
    return True


def _ethnicity_wrong(known: Known, rng: Random) -> bool:
    if not known.category:
        return False
    known.category = rng.choice(CATEGORIES.replace(known.category, "")) if rng.random() < 0.5 else "Z"
    return True


def _baby_name(known: Known, rng: Random) -> bool:
    known.given = ("Baby",)
    return True


SLIPS = {
    "number_missing": _number_missing,
    "number_mistyped": _number_mistyped,
    "number_of_another": _number_of_another,
    "nickname": _nickname,
    "second_name_dropped": _second_name_dropped,
    "names_swapped": _names_swapped,
    "written_otherwise": _written_otherwise,
    "former_name": _former_name,
    "typed_family": _typed_family,
    "typed_given": _typed_given,
    "born_mistyped": _born_mistyped,
    "born_first_of_january": _born_first_of_january,
    "sex_wrong": _sex_wrong,
    "old_address": _old_address,
    "postcode_missing": _postcode_missing,
    "postcode_mistyped": _postcode_mistyped,
    "phone_missing": _phone_missing,
    "ethnicity_missing": _ethnicity_missing,
    "ethnicity_wrong": _ethnicity_wrong,
    "baby_name": _baby_name,
}
