"""Builds `built.csv`: the same traps for names of twelve origins, so that no group is tried less than another.

Everybody here is invented; NHS numbers are of the range kept for tests (999), telephones are kept for drama.
Write it anew with `python -m tests.methods.linkage.traps.build`.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

BUILT = Path(__file__).with_name("built.csv")
SEED = 20261122
FIELDS = ("given", "family", "born", "sex", "number", "postcode", "address", "phone")
HEAD = ["kind", "truth", "allowed", *(f"{name}_{side}" for name in FIELDS for side in "ab"), "words"]
MATCH, FOUND, NEVER_JOINED, NEVER_ASKED = "match", "match possible", "possible low none", "low none"
STREETS = ("Fulling", "Carding", "Weft", "Bobbin", "Spindle", "Dyehouse", "Heddle", "Treadle", "Ratch", "Twill")
ENDS = ("Street", "Road", "Row", "Close", "Brow", "Fold", "Lane", "Court")


@dataclass(frozen=True, slots=True)
class Names:
    """What people of one origin are called; `written` is the first girl's name and the family name otherwise."""

    girls: tuple[str, ...]
    boys: tuple[str, ...]
    family: str
    written: tuple[str, str]
    married: str


def _names(girls: str, boys: str, family: str, written: str, married: str) -> Names:
    return Names(tuple(girls.split()), tuple(boys.split()), family, tuple(written.split("/", 1)), married)  # type: ignore[arg-type]


ORIGINS = {
    "English": _names("Catherine Hannah Megan", "Andrew Philip Lewis", "Thwaiteley", "Katharine/Thwaitley", "Oldroyds"),
    "Irish": _names("Róisín Ciara Bridget", "Declan Fintan Rory", "O'Tierneigh", "Rosheen/OTierney", "Killorann"),
    "Welsh": _names("Ffion Bethan Carys", "Gethin Owain Rhodri", "Prydderch-Elis", "Fionn/Prydderch Elis", "Gwynfryn"),
    "Polish": _names("Łucja Żaneta Kinga", "Bartosz Wojciech Igor", "Sosnowiec", "Lucja/Sosnoviec", "Brzozak"),
    "Romanian": _names("Mirela Ioana Anca", "Bogdan Răzvan Vlad", "Ionașcu", "Mirella/Ionascu", "Munteanel"),
    "Pakistani": _names("Shazia Rubina Hafsa", "Nadeem Tahir Waheed", "Chaudhry", "Shaziya/Choudhary", "Mughal"),
    "Bangladeshi": _names("Tahmina Rumana Sufia", "Shahin Rezaul Kamal", "Chowdhury", "Tahmeena/Choudhury", "Sikder"),
    "Indian": _names("Kavita Harpreet Divya", "Sanjay Arun Nikhil", "Chatterjeet", "Kavitha/Chaterjeet", "Varmani"),
    "Arab": _names("Khadija Samira Rania", "Tarek Karim Walid", "Al-Bayati", "Khadeeja/Albayati", "Haddadin"),
    "Nigerian": _names("Folasadé Ngozi Yetunde", "Babajide Chidi Segun", "Adébáyòmí", "Folashade/Adebayomi", "Okekere"),
    "Chinese": _names("Xiu-Ying Mei Jing", "Zhi-Ming Jun Bo", "Cheung", "Xiuying/Cheong", "Leung"),
    "Caribbean": _names("Claudette Hyacinth Merle", "Delroy Everton Cecil", "Gordonby", "Claudet/Gordenby", "Reidman"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One sender's row about one person."""

    given: str
    family: str
    born: str
    sex: str
    number: str
    postcode: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Trap:
    """Two records, whether they are one person, and what the machine may say of them."""

    kind: str
    truth: str
    allowed: str
    first: Record
    second: Record


class Maker:
    """Makes people of one origin, each with a number and a home that nobody else has."""

    def __init__(self, names: Names, rng: Random, first: int):
        self.names, self.rng, self.next = names, rng, first

    def number(self) -> str:
        """The next number whose check digit is issued."""
        while True:
            self.next += 1
            start = f"9991{self.next:05d}"
            check = -sum(int(digit) * weight for digit, weight in zip(start, range(10, 1, -1), strict=True)) % 11
            # modulus 11: 10 is never issued
            if check < 10:
                return f"{start[:3]} {start[3:6]} {start[6:]}{check}"

    def born(self, years: range) -> date:
        """A birth date that is no default, and whose day and month cannot be each other's."""
        return date(self.rng.choice(years), self.rng.randrange(2, 13), self.rng.randrange(13, 28))

    def home(self) -> dict[str, str]:
        """A postcode, an address and a telephone."""
        ends = "".join(self.rng.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
        house = f"{self.rng.randrange(1, 140)} {self.rng.choice(STREETS)} {self.rng.choice(ENDS)}"
        postcode = f"ZZ{self.rng.randrange(1, 10)} {self.rng.randrange(1, 10)}{ends}"
        return {"postcode": postcode, "address": house, "phone": f"07700 900{self.rng.randrange(1000):03d}"}

    def person(self, given: str = "", *, sex: str = "female", years: range = range(1940, 2015)) -> Record:
        """Somebody of this origin."""
        given = given or self.rng.choice(self.names.girls if sex == "female" else self.names.boys)
        born = self.born(years).isoformat()
        return Record(given, self.names.family, born, sex, self.number(), **self.home())


Kind = Callable[[Maker], Iterator[tuple[str, Record, Record]]]
KINDS: list[tuple[str, str, Kind]] = []


def kind(words: str, truth: str) -> Callable[[Kind], Kind]:
    """The traps that a function makes, by the name and truth they go under."""

    def named(make: Kind) -> Kind:
        KINDS.append((words, truth, make))
        return make

    return named


def _years_later(born: str, years: int) -> str:
    return f"{int(born[:4]) + years}{born[4:]}"


@kind("twins of the same sex", "different")
def _twins(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one, other = make.rng.sample(make.names.girls, 2)
    first = make.person(one, years=range(1990, 2022))
    yield NEVER_ASKED, first, replace(first, given=other, number=make.number())
    yield NEVER_ASKED, replace(first, number=""), replace(first, given=other, number="")
    # the clerk took the sister's number: only a person can see whose record it is
    yield NEVER_JOINED, first, replace(first, given=other)


@kind("twins, initials only", "different")
def _twins_by_initial(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    first = make.person(sex="male", years=range(1990, 2022))
    yield NEVER_JOINED, first, replace(first, given=first.given[0], number="")


@kind("father and son", "different")
def _father_and_son(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    father = make.person(sex="male", years=range(1945, 1975))
    son = replace(father, born=_years_later(father.born, 30), number=make.number())
    yield NEVER_JOINED, father, son
    yield NEVER_JOINED, father, replace(son, number="")
    yield NEVER_JOINED, father, replace(son, number=father.number, born=_years_later(father.born, 27))


@kind("mother and daughter", "different")
def _mother_and_daughter(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    mother = make.person(years=range(1945, 1975))
    daughter = replace(mother, born=_years_later(mother.born, 20), number="")
    yield NEVER_JOINED, replace(mother, given=mother.given[0]), replace(daughter, given=mother.given[0])


@kind("siblings at one address", "different")
def _siblings(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one, other = make.rng.sample(make.names.boys, 2)
    first = make.person(one, sex="male", years=range(2005, 2018))
    younger = replace(first, given=other, born=make.born(range(2019, 2024)).isoformat(), number=make.number())
    yield NEVER_ASKED, first, younger
    yield NEVER_JOINED, first, replace(younger, number=first.number)


@kind("newborn Baby, different babies", "different")
def _babies(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    first = make.person("Baby", years=range(2025, 2026))
    yield NEVER_JOINED, first, replace(first, number=make.number())
    yield NEVER_JOINED, replace(first, number=""), replace(first, number="", **make.home())


@kind("same name and birth date", "different")
def _same_name_and_date(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    first = make.person()
    yield NEVER_JOINED, first, replace(first, number=make.number(), **make.home())
    yield NEVER_JOINED, first, replace(first, number=make.number())


@kind("hostel", "different")
def _one_hostel(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one, other = make.rng.sample(make.names.boys, 2)
    first = replace(make.person(one, sex="male"), born="1995-01-01", number="", address="Weir House, 4 Goit Side")
    yield NEVER_ASKED, first, replace(first, given=other, number=make.number())


@kind("gender recognition", "earlier")
def _gender_recognition(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    before = make.person(sex="male", years=range(1970, 2004))
    yield NEVER_ASKED, before, replace(before, given=make.names.girls[0], sex="female", number=make.number())


@kind("adoption", "earlier")
def _adoption(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    before = make.person(years=range(2012, 2025))
    yield NEVER_ASKED, before, replace(before, family="Hawkridgeley", number=make.number(), **make.home())


@kind("nothing differs", "same")
def _nothing(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person()
    yield MATCH, one, one
    yield FOUND, replace(one, number=""), replace(one, number="")


@kind("written otherwise", "same")
def _written(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    given, family = make.names.written
    one = make.person(make.names.girls[0])
    yield MATCH, one, replace(one, given=given)
    yield MATCH, one, replace(one, family=family)
    yield FOUND, one, replace(one, given=given, family=family, number="")


@kind("swapped names", "same")
def _swapped(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person(sex="male")
    yield MATCH, one, replace(one, given=one.family, family=one.given)
    yield FOUND, one, replace(one, given=one.family, family=one.given, number="", phone="")


@kind("married name", "same")
def _married(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person(years=range(1950, 2000))
    yield MATCH, one, replace(one, family=make.names.married, **make.home())
    yield FOUND, one, replace(one, family=make.names.married, number="")


@kind("moved house", "same")
def _moved(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person()
    yield MATCH, one, replace(one, **make.home())
    yield FOUND, one, replace(one, number="", **{**make.home(), "phone": one.phone})


@kind("the first of January for want of a date", "same")
def _first_of_january(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person(sex="male")
    yield FOUND, one, replace(one, born=f"{one.born[:4]}-01-01")
    yield FOUND, one, replace(one, born=f"{one.born[:4]}-01-01", number="")


@kind("a digit wrong in the birth date", "same")
def _born_mistyped(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person()
    yield FOUND, one, replace(one, born=_years_later(one.born, -1))
    yield FOUND, one, replace(one, born=one.born[:8] + f"{int(one.born[8:]) + 1:02d}", number="")


@kind("second name dropped", "same")
def _second_name(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person(" ".join(make.rng.sample(make.names.girls, 2)))
    yield MATCH, one, replace(one, given=one.given.split()[0])
    yield FOUND, one, replace(one, given=one.given.split()[1], number="")


@kind("no postcode", "same")
def _no_postcode(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one = make.person()
    yield FOUND, one, replace(one, number="", postcode="", address="")


@kind("typing slip", "same")
def _typed(make: Maker) -> Iterator[tuple[str, Record, Record]]:
    one, at = make.person(), make.rng.randrange(1, 3)
    family = one.family[:at] + one.family[at + 1] + one.family[at] + one.family[at + 2 :]
    yield MATCH, one, replace(one, family=family)
    yield FOUND, one, replace(one, family=family, number="")


def traps() -> Iterator[tuple[str, Trap]]:
    """Every built trap with the origin of its names, always the same."""
    for place, (origin, names) in enumerate(ORIGINS.items()):
        make = Maker(names, Random(SEED + place), first=place * 1_000)
        for words, truth, pairs in KINDS:
            for allowed, first, second in pairs(make):
                yield origin, Trap(words, truth, allowed, first, second)


def text() -> str:
    """What `built.csv` holds."""
    lines = io.StringIO()
    rows = csv.writer(lines, lineterminator="\n")
    rows.writerow(HEAD)
    for origin, trap in traps():
        sides = [getattr(one, name) for name in FIELDS for one in (trap.first, trap.second)]
        rows.writerow([trap.kind, trap.truth, trap.allowed, *sides, f"{origin} names"])
    return lines.getvalue()


if __name__ == "__main__":
    BUILT.write_text(text(), encoding="utf-8")
