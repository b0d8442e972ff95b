"""`locality referral-in`: a referral that another organisation's system sent."""

from pathlib import Path
from typing import Annotated

import typer

from locality.base import Refused, system
from locality.cli import edge

MOST_BYTES = 5_000_000


@edge.says_it_clearly
def referral_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One message of the Booking and Referral Standard.")],
    source: Annotated[str, typer.Option("--source", help="The code of the source that sent it.")],
    as_json: bool = edge.Json,
) -> None:
    """Take in a referral from another system, once; what is refused is kept with its reason."""
    edge.with_database()
    from locality.directory.queries import source as source_of
    from locality.neighbourhoods.actions.referral_in import receive_referral

    taken = receive_referral(source=source_of(source), content=_content(file), by=system(at=edge.now()))
    if as_json:
        edge.line(referral=taken.referral, refused=taken.refused, unchanged=taken.unchanged)
    if taken.refused:
        raise Refused(f"Refused, and kept: {taken.refused}")
    if not as_json:
        said = "was taken in before: nothing has changed" if taken.unchanged else "is on the list of whoever is asked"
        edge.people.print(f"The referral {said}.")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(f"{path} is larger than a referral may be (5 MB).")
        return path.read_bytes()
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}.") from None
