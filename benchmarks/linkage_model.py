"""The linkage model that Locality comes with, learned anew: the same people, the same model.

    .venv/bin/python -m benchmarks.linkage_model                 and compared with the one that is shipped
    .venv/bin/python -m benchmarks.linkage_model --ship          in its place

A synthetic borough is made as benchmarks.linkage_quality makes it, with the demo's own errors, and a model is learned
from its patients without labels. After a change of methods/linkage/settings.toml the shipped one must be made anew.
"""

import argparse
import json
import math
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from benchmarks.linkage_quality import borough
from locality.demo.borough.slips import read_errors
from locality.methods.linkage.model import DEFAULT, Model
from locality.methods.linkage.settings import settings
from locality.methods.linkage.training import train

PEOPLE, SEED, ON = 100_000, 7, date(2026, 11, 1)


def learned(people: int, *, seed: int, on: date, dated: str) -> Model:
    """A model of a borough of so many people, told up to a day."""
    made = borough(people, seed=seed, errors=read_errors(), on=on)
    engine = duckdb.connect()
    engine.register("patients", made.table())
    source = f"the demo borough of {people:,} people (seed {seed}, told up to {on}), without labels"
    return train(engine, "patients", by=settings(), on=dated, source=source)


def furthest(one: Model, other: Model) -> tuple[float, str]:
    """The level that two models of the same settings weigh most differently, and by how many bits."""
    return max(
        (abs(_bits(one, name, level) - _bits(other, name, level)), f"{name} {level}")
        for name, levels in one.m.items()
        for level in levels
        if level in one.u[name] and level in other.m[name]
    )


def _bits(model: Model, name: str, level: int) -> float:
    return math.log2(model.m[name][level] / model.u[name][level])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage_model", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--on", type=date.fromisoformat, default=ON, help="the day up to which the borough is told")
    parser.add_argument(
        "--dated", default=datetime.now(UTC).date().isoformat(), help="the day the model says it was learned on"
    )
    parser.add_argument("--out", type=Path, help="a file to write it to")
    parser.add_argument("--ship", action="store_true", help="write it over the one that is shipped")
    asked = parser.parse_args()
    started = time.perf_counter()
    model = learned(asked.people, seed=asked.seed, on=asked.on, dated=asked.dated)
    print(f"learned from {model.trained_on:,} patients in {time.perf_counter() - started:.0f} s")
    held = json.loads(DEFAULT.read_text(encoding="utf-8"))
    if held["settings_version"] == settings().version:
        bits, level = furthest(model, Model.read(held))
        same = model.written() | {"trained_at": ""} == held | {"trained_at": ""}
        print(
            "the same as the shipped one" if same else f"not the shipped one: {bits:.2f} bits apart at most ({level})"
        )
    for path in [asked.out] * bool(asked.out) + [DEFAULT] * asked.ship:
        path.write_text(json.dumps(model.written(), indent=1) + "\n", encoding="utf-8")
        print(f"written: {path}")


if __name__ == "__main__":
    main()
