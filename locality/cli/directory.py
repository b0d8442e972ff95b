"""`locality directory-in` and `directory-out`: services as files of Open Referral UK."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from locality.base import Refused, system
from locality.base.periods import day_of
from locality.cli import edge

TOLD = 20
MOST_WRITTEN = 20_000


@edge.says_it_clearly
def directory_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A JSON file of Open Referral UK (HSDS-UK 3.0).")],
    feed: Annotated[str, typer.Option(help="Whose file it is: the same word each time, such as the-council.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change, and change nothing.")] = False,
    ends_many: Annotated[
        bool, typer.Option("--ends-many", help="It is the whole of the feed, though half of it ends.")
    ] = False,
    as_json: bool = edge.Json,
) -> None:
    """Take in a directory's services; safe to repeat. What the file has no more is ended, what is wrong is told."""
    edge.with_database()
    from locality.directory.actions import feeds

    try:
        content = file.read_bytes()
    except OSError as unread:
        raise Refused(f"{file} cannot be read: {unread.strerror or unread}.") from unread
    by = system(at=edge.now())
    taken = feeds.take_in(content=content, feed=feed, by=by, dry_run=dry_run, ends_many=ends_many)
    if as_json:
        refused = [{"id": pk, "name": name, "reasons": why} for pk, name, why in taken.refused]
        edge.line(feed=taken.feed, dry_run=dry_run, **{**taken.counts, "refused": refused})
    else:
        _tell(taken)
    if taken.refused:
        raise typer.Exit(1)


def _tell(taken: Any) -> None:
    edge.people.print(taken.sentence, markup=False)
    lines = [f"new: {name}" for name in taken.added]
    lines += [f"changed: {name} ({', '.join(names)})" for name, names in taken.changed]
    lines += [f"ended: {name}" for name in taken.ended]
    lines = lines if taken.dry_run else []
    lines += [f"refused: {name} ({pk}): {' '.join(why)}" for pk, name, why in taken.refused]
    lines += [f"left out of {name} ({pk}): {doubt}" for pk, name, doubt in taken.doubts]
    for line in lines[:TOLD]:
        edge.people.print(f"  {line}", markup=False, soft_wrap=True)
    if len(lines) > TOLD:
        edge.people.print(f"  There are {len(lines) - TOLD} more: --json lists all that were refused.")


@edge.says_it_clearly
def directory_out(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the JSON file.")],
    as_json: bool = edge.Json,
) -> None:
    """Write the public services of the place as a file of Open Referral UK."""
    edge.with_database()
    from locality.directory.open_referral import written
    from locality.directory.queries import services

    edge.check_outputs([file], [])
    asked = services.ServiceAsked(public_only=True)
    found = services.search(asked=asked, on=day_of(edge.now()), most=MOST_WRITTEN)
    file.write_bytes(orjson.dumps(written(found.rows), option=orjson.OPT_INDENT_2) + b"\n")
    if as_json:
        edge.line(file=str(file), services=found.total)
    else:
        edge.people.print(f"{found.total:,} services are in {file}.", markup=False)
