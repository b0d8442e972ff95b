"""Looking at what is to be done and at the inbox: everybody named is written down as shown."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record, show
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import Viewer
from locality.neighbourhoods.actions import inbox as inbox_actions
from locality.neighbourhoods.actions.tasks import NewTask, ask
from locality.neighbourhoods.models import Task
from locality.neighbourhoods.queries import inbox, tasks
from locality.neighbourhoods.queries.inbox import Opened, Told, Wanted
from locality.neighbourhoods.queries.tasks import MINE, Asked, Listed, One
from locality.neighbourhoods.rules.tasks import About, Priority


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What was told and is open, what was done lately, and when the viewer looked before."""

    rows: list[Told]
    more: bool
    done: list[Told]
    looked_before_at: datetime | None


@transaction.atomic
def list_inbox(*, by: Viewer, wanted: Wanted = inbox.MINE) -> Inbox:
    """The viewer's inbox; that they looked is noted, and everybody named is written down as shown."""
    before = inbox_actions.look(by=by)
    found = inbox.told(viewer=by, wanted=wanted, since=before)
    done = inbox.done_lately(viewer=by, mine=wanted.mine)
    shown = found[: inbox.MOST_SHOWN]
    people = dict.fromkeys(one.person.pk for one in (*shown, *done) if one.person)
    show(people_ids=list(people), what="alert.listed", by=by)
    return Inbox(rows=shown, more=len(found) > len(shown), done=done, looked_before_at=before)


@transaction.atomic
def list_recent(*, by: Viewer) -> list[Opened]:
    """Whose record the viewer opened lately; everybody named is written down as shown."""
    found = inbox.recent(viewer=by)
    show(people_ids=[one.person.pk for one in found], what="recent.listed", by=by)
    return found


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
    row = inbox_actions.finish(alert=alert, words=f"Made a task of it: {new.title.strip()}", by=by)
    return ask(
        new=NewTask(
            title=new.title,
            words=new.words,
            team=row.team_id,
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
