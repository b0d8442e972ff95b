"""`locality find-people`: the criteria of the pack, asked of the analytical copy."""

import time
from typing import Annotated, Any

import typer

from locality.base import system
from locality.cli import edge

Chosen = Annotated[str, typer.Option("--criterion", help="The code of one criterion; all of the pack's without it.")]


@edge.says_it_clearly
def find_people(criterion: Chosen = "", as_json: bool = edge.Json) -> None:
    """Make the lists of people who may need more support, by the pack's criteria, no longer than teams can help."""
    edge.with_database()
    from django.conf import settings

    from locality.config.pseudonyms import copy_key
    from locality.directory.queries import pack_of, place
    from locality.population.actions import criteria, finding

    here, by = place(), system(at=edge.now())
    loaded = criteria.load_criteria(pack=pack_of(here), by=by)
    chosen = finding.criteria_to_run(place_id=here.pk, code=criterion)
    if not chosen:
        edge.people.print(f"The pack of {here.name} has no criteria: docs/finding.md says how to write one.")
    runs = []
    for one in chosen:
        started = time.perf_counter()
        run = finding.run_on_copy(criterion=one, key=copy_key(settings.LOCALITY_HOME), by=by)
        seconds = round(time.perf_counter() - started, 3)
        runs.append(
            {
                "criterion": one.code,
                "version": one.version,
                "found": run.found,
                "listed": run.listed,
                "left_out": run.left_out,
                "lists": run.lists,
                "seconds": seconds,
            }
        )
        if not as_json:
            _say(one.name, runs[-1])
    if as_json:
        edge.line(place=here.code, criteria=loaded.total, runs=runs)


def _say(name: str, run: dict[str, Any]) -> None:
    edge.people.print(
        f"{name}: {run['found']:,} found, {run['listed']:,} listed for {len(run['lists']):,} teams "
        f"({run['seconds']:.1f} s).",
        markup=False,
    )
    for words, count in sorted(run["left_out"].items()):
        edge.people.print(f"  {count:,} {words}", markup=False)
