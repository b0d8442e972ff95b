"""Asking for something to be done, and what becomes of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.journal.actions import log
from locality.neighbourhoods.models import Task, TaskHistory
from locality.neighbourhoods.rules.tasks import About, Priority

SAY_WHAT = "Say what is to be done."
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """What is asked: of which team, or of whom of it, by when, about whom (nobody: a task of the team's own)."""

    title: str
    team: UUID
    due_on: date
    sender: UUID
    person: UUID | None = None
    owner: UUID | None = None
    words: str = ""
    priority: Priority = Priority.ROUTINE
    from_on: date | None = None
    needs_skill: str = ""
    about: About = About.BY_HAND
    about_id: UUID | None = None
    data_class: DataClass = DataClass.WORK


@transaction.atomic
def ask(*, new: NewTask, by: Viewer) -> Task:
    """Ask for something to be done; raise Refused where it does not say what."""
    title = new.title.strip()
    if not title:
        raise Refused(SAY_WHAT)
    if len(title) > LONGEST:
        raise Refused(f"That is longer than {LONGEST} letters: say it shorter, and the rest below it.")
    if new.from_on and new.from_on > new.due_on:
        raise Refused("It is due before it may begin.")
    task = Task.objects.create(
        title=title,
        words=new.words.strip(),
        team_id=new.team,
        owner_id=new.owner,
        person_id=new.person,
        due_on=new.due_on,
        from_on=new.from_on,
        priority=new.priority,
        needs_skill=new.needs_skill,
        about=new.about,
        about_id=new.about_id,
        data_class=new.data_class,
        sender_id=new.sender,
        queued_at=by.at,
        made_at=by.at,
        made_by=by.id,
    )
    TaskHistory.objects.create(task=task, what="asked", became=task.state, at=by.at, by=by.id)
    log(what="task.asked", by=by, person=new.person, about=task.pk)
    return task
