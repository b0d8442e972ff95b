"""Asking somebody to help with a task, reminding, answering, and saying whether it helped: none of them moves it."""

from uuid import UUID

from django.db import transaction

from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import moment_words
from locality.directory.queries import SOMEBODY, is_member, name_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox
from locality.neighbourhoods.actions.relationships import check_may_be_given
from locality.neighbourhoods.actions.tasks import NOT_IN_TEAM, locked, tell
from locality.neighbourhoods.models import Task, TaskAsk, TaskHistory
from locality.neighbourhoods.rules.tasks import OPEN, AskKind, Helped, MoveNotAllowed, TaskState

NO_ASK = "There is no such question here."
SAY_WITH_WHAT = "Say what you need help with."
SAY_ANSWER = "Write your answer: whoever asked reads it."
YOURSELF = "It waits for you yourself: nobody else is to be reminded."
ANSWERED = "{who} answered this already, {when}."
TOO_SOON = "It is not over yet: say whether it helped once it is."


@transaction.atomic
def ask_help(*, task: UUID, of: UUID, words: str, by: Viewer) -> TaskAsk:
    """Ask one of the team to help; it stays whose it is. The asked is told. Raises NotFound, Refused."""
    row = _still_open(task, by=by)
    if not words.strip():
        raise Refused(SAY_WITH_WHAT)
    if not is_member(of, team=row.team_id, on=day_of(by.at)):
        raise Refused(NOT_IN_TEAM.format(name=name_of(of)))
    check_may_be_given(of, person=row.person_id, by=by)
    return _asked(row, AskKind.HELP, of=of, words=words, said="asks you to help", by=by)


@transaction.atomic
def remind(*, task: UUID, words: str = "", by: Viewer) -> TaskAsk:
    """Remind whoever a task waits for: its owner, or the whole team. Raises NotFound, Refused."""
    row = _still_open(task, by=by)
    if row.owner_id == by.id:
        raise Refused(YOURSELF)
    return _asked(row, AskKind.REMIND, of=row.owner_id, words=words, said="reminds you", by=by)


@transaction.atomic
def answer(*, ask: UUID, words: str, by: Viewer) -> TaskAsk:
    """Answer what was asked; whoever asked is told. Raises NotFound, Refused: the second reads who was first."""
    task = TaskAsk.objects.filter(pk=ask).values_list("task", flat=True).first()
    if task is None:
        raise NotFound(NO_ASK)
    row = locked(task, by=by)
    asked = TaskAsk.objects.select_for_update().get(pk=ask)
    if asked.answered_at is not None and asked.answered_by is not None:
        who = name_of(asked.answered_by)
        raise Refused(ANSWERED.format(who=who, when=moment_words(asked.answered_at)))
    if not words.strip():
        raise Refused(SAY_ANSWER)
    asked.answered_at, asked.answered_by, asked.answer = by.at, by.id, words.strip()
    asked.save(update_fields=["answered_at", "answered_by", "answer"])
    TaskHistory.objects.create(task=row, what="answered", was_owner=row.owner_id, why=asked.answer, at=by.at, by=by.id)
    inbox.settle(about=row.pk, words=asked.answer, once=f"ask {asked.pk}", by=by)
    log(what="task.answered", by=by, person=row.person_id, about=row.pk)
    if asked.by != by.id:
        said = f"{by.name or SOMEBODY} answered: {asked.answer}"
        tell(row, said, team=row.team_id, owner=asked.by, once=f"answer {asked.pk}", by=by)
    return asked


@transaction.atomic
def say_helped(*, task: UUID, helped: Helped, words: str = "", by: Viewer) -> Task:
    """Say whether what was done was any use; said again, the last word stands. Raises NotFound, Refused."""
    row = locked(task, by=by)
    if row.state in OPEN:
        raise Refused(TOO_SOON)
    was, row.helped = row.helped, helped
    row.version += 1
    row.save(update_fields=["helped", "version"])
    TaskHistory.objects.create(
        task=row,
        what="helped",
        was=was,
        became=helped,
        was_owner=row.owner_id,
        why=words.strip(),
        at=by.at,
        by=by.id,
    )
    log(what="task.helped", by=by, person=row.person_id, about=row.pk)
    return row


def _still_open(task: UUID, *, by: Viewer) -> Task:
    row = locked(task, by=by)
    if row.state not in OPEN:
        raise MoveNotAllowed(TaskState(row.state))
    return row


def _asked(row: Task, kind: AskKind, *, of: UUID | None, words: str, said: str, by: Viewer) -> TaskAsk:
    asked = TaskAsk.objects.create(task=row, kind=kind, of_id=of, words=words.strip(), at=by.at, by=by.id)
    what = "asked for help" if kind == AskKind.HELP else "reminded"
    TaskHistory.objects.create(task=row, what=what, was_owner=row.owner_id, why=words.strip(), at=by.at, by=by.id)
    log(what=f"task.{kind}", by=by, person=row.person_id, about=row.pk)
    told = f"{by.name or SOMEBODY} {said}: {row.title}" + (f" ({words.strip()})" if words.strip() else "")
    tell(row, told, team=row.team_id, owner=of, once=f"ask {asked.pk}", by=by)
    return asked
