"""Looking at what is to be done is written down too: everybody whom a list names, and each task that is opened."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.queries import Grant
from locality.base import Viewer
from locality.neighbourhoods.queries import tasks
from locality.neighbourhoods.queries.tasks import MINE, Asked, Listed, One


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """What is to be done, as a list; `more` where it holds more than is shown; what ended today, to take back."""

    rows: list[Listed]
    more: bool
    ended: list[Listed]


@transaction.atomic
def list_tasks(*, by: Viewer, asked: Asked = MINE, what: str = "task.listed") -> Todo:
    """What is to be done, by the viewer or their teams; everybody named is written down as shown."""
    found = tasks.to_do(viewer=by, asked=asked)
    ended = tasks.ended_today(viewer=by, mine=asked.mine)
    shown = found[: tasks.MOST_SHOWN]
    show(people_ids=tasks.people_of([*shown, *ended]), what=what, by=by)
    return Todo(rows=shown, more=len(found) > len(shown), ended=ended)


@transaction.atomic
def open_task(*, task: UUID, by: Viewer) -> tuple[One, Grant | None]:
    """One task, and leave to read the record of whom it is about. Raises NotFound, NoAccess."""
    one = tasks.task(viewer=by, task_id=task)
    if one.task.person is None:
        return one, None
    return one, open_record(person_id=one.task.person.pk, by=by, what="task.opened", about=task)
