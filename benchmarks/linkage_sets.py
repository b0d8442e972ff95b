"""Tables with known truth that `link-table` is measured on: public ones kept with the tests, and made-up ones.

Others can be brought: a folder with a TOML file for each, which says `files`, `id`, `truth` (a column of each file, or
the id's part that a `truth_pattern` finds) and `map` (a field of ours = a column).
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import linkage_made, linkage_people
from benchmarks.linkage_made import Made, Row

KEPT = Path(__file__).parents[1] / "tests" / "data" / "record_linkage"
FEBRL = {
    "given_name": "given_name", "family_name": "surname", "birth_date": "date_of_birth", "postcode": "postcode",
    "house_number": "street_number", "address_line": "address_1", "address_line2": "address_2", "locality": "suburb",
    "state": "state",
}  # fmt: skip
FAKE = {
    "given_name": "first_name", "family_name": "surname", "birth_date": "dob", "locality": "city", "email": "email",
}  # fmt: skip
ABOUT = {"files": ["fake_1000.csv"], "id": "unique_id", "truth": "cluster", "map": FAKE}
PERSON = r"rec-(\d+)-"


def febrl(name: str) -> dict[str, Any]:
    """FEBRL without its identifier; of set 4, each file holds everybody once."""
    files = [f"{name}a.csv", f"{name}b.csv"] if name == "febrl4" else [f"{name}.csv"]
    about = {"files": files, "id": "rec_id", "truth": "rec_id", "truth_pattern": PERSON, "map": FEBRL}
    return about | {"one_to_one": len(files) > 1}


def kept(name: str) -> Made:
    return described(name, ABOUT if name == "fake_1000" else febrl(name), KEPT)


def described(name: str, about: dict[str, Any], folder: Path) -> Made:
    """A set as its description says."""
    tables, truth = [], {}
    for place, file in enumerate(about["files"]):
        rows = list(_rows(folder / file))
        for row in rows:
            row["id"] = row[about["id"]]
            truth[place, row["id"]] = _person(row[about["truth"]], about.get("truth_pattern", ""))
            if about["truth"] not in (about["id"], *about["map"].values()):
                del row[about["truth"]]
        tables.append(rows)
    return Made(name, tables, truth, about["map"], about.get("one_to_one", False))


def _rows(path: Path) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {str(name).strip(): (value or "").strip() for name, value in row.items()}


def _person(value: str, pattern: str) -> str:
    found = re.match(pattern, value) if pattern else None
    return found[1] if found else value


def of_people(many: int, *, seed: int = 1) -> Made:
    rows, truth = [], {}
    for row in linkage_people.rows(many, seed=seed):
        named = dict(zip(linkage_people.COLUMNS, row, strict=True))
        truth[0, named["id"]] = named.pop("person")
        rows.append(named)
    return Made(f"people {many:,}", [rows], truth, linkage_people.FIELDS)


KEPT_SETS = ("febrl3", "febrl4", "fake_1000")


def sets(*, also: Path | None = None) -> dict[str, Callable[[], Made]]:
    """Every set by its name; read or made when it is called."""
    found: dict[str, Callable[[], Made]] = {name: partial(kept, name) for name in KEPT_SETS}
    found |= {name: partial(linkage_made.make, name) for name in linkage_made.MAKERS}
    for path in sorted(also.glob("*.toml")) if also else ():
        about = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = partial(described, path.stem, about, path.parent)
    return found


def write(made: Made, folder: Path) -> list[Path]:
    """The tables as CSV files, with `id` and the columns that are mapped."""
    columns = ["id", *dict.fromkeys(made.fields.values())]
    paths = []
    for place, rows in enumerate(made.tables):
        path = folder / f"{made.name.replace(' ', '_')}_{place}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    return paths


def true_pairs(made: Made) -> int:
    """How many pairs of rows are one person's; of two tables, across them."""
    return sum(_pairs(rows, two=len(made.tables) == 2) for rows in _together(made.truth.items()).values())


def _together(told: Any) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for row, person in told:
        found.setdefault(person, []).append(row)
    return found


def _pairs(rows: Sequence[tuple[int, str]], *, two: bool) -> int:
    first = sum(table == 0 for table, _ in rows)
    return first * (len(rows) - first) if two else len(rows) * (len(rows) - 1) // 2


def judged(made: Made, clusters: dict[tuple[int, str], Any]) -> tuple[float, float, float, int, int]:
    """Precision, recall, F1, false pairs and missed ones of rows by cluster, pair by pair; of two tables, across."""
    two = len(made.tables) == 2
    found = sum(_pairs(rows, two=two) for rows in _together(clusters.items()).values())
    both = _together((row, (cluster, made.truth[row])) for row, cluster in clusters.items())
    right, every = sum(_pairs(rows, two=two) for rows in both.values()), true_pairs(made)
    precision, recall = right / found if found else 1.0, right / every if every else 1.0
    return precision, recall, 2 * right / (found + every), found - right, every - right
