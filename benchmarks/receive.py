"""`locality receive` on Synthea bundles, beside a raw COPY of the same text.

Each repeat has a fresh database. In it, one after the other and each after a checkpoint: the text of every resource is
copied into one table of one column by one connection (COPY, binary), and the table is dropped; then the bundles are
received by the real command, with one worker or with two. Seconds are those of the whole command, its start included;
core-seconds are those of the command, its workers and the server. Every content must have been stored, once: Synthea
repeats some practitioners word for word.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import copies as synthea
from benchmarks import place, table
from benchmarks.cores import Spent, measured
from benchmarks.place import Place

WORKERS = (2, 1)
HEAD = (
    "workers",
    "resources a second",
    "seconds",
    "core-seconds (ours + the server's)",
    "raw COPY: seconds",
    "core-seconds",
    "receive / COPY: seconds",
    "core-seconds",
)


def run(*, copies: int, repeats: int) -> list[str]:
    """The table, and what was received."""
    with tempfile.TemporaryDirectory(prefix="locality-copies-") as folder:
        bundles = synthea.write(Path(folder) / "bundles", times=copies)
        texts = synthea.texts(bundles)
        # so that Python's compiled files are there, and the disk has been asked for everything once
        once(bundles, texts, max(WORKERS))
        rows = [
            row(workers, [once(bundles, texts, workers) for _ in range(repeats)], len(texts)) for workers in WORKERS
        ]
    size = sum(len(text.encode()) for text in texts)
    said = (
        f"{len(texts):,} resources, {size / 1e6:,.1f} MB of text ({size / len(texts):,.0f} bytes each): "
        f"{copies} copies of the demo's Synthea bundles. The median of {repeats} repeats."
    )
    aim = table.aim("6,000 resources a second on two cores", rows[:1], column=1, least=6000)
    return [*table.rows(HEAD, rows), "", said, aim]


def once(bundles: Path, texts: list[str], workers: int) -> tuple[Spent, Spent]:
    """One pair: the COPY and the command, in one fresh database."""
    with place.fresh() as here:
        return copy(here, texts), receive(here, bundles, texts=texts, workers=workers)


def copy(here: Place, texts: list[str]) -> Spent:
    with here.connect() as admin:
        admin.execute("create table raw (content text)")
        here.settle()
        asked = "copy raw from stdin (format binary)"
        with measured(here.postmaster) as spent, admin.cursor() as cursor, cursor.copy(asked) as lines:
            lines.set_types(["text"])
            for text in texts:
                lines.write_row((text,))
        admin.execute("drop table raw")
    return spent


def receive(here: Place, bundles: Path, *, texts: list[str], workers: int) -> Spent:
    here.settle()
    with measured(here.postmaster) as spent:
        said = here.run("receive", "--source", "synthea", "--workers", str(workers), "--json", str(bundles))
    counts = json.loads(said)
    if (counts["received"], counts["stored"], counts["rejected"]) != (len(texts), len(set(texts)), 0):
        raise SystemExit(f"Not every content was stored once, so there is nothing to compare: {said}")
    return spent


def row(workers: int, pairs: list[tuple[Spent, Spent]], count: int) -> list[str]:
    def middle(of: Callable[[Spent, Spent], float]) -> float:
        return median(of(copied, received) for copied, received in pairs)

    ours, others = middle(lambda _, received: received.ours), middle(lambda _, received: received.others)
    return [
        str(workers),
        f"{middle(lambda _, received: count / received.seconds):,.0f}",
        f"{middle(lambda _, received: received.seconds):.1f}",
        f"{middle(lambda _, received: received.core_seconds):.1f} ({ours:.1f} + {others:.1f})",
        f"{middle(lambda copied, _: copied.seconds):.2f}",
        f"{middle(lambda copied, _: copied.core_seconds):.2f}",
        f"{middle(lambda copied, received: received.seconds / copied.seconds):.1f}",
        f"{middle(lambda copied, received: received.core_seconds / copied.core_seconds):.1f}",
    ]
