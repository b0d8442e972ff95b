"""Asking for something to be done, and what becomes of it. Helping and reminding are in `asking`."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db import transaction

from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox, knowing
from locality.neighbourhoods.models import Task, TaskHistory
from locality.neighbourhoods.queries.names import SOMEBODY, names_of, skills_of, works_in
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.tasks import (
    OPEN,
    About,
    ChangedMeanwhile,
    LacksSkill,
    MoveNotAllowed,
    NotDone,
    Priority,
    TaskMove,
    TaskState,
    is_undo,
    may_take,
    may_work,
    moment_words,
    next_state,
)

SAY_WHAT = "Say what is to be done."
SAY_WHY_NOT = "Say why it was not done."
LONGEST = 200
TOO_LONG = f"That is longer than {LONGEST} letters: say it shorter, and the rest below it."
TOO_EARLY = "It is due before it may begin."
NO_TASK = "There is no such task here."
NOT_YOURS = "You may read this record and not act on it, so you cannot ask for anything to be done."
NOT_YOUR_TEAM = "You are not in that team: a task about nobody is for a team of your own."
NOT_YOUR_WORK = "The role you signed in with has nothing to do with the work of teams."
NOT_IN_TEAM = "{name} does not work in that team today: choose somebody who does, or leave it to the team."
ENDED = "This task is over: open it again first."
WORDS_OF_MOVE = {
    TaskMove.START: "started",
    TaskMove.FINISH: "done",
    TaskMove.LEAVE: "not done",
    TaskMove.REOPEN: "opened again",
}


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
    due_time: time | None = None
    needs_skill: str = ""
    about: About = About.BY_HAND
    about_id: UUID | None = None
    data_class: DataClass = DataClass.WORK


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a task says now, whole."""

    title: str
    words: str
    priority: Priority
    due_on: date
    from_on: date | None = None
    due_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a task: `because` where it was not done."""

    outcome: str = ""
    because: NotDone | None = None


NOTHING_SAID = Came()


@transaction.atomic
def ask(*, new: NewTask, by: Viewer) -> Task:
    """Ask for something to be done; raise Refused where it does not say what.

    Whoever calls has made sure that the team may know the person; `ask_about` does so itself.
    """
    _check(title=new.title, from_on=new.from_on, due_on=new.due_on)
    _check_skill(new.owner, needs=new.needs_skill, by=by)
    knowing.check_may_be_given(new.owner, person=new.person, by=by)
    task = Task.objects.create(
        title=new.title.strip(),
        words=new.words.strip(),
        team_id=new.team,
        owner_id=new.owner,
        person_id=new.person,
        due_on=new.due_on,
        from_on=new.from_on,
        due_time=new.due_time,
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


@transaction.atomic
def ask_about(*, new: NewTask, grant: Grant, by: Viewer) -> Task:
    """Ask for something about somebody whose record is open, of one's own team or of another.

    Another team may know them until the task is over, and is told. Raises Refused as `ask` does.
    """
    if not grant.opening.writes or new.person != grant.person.pk:
        raise Refused(NOT_YOURS)
    _check_owner(new.owner, team=new.team, by=by)
    task = ask(new=new, by=by)
    if new.team not in by.teams:
        task.relationship = knowing.let_know(person=grant.person.pk, team=new.team, by=by)
        task.save(update_fields=["relationship"])
        _tell(task, f"{_name(by)} asks your team: {task.title}", by=by)
    return task


@transaction.atomic
def ask_of_team(*, new: NewTask, by: Viewer) -> Task:
    """Ask for something about nobody, of a team of one's own. Raises NoAccess for a role without such work."""
    if not may_work(by):
        raise NoAccess(NOT_YOUR_WORK)
    if new.person is not None or new.team not in by.teams:
        raise Refused(NOT_YOUR_TEAM)
    _check_owner(new.owner, team=new.team, by=by)
    return ask(new=new, by=by)


@transaction.atomic
def move(*, task: UUID, move: TaskMove, came: Came = NOTHING_SAID, by: Viewer) -> Task:
    """Start, finish, leave or reopen a task. Raises NotFound, Refused, and MoveNotAllowed: who was first, and when."""
    row = locked(task, by=by)
    was, was_owner = TaskState(row.state), row.owner_id
    became = next_state(was, move)
    if became is None:
        raise MoveNotAllowed(was, *_last(row))
    if move == TaskMove.LEAVE and came.because is None:
        raise Refused(SAY_WHY_NOT)
    if move == TaskMove.REOPEN:
        _reopen(row, by=by)
    elif row.owner_id is None:
        # whoever sets to it is whose it is from then on
        row.owner_id = by.id
    row.state = became
    if became not in OPEN:
        row.ended_at, row.ended_by, row.outcome = by.at, by.id, came.outcome.strip()
        row.not_done_because = came.because or "" if move == TaskMove.LEAVE else ""
    _kept(row)
    why = came.outcome.strip() or str(row.not_done_because)
    _history(row, WORDS_OF_MOVE[move], was=was, became=became, was_owner=was_owner, why=why, by=by)
    if became not in OPEN:
        # nobody is reminded any longer of what is over
        inbox.settle(task=row.pk, team=row.team_id, words=f"The task is {became}", by=by)
        _told_back(row, by=by)
        knowing.no_longer(task=row, by=by)
    log(what=f"task.{move}", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def change(*, task: UUID, version: int, changed: Changed, by: Viewer) -> Task:
    """Change what a task says; since when it waits stays. Raises ChangedMeanwhile where it is not that version."""
    row = locked(task, by=by)
    if row.state not in OPEN:
        raise MoveNotAllowed(TaskState(row.state), *_last(row))
    if row.version != version:
        last = _latest(row)
        who, when = _last(row)
        raise ChangedMeanwhile(who=who, what=last.what if last else "", when=when)
    _check(title=changed.title, from_on=changed.from_on, due_on=changed.due_on)
    before = _told(row)
    row.title, row.words, row.priority = changed.title.strip(), changed.words.strip(), changed.priority
    row.due_on, row.from_on, row.due_time = changed.due_on, changed.from_on, changed.due_time
    after = _told(row)
    if before == after:
        return row
    _kept(row)
    names = [name for name in after if after[name] != before[name]]
    was, became = ("; ".join(f"{name}: {told[name] or 'none'}" for name in names) for told in (before, after))
    _history(row, "changed", was=was, became=became, was_owner=row.owner_id, by=by)
    log(what="task.changed", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def hand_over(*, task: UUID, team: UUID, owner: UUID | None, why: str = "", by: Viewer) -> Task:
    """Hand a task to somebody of the team, to the team (owner None), or to another team.

    Another team may know the person from now on, until the task is over; whoever receives it is told by an alert, and
    can hand it back. Raises NotFound, Refused, LacksSkill.
    """
    row = locked(task, by=by)
    if row.state not in OPEN:
        raise MoveNotAllowed(TaskState(row.state), *_last(row))
    if (row.team_id, row.owner_id) == (team, owner):
        return row
    _check_owner(owner, team=team, by=by)
    _check_skill(owner, needs=row.needs_skill, by=by)
    knowing.check_may_be_given(owner, person=row.person_id, by=by)
    was, was_owner, is_moved = row.team.name, row.owner_id, row.team_id != team
    if is_moved:
        _move_to(row, team, by=by)
    row.owner_id = owner
    _kept(row)
    became = row.team.name if is_moved else ""
    _history(row, "handed over", was=was if is_moved else "", became=became, was_owner=was_owner, why=why, by=by)
    log(what="task.handed-over", by=by, person=row.person_id, about=row.pk)
    if owner != by.id and (owner is not None or is_moved):
        _tell(row, f"{_name(by)} handed over to you: {row.title}" + (f" ({why.strip()})" if why.strip() else ""), by=by)
    return row


def take(*, task: UUID, by: Viewer) -> Task:
    """Take a task of one's team on oneself."""
    row = seen_by(by, Task.objects.all()).filter(pk=task).first()
    if row is None:
        raise NotFound(NO_TASK)
    return hand_over(task=task, team=row.team_id, owner=by.id, by=by)


def locked(task: UUID, *, by: Viewer) -> Task:
    """A task of the viewer's teams, locked until the transaction ends; raises NotFound for everybody else."""
    rows = seen_by(by, Task.objects.select_for_update(of=("self",)).select_related("team"))
    row = rows.filter(pk=task).first()
    if row is None:
        raise NotFound(NO_TASK)
    return row


def _move_to(row: Task, team: UUID, *, by: Viewer) -> None:
    knowing.no_longer(task=row, by=by)
    row.from_team_id, row.team_id, row.queued_at, row.relationship = row.team_id, team, by.at, None
    # whoever hands it to a team of their own keeps no one out
    if row.person_id is not None and team not in by.teams:
        row.relationship = knowing.let_know(person=row.person_id, team=team, by=by)


def _reopen(row: Task, *, by: Viewer) -> None:
    ended = row.history.filter(became__in=[TaskState.DONE, TaskState.NOT_DONE]).order_by("-at", "-pk").first()
    assert row.ended_at is not None
    if is_undo(ended_at=row.ended_at, ended_by=row.ended_by, at=by.at, by=by.id) and ended is not None:
        # pressed by mistake: as if it had not been
        row.owner_id = ended.was_owner
        inbox.unsettle(task=row.pk, team=row.team_id, ended_at=row.ended_at, by=by)
    else:
        row.queued_at = by.at
    row.ended_at, row.ended_by, row.not_done_because, row.outcome, row.helped = None, None, "", "", ""
    if row.relationship_id is not None and row.person_id is not None:
        row.relationship = knowing.let_know(person=row.person_id, team=row.team_id, by=by)


def _told_back(row: Task, *, by: Viewer) -> None:
    """Whoever handed a task to another team hears what came of it."""
    if row.from_team_id is None or row.from_team_id in by.teams:
        return
    said = "was done" if row.state == TaskState.DONE else "was not done"
    inbox.tell_of(
        told=[_alert(row, f"{row.title}: it {said} by {_name(by)}", team=row.from_team_id, owner=None, by=by)], by=by
    )


def _tell(row: Task, words: str, *, by: Viewer) -> None:
    inbox.tell_of(told=[_alert(row, words, team=row.team_id, owner=row.owner_id, by=by)], by=by)


def _alert(row: Task, words: str, *, team: UUID, owner: UUID | None, by: Viewer) -> inbox.ToTell:
    return inbox.ToTell(
        person=row.person_id,
        team=team,
        owner=owner,
        kind=AlertKind.ASKED,
        words=words,
        once=f"task {row.pk} version {row.version}",
        about_id=row.pk,
        happened_at=by.at,
        sender=row.sender_id,
        data_class=DataClass(row.data_class),
    )


def _check(*, title: str, from_on: date | None, due_on: date) -> None:
    if not title.strip():
        raise Refused(SAY_WHAT)
    if len(title.strip()) > LONGEST:
        raise Refused(TOO_LONG)
    if from_on and from_on > due_on:
        raise Refused(TOO_EARLY)


def _check_owner(owner: UUID | None, *, team: UUID, by: Viewer) -> None:
    is_oneself = owner == by.id and team in by.teams
    if owner is not None and not is_oneself and not works_in(practitioner=owner, team=team, on=day_of(by.at)):
        raise Refused(NOT_IN_TEAM.format(name=names_of([owner]).get(owner, SOMEBODY)))


def _check_skill(owner: UUID | None, *, needs: str, by: Viewer) -> None:
    if owner is None or not needs:
        return
    if not may_take(needs=needs, skills=skills_of(practitioner=owner, on=day_of(by.at))):
        raise LacksSkill(who=names_of([owner]).get(owner, SOMEBODY), needs=needs)


def _kept(row: Task) -> None:
    row.version += 1
    row.save()


def _told(row: Task) -> dict[str, str]:
    """What a task says, for the history of a change."""
    return {
        "title": row.title,
        "words": row.words,
        "priority": str(int(row.priority)),
        "due": f"{row.due_on}" + (f" {row.due_time:%H:%M}" if row.due_time else ""),
        "from": str(row.from_on or ""),
    }


def _history(
    row: Task, what: str, *, was: str = "", became: str = "", was_owner: UUID | None = None, why: str = "", by: Viewer
) -> None:
    TaskHistory.objects.create(
        task=row,
        what=what,
        was=was,
        became=became,
        was_owner=was_owner,
        why=why.strip(),
        at=by.at,
        by=by.id,
    )


def _latest(row: Task) -> TaskHistory | None:
    return row.history.order_by("-at", "-pk").first()


def _last(row: Task) -> tuple[str, str]:
    """Who did the last thing to a task, and when, in words."""
    last = _latest(row)
    return (names_of([last.by]).get(last.by, SOMEBODY), moment_words(last.at)) if last else ("", "")


def _name(by: Viewer) -> str:
    return by.name or SOMEBODY
