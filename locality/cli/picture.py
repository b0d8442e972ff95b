"""`locality picture`: the picture of the neighbourhoods, drawn from the analytical copy."""

import time
from typing import Annotated

import typer

from locality.base import system
from locality.cli import edge

Again = Annotated[bool, typer.Option("--again", help="Draw this month's anew, holding to what was told of it.")]


@edge.says_it_clearly
def picture(again: Again = False, as_json: bool = edge.Json) -> None:
    """Draw the picture of the neighbourhoods from the analytical copy, safe to tell: once a month, for the pages."""
    edge.with_database()
    from locality.population.actions import draw_picture

    started = time.perf_counter()
    drawn = draw_picture(by=system(at=edge.now()), again=again)
    seconds = round(time.perf_counter() - started, 3)
    outcomes = sum(not one["not_computed"] for one in drawn.told["outcomes"])
    unit = drawn.told["safe"]["unit"]
    if as_json:
        edge.line(on=drawn.on, nth=drawn.nth, unit=unit, outcomes=outcomes, seconds=seconds)
        return
    by = f"who fell is told by {unit}" if unit else "no small area has people enough to be told of"
    edge.people.print(
        f"The picture as at {drawn.on:%-d %B %Y}: {outcomes} measures, and {by}; in {seconds:.1f} seconds.",
        markup=False,
    )
