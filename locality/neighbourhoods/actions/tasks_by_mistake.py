"""What is not to be done after all, since what asked for it was a mistake; and what is, since it was none."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from locality.base import Viewer
from locality.neighbourhoods.actions.tasks import ended, moved, reopen
from locality.neighbourhoods.models import Task
from locality.neighbourhoods.rules.tasks import OPEN, NotDone, TaskMove, TaskState


@transaction.atomic
def leave_all(*, about_id: UUID, outcome: str, by: Viewer) -> int:
    """Nothing is to be done any more of what something asked for by mistake, whichever team it went to."""
    rows = list(Task.objects.select_for_update().filter(about_id=about_id, state__in=OPEN))
    for row in rows:
        was = row.state
        row.state, row.not_done_because = TaskState.NOT_DONE, NotDone.MISTAKE
        row.ended_at, row.ended_by, row.outcome = by.at, by.id, outcome
        ended(row, TaskMove.LEAVE, was=was, was_owner=row.owner_id, why=outcome, by=by)
    return len(rows)


@transaction.atomic
def ask_all_again(*, about_id: UUID, left_at: datetime, why: str, by: Viewer) -> int:
    """What `leave_all` left at that moment is to be done after all; what somebody has seen to since stays as it is."""
    left = Task.objects.filter(about_id=about_id, ended_at=left_at, not_done_because=NotDone.MISTAKE)
    rows = list(left.select_for_update(of=("self",)).select_related("team"))
    for row in rows:
        was, was_owner = row.state, row.owner_id
        reopen(row, by=by)
        row.state = TaskState.REQUESTED
        moved(row, TaskMove.REOPEN, was=was, was_owner=was_owner, why=why, by=by)
    return len(rows)
