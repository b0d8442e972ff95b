"""The synthetic borough's lives written straight into an analytical copy: for sizes that intake would take hours over.

Nothing is sent, received or linked: it is what a copy would hold if every source told everything, once and rightly.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from locality.demo.borough.conditions import Drawing, factors
from locality.demo.borough.families import people_of
from locality.demo.borough.life import Life, Stay
from locality.demo.borough.living import live
from locality.demo.borough.people import Person, window
from locality.demo.borough.plan import Piece, pieces
from locality.demo.borough.published import areas
from locality.population.actions.writing import ARROW, write_manifest
from locality.population.rules.columns import TABLES
from locality.population.rules.files import Manifest

SNOMED = "snomed"
NEIGHBOURHOODS = 5
Rows = dict[str, list[dict[str, Any]]]


def write_lives(folder: Path, *, people: int, seed: int, on: date) -> Path:
    """Write a finished copy of so many invented people, whose three years end on a day; returns the folder."""
    named: dict[str, dict[int, str]] = {name: {} for name in TABLES}
    write = partial(_piece, folder=folder, seed=seed, on=on)
    with ProcessPoolExecutor(max_workers=2) as spread:
        for number, written in enumerate(spread.map(write, pieces(people, depth="light"))):
            for table, path in written.items():
                named[table][number] = path
    write_manifest(folder=folder, manifest=Manifest("lives", on.isoformat(), files=named))
    return folder


def _piece(piece: Piece, *, folder: Path, seed: int, on: date) -> dict[str, str]:
    held, drawing = window(on), Drawing(factors())
    rows: Rows = defaultdict(list)
    for block in piece.blocks:
        for household in people_of(block, seed=seed, drawing=drawing, window=held):
            area = areas()[household.area]
            for person in household.people:
                for table, row in _told(live(person, held, seed=seed, quintile=area.quintile), area, held.end):
                    rows[table].append(row)
    written = {}
    for table, of in rows.items():
        name = f"{table}/{piece.number:04d}.parquet"
        (folder / table).mkdir(parents=True, exist_ok=True)
        columns = {one.name: pa.array([row.get(one.name) for row in of], type=ARROW[one.type])
                   for one in TABLES[table].columns}  # fmt: skip
        pq.write_table(pa.table(columns), folder / name)
        written[table] = name
    return written


def _told(life: Life, area: Any, end: int) -> Iterator[tuple[str, dict[str, Any]]]:
    who = hashlib.sha256(f"life {life.person.key}".encode()).hexdigest()
    yield "people", _person(life, area, who)
    for table, row in _lines(life, end):
        yield table, {"person": who, **row}


def _person(life: Life, area: Any, who: str) -> dict[str, Any]:
    person = life.person
    return {
        "person": who,
        "birth_month": person.born.replace(day=1),
        "sex": person.sex,
        "ethnicity": person.category[:1] or None,
        "small_area": area.code,
        "neighbourhood": f"N{area.number % NEIGHBOURHOODS + 1}",
        "deprivation": area.quintile * 2,
        "practice": person.practice,
        "care_home": person.household.home,
        "carer": person.carer,
        "died_on": date.fromordinal(person.died) if person.died else None,
        "died": bool(person.died),
        "opted_out": any(mark.kind == "opt-out" for mark in life.marks),
    }


def _lines(life: Life, end: int) -> Iterator[tuple[str, dict[str, Any]]]:
    person = life.person
    yield from _conditions(person)
    for number, stay in enumerate(life.stays):
        event = f"{person.key}-{number}"
        yield "events", _stay(stay, event)
        day = date.fromordinal(stay.day)
        for place, code in enumerate(stay.codes):
            yield "diagnoses", {"event": event, "code": code.replace(".", ""), "position": place + 1, "on_day": day}
    yield from _visits(life)
    for episode in [*life.community, *life.mind]:
        for visit in episode.contacts:
            yield (
                "contacts",
                {
                    "kind": episode.service,
                    "on_day": date.fromordinal(visit.day),
                    "outcome": "finished",
                    "happened": True,
                    "source": "community",
                },
            )
    yield from _given(life)
    if person.died:
        yield "deaths", {"on_day": date.fromordinal(person.died)}


def _visits(life: Life) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, visits in (("attendance", life.attendances), ("out of hours", life.calls)):
        for number, one in enumerate(visits):
            at = _moment(one.day, one.minute)
            ended = at + timedelta(minutes=one.minutes)
            yield "events", {"event": f"{life.person.key}-{kind}-{number}", "kind": kind, "started_at": at,
                             "started_on": at.date(), "ended_at": ended, "ended_on": ended.date(),
                             "source": "acute"}  # fmt: skip


def _given(life: Life) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in life.medicines:
        yield "medicines", {"said": one.words, "started_on": date.fromordinal(one.since), "source": "gp",
                            "ended_on": _day(one.stopped), "is_current": one.stopped is None}  # fmt: skip
    kinds = {"home": "home care", "residential": "permanent residential"}
    for package in life.packages:
        yield "social_care", {"kind": kinds.get(package.kind, package.words), "source": "social-care",
                              "started_on": date.fromordinal(package.start), "ended_on": _day(package.end)}  # fmt: skip


def _conditions(person: Person) -> Iterable[tuple[str, dict[str, Any]]]:
    for held in person.conditions.values():
        yield "conditions", {"system": SNOMED if held.snomed else None, "code": held.snomed or None, "source": "gp",
                             "said": held.words, "started_on": date.fromordinal(held.since),
                             "is_current": True}  # fmt: skip


def _stay(stay: Stay, event: str) -> dict[str, Any]:
    return {
        "event": event,
        "kind": "emergency admission" if stay.emergency else "planned admission",
        "started_at": _moment(stay.day, stay.minute),
        "started_on": date.fromordinal(stay.day),
        "ended_at": None if stay.open else _moment(stay.end_day, stay.end_minute),
        "ended_on": None if stay.open else date.fromordinal(stay.end_day),
        "ward_or_service": stay.specialty,
        "source": "acute",
    }


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _moment(day: int, minute: int) -> datetime:
    return datetime.combine(date.fromordinal(day), datetime.min.time(), UTC).replace(tzinfo=None) + timedelta(
        minutes=minute
    )
