"""`locality load-practitioners`: staff in bulk."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from locality.base import system
from locality.cli import edge

REFUSED_TOLD = 20


@edge.says_it_clearly
def load_practitioners(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file; docs/packs.md lists its columns.")],
    as_json: bool = edge.Json,
) -> None:
    """Load a list of staff: who joins, who moves, who leaves; safe to repeat."""
    edge.with_database()
    from locality.access import actions

    with _progress(quiet=as_json) as bar:
        row = bar.add_task("staff", total=None)
        loaded = actions.load_practitioners(
            path=file,
            by=system(at=edge.now()),
            tell=lambda done, of: bar.update(row, completed=done, total=of),
        )
    if as_json:
        refused = [{"line": one.line, "code": one.code, "reason": one.reason} for one in loaded.refused]
        edge.line(file=loaded.file, lines=loaded.lines, **{**loaded.counts, "refused": refused})
    else:
        _tell(loaded)
    if loaded.refused:
        raise typer.Exit(1)


def _tell(loaded: Any) -> None:
    edge.people.print(loaded.sentence, markup=False)
    for one in loaded.refused[:REFUSED_TOLD]:
        edge.people.print(f"  {one.reason}", markup=False, soft_wrap=True)
    if len(loaded.refused) > REFUSED_TOLD:
        edge.people.print(f"  There are {len(loaded.refused) - REFUSED_TOLD} more: --json lists them all.")


def _progress(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("Loading staff"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=edge.people,
        transient=True,
        disable=quiet or not edge.people.is_terminal,
    )
