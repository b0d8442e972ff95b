"""Making a task of what a team was told."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.neighbourhoods.actions.inbox import finish, locked
from locality.neighbourhoods.actions.tasks import NewTask, ask
from locality.neighbourhoods.models import Task
from locality.neighbourhoods.rules.tasks import About, Priority

NO_TEAM = "This was told to the whole organisation, and only a team has tasks: say here what was done about it."


@dataclass(frozen=True, slots=True, kw_only=True)
class FromAlert:
    """What is to be done about something that was told, by whom and by when."""

    title: str
    due_on: date
    owner: UUID | None = None
    priority: Priority = Priority.SOON
    words: str = ""


@transaction.atomic
def make_task(*, alert: UUID, new: FromAlert, by: Viewer) -> Task:
    """Make a task of what was told, and be done with it. Raises NotFound, Refused, AlertMoveNotAllowed."""
    told = locked(alert, by=by)
    if told.team_id is None:
        raise Refused(NO_TEAM)
    row = finish(alert=alert, words=f"Made a task of it: {new.title.strip()}", by=by)
    return ask(
        new=NewTask(
            title=new.title,
            words=new.words,
            team=told.team_id,
            owner=new.owner,
            person=row.person_id,
            due_on=new.due_on,
            priority=new.priority,
            about=About.ALERT,
            about_id=row.pk,
            data_class=DataClass(row.data_class),
            sender=by.organisation or row.sender_id,
        ),
        by=by,
    )
