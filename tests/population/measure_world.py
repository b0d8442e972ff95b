"""A drawn copy of some hundred people over two years, large enough that most figures of admissions may be told."""

import random
import shutil
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from locality.base import system
from locality.directory.models import Neighbourhood
from locality.population.actions.keeping import keep_measures
from locality.population.queries.copy import open_copy
from locality.population.rules.kept import Kept
from tests import factories as make
from tests.population.copies import write_copy

UNTIL = date(2026, 1, 1)
ADMISSIONS = "emergency-admissions-65"


def tables(people: int = 600, *, seed: int = 7) -> dict[str, list[dict[str, Any]]]:
    """People of 65 and over in two neighbourhoods, about one admission each a year; five object."""
    rng = random.Random(seed)
    held = [
        {
            "person": f"p{at:04}",
            "birth_month": date(rng.randint(1930, 1955), rng.randint(1, 12), 1),
            "sex": rng.choice(["female", "male"]),
            "ethnicity": rng.choice("AAAAJJN"),
            "neighbourhood": rng.choice(["east", "east", "west"]),
            "deprivation": rng.randint(1, 10),
            "opted_out": at % 100 == 0,
        }
        for at in range(people)
    ]
    events = [
        {
            "person": rng.choice(held)["person"],
            "event": f"e{at:05}",
            "kind": "emergency admission",
            "started_at": datetime(2024, 1, 1) + timedelta(hours=rng.randrange(24 * 731)),
        }
        for at in range(2 * people)
    ]
    return {"people": held, "events": events}


def build(folder: Path, **more: Any) -> Path:
    """The place with its two neighbourhoods, and the copy; gives back the copy's folder."""
    here = make.place()
    told = {"place": here, "origin": "invented", "verified": False}
    for code, name in (("east", "Eastside"), ("west", "Westside")):
        Neighbourhood.objects.get_or_create(code=code, defaults={"id": make.new_id(), "name": name, **told})
    (folder / "copy").mkdir(parents=True, exist_ok=True)
    return write_copy(folder / "copy", **(more or tables()))


def keep(folder: Path, *, synthetic: bool = True, at: datetime = make.AT) -> Kept:
    """Work out every measure over the copy of a folder, and keep it."""
    with open_copy(folder=folder) as duck:
        return keep_measures(duck=duck, folder=folder, synthetic=synthetic, by=system(at=at))


_kept: dict[str, tuple[Path, Kept]] = {}


def kept_already(folder: Path, name: str, **more: Any) -> Kept:
    """The same as `build` and `keep`, worked out once for all tests that only read it, and copied here."""
    if name not in _kept:
        home = Path(tempfile.mkdtemp(prefix="measures-"))
        _kept[name] = home, keep(build(home, **more))
    home, kept = _kept[name]
    shutil.copytree(home / "copy", folder / "copy")
    return kept
