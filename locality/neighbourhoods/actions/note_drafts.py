"""What is being written about somebody: kept as it grows, sealed by the edge, for whoever writes it and nobody else."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from locality.access import wall
from locality.access.actions.opening import there
from locality.access.queries import openable
from locality.base import NoAccess, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.models import NoteDraft

KEPT_FOR = timedelta(days=7)
NOT_OPEN = "You may not open this record, so nothing that you write about them is kept here."


@transaction.atomic
def keep_draft(*, person_id: UUID, sealed: bytes, by: Viewer) -> NoteDraft:
    """Keep what somebody is writing about a person whom they may open; what was kept before is replaced.

    No look at the record, so no line of the audit: it tells nothing of the person. Raises NoAccess, and NotFound
    where there is nobody.
    """
    person = there(person_id)[0]
    if not openable(viewer=by, person_ids=[person.pk], on=day_of(by.at)):
        raise NoAccess(NOT_OPEN)
    with wall.down():
        NoteDraft.objects.filter(kept_at__lt=by.at - KEPT_FOR).delete()
    told = {"sealed": sealed, "kept_at": by.at}
    return NoteDraft.objects.update_or_create(practitioner_id=by.id, person=person, defaults=told)[0]


@transaction.atomic
def drop_draft(*, person_id: UUID, by: Viewer) -> None:
    """Forget what the viewer was writing about a person."""
    people = [one.pk for one in there(person_id)]
    NoteDraft.objects.filter(practitioner=by.id, person__in=people).delete()
