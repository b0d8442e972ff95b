"""`locality link`: everybody who is here, linked."""

import time
from typing import Annotated

import typer

from locality.base import system
from locality.cli import edge
from locality.cli.shown import Shown

Train = Annotated[bool, typer.Option("--train", help="Learn a model from this place's own patients first.")]


@edge.says_it_clearly
def link(train: Train = False, as_json: bool = edge.Json) -> None:
    """Link all patients to people; what is so already stays as it is, and what people decided always holds."""
    edge.with_database()
    import duckdb

    from locality.access.actions import follow_patients
    from locality.people.actions import link_everybody

    started, by = time.perf_counter(), system(at=edge.now())
    with duckdb.connect() as engine, Shown("Linking", quiet=as_json) as show:
        engine.execute("set enable_progress_bar = false")
        found = link_everybody(
            engine=engine,
            by=by,
            train=train,
            follow=lambda moves: follow_patients(moves=moves, by=by),
            show=show,
        )
    counts = {name: getattr(found, name) for name in type(found).__slots__}
    seconds = time.perf_counter() - started
    if as_json:
        edge.line(**counts, seconds=round(seconds, 3))
        return
    edge.people.print(
        f"Compared {found.patients:,} patients: {found.pairs:,} pairs that may be one person. Changed: "
        f"{found.pairs_changed + found.pairs_gone:,} pairs, {found.links_changed:,} links, {found.asked_changed:,} "
        f"questions; in {seconds:.1f} seconds."
    )
    if found.crowds:
        edge.people.print(f"{found.crowds:,} keys are shared by too many to tell anybody apart, and were left out.")
