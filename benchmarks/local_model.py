"""The local model on the synthetic borough: how well it is calibrated, and how long learning and scoring take.

Invented people: what is shown is that the method works, never how well it would do in a real place.
"""

import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks import place, table

ON = date(2026, 11, 21)
PEOPLE, SEED = 208_000, 1
ASPECTS = ("neighbourhood", "deprivation", "sex")
SAID = (
    "**Synthetic**: {people:,} invented people, their lives written straight into a copy, as if every source told"
    " everything rightly. Learned on {learned} ({outcomes:,} outcomes), judged on {judged}. Learning and judging with"
    " all reading: {train:.0f} s; scoring {scored:,} people: {score:.1f} s."
)


def run(*, copies: int, repeats: int) -> list[str]:
    """Learn, judge and score a whole borough, once, in a fresh place and a process of its own."""
    with place.fresh() as here:
        words = [sys.executable, "-m", "benchmarks.local_model"]
        ran = subprocess.run(words, env=here.environment, stdout=subprocess.PIPE, text=True, check=True)
    return ran.stdout.splitlines()


def main() -> None:
    from locality.cli import edge

    edge.with_database()
    from benchmarks.lives_as_copy import write_lives

    with tempfile.TemporaryDirectory(prefix="locality-lives-") as folder:
        copy = write_lives(Path(folder) / "copy", people=PEOPLE, seed=SEED, on=ON)
        print("\n".join(_measured(copy, Path(folder) / "models")))


def _measured(copy: Path, models: Path) -> list[str]:
    from locality.base import system
    from locality.population.actions.local_model import train_model
    from locality.population.queries.copy import open_copy
    from locality.population.queries.local_model import scores

    by = system(at=datetime(ON.year, ON.month, ON.day, tzinfo=UTC))
    with open_copy(folder=copy) as duck:
        begun = time.perf_counter()
        model, _ = train_model(duck=duck, until=ON, seed=SEED, synthetic=True, folder=models, by=by)
        trained = time.perf_counter()
        _, chances = scores(duck, model=model, on=ON)
        scored = time.perf_counter()
    said = model.said
    head = SAID.format(
        people=PEOPLE,
        learned=", ".join(one["on"] for one in said["learned_from"]),
        outcomes=sum(one["outcomes"] or 0 for one in said["learned_from"]),
        judged=said["judged_on"]["on"],
        train=trained - begun,
        scored=len(chances),
        score=scored - trained,
    )
    return [head, "", *calibration_table(said["judged"])]


def calibration_table(judged: Any) -> list[str]:
    """Expected over observed and slope, of all and of each group."""
    rows = [_row("everybody", judged["overall"])]
    for aspect in judged["by"]:
        if aspect["aspect"] in ASPECTS:
            rows += [_row(f"{aspect['aspect']}: {one['group']}", one) for one in aspect["groups"]]
    return table.rows(["group", "people", "outcomes", "expected over observed", "slope", "area under the curve"], rows)


def _row(name: str, one: Any) -> list[str]:
    figures = (_figure(one[key]) for key in ("expected_over_observed", "slope", "area_under_curve"))
    return [name, f"{one['people']:,}", f"{one['observed']:,}", *figures]


def _figure(one: Any) -> str:
    if one is None:
        return "too few"
    low, high = ("no end" if one[end] is None else f"{one[end]:.2f}" for end in ("low", "high"))
    return f"{one['value']:.2f} ({low} to {high})"


if __name__ == "__main__":
    main()
