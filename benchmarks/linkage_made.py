"""Made-up tables of people with known truth, of the kinds that analysts bring: each with its own columns and slips.

`historical`   well-known dead people as an encyclopedia holds them, many rows each, old birth dates, much missing
`voters`       two registers of voters years apart: households, people who moved or married, a birth year only
`mailing`      a mailing list: names, birth date, town and e-mail
`contacts`     no birth date: names, telephone, e-mail, street, occupation; families at one address
`people`       as many rows as asked for, as health and care hold people: a million for timing
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from benchmarks.linkage_slips import date_mistaken, mistaken
from locality.demo.borough import names
from locality.demo.borough.chance import Weighted, chance, falling

Row = dict[str, str]


def words(text: str) -> list[str]:
    return text.split()


HERITAGES = Weighted(("british", "irish", "polish", "pakistani", "indian", "african", "jewish"), (80, 5, 3, 6, 3, 2, 1))
PLACES = words("""
Ash Birch Clay Dun East Fair Hay Kirk Lang Mill North Oak Raven Stan Thorn Wood
""")
PLACE_ENDS = words("""
field ton bury ham worth ley by ford wick
""")
NAMED_AFTER = words("""
Albert Bank Bridge Canal Chapel Church Derby Elm Ferry Garden Grange Heath High Hill Holly King Lake Lime
Manor Market Mill Moor New Old Orchard Park Queen River School Spring Station Tower Union Vale Well York
""")
ROAD_ENDS = words("""
Street Road Lane Avenue Close Drive Grove Way Court Terrace
""")
TOWNS = [f"{one}{end}" for one in PLACES for end in PLACE_ENDS]
ROADS = [f"{one} {end}" for one in NAMED_AFTER for end in ROAD_ENDS]
WORKS = words("""
politician author painter lawyer soldier priest actor composer engineer merchant physician poet scientist
sailor judge teacher nurse clerk driver cook baker farmer builder plumber
""")
MAILS = ["mail.example", "post.example", "home.example", "work.example", "letters.example"]
TOWN, ROAD, WORK = (falling(one, steepness=1.0) for one in (TOWNS, ROADS, WORKS))


@dataclass
class Made:
    """Tables of rows with an `id`; whose each row is, by table and id; which column holds which field."""

    name: str
    tables: list[list[Row]]
    truth: dict[tuple[int, str], str]
    fields: dict[str, str]
    one_to_one: bool = False


@dataclass
class Person:
    given: tuple[str, ...]
    family: str
    sex: str
    born: str
    town: str
    home: Row
    phone: str
    email: str
    work: str
    more: dict[str, list[str]] = field(default_factory=dict)


def postcode(rng: Random, district: str = "") -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    area = district or f"{rng.choice('BLMNS')}{rng.choice('ABLNRW')}{rng.randrange(1, 20)}"
    return f"{area} {rng.randrange(1, 10)}{rng.choice(letters)}{rng.choice(letters)}"


def home(rng: Random) -> Row:
    return {"number": str(rng.randrange(1, 150)), "road": ROAD.draw(rng), "postcode": postcode(rng)}


def family(rng: Random, *, years: tuple[int, int], size: int) -> Iterator[Person]:
    """People of one family name in one house: two of about an age, and their children."""
    heritage = HERITAGES.draw(rng)
    name, place, town = names.family(heritage, rng), home(rng), TOWN.draw(rng)
    first = rng.randrange(*years)
    line = f"0{rng.randrange(10**9, 10**10 - 1)}"
    for at in range(size):
        sex = rng.choice(("female", "male")) if at > 1 else ("female", "male")[at]
        born = first + (rng.randrange(-4, 5) if at < 2 else rng.randrange(22, 40))
        given = names.given(heritage, sex, born=born, rng=rng)
        day = f"{born:04d}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        own = names.of_sex(name, sex) if at != 1 or rng.random() < 0.85 else names.family(HERITAGES.draw(rng), rng)
        phone = line if rng.random() < 0.4 else f"07{rng.randrange(10**8, 10**9 - 1)}"
        begins, point = given[0][: rng.choice((1, 9))], rng.choice(("", ".", "_"))
        box = f"{begins}{point}{own}{rng.choice(('', str(rng.randrange(100))))}"
        yield Person(given, own, sex, day, town, place, phone, f"{box.lower()}@{rng.choice(MAILS)}", WORK.draw(rng))


def people(rng: Random, many: int, *, years: tuple[int, int]) -> Iterator[Person]:
    made = 0
    while made < many:
        for one in family(rng, years=years, size=rng.choices((1, 2, 3, 4, 5), (35, 30, 15, 13, 7))[0]):
            if made < many:
                yield one
                made += 1


def perhaps(rng: Random, share: float, otherwise: str, value: str | Callable[[], str]) -> str:
    """Now and then another value."""
    if rng.random() >= share:
        return otherwise
    return value if isinstance(value, str) else value()


def called(given: str, rng: Random) -> str:
    return names.nickname(given, rng) or names.written_otherwise(given, rng)


def historical(rng: Random) -> Made:
    rows, truth = [], {}
    for number in range(2500):
        one = next(family(rng, years=(1550, 1920), size=1))
        one = one if rng.random() < 0.25 else Person(names.given("british", "male", born=1900, rng=rng), *_rest(one))
        if number % 12 == 0:
            one.born = f"{one.born[:4]}-01-01"
        near = [one.home["postcode"][:-2] + postcode(rng)[-2:] for _ in range(3)]
        far = [postcode(rng), postcode(rng)]
        places = [one.town, TOWN.draw(rng), f"{one.town} {rng.choice(('north', 'ward', 'without'))}"]
        works = [one.work, WORK.draw(rng)]
        title = rng.choice(("", "", "", "1st baron", "sir", "2nd baronet"))
        parent = one
        for copy in range(min(20, 1 + int(rng.expovariate(1 / 9)))):
            bad = copy / 20
            row = _historical_row(parent, rng, bad, near, far, places, works, title)
            row["id"] = f"P{number}-{copy + 1}"
            rows.append(row)
            truth[0, row["id"]] = str(number)
        if number % 10 == 0:  # a son at the same place, with his father's name now and then
            son = Person(
                (rng.choice(parent.given),),
                parent.family,
                "male",
                f"{int(parent.born[:4]) + 27}-03-{rng.randrange(10, 29)}",
                *_last(parent),
            )
            for copy in range(rng.randrange(1, 6)):
                row = _historical_row(son, rng, copy / 20, near, far, places, works, title) | {
                    "id": f"S{number}-{copy + 1}"
                }
                rows.append(row)
                truth[0, row["id"]] = f"S{number}"
    rng.shuffle(rows)
    fields = {
        "given_name": "first_name", "family_name": "surname", "birth_date": "dob", "birth_place": "birth_place",
        "postcode": "postcode_fake", "sex": "gender", "occupation": "occupation",
    }  # fmt: skip
    return Made("historical", [rows], truth, fields)


def _rest(one: Person) -> tuple:
    return one.family, "male", one.born, one.town, one.home, one.phone, one.email, one.work


def _last(one: Person) -> tuple:
    return one.town, one.home, one.phone, one.email, one.work


def _historical_row(
    one: Person, rng: Random, bad: float, near: list, far: list, places: list, works: list, title: str
) -> Row:
    tokens = [*one.given, one.family]
    if title and rng.random() < 0.5:
        tokens = [tokens[0], *title.split(), one.family]
    if rng.random() < 0.15 + bad / 2:
        tokens[0] = called(tokens[0], rng)
    if rng.random() < 0.1 + bad / 3:
        at = rng.randrange(len(tokens))
        tokens[at] = mistaken(tokens[at], rng)
    if len(tokens) > 2 and rng.random() < 0.1:
        tokens.pop()  # the family name left out: a middle one stands in its place
    if rng.random() < 0.03 + bad / 10:
        tokens = tokens[:1]
    where = perhaps(rng, 0.3 + bad / 3, one.home["postcode"], lambda: rng.choice(near if rng.random() < 0.6 else far))
    return {
        "first_name": tokens[0].lower(),
        "surname": tokens[-1].lower() if len(tokens) > 1 else "",
        "full_name": " ".join(tokens).lower(),
        "dob": perhaps(
            rng, 0.12 + bad / 4, perhaps(rng, 0.1 + bad / 3, one.born, lambda: date_mistaken(one.born, rng)), ""
        ),
        "birth_place": perhaps(
            rng, 0.1 + bad / 4, perhaps(rng, 0.35, places[0], lambda: rng.choice(places)), ""
        ).lower(),
        "postcode_fake": perhaps(
            rng, 0.1 + bad / 4, perhaps(rng, 0.05, where, lambda: mistaken(where, rng)), ""
        ).lower(),
        "gender": perhaps(rng, 0.25, perhaps(rng, 0.02, one.sex, "female"), ""),
        "occupation": perhaps(rng, 0.2 + bad / 3, perhaps(rng, 0.3, works[0], works[1]), ""),
    }


def voters(rng: Random) -> Made:
    tables: list[list[Row]] = [[], []]
    truth = {}
    for number, one in enumerate(people(rng, 9000, years=(1925, 1990))):
        for table in (0, 1):
            if rng.random() < 0.8:
                row = _voter(one, rng) | {"id": f"{'AB'[table]}{number * 7 % 9001:05d}"}
                tables[table].append(row)
                truth[table, row["id"]] = str(number)
    for rows in tables:
        rng.shuffle(rows)
    fields = {
        "given_name": "first_name", "middle_name": "midl_name", "family_name": "last_name", "sex": "gender_code",
        "birth_date": "birth_year", "house_number": "house_num", "address_line": "street_name", "locality": "res_city",
        "postcode": "zip_code", "phone": "full_phone_num",
    }  # fmt: skip
    return Made("voters", tables, truth, fields)


def _voter(one: Person, rng: Random) -> Row:
    lives = one.home if rng.random() < 0.8 else home(rng)
    last = one.family
    if one.sex == "female" and rng.random() < 0.08:
        last = perhaps(rng, 0.3, names.family("british", rng), f"{one.family}-{names.family('british', rng)}")
    return {
        "first_name": perhaps(
            rng,
            0.05,
            perhaps(rng, 0.06, one.given[0], lambda: called(one.given[0], rng)),
            lambda: mistaken(one.given[0], rng),
        ).upper(),
        "midl_name": perhaps(rng, 0.4, one.given[-1] if len(one.given) > 1 else "", one.given[-1][:1]).upper(),
        "last_name": perhaps(rng, 0.04, last, lambda: mistaken(last, rng)).upper(),
        "gender_code": perhaps(rng, 0.03, one.sex[0].upper(), "U"),
        "birth_year": perhaps(rng, 0.02, one.born[:4], str(int(one.born[:4]) + rng.choice((-10, -1, 1, 10)))),
        "house_num": perhaps(rng, 0.02, lives["number"], lambda: mistaken(lives["number"], rng)),
        "street_name": perhaps(rng, 0.05, lives["road"], lambda: mistaken(lives["road"], rng)).upper(),
        "res_city": one.town.upper() if lives is one.home else TOWN.draw(rng).upper(),
        "zip_code": str(27000 + sum(map(ord, lives["postcode"][:4])) % 900),
        "full_phone_num": perhaps(rng, 0.45, one.phone, ""),
    }


def mailing(rng: Random) -> Made:
    rows, truth = [], {}
    for number, one in enumerate(people(rng, 2600, years=(1935, 1990))):
        for copy in range(1 if rng.random() < 0.5 else rng.randrange(2, 6)):
            row = _mailing_row(one, rng, copy) | {"id": f"{number * 13 % 2609}.{copy}"}
            rows.append(row)
            truth[0, row["id"]] = str(number)
    rng.shuffle(rows)
    fields = {
        "given_name": "forename", "family_name": "lastname", "birth_date": "birthday", "locality": "city",
        "email": "mail",
    }  # fmt: skip
    return Made("mailing", [rows], truth, fields)


def _mailing_row(one: Person, rng: Random, copy: int) -> Row:
    given, last = one.given[0], one.family
    if copy:
        nickname = perhaps(rng, 0.15, given, lambda: called(given, rng))
        given = perhaps(rng, 0.15, nickname, lambda: mistaken(one.given[0], rng))
        last = perhaps(rng, 0.15, last, lambda: mistaken(one.family, rng))
        given, last = (last, given) if rng.random() < 0.06 else (given, last)
    slips = 0.15 if copy else 0
    return {
        "forename": perhaps(rng, 0.12, given, ""),
        "lastname": perhaps(rng, 0.1, last, ""),
        "birthday": perhaps(rng, 0.12, perhaps(rng, slips, one.born, lambda: date_mistaken(one.born, rng)), ""),
        "city": perhaps(rng, 0.2, perhaps(rng, 0.15, one.town, lambda: mistaken(one.town, rng)), ""),
        "mail": perhaps(rng, 0.3, perhaps(rng, slips, one.email, lambda: mistaken(one.email, rng)), ""),
    }


def contacts(rng: Random) -> Made:
    rows, truth = [], {}
    for number, one in enumerate(people(rng, 5000, years=(1935, 1985))):
        for copy in range(rng.choices((1, 2, 3), (65, 28, 7))[0]):
            lives = one.home if not copy or rng.random() < 0.85 else home(rng)
            row = _contacts_row(one, rng, lives) | {"id": f"{number * 11 % 5003}-{copy}"}
            rows.append(row)
            truth[0, row["id"]] = str(number)
    rng.shuffle(rows)
    fields = {
        "given_name": "first", "family_name": "last", "phone": "tel", "email": "mail", "address_line": "street",
        "locality": "town", "occupation": "job",
    }  # fmt: skip
    return Made("contacts", [rows], truth, fields)


def _contacts_row(one: Person, rng: Random, lives: Row) -> Row:
    first = perhaps(rng, 0.08, one.given[0], lambda: mistaken(one.given[0], rng))
    return {
        "first": perhaps(rng, 0.1, first, lambda: called(one.given[0], rng)),
        "last": perhaps(rng, 0.08, one.family, lambda: mistaken(one.family, rng)),
        "tel": perhaps(rng, 0.3, perhaps(rng, 0.2, one.phone, f"+44 {one.phone[1:5]} {one.phone[5:]}"), ""),
        "mail": perhaps(rng, 0.45, one.email, ""),
        "street": f"{lives['number']} {perhaps(rng, 0.06, lives['road'], lambda: mistaken(lives['road'], rng))}",
        "town": one.town,
        "job": perhaps(rng, 0.4, perhaps(rng, 0.2, one.work, lambda: WORK.draw(rng)), ""),
    }


MAKERS: dict[str, Callable[[Random], Made]] = {one.__name__: one for one in (historical, voters, mailing, contacts)}


def make(name: str, *, seed: int = 1) -> Made:
    """One of the tables; the same seed makes the same."""
    return MAKERS[name](chance("linkage", name, seed))
