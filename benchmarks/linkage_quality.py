"""How well a whole synthetic borough is linked, by the batch of methods/linkage alone: no database, no intake.

    .venv/bin/python -m benchmarks.linkage_quality --people 100000
    .venv/bin/python -m benchmarks.linkage_quality --people 100000 --seed 2 --errors benchmarks/errors/moved.toml

Only patients are made, as intake would read them, about a thousand people in a second and a half; then pairs, judging
and the partition are those of `locality link`. With --out the figures are written as `locality link-quality --out`
writes them; with --train a model is learned from these very patients, else the one that is shipped is used. Of the
profiles in benchmarks/errors, few_numbers has been tuned on since; walk_in and resettled are held out.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from benchmarks import machine
from locality.base.ids import new_id
from locality.cli.link_labels import groups_of_person
from locality.cli.link_quality import show, write_figures
from locality.demo.borough.conditions import Drawing, factors
from locality.demo.borough.families import people_of
from locality.demo.borough.known import Known
from locality.demo.borough.living import live
from locality.demo.borough.people import window
from locality.demo.borough.plan import blocks
from locality.demo.borough.published import areas
from locality.demo.borough.slips import Errors, groups_of, read_errors
from locality.demo.borough.telling import everyone
from locality.demo.borough.telling.out import Out
from locality.demo.borough.telling.patient import patient
from locality.methods.linkage.comparing import levels
from locality.methods.linkage.fields import OF_PATIENTS
from locality.methods.linkage.judging import contradicts
from locality.methods.linkage.model import Model, default_model
from locality.methods.linkage.pairing import PAIRS, pairs
from locality.methods.linkage.partition import Edge, Partition, partition
from locality.methods.linkage.settings import settings
from locality.methods.linkage.standard import Standard, standard
from locality.methods.linkage.standardising import ROWS
from locality.methods.linkage.training import train
from locality.methods.linkage_figures import figures
from locality.people.rules import NHS_NUMBER_SYSTEM, PatientSent, words_of
from locality.record.headlines import patient_columns
from locality.record.intake.prepare import SAME

ON = date(2026, 11, 22)
SEVERAL = ("given_name", "family_name", "postcode")


@dataclass(slots=True)
class Borough:
    """Every patient of every source, and who they truly are."""

    words: list[Mapping[str, Any]] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)
    groups: dict[int, dict[str, str]] = field(default_factory=dict)

    def table(self) -> pyarrow.Table:
        """The patients as the batch reads them, numbered from nought."""
        columns: dict[str, Any] = {"id": pyarrow.array(range(len(self.words)), pyarrow.int64())}
        for name in OF_PATIENTS:
            kind = pyarrow.list_(pyarrow.string()) if name in SEVERAL else pyarrow.string()
            columns[name] = pyarrow.array([one[name] for one in self.words], kind)
        return pyarrow.table(columns)


def borough(people: int, *, seed: int, errors: Errors, on: date = ON) -> Borough:
    """The patients that every source of so many people would send."""
    made, held, drawing = Borough(), window(on), Drawing(factors())
    out = Out(lambda _source, _content: None)
    for block in blocks(people):
        for household in people_of(block, seed=seed, drawing=drawing, window=held):
            area = areas()[household.area]
            for person in household.people:
                life = live(person, held, seed=seed, quintile=area.quintile)
                told = {"lsoa": area.code, "quintile": str(area.quintile), "age": str(person.age)}
                told |= {"group": person.group, "category": person.category}
                made.groups[person.key] = groups_of_person(told, {})
                seen = [(one.source, one.seen(life)) for one in everyone.TELLERS if one.knows(life)]
                seen += [("persona", held.end - 1)] if life.day_care else []
                seen += [("vcfa", held.end - 1)] if life.befriended else []
                groups = groups_of(person, area)
                for source, day in seen:
                    for known in everyone._patients(
                        life, source, day, errors=errors, groups=groups, seed=seed, out=out
                    ):
                        _add(made, known, day)
    return made


def _add(made: Borough, known: Known, day: int) -> None:
    columns = patient_columns(patient(known, seen=(day, 0)))
    sent = PatientSent(
        source=SOURCE,
        local_id=known.local_id,
        said_at=None,  # type: ignore[arg-type]  # no part in linking
        former_names=tuple(columns.former_names),
        former_postcodes=tuple(columns.former_postcodes),
        address_lines=tuple(columns.address_lines),
        identifiers=((NHS_NUMBER_SYSTEM, known.nhs_number),) if known.nhs_number else (),
        **{name: getattr(columns, name) for name in SAME},
    )
    made.words.append(words_of(sent))
    made.truth.append(known.person.key)
    made.slips.append(" ".join(known.slips))


SOURCE = new_id()


@dataclass(slots=True)
class Linked:
    """What came of linking: the partition, and every pair that was kept with its probability."""

    model: Model
    partition: Partition
    weighed: list[tuple[int, int, float]]
    states: Counter[str]
    seconds: dict[str, float]


def linked(made: Borough, *, model: Model | None) -> Linked:
    """The batch: a model learned where none is given, pairs in DuckDB, and the partition of all."""
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    engine = duckdb.connect()
    engine.register("patients", made.table())
    if model is None:
        model = train(engine, "patients", by=settings(), on=ON.isoformat(), source="the synthetic borough")
        seconds["training"] = time.perf_counter() - started
        started = time.perf_counter()
    pairs(engine, "patients", model)
    rows = engine.execute(
        f"select first, second, weight, probability, state, certain, contradicts from {PAIRS} order by first, second"
    ).fetchall()
    seconds["pairs"] = time.perf_counter() - started
    started = time.perf_counter()
    edges = [
        Edge(first, second, weight, state, certain, contrary)
        for first, second, weight, _, state, certain, contrary in rows
        if state in ("match", "possible")
    ]
    compared: dict[int, Standard] = {}

    def differ(one: int, other: int) -> bool:
        for each in (one, other):
            if each not in compared:
                compared[each] = standard(made.words[each])
        return contradicts(levels(compared[one], compared[other], by=model.settings), by=model.settings)

    held = dict(engine.execute(f"select id, nhs from {ROWS} where nhs is not null").fetchall())
    found = partition(range(len(made.words)), edges, numbers=held, contradict=differ)
    seconds["partition"] = time.perf_counter() - started
    weighed = [(first, second, chance) for first, second, _, chance, *_ in rows]
    return Linked(model, found, weighed, Counter(row[4] for row in rows), seconds)


def measured(made: Borough, done: Linked) -> dict[str, Any]:
    """The figures, as `locality link-quality` measures them."""
    found = {patient: number for number, members in enumerate(done.partition.clusters) for patient in members}
    told = figures(
        truth=dict(enumerate(made.truth)),
        found=found,
        asked=[(one.first, one.second) for one in done.partition.asked],
        weighed=done.weighed,
        groups=made.groups,
    )
    yes = sum(made.truth[one.first] == made.truth[one.second] for one in done.partition.asked)
    queue: dict[str, Any] = {"waiting": len(done.partition.asked), "oldest": None, "ages": []}
    return told | {
        "queue": queue,
        "asked": len(done.partition.asked),
        "asked_and_same": yes,
        "slips": by_slip(made, found),
    }


def by_slip(made: Borough, found: Mapping[int, int]) -> list[dict[str, Any]]:
    """Of the pairs of one person in which a slip was made, how many are not joined; the commonest first."""
    of: dict[int, list[int]] = {}
    for number, person in enumerate(made.truth):
        of.setdefault(person, []).append(number)
    wanted, apart = Counter[str](), Counter[str]()
    for one, other in _pairs_of(of):
        slips = {*made.slips[one].split(), *made.slips[other].split()}
        wanted.update(slips)
        if found[one] != found[other]:
            apart.update(slips)
    return [{"slip": slip, "pairs": count, "not_joined": apart[slip]} for slip, count in wanted.most_common()]


def _pairs_of(of: Mapping[int, list[int]]) -> Iterator[tuple[int, int]]:
    for numbers in of.values():
        for place, one in enumerate(numbers):
            for other in numbers[place + 1 :]:
                yield one, other


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage_quality", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=Path, help="a profile of errors; the demo's own if none")
    parser.add_argument("--model", type=Path, help="a trained model; the one that is shipped if none")
    parser.add_argument("--train", action="store_true", help="learn a model from these very patients")
    parser.add_argument("--out", type=Path, help="a folder for the figures")
    asked = parser.parse_args()
    started = time.perf_counter()
    made = borough(asked.people, seed=asked.seed, errors=read_errors(asked.errors) if asked.errors else read_errors())
    making = time.perf_counter() - started
    given = Model.read(json.loads(asked.model.read_text())) if asked.model else default_model()
    done = linked(made, model=None if asked.train else given)
    told = measured(made, done) | {"origin": asked.errors.stem if asked.errors else "the demo's errors"}
    show(told | {"deciding": {"same": 0, "different": 0, "unsure": 0}})
    print(f"asked {told['asked']:,}, of which {told['asked_and_same']:,} are one person; states {dict(done.states)}")
    for one in told["slips"]:
        print(f"  {one['slip']:24} {one['pairs']:>9,} pairs, {one['not_joined']:>7,} not joined")
    print(f"made in {making:.0f} s; " + ", ".join(f"{name} {spent:.0f} s" for name, spent in done.seconds.items()))
    print(machine.words(note=""))
    if asked.out:
        write_figures(asked.out, told)


if __name__ == "__main__":
    main()
