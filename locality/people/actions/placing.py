"""What was written while two people were one is given to one of them, once they have been parted."""

from uuid import UUID

from locality.base import Viewer
from locality.people.models import Placement


def place(*, merge: UUID, kind: str, row: UUID, was: UUID, person: UUID, by: Viewer) -> Placement:
    """Write down with whom a row was placed. For whoever keeps such rows, in the transaction that moves them."""
    return Placement.objects.create(
        merge_id=merge, kind=kind, row=row, was_id=was, person_id=person, placed_at=by.at, placed_by=by.id
    )
