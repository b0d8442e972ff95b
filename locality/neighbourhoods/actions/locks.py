"""Of two who change the same thing at once: the second waits, and then sees what the first did."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from locality.base import NotFound

Row = TypeVar("Row", bound=Model)


def locked(rows: QuerySet[Row], *, none: str) -> Row:
    """The one row of these, held until the transaction ends; raises NotFound, in the words of `none`, without one.

    Which version of it the viewer had read is compared after this, and never before.
    """
    held = rows.select_for_update(of=("self",))
    # what was waited for may have been replaced by a newer version meanwhile: then that is the one
    row = held.first() or held.first()
    if row is None:
        raise NotFound(none)
    return row
