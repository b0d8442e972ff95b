"""`locality verify-pack`: whether a day pack is as it was made."""

from pathlib import Path

import typer

from locality.base import Refused
from locality.cli import edge

WHOLE = "This day pack is as it was made."
CHANGED = "This day pack is not as it was made here: something in it was changed, or another place made it."


PACK = typer.Argument(..., help="The day pack.")


@edge.says_it_clearly
def verify_pack(file: Path = PACK, as_json: bool = edge.Json) -> None:
    """Tell whether a day pack is as it was made here; exit 1 where it is not. Needs no database."""
    edge.start_django()
    from django.conf import settings

    from locality.neighbourhoods.rules.pack import is_whole

    try:
        content = file.read_bytes()
    except OSError as unread:
        raise Refused(f"{file} cannot be read: {unread.strerror or unread}.") from unread
    found = is_whole(content, verify=settings.PACK_KEY().verify)
    if as_json:
        edge.line(file=str(file), whole=found)
        raise typer.Exit(0 if found else 1)
    if not found:
        edge.stop(CHANGED)
    edge.people.print(WHOLE)
