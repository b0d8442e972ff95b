"""Searching a directory of 5,000 services: each kind of question many times, beside the same rows by their ids alone.

A fresh place takes in a file of 5,000 invented services in Open Referral UK through `locality directory-in` (timed, and
again unchanged); then a process of its own asks. Queries are counted by Django.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks import place, table
from benchmarks.place import Place

SERVICES, ASKED, SEED = 5000, 60, 20261122
AIM, P95 = "95 of 100 searches under 100 ms", 3
HEAD = ("asked", "times", "p50, ms", "p95, ms", "slowest, ms", "queries", "found", "times the rows by id")
WHAT = (
    *("Lunch club", "Debt advice", "Befriending", "Walking group", "Memory cafe", "Food bank", "Job club", "Minibus"),
    *(
        "Chair exercise",
        "Carers' break",
        "Counselling",
        "Toddler group",
        "English class",
        "Housing advice",
        "Warm room",
    ),
)
WHERE = ("Chapel", "Green", "Mill", "Station", "Library", "Park", "Market", "Bridge", "School", "Hill")
NAMES = ("Invented", "Example", "Pretend", "Sample", "Made-up", "Specimen", "Trial", "Mock", "Dummy", "Blank")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def run(*, copies: int, repeats: int) -> list[str]:
    """The table; `copies` and `repeats` are of other benchmarks."""
    with place.fresh() as here, tempfile.TemporaryDirectory(prefix="locality-directory-") as folder:
        file = Path(folder) / "services.json"
        file.write_text(json.dumps({"contents": made(here)}))
        first, again = (_taken(here, file) for _ in range(2))
        with here.connect() as admin:
            admin.execute("vacuum analyze")  # as autovacuum would have done by the next morning
        here.restart()
        told = _asked(here)
    by_id = median(told.pop("the same rows by their ids")["ms"])
    rows = [_row(name, one, by_id) for name, one in told.items()]
    said = (
        f"{SERVICES:,} invented services beside the pack's own. Taking the file in: {first:.1f} seconds; the same "
        f"again, unchanged: {again:.1f} ({again / first:.2f} of that). Twenty services by their ids, with what stands "
        f"beside each: {by_id:.1f} ms."
    )
    return [*table.rows(HEAD, rows), "", said, table.aim(AIM, rows, column=P95, most=100)]


def made(here: Place) -> list[dict[str, Any]]:
    """Services at postcodes of the place, by chance with a fixed seed."""
    chance = random.Random(SEED)  # noqa: S311 -- not for secrets
    with here.connect() as admin:
        known = admin.execute("select code from directory_postcode order by code").fetchall()
    return [_service(number, chance, known) for number in range(SERVICES)]


def _service(number: int, chance: random.Random, known: list[Any]) -> dict[str, Any]:
    what, where, name = (chance.choice(words) for words in (WHAT, WHERE, NAMES))
    pk, by = str(uuid.UUID(int=number + 1)), f"{name} {where} {number % 400}"
    told: dict[str, Any] = {
        "id": pk,
        "name": f"{name} {what} at the {where}",
        "description": f"{what} for people around the {where}. " + " ".join(chance.choices(WHAT, k=12)),
        "status": "active",
        "assured_date": f"202{chance.randint(4, 6)}-0{chance.randint(1, 9)}-01",
        "organization": {"id": str(uuid.UUID(int=number % 400 + 1)), "name": by, "description": by},
        "cost_options": [{"id": pk, "amount": chance.choice((0, 0, 2.5))}],
        "schedules": [{"id": pk, "byday": ",".join(chance.sample(DAYS, 3)), "opens_at": "10:00", "closes_at": "16:00"}],
    }
    address = {"id": pk, "address_1": f"{number} {where} Street", "postal_code": chance.choice(known)[0]}
    access = [{"id": pk, "description": "Step-free."}] if chance.random() < 0.5 else []
    location = {"id": pk, "location_type": "physical", "addresses": [address], "accessibility": access}
    return told | {"service_at_locations": [{"id": pk, "location": location}]}


def _taken(here: Place, file: Path) -> float:
    begun = time.perf_counter()
    here.run("directory-in", str(file), "--feed", "benchmark", "--json")
    return time.perf_counter() - begun


def _asked(here: Place) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.directory_asked", str(ASKED)]
    ran = subprocess.run(words, env=here.environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


def _row(name: str, one: dict[str, Any], by_id: float) -> list[str]:
    times = one["ms"]
    p50, p95 = median(times), quantiles(times, n=20)[-1]
    figures = [f"{figure:.1f}" for figure in (p50, p95, max(times))]
    return [name, str(len(times)), *figures, str(one["queries"]), f"{one['found']:,}", f"{p50 / by_id:.1f}"]
