"""Published scores of a whole borough's diagnoses, beside pycomorb and comorbidipy on the same table in the same run.

The table is made up (`scores_made.py`): 208,000 people with about six codes each, loaded before the clock starts, for
each library in its own kind of table, in a process of its own, on the same cores. What is timed ends with every
person's score in memory; ours gives the bands as well. `--others` names a Python that has the two libraries
(`pip install '.[bench]'`); without one ours is measured alone. comorbidipy is given fewer methods, since it takes
minutes for each; each ratio is over the methods that both were given.

Growth: each of the sizes from a Parquet file, whatever it takes, with the most memory that the process had.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import scores_made, table
from benchmarks.scores_others import most_memory

PEOPLE = 208_000
SIZES: tuple[int, ...] = (200_000, 2_000_000)
OTHERS = sys.executable
# the second takes minutes for each method
LIBRARIES = {
    "pycomorb": ("hfrs", "charlson", "charlson-quan", "charlson-shmi", "shmi", "elixhauser"),
    "comorbidipy": ("hfrs", "charlson", "elixhauser"),
}
THREADS, MEMORY = 2, "3500MB"
HEAD = ("", "methods", "seconds", "of cores", "GB", "people scored otherwise than by ours")
GROWTH = ("people", "rows", "", "seconds", "of cores", "GB")


def run(*, copies: int, repeats: int) -> list[str]:
    """Two tables; `copies` is of other benchmarks, each of ours is repeated and the median kept."""
    with tempfile.TemporaryDirectory(prefix="locality-scores-") as name:
        folder = Path(name)
        path = scores_made.make(folder, people=PEOPLE)
        lines = [*beside_others(folder, path, repeats), ""]
        for size in SIZES:
            scores_made.make(folder, people=size)
        return [*lines, *table.rows(GROWTH, [row for size in SIZES for row in growth(folder, size, repeats)])]


def beside_others(folder: Path, path: Path, repeats: int) -> list[str]:
    every = LIBRARIES["pycomorb"]
    ours = {names: _median([_ours(path, folder, names) for _ in range(repeats)]) for names in {*LIBRARIES.values()}}
    body = [_row("Locality", every, ours[every], "")]
    ratios = []
    for library, names in LIBRARIES.items():
        found = [
            _other(library, path, folder / f"{library}.parquet", names) for _ in range(repeats if names == every else 1)
        ]
        if None in found:
            ratios.append(f"{library} was not at hand.")
            continue
        best = _median([one for one in found if one])
        if names != every:
            body.append(_row("Locality", names, ours[names], ""))
        differ = _differing(folder / "ours.parquet", folder / f"{library}.parquet")
        body.append(
            _row(library, names, best, ", ".join(f"{name} {many:,}" for name, many in differ.items()) or "none")
        )
        wall, cores = (best[key] / ours[names][key] for key in ("wall", "cores"))
        ratios.append(f"{library} takes {wall:.1f} times as long as ours, and {cores:.1f} times the work of the cores.")
    return [*table.rows(HEAD, body), "", *ratios]


def growth(folder: Path, size: int, repeats: int) -> list[list[str]]:
    path = folder / f"{size}.parquet"
    found = []
    for what, words in (("all of ICD-10", []), ("the same, with days", ["--dated"])):
        one = _median([_ours(path, folder, LIBRARIES["pycomorb"], "--from-file", *words) for _ in range(repeats)])
        seconds = [f"{one['wall']:.1f}", f"{one['cores']:.1f}", f"{one['gb']:.2f}"]
        found.append([f"{size:,}", f"{int(one['rows']):,}", what, *seconds])
    return found


def _row(name: str, names: tuple[str, ...], one: dict[str, Any], differ: str) -> list[str]:
    return [name, ", ".join(names), f"{one['wall']:.2f}", f"{one['cores']:.2f}", f"{one['gb']:.2f}", differ]


def _median(found: list[dict[str, Any]]) -> dict[str, Any]:
    return sorted(found, key=lambda one: float(one["wall"]))[len(found) // 2]


def _ours(path: Path, folder: Path, names: tuple[str, ...], *words: str) -> dict[str, Any]:
    asked = [sys.executable, "-m", "benchmarks.scores", str(path), str(folder / "ours.parquet"), *names, *words]
    return dict(json.loads(subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True).stdout))


def _other(library: str, path: Path, out: Path, names: tuple[str, ...]) -> dict[str, Any] | None:
    script = Path(__file__).with_name("scores_others.py")
    asked = [OTHERS, str(script), library, str(path), str(out), *names]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    if "ModuleNotFoundError" in ran.stderr:
        return None
    if ran.returncode:
        raise SystemExit(ran.stderr)
    found = json.loads(ran.stdout)
    wall, cores = (sum(spent[at] for spent in found["seconds"].values()) for at in (0, 1))
    return {"wall": wall, "cores": cores, "gb": found["gb"]}


def _differing(ours: Path, theirs: Path) -> dict[str, int]:
    import duckdb

    rows = duckdb.execute(
        f"select method, count(*) from '{theirs}' t left join '{ours}' o using (person, method)"
        " where o.score is null or abs(o.score - t.score) > 0.001 group by 1 order by 1"
    ).fetchall()
    return dict(rows)


# ---- in a process of its own


def main() -> None:
    import duckdb
    import pyarrow  # noqa: F401 -- loaded before the clock starts, as the others are

    from locality.methods.scores.catalogue import METHODS
    from locality.methods.scores.tables import SCORED, score_table

    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--from-file", action="store_true")
    parser.add_argument("--dated", action="store_true")
    asked = parser.parse_args()
    methods = [METHODS[name] for name in asked.names]
    with tempfile.TemporaryDirectory() as folder:
        engine = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY, "temp_directory": folder})
        engine.execute("set enable_progress_bar = false")  # what is printed is read
        source = f"read_parquet('{asked.path}')"
        if not asked.from_file:
            engine.execute(f"create table diagnoses as select person, code, on_day from {source}")
            source = "diagnoses"
        wall, cores = time.perf_counter(), time.process_time()
        score_table(
            engine=engine, methods=methods, rows=f"select person, code, on_day from {source}", dated=asked.dated
        )
        spent = {"wall": time.perf_counter() - wall, "cores": time.process_time() - cores}
        used = most_memory()
        many = engine.execute(f"select count(*) from {source}").fetchall()[0][0]
        if not asked.from_file and len(methods) > len(LIBRARIES["comorbidipy"]):
            told = " union all ".join(
                f"select person, {one.name.replace('-', '_')}_score as score, '{one.name}' as method from {SCORED}"
                for one in methods
            )
            engine.execute(f"copy ({told}) to '{asked.out}' (format parquet)")
    print(json.dumps({**spent, "gb": used, "rows": many}))


if __name__ == "__main__":
    main()
