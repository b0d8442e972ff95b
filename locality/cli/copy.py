"""`locality refresh`: the analytical copy, brought up to date with the record."""

import time
from typing import Annotated

import typer

from locality.base import system
from locality.cli import edge
from locality.cli.shown import Shown

Full = Annotated[bool, typer.Option("--full", help="Make everything anew, not only what was heard of since.")]


@edge.says_it_clearly
def refresh(full: Full = False, as_json: bool = edge.Json) -> None:
    """Bring the analytical copy up to date with the record: columns without names, for scores, lists and measures."""
    edge.with_database()
    from django.conf import settings

    from locality.config.pseudonyms import copy_key
    from locality.population import actions

    started, key = time.perf_counter(), copy_key(settings.LOCALITY_HOME, make=True)
    with Shown("Refreshing", quiet=as_json) as show:
        done = actions.refresh(key=key, by=system(at=edge.now()), full=full, now=edge.now, tell=show)
    seconds = time.perf_counter() - started
    counts = {name: getattr(done, name) for name in ("people", "touched", "read", "used", "said_again", "left_out")}
    if as_json:
        edge.line(
            kind=done.kind, **counts, reasons=done.reasons, noted=done.noted, rows=done.rows, seconds=round(seconds, 3)
        )
        return
    edge.people.print(
        f"Read {done.read:,} lines about {done.touched:,} of {done.people:,} people: used {done.used:,}, said again "
        f"{done.said_again:,}, left out {done.left_out:,}; in {seconds:.1f} seconds."
    )
    for title, told in (("Left out", done.reasons), ("Kept with something missing", done.noted)):
        for words, times in sorted(told.items(), key=lambda one: -one[1]):
            edge.people.print(f"  {title}: {words}: {times:,}", markup=False)
