"""A small borough, made once for all tests, and read the way the intake reads it."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from locality.demo.borough import Written, write_borough
from locality.demo.borough.conditions import Drawing, factors
from locality.demo.borough.families import people_of
from locality.demo.borough.people import Household, Person, window
from locality.demo.borough.plan import blocks
from locality.record.intake.archives import members
from locality.record.intake.entry import Unreadable
from locality.record.intake.formats import entries
from locality.record.intake.prepare import Prepared, prepare
from tests.demo.reading import mapping_of

ON = date(2026, 11, 21)
SEED, PEOPLE = 1, 300
SOURCE = UUID(int=1)


@cache
def small() -> Written:
    """Three hundred people, in full."""
    return write_borough(Path(mkdtemp(prefix="borough-")), people=PEOPLE, seed=SEED, on=ON)


@cache
def households(people: int = PEOPLE) -> tuple[Household, ...]:
    drawing, held = Drawing(factors()), window(ON)
    return tuple(one for block in blocks(people) for one in people_of(block, seed=SEED, drawing=drawing, window=held))


def everybody(people: int = PEOPLE) -> Iterator[Person]:
    return (person for household in households(people) for person in household.people)


def read(written: Written) -> Iterator[tuple[str, Prepared | Unreadable]]:
    """Every resource as the intake prepares it, in the order in which files are received."""
    for source, path in written.files:
        for member in members(path):
            for number, one in enumerate(entries(member, mapping=mapping_of(source))):
                if isinstance(one, Unreadable):
                    yield source, one
                else:
                    at = datetime(2026, 11, 21, tzinfo=UTC)
                    yield source, prepare(entry=one, number=number, source=SOURCE, at=at, in_bundle={})


@cache
def prepared() -> dict[str, list[Prepared | Unreadable]]:
    found = defaultdict(list)
    for source, one in read(small()):
        found[source].append(one)
    return dict(found)


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
