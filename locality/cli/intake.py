"""`locality receive` and `locality retry`: what sources send."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from locality.base import system
from locality.cli import edge

Source = Annotated[str, typer.Option("--source", help="The code of the source that sends, from the pack.")]


@edge.says_it_clearly
def receive(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders, .gz, .zip or .tgz.")],
    source: Source,
    workers: Annotated[int, typer.Option(help="How many processes to use; 0 for one a core.")] = 0,
    as_json: bool = edge.Json,
) -> None:
    """Take in what a source sends: FHIR R4 (JSON, XML, NDJSON), HL7 v2 ADT, CSV by the pack's mapping."""
    edge.with_database()
    from locality.directory import queries as directory
    from locality.record import actions

    started = time.perf_counter()
    ways = workers or min(len(os.sched_getaffinity(0)), 8)
    with Spreading(ways) as spreading, _progress(quiet=as_json) as tell:
        intake = actions.receive(
            source=directory.source(source),
            paths=paths,
            by=system(at=edge.now()),
            now=edge.now,
            spread=spreading,
            ways=ways,
            tell_progress=tell,
        )
    _report(intake, seconds=time.perf_counter() - started, as_json=as_json)


@edge.says_it_clearly
def retry(source: Source, as_json: bool = edge.Json) -> None:
    """Try again what a source's quarantine holds, after a fix."""
    edge.with_database()
    from locality.directory import queries as directory
    from locality.record import actions

    started = time.perf_counter()
    intake = actions.retry(source=directory.source(source), by=system(at=edge.now()))
    _report(intake, seconds=time.perf_counter() - started, as_json=as_json)


def _report(intake: Any, *, seconds: float, as_json: bool) -> None:
    counts = {name: getattr(intake, name) for name in ("received", "stored", "unchanged", "rejected", "people")}
    if as_json:
        edge.line(**counts, seconds=round(seconds, 3), intake=intake.pk)
        return
    edge.people.print(
        f"Received {counts['received']:,}: stored {counts['stored']:,}, unchanged {counts['unchanged']:,}, "
        f"rejected {counts['rejected']:,}; about {counts['people']:,} people, in {seconds:.1f} seconds."
    )
    if counts["rejected"]:
        edge.people.print("What was rejected is kept with its reasons: see Sources on the pages, or `locality retry`.")


class Spreading:
    """Hands pieces of work to processes of their own, each with its own connection."""

    def __init__(self, ways: int):
        self.ways = ways
        self.pool: Any = None

    def __enter__(self) -> "Spreading":
        return self

    def __call__(self, function: Callable[[Any], Any], pieces: Iterable[Any]) -> Iterator[Any]:
        """Yield each piece's answer as it is ready; in this process when there is nothing to share out."""
        waiting = list(pieces)
        if self.ways == 1 or len(waiting) == 1:
            yield from map(function, waiting)
            return
        if self.pool is None:
            # never forked: a connection shared by two processes garbles both
            self.pool = multiprocessing.get_context("spawn").Pool(
                min(self.ways, len(waiting)), initializer=edge.with_database
            )
        yield from self.pool.imap_unordered(function, waiting)

    def __exit__(self, *error: object) -> None:
        if self.pool is not None:
            self.pool.terminate()
            self.pool.join()


class _progress:  # noqa: N801 -- used as `with _progress(...)`
    """A line on the error stream that counts as the run goes on."""

    def __init__(self, *, quiet: bool):
        self.bar = Progress(
            TextColumn("Receiving"),
            BarColumn(),
            TextColumn("{task.completed:,} received"),
            TimeElapsedColumn(),
            console=edge.people,
            transient=True,
            disable=quiet or not edge.people.is_terminal,
        )

    def __enter__(self) -> Callable[[Any], None]:
        self.bar.start()
        self.row = self.bar.add_task("receiving", total=None)
        return lambda counts: self.bar.update(self.row, completed=counts.received)

    def __exit__(self, *error: object) -> None:
        self.bar.stop()
