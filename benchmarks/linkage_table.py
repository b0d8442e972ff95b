"""`link-table` against plain Splink on tables with known truth: found, missed, seconds and memory, in the same run.

    .venv/bin/python -m benchmarks.linkage_table
    .venv/bin/python -m benchmarks.linkage_table --only febrl3 febrl4
    .venv/bin/python -m benchmarks.linkage_table --people 1000000

Each runs in a process of its own, with two threads; "of cores" is what both cores worked in all, which others at work
on the machine hardly change. Ours decides where to join by itself; Splink's figure is its best of five thresholds, by
pairs or by clusters, whichever is better for it. --also names a folder of more sets (linkage_sets.py says how they are
described); --ours leaves Splink out.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import linkage_sets, table
from benchmarks.linkage_made import Made

THRESHOLDS = (0.5, 0.9, 0.95, 0.99, 0.999)
HEAD = ("table", "rows", "true pairs", "", "precision", "recall", "F1", "false", "missed", "seconds", "of cores", "GB")


def ours(made: Made, paths: Sequence[Path]) -> dict[tuple[int, str], int]:
    """The cluster of each row, by link-table's own way with nothing asked for."""
    import duckdb

    from locality.cli.link_table import MEMORY
    from locality.methods.linkage import table as linkage
    from locality.methods.linkage.table_columns import Source
    from locality.methods.linkage.table_reading import SAID

    sources = [Source(path, "id", {field: [column] for field, column in made.fields.items()}) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        engine = duckdb.connect(config={"threads": 2, "memory_limit": MEMORY, "temp_directory": folder})
        engine.execute("set enable_progress_bar = false")
        began = time.perf_counter()
        spent: list[tuple[str, float]] = []

        def tell(word: str, done: int, of: int) -> None:
            if not spent or spent[-1][0] != word:
                spent.append((word, time.perf_counter() - began))

        linkage.link_table(engine, sources, one_to_one=made.one_to_one, tell=tell)
        if "LINKAGE_STEPS" in os.environ:
            print(" ".join(f"{word} from {at:.1f}" for word, at in spent), file=sys.stderr)
        rows = engine.execute(
            f"select s.src, s.key, c.cluster from {linkage.CLUSTERED} c join {SAID} s on s.id = c.n"
        ).fetchall()
    return {(place, key): cluster for place, key, cluster in rows}


def one(name: str, engine: str, paths: Sequence[Path], fields: dict[str, str], *, one_to_one: bool) -> None:
    """Run one engine on one set and write what it found and took, for the process that asked."""
    from benchmarks import linkage_splink

    made = Made(name, [], {}, fields, one_to_one)
    began = time.perf_counter()
    found: Any = ours(made, paths) if engine == "ours" else linkage_splink.link(paths, fields)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20
    rows = [[place, key, cluster] for (place, key), cluster in found.items()] if engine == "ours" else found
    print(json.dumps({"seconds": seconds, "spent": spent, "memory": memory, "found": rows}))


def asked(engine: str, made: Made, paths: Sequence[Path]) -> dict[str, Any]:
    told = {"engine": engine, "paths": list(map(str, paths)), "fields": made.fields, "one_to_one": made.one_to_one}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.linkage_table", "--one", json.dumps(told)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode and engine == "splink":
        return {"failed": f"fails: {answer.stderr.splitlines()[-1][:80]}"}
    if answer.returncode:
        raise SystemExit(f"{engine} on {made.name}:\n{answer.stderr[-2000:]}")
    sys.stderr.write(answer.stderr if "LINKAGE_STEPS" in os.environ else "")
    said: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return said


def best_of_splink(made: Made, pairs: list[Any]) -> tuple[float, float, float, int, int]:
    every = linkage_sets.true_pairs(made)
    found = []
    for least in THRESHOLDS:
        kept = [(tuple(left), tuple(right)) for left, right, chance in pairs if chance >= least]
        right = sum(made.truth[one] == made.truth[other] for one, other in kept)
        precision, recall = right / len(kept) if kept else 1.0, right / every
        found.append((precision, recall, 2 * right / (len(kept) + every), len(kept) - right, every - right))
        found.append(linkage_sets.judged(made, _joined(made, kept)))
    return max(found, key=lambda one: one[2])


def _joined(made: Made, pairs: Sequence[tuple[Any, Any]]) -> dict[tuple[int, str], Any]:
    above = {row: row for row in made.truth}

    def top(row: Any) -> Any:
        while above[row] != row:
            above[row] = row = above[above[row]]
        return row

    for left, right in pairs:
        above[top(left)] = top(right)
    return {row: top(row) for row in above}


def measured(made: Made, *, splink: bool) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        paths = linkage_sets.write(made, Path(folder))
        said = asked("ours", made, paths)
        figures = linkage_sets.judged(made, {(place, key): cluster for place, key, cluster in said["found"]})
        yield _line(made, "link-table", figures, said)
        if splink:
            said = asked("splink", made, paths)
            if "failed" in said:
                yield ["", "", "", "Splink", said["failed"], *[""] * 7]
                return
            yield _line(made, "Splink", best_of_splink(made, said["found"]), said)


def _line(made: Made, who: str, figures: tuple[float, float, float, int, int], said: dict[str, Any]) -> list[str]:
    precision, recall, both, false, missed = figures
    name = f"{made.name}{', one to one' if made.one_to_one else ''}"
    rows = " + ".join(f"{len(one):,}" for one in made.tables)
    head = [name, rows, f"{linkage_sets.true_pairs(made):,}"] if who == "link-table" else ["", "", ""]
    shares = [f"{share:.4f}" for share in (precision, recall, both)]
    return [
        *head,
        who,
        *shares,
        f"{false:,}",
        f"{missed:,}",
        *(f"{said[one]:.1f}" for one in ("seconds", "spent", "memory")),
    ]


def run(*, copies: int, repeats: int) -> list[str]:
    """The table of every set, Splink beside; once, however many repeats are asked for: the outcome is the same."""
    return table.rows(
        HEAD, [row for maker in linkage_sets.sets(also=None).values() for row in measured(maker(), splink=True)]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage_table", description=__doc__)
    parser.add_argument("--only", nargs="*", help="the sets to measure")
    parser.add_argument("--also", type=Path, help="a folder of more sets, each described by a TOML file")
    parser.add_argument("--people", type=int, help="instead: so many rows as health and care hold them")
    parser.add_argument("--ours", action="store_true", help="leave Splink out")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.one:
        told = json.loads(said.one)
        one("", told["engine"], [Path(path) for path in told["paths"]], told["fields"], one_to_one=told["one_to_one"])
        return
    makers = linkage_sets.sets(also=said.also)
    if said.people:
        makers = {"people": lambda: linkage_sets.of_people(said.people)}
    print(f"load of the machine before the run {os.getloadavg()[0]:.1f}")
    print(*table.rows(HEAD, ()), sep="\n")
    for name, maker in makers.items():
        if not said.only or name in said.only:
            for row in measured(maker(), splink=not said.ours):
                print(*table.rows(row, ())[:1], flush=True)


if __name__ == "__main__":
    main()
