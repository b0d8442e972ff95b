"""Old parts of the audit's table: taken off once they lie in a file that was verified, new ones made ahead.

Only the owner of the tables may do either, so the owner's connection is handed in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import transaction

from locality.base import Refused, Viewer
from locality.journal import queries
from locality.journal.actions.asking import note_upkeep
from locality.journal.actions.writing import log
from locality.journal.queries import Part

# events a part, as the table was made; and how many parts lie ready ahead of the one written to
PART, AHEAD = 25_000_000, 4
# pages wait this long at most while a part is taken off or put on
PATIENCE = "set lock_timeout = '5s'"


class Owner(Protocol):
    """A connection that may change tables."""

    def execute(self, query: Any) -> Any:
        """Run one statement."""


def archivable(*, keep: int) -> list[Part]:
    """The parts that may be moved into files: full, wholly sealed, and not among the last `keep` that hold events."""
    highest, sealed = queries.highest_number(), queries.last_sealed()
    filled = [part for part in queries.parts() if part.first <= highest]
    return [part for part in filled[: max(len(filled) - max(keep, 1), 0)] if part.until <= sealed + 1]


def make_parts(*, owner: Owner) -> int:
    """Make parts until enough lie ahead of the highest number; returns how many were made."""
    parts, highest = queries.parts(), queries.highest_number()
    until = max((part.until for part in parts), default=0)
    made = 0
    owner.execute(PATIENCE)
    while until < (highest // PART + 1 + AHEAD) * PART:
        make_part(owner=owner, part=Part(until, until + PART, f"journal_event_{until // PART}"))
        until += PART
        made += 1
    return made


def make_part(*, owner: Owner, part: Part) -> None:
    """Make one part, which the application touches through the whole table only."""
    name, first, until = part.name, int(part.first), int(part.until)
    with _as_owner(owner):
        owner.execute(f"create table {name} partition of journal_event for values from ({first}) to ({until})")
        owner.execute(f"revoke all on {name} from locality_app")


def drop_part(*, owner: Owner, part: Part, file: str, by: Viewer) -> None:
    """Take one part off, whose lines lie in a file that was verified. Raises Refused for one that is no such part."""
    if part not in archivable(keep=1):
        raise Refused("This part of the audit is still written to, or not wholly sealed.")
    # first: lines that are gone with nobody saying so would be what this guards against
    _note(part, file, by=by)
    owner.execute(PATIENCE)
    with _as_owner(owner):
        owner.execute(f"drop table {part.name}")


@contextmanager
def _as_owner(owner: Owner) -> Iterator[None]:
    owner.execute("set role locality_owner")
    try:
        yield
    finally:
        owner.execute("reset role")


@transaction.atomic
def _note(part: Part, file: str, *, by: Viewer) -> None:
    detail = {"first": part.first, "until": part.until, "file": file}
    log(what="audit.archived", by=by, detail=detail)
    note_upkeep(kind="archived", at=by.at, detail=detail)
