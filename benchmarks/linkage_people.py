"""A million people as health and care hold them, for timing: households, common and rare names, and rows with slips.

Of a hundred people 72 stand in one row, the others in two to four, each further row with the slips below. Names follow
a long tail: some hundred common ones, and tens of thousands that few bear.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.linkage_made import words
from benchmarks.linkage_slips import date_mistaken, mistaken
from locality.demo.borough import names
from locality.demo.borough.chance import Weighted, chance, falling

COLUMNS = ("id", "given", "family", "born", "sex", "postcode", "address", "phone", "email", "person")
FIELDS = {
    "given_name": "given", "family_name": "family", "birth_date": "born", "sex": "sex", "postcode": "postcode",
    "address_line": "address", "phone": "phone", "email": "email",
}  # fmt: skip
ONSETS = words("""
b c d f g h j k l m n p r s t w br cl dr gr sh st th tr wh ch
""")
VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "oo", "ou"]
CODAS = words("""
n r l s t m d ck ll nd rd ng st x ve
""")
ENDS = ["ton", "ley", "ham", "son", "well", "by", "ford", "man", "er", "s", "wood", "field", "sky", "ova", "ez", "ini"]
STREETS = words("""
Street Road Lane Avenue Close Drive Grove Way Court Terrace Crescent Gardens Place Walk
""")
MAILS = ["mail.example", "post.example", "home.example", "work.example", "letters.example", "inbox.example"]
PRIME = 1_000_003  # so that ids tell nothing of the order
SLIPS = {
    "given": 0.05, "nickname": 0.05, "family": 0.05, "former": 0.02, "born": 0.03, "sex": 0.01, "postcode": 0.03,
    "moved": 0.12, "address": 0.06, "phone": 0.05, "swapped": 0.01,
}  # fmt: skip
MISSING = {"given": 0.002, "born": 0.01, "sex": 0.02, "postcode": 0.03, "address": 0.04, "phone": 0.25, "email": 0.5}


def _syllables(rng: Random, many: int, ends: list[str]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < many:
        made = "".join(rng.choice(part) for part in (ONSETS, VOWELS, CODAS)[: rng.choice((2, 3))])
        found[(made + rng.choice(ends)).capitalize()] = None
    return list(found)


class Place:
    """What names and streets there are."""

    def __init__(self, rng: Random, people: int):
        common = [*dict.fromkeys(names.family("british", rng).split("+")[0] for _ in range(6000))]
        self.family = falling([*common, *_syllables(rng, 40_000, ENDS)], steepness=0.95, shift=8)
        self.given = {sex: self._given(rng, sex) for sex in ("female", "male")}
        codes = max(200, people // 40)
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        areas = [
            f"{area}{number}" for area in ("BL", "M", "OL", "SK", "WN", "BB", "PR", "WA") for number in range(1, 31)
        ]
        self.codes = [
            f"{rng.choice(areas)} {rng.randrange(1, 10)}{rng.choice(letters)}{rng.choice(letters)}"
            for _ in range(codes)
        ]
        roads = _syllables(rng, max(50, codes // 6), ["", "ton", "field", "moor", "wood", "hurst"])
        self.roads = [f"{rng.choice(roads)} {rng.choice(STREETS)}" for _ in range(codes)]

    def _given(self, rng: Random, sex: str) -> Weighted:
        years = [year for year in range(1920, 2015) for _ in range(60)]
        common = dict.fromkeys(names.given("british", sex, born=year, rng=rng)[0] for year in years)
        rare = _syllables(rng, 3000, ["a", "ie", "en", "an", "o", "y"])
        return falling([*common, *rare], steepness=1.05, shift=4)

    def home(self, rng: Random) -> tuple[str, str]:
        at = rng.randrange(len(self.codes))
        return self.codes[at], f"{rng.randrange(1, 60)} {self.roads[at]}"


def rows(many: int, *, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """So many rows of COLUMNS, in no order that tells anything; the same seed gives the same."""
    rng = chance("people", seed)
    place = Place(rng, int(many / 1.4))
    made, person = 0, 0
    while made < many:
        for one in _household(place, rng):
            person += 1
            for copy in range(rng.choices((1, 2, 3, 4), (72, 19, 6, 3))[0]):
                if made < many:
                    mixed = (made * 7_368_787 + 11) % PRIME + made // PRIME * PRIME
                    yield str(mixed), *_row(one, copy, place, rng), str(person)
                    made += 1


def _household(place: Place, rng: Random) -> Iterator[tuple[str, ...]]:
    family, (code, address) = place.family.draw(rng), place.home(rng)
    line = f"0{rng.randrange(1_000_000_000, 1_999_999_999)}"
    eldest = rng.randrange(1930, 2000)
    for at in range(rng.choices((1, 2, 3, 4, 5), (32, 33, 15, 13, 7))[0]):
        sex = rng.choice(("female", "male"))
        given = place.given[sex].draw(rng)
        year = eldest + (rng.randrange(-4, 5) if at < 2 else rng.randrange(20, 40))
        born = f"{min(year, 2024)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        own = place.family.draw(rng) if at == 1 and rng.random() < 0.2 else family
        phone = line if rng.random() < 0.3 else f"07{rng.randrange(100_000_000, 999_999_999)}"
        email = f"{given}.{own}{rng.randrange(1000)}@{rng.choice(MAILS)}".lower()
        yield given, own, born, sex, code, address, phone, email


def _row(one: tuple[str, ...], copy: int, place: Place, rng: Random) -> tuple[str, ...]:
    given, family, born, sex, code, address, phone, email = one
    if copy:
        given, family = _named(given, family, place, rng)
        born = date_mistaken(born, rng) if _so(rng, "born") else born
        sex = {"female": "male", "male": "female"}[sex] if _so(rng, "sex") else sex
        if _so(rng, "moved"):
            code, address = place.home(rng)
        code = mistaken(code, rng) if _so(rng, "postcode") else code
        address = mistaken(address, rng) if _so(rng, "address") else address
        phone = f"07{rng.randrange(100_000_000, 999_999_999)}" if _so(rng, "phone") else phone
    values = {
        "given": given, "family": family, "born": born, "sex": sex, "postcode": code, "address": address,
        "phone": phone, "email": email,
    }  # fmt: skip
    return tuple("" if rng.random() < MISSING.get(name, 0) else value for name, value in values.items())


def _so(rng: Random, slip: str) -> bool:
    return rng.random() < SLIPS[slip]


def _named(given: str, family: str, place: Place, rng: Random) -> tuple[str, str]:
    if _so(rng, "nickname"):
        given = names.nickname(given, rng) or given
    if _so(rng, "given"):
        given = mistaken(given, rng)
    if _so(rng, "former"):
        family = place.family.draw(rng)
    if _so(rng, "family"):
        family = mistaken(family, rng)
    return (family, given) if _so(rng, "swapped") else (given, family)


def write(path: Path, many: int, *, seed: int = 1) -> None:
    """The rows as a CSV file with a header."""
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(many, seed=seed))
