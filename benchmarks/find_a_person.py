"""Finding a person in a whole borough over HTTP, by all that people type: the form, the search, the list, the audit.

One practitioner searches, reading a while between two searches: first after the server has been started anew and the
machine has dropped what it kept of its files (cold), then the same again. Then four at once without a pause, all kinds
of search mixed. Whom they look for, and every slip of the pen, is drawn with a fixed seed. Of each kind it is counted
how often the person looked for stands on the list of at most twenty.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from benchmarks import table
from benchmarks.borough import SEED, Borough
from benchmarks.person_page import OF_THE_DEMO, PAUSE, WAYS, Looked, spent
from benchmarks.serving import Serving, serving
from benchmarks.viewers import Viewer, each_their_own, one_by_one

EACH = 20
HEAD = ("looked for by", "way", "searches", "p50, ms", "p95, ms", "slowest, ms", "core-ms", "kB a page", "on the list")
# of everybody, so that a common name is drawn as often as people have it
SOMEBODY = """
select id::text, split_part(given, ' ', 1), family, birth_on, nhs_number from people_person
where merged_into_id is null and birth_on is not null and nhs_number <> ''
    and length(family) > 4 and length(split_part(given, ' ', 1)) > 3
order by md5(id::text) limit %s
"""
FAMILY_NAMES = "select family from people_person where family <> '' group by family having count(*) between %s and %s"
COMMONEST = "select {name} from people_person where {name} <> '' group by 1 order by count(*) desc limit %s"
FIRST_NAME = "split_part(given, ' ', 1)"


@dataclass(frozen=True)
class Sought:
    """Somebody of the borough."""

    id: str
    given: str
    family: str
    born: date
    number: str


@dataclass(frozen=True)
class Search:
    """What is typed, and who is meant by it, where it is one person."""

    words: str
    born: str = ""
    sought: str = ""

    @property
    def form(self) -> dict[str, str]:
        return {"words": self.words, "born": self.born}


def run(here: Borough) -> list[str]:
    """The table: a kind of search, cold and again; then all of them by four at once."""
    kinds = searches(here)
    rows = [*of_one(here, kinds), *of_four(here, kinds)]
    alone = [row for row in rows if row[1] in WAYS]
    aim = table.aim("95 of 100 searches under 100 ms, for one viewer", alone, column=4, most=100)
    return [*table.rows(HEAD, rows), "", f"{here.words}.", aim]


def searches(here: Borough) -> dict[str, list[Search]]:
    chance = random.Random(SEED)
    with here.place.connect() as admin:
        people = [Sought(*columns) for columns in admin.execute(SOMEBODY, [EACH])]
        rare = sorted(name for (name,) in admin.execute(FAMILY_NAMES, [1, 3]))
        families = [name for (name,) in admin.execute(COMMONEST.format(name="family"), [EACH])]
        firsts = [name for (name,) in admin.execute(COMMONEST.format(name=FIRST_NAME), [EACH])]
    return {
        "NHS number": [Search(one.number, sought=one.id) for one in people],
        "first and family name": [Search(f"{one.given} {one.family}", sought=one.id) for one in people],
        "the same, a slip in each": [
            Search(f"{slip(one.given, chance)} {slip(one.family, chance)}", sought=one.id) for one in people
        ],
        "names and birth date": [Search(f"{one.given} {one.family}", day(one), one.id) for one in people],
        "the same, a slip in each name": [
            Search(f"{slip(one.given, chance)} {slip(one.family, chance)}", day(one), one.id) for one in people
        ],
        "family name and year of birth": [Search(one.family, str(one.born.year), one.id) for one in people],
        "birth date, no name like it": [Search("zzyzx", day(one), one.id) for one in people],
        "family name": [Search(one.family) for one in people],
        "family name, a slip": [Search(slip(one.family, chance)) for one in people],
        f"the {EACH} commonest family names": [Search(name) for name in families],
        f"the {EACH} commonest first names": [Search(name) for name in firsts],
        "family names of three people or fewer": [Search(name) for name in chance.sample(rare, min(EACH, len(rare)))],
    }


def day(one: Sought) -> str:
    return f"{one.born:%d/%m/%Y}"


def slip(word: str, chance: random.Random) -> str:
    """A letter left out, doubled, another, or two swapped; never the first."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeiourstln") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def of_one(here: Borough, kinds: dict[str, list[Search]]) -> Iterator[list[str]]:
    here.forget()
    with serving(here.place) as server:
        viewer = Viewer(server.port)
        viewer.sign_in(OF_THE_DEMO[0], here.password)
        one_by_one(viewer, [("/find", None), ("/find", {"words": "zzyzx", "born": ""})], pause=0)
        for way in WAYS:
            for kind, asked in kinds.items():
                found, listed = searched(here, server, viewer, asked)
                yield row(kind, way, found, listed)


def searched(here: Borough, server: Serving, viewer: Viewer, asked: list[Search]) -> tuple[Looked, str]:
    """What so many searches took, and how many of those who were meant stood on the list."""
    listed: list[bool] = []

    def look() -> list[tuple[float, int]]:
        took = []
        for one in asked:
            took += one_by_one(viewer, [("/find", one.form)], pause=PAUSE)
            listed.append(bool(one.sought) and f"/person/{one.sought}/" in viewer.shown)
        return took

    found = spent(here.place, server, look)
    meant = sum(bool(one.sought) for one in asked)
    return found, f"{sum(listed)} of {meant}" if meant else "-"


def of_four(here: Borough, kinds: dict[str, list[Search]]) -> Iterator[list[str]]:
    mixed = [("/find", one.form) for asked in kinds.values() for one in asked]
    random.Random(SEED).shuffle(mixed)
    with serving(here.place) as server:
        viewers = [Viewer(server.port) for _ in OF_THE_DEMO]
        for viewer, name in zip(viewers, OF_THE_DEMO, strict=True):
            viewer.sign_in(name, here.password)
            one_by_one(viewer, [("/find", None)], pause=0)
        dealt = [mixed[number :: len(viewers)] for number in range(len(viewers))]
        found = spent(here.place, server, lambda: each_their_own(viewers, dealt))
    yield row("all of these, mixed", "four at once, no pauses", found, "-")


def row(kind: str, way: str, found: Looked, listed: str) -> list[str]:
    _, *cells, _ = found.row("", "")
    return [kind, way, *cells, listed]
