"""`locality receive-objections`: who has opted out of planning and research."""

from pathlib import Path
from typing import Annotated

import typer

from locality.base import Refused, system
from locality.cli import edge

MOST_BYTES = 100_000_000


@edge.says_it_clearly
def receive_objections(
    answer: Annotated[Path, typer.Argument(metavar="ANSWER", help="The list that came back: one NHS number a line.")],
    asked: Annotated[Path, typer.Option("--asked", help="The list that was sent, in the same shape.")],
    everybody: Annotated[
        bool, typer.Option("--everybody", help="It is right that none of the numbers came back: all have opted out.")
    ] = False,
    as_json: bool = edge.Json,
) -> None:
    """Apply an answer of the national data opt-out service (MESH): whoever is missing from it has opted out."""
    edge.with_database()
    from locality.access.actions.opt_outs import receive_opt_outs

    by = system(at=edge.now())
    intake = receive_opt_outs(asked=_lines(asked), answer=_lines(answer), everybody=everybody, by=by)
    counts = {name: getattr(intake, name) for name in ("received", "applied", "unchanged", "rejected")}
    if as_json:
        edge.line(**counts, intake=intake.pk)
        return
    edge.people.print(
        f"Received {counts['received']:,}: applied {counts['applied']:,}, unchanged {counts['unchanged']:,}, "
        f"rejected {counts['rejected']:,}. Care is not touched by it."
    )


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(f"{path} is larger than a list of the national service may be (100 MB).")
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise Refused(f"{path} is not a list of NHS numbers: it is not text.") from None
