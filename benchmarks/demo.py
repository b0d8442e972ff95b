"""`locality demo --no-serve`: the place, its cast and 5,000 people generated, received, linked and related.

Each repeat in a fresh home; only making the empty database server is left out. The seconds are those of the whole
command, its start and the tables' making included; core-seconds are those of the command, its workers and the server.
"""

import json
import shutil
import tempfile
from pathlib import Path
from statistics import median

from benchmarks import table
from benchmarks.cores import Spent, measured
from benchmarks.place import Place
from locality.config import postgres

HEAD = ("people", "resources", "seconds", "core-seconds (ours + the server's)", "resources a second")
RESOURCES = "select count(*) from record_resource where is_current"


def run(*, copies: int, repeats: int) -> list[str]:
    """One line; the median of the repeats."""
    made = [once() for _ in range(repeats)]
    people, resources = made[0][1:]
    seconds = median(spent.seconds for spent, *_ in made)
    ours, others = (median(getattr(spent, whose) for spent, *_ in made) for whose in ("ours", "others"))
    cores = f"{ours + others:.0f} ({ours:.0f} + {others:.0f})"
    line = [f"{people:,}", f"{resources:,}", f"{seconds:.0f}", cores, f"{resources / seconds:,.0f}"]
    aim = table.aim("60 seconds for 5,000 people", [line], column=2, most=60)
    return [*table.rows(HEAD, [line]), "", f"The median of {repeats}.", aim]


def once() -> tuple[Spent, int, int]:
    home = Path(tempfile.mkdtemp(prefix="locality-bench-"))
    here = Place(home, postgres.start(home=home, create=True))
    try:
        with measured(here.postmaster) as spent:
            here.run("demo", "--no-serve", "--no-browser")
        with here.connect() as admin:
            resources = admin.execute(RESOURCES).fetchone()[0]
        return spent, json.loads((home / "demo" / "borough.json").read_text())["people"], resources
    finally:
        here.server.release()
        shutil.rmtree(home, ignore_errors=True)
