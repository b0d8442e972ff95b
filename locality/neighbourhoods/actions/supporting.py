"""Looking at whom one supports: everybody named is written down as shown, and each support that is opened."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.queries import Grant
from locality.base import Viewer
from locality.neighbourhoods.queries import support as queries
from locality.neighbourhoods.queries.support import Listed, One, Waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Whom one supports, whose support ended lately, and who waits for it to begin."""

    rows: list[Listed]
    more: bool
    ended: list[Listed]
    waiting: list[Waits]


@transaction.atomic
def list_supported(*, by: Viewer, mine: bool = True) -> Mine:
    """Whom the viewer or their teams support; everybody named is written down as shown."""
    found = queries.supported(viewer=by, mine=mine)
    shown = found[: queries.MOST]
    over, waits = queries.ended(viewer=by), queries.waiting(viewer=by)
    named = dict.fromkeys([*queries.people_of([*shown, *over]), *(one.person.pk for one in waits)])
    show(people_ids=list(named), what="support.listed", by=by)
    return Mine(rows=shown, more=len(found) > len(shown), ended=over, waiting=waits)


@transaction.atomic
def open_support(*, support: UUID, by: Viewer) -> tuple[One, Grant]:
    """One support, and leave to read the record of whose it is, written down. Raises NotFound, NoAccess."""
    one = queries.support(viewer=by, support_id=support)
    return one, open_record(person_id=one.support.person.pk, by=by, what="support.opened", about=support)
