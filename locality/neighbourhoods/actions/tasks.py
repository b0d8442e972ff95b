"""Asking for something to be done, and what becomes of it. Helping and reminding are in `asking`."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db import transaction

from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NoAccess, Overtaken, Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import moment_words
from locality.directory.queries import SOMEBODY, is_member, name_of
from locality.journal.actions import log
from locality.neighbourhoods.actions import inbox, locks, relationships
from locality.neighbourhoods.models import Task, TaskHistory
from locality.neighbourhoods.queries.names import skills_of
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.inbox import AlertKind
from locality.neighbourhoods.rules.staffing import skill_words
from locality.neighbourhoods.rules.tasks import (
    OPEN,
    PRIORITY_WORDS,
    About,
    LacksSkill,
    MoveNotAllowed,
    NotDone,
    Priority,
    TaskMove,
    TaskState,
    is_undo,
    may_take,
    may_work,
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
WAS_FIRST = (
    "{who} changed this task while you had it open ({what}, {at:%-d %B %Y at %H:%M}), so yours was not "
    "written over it. What it says now is below: change it again if it still needs it."
)
ENDED = "This task is over: open it again first."
TAKEN = "{who} does it{when}, so it was not given to you. They, or whoever they ask, can hand it over."
WORDS_OF_MOVE = {
    TaskMove.START: "started",
    TaskMove.FINISH: "done",
    TaskMove.LEAVE: "not done",
    TaskMove.REOPEN: "opened again",
}
# what makes a task say something else than whoever has it open reads
CHANGES = ("changed", "handed over", *WORDS_OF_MOVE.values())


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
    _check_skill(new.owner, team=new.team, needs=new.needs_skill, by=by)
    relationships.check_may_be_given(new.owner, person=new.person, by=by)
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
        task.relationship = relationships.let_know(person=grant.person.pk, team=new.team, by=by)
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
        reopen(row, by=by)
    elif row.owner_id is None:
        # whoever sets to it is whose it is from then on: what was not done needs nobody who could
        if move != TaskMove.LEAVE:
            _check_skill(by.id, team=row.team_id, needs=row.needs_skill, by=by)
        row.owner_id = by.id
    row.state = became
    if became not in OPEN:
        row.ended_at, row.ended_by, row.outcome = by.at, by.id, came.outcome.strip()
        row.not_done_because = came.because or "" if move == TaskMove.LEAVE else ""
    why = came.outcome.strip() or str(row.not_done_because)
    if became not in OPEN:
        return ended(row, move, was=was, was_owner=was_owner, why=why, by=by)
    return moved(row, move, was=was, was_owner=was_owner, why=why, by=by)


@transaction.atomic
def change(*, task: UUID, version: int, changed: Changed, by: Viewer) -> Task:
    """Change what a task says; since when it waits stays. Raises Overtaken where it is not that version."""
    row = locked(task, by=by)
    if row.state not in OPEN:
        raise MoveNotAllowed(TaskState(row.state), *_last(row))
    if row.version != version:
        last = row.history.filter(what__in=CHANGES).latest("at", "pk")
        raise Overtaken(WAS_FIRST, who=name_of(last.by), at=last.at, what=last.what)
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
    _check_skill(owner, team=team, needs=row.needs_skill, by=by)
    relationships.check_may_be_given(owner, person=row.person_id, by=by)
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


@transaction.atomic
def take(*, task: UUID, by: Viewer) -> Task:
    """Take on oneself what nobody of one's team has yet. Raises NotFound, Refused: whose it is, and since when."""
    row = locked(task, by=by)
    if row.state in OPEN and row.owner_id not in (None, by.id):
        who = name_of(row.owner_id)
        _, when = _who(row.history.filter(what__in=["asked", *CHANGES]).order_by("-at", "-pk").first())
        raise Refused(TAKEN.format(who=who, when=f" since {when}" if when else ""))
    return hand_over(task=task, team=row.team_id, owner=by.id, by=by)


def locked(task: UUID, *, by: Viewer) -> Task:
    """A task of the viewer's teams, locked until the transaction ends; raises NotFound for everybody else."""
    return locks.locked(seen_by(by, Task.objects.select_related("team")).filter(pk=task), none=NO_TASK)


def moved(row: Task, move: TaskMove, *, was: str, was_owner: UUID | None, why: str, by: Viewer) -> Task:
    """Keep a task as it was moved, with its line; only actions of tasks call it."""
    _kept(row)
    _history(row, WORDS_OF_MOVE[move], was=was, became=row.state, was_owner=was_owner, why=why, by=by)
    log(what=f"task.{move}", by=by, person=row.person_id, about=row.pk)
    return row


def ended(row: Task, move: TaskMove, *, was: str, was_owner: UUID | None, why: str, by: Viewer) -> Task:
    """What follows once a task is over; only actions of tasks call it."""
    moved(row, move, was=was, was_owner=was_owner, why=why, by=by)
    # nobody is reminded any longer of what is over
    inbox.settle(about=row.pk, words=f"The task is {row.state}", by=by)
    _told_back(row, by=by)
    relationships.no_longer(task=row, by=by)
    return row


def _move_to(row: Task, team: UUID, *, by: Viewer) -> None:
    relationships.no_longer(task=row, by=by)
    row.from_team_id, row.team_id, row.queued_at, row.relationship = row.team_id, team, by.at, None
    # whoever of the old team was asked to help is asked no longer
    inbox.settle(about=row.pk, team=row.from_team_id, words=f"Handed to the {row.team.name}", by=by)
    # whoever hands it to a team of their own keeps no one out
    if row.person_id is not None and team not in by.teams:
        row.relationship = relationships.let_know(person=row.person_id, team=team, by=by)


def reopen(row: Task, *, by: Viewer) -> None:
    """Take back that a task is over, before it is kept; only actions of tasks call it."""
    ended = row.history.filter(became__in=[TaskState.DONE, TaskState.NOT_DONE]).order_by("-at", "-pk").first()
    assert row.ended_at is not None
    if is_undo(ended_at=row.ended_at, ended_by=row.ended_by, at=by.at, by=by.id) and ended is not None:
        # pressed by mistake: as if it had not been
        row.owner_id = ended.was_owner
        inbox.unsettle(about=row.pk, ended_at=row.ended_at, by=by)
    else:
        row.queued_at = by.at
    row.ended_at, row.ended_by, row.not_done_because, row.outcome, row.helped = None, None, "", "", ""
    if row.relationship_id is not None and row.person_id is not None:
        row.relationship = relationships.let_know(person=row.person_id, team=row.team_id, by=by)


def _told_back(row: Task, *, by: Viewer) -> None:
    """Whoever handed a task to another team hears what came of it."""
    if row.from_team_id is None or row.from_team_id in by.teams:
        return
    said = "was done" if row.state == TaskState.DONE else "was not done"
    words, once = f"{row.title}: it {said} by {_name(by)}", f"task {row.pk} version {row.version}"
    tell(row, words, team=row.from_team_id, owner=None, once=once, by=by)


def _tell(row: Task, words: str, *, by: Viewer) -> None:
    tell(row, words, team=row.team_id, owner=row.owner_id, once=f"task {row.pk} version {row.version}", by=by)


def tell(row: Task, words: str, *, team: UUID, owner: UUID | None, once: str, by: Viewer) -> None:
    """Tell a team, or one of it, of a task; `once` names what is told of it. Part of another action."""
    one = inbox.ToTell(
        person=row.person_id,
        team=team,
        owner=owner,
        kind=AlertKind.ASKED,
        words=words,
        once=once,
        about_id=row.pk,
        happened_at=by.at,
        sender=row.sender_id,
        data_class=DataClass(row.data_class),
    )
    inbox.tell_of(told=[one], by=by)


def _check(*, title: str, from_on: date | None, due_on: date) -> None:
    if not title.strip():
        raise Refused(SAY_WHAT)
    if len(title.strip()) > LONGEST:
        raise Refused(TOO_LONG)
    if from_on and from_on > due_on:
        raise Refused(TOO_EARLY)


def _check_owner(owner: UUID | None, *, team: UUID, by: Viewer) -> None:
    is_oneself = owner == by.id and team in by.teams
    if owner is not None and not is_oneself and not is_member(owner, team=team, on=day_of(by.at)):
        raise Refused(NOT_IN_TEAM.format(name=name_of(owner)))


def _check_skill(owner: UUID | None, *, team: UUID, needs: str, by: Viewer) -> None:
    if owner is None or not needs:
        return
    if not may_take(needs=needs, skills=skills_of(practitioner=owner, team=team, on=day_of(by.at))):
        raise LacksSkill(who=name_of(owner), needs=skill_words(needs).lower())


def _kept(row: Task) -> None:
    row.version += 1
    row.save()


def _told(row: Task) -> dict[str, str]:
    """What a task says, for the history of a change."""
    return {
        "title": row.title,
        "words": row.words,
        "priority": PRIORITY_WORDS[Priority(row.priority)].lower(),
        "due": f"{row.due_on:%-d %B %Y}" + (f" at {row.due_time:%H:%M}" if row.due_time else ""),
        "from": f"{row.from_on:%-d %B %Y}" if row.from_on else "",
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


def _last(row: Task) -> tuple[str, str]:
    """Who brought a task to where it stands, and when, in words: not whoever reminded or said that it helped since."""
    return _who(row.history.filter(became=row.state).order_by("-at", "-pk").first())


def _who(last: TaskHistory | None) -> tuple[str, str]:
    return (name_of(last.by), moment_words(last.at)) if last else ("", "")


def _name(by: Viewer) -> str:
    return by.name or SOMEBODY
