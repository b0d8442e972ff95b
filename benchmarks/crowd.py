"""So many invented people in a table, and some of them told of again as another clerk would."""

import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from locality.demo.borough import names
from locality.demo.borough.chance import chance

HERITAGES = ("british", "british", "british", "british", "british", "irish", "pakistani", "indian", "polish", "african")
FIRST, LAST = date(1925, 1, 1), date(2026, 1, 1)
A_POSTCODE, A_HOUSEHOLD = 40, 2.4
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True, slots=True)
class Row:
    """One invented person, as one source holds them."""

    number: int
    given: str
    family: str
    born: date
    sex: str
    line: str
    postcode: str
    phone: str
    nhs: str


def people(count: int) -> Iterator[Row]:
    """So many people in households, in postcodes; the same every time."""
    number = 0
    for household in range(count):
        rng = chance("crowd", household)
        heritage = rng.choice(HERITAGES)
        whose, size = names.family(heritage, rng), 1 + min(6, int(rng.expovariate(1 / (A_HOUSEHOLD - 1))))
        line, postcode = f"{rng.randint(1, 180)} {rng.choice(STREETS)} {rng.choice(KINDS)}", _postcode(rng, count)
        phone = f"0161{rng.randint(10**6, 10**7 - 1)}"
        for _ in range(size):
            if number == count:
                return
            born = FIRST + timedelta(days=int((LAST - FIRST).days * rng.betavariate(1.6, 1.1)))
            sex = rng.choice(("female", "male"))
            given = " ".join(names.given(heritage, sex, born=born.year, rng=rng))
            family = names.of_sex(whose, sex)
            told = phone if rng.random() < 0.4 else f"07{rng.randint(10**8, 10**9 - 1)}" if rng.random() < 0.7 else ""
            nhs = _number(rng) if rng.random() < 0.97 else ""
            yield Row(number, given, family, born, sex, line, postcode, told, nhs)
            number += 1


PARTS = ("Ash", "Brook", "Church", "Mill", "Park")
STREETS = [f"{one}{two}" for one in PARTS for two in ("field", "ton", "wood", "gate")]
KINDS = ("Street", "Road", "Avenue", "Close")


def _postcode(rng: Random, count: int) -> str:
    at = rng.randrange(max(1, count // A_POSTCODE))
    at, second = divmod(at, len(LETTERS))
    at, first = divmod(at, len(LETTERS))
    district, sector = divmod(at, 10)
    return f"BL{district} {sector}{LETTERS[first]}{LETTERS[second]}"


def _number(rng: Random) -> str:
    """A number with the check digit that modulus 11 asks for."""
    while True:
        first = f"4{rng.randrange(10**8):08}"
        check = -sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{first}{check}"


def told_again(row: Row) -> Row:
    """The same person as another clerk tells of them: a slip here and there, a number missing, somebody moved."""
    rng = chance("again", row.number)
    if rng.random() < 0.15:
        row = replace(row, nhs="")
    if rng.random() < 0.15:
        row = replace(row, given=row.given.split(" ")[0])
    if rng.random() < 0.08:
        row = replace(row, family=_slip(row.family, rng))
    if rng.random() < 0.05:
        row = replace(row, given=names.written_otherwise(row.given, rng))
    if rng.random() < 0.12:
        row = replace(row, line=f"{rng.randint(1, 180)} Elsewhere Road", postcode=_postcode(rng, 40_000))
    return replace(row, phone="") if rng.random() < 0.3 else row


def _slip(word: str, rng: Random) -> str:
    at = rng.randrange(len(word))
    return word[:at] + rng.choice(string.ascii_lowercase) + word[at + 1 :]
