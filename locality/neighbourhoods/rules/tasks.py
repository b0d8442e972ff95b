"""What may become of a task, and why one is not done."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from locality.access.rules import TABLES, Context, DataClass, Relation, opening
from locality.base import Refused, Viewer, ViewerKind


class TaskState(StrEnum):
    REQUESTED = "requested"
    STARTED = "started"
    DONE = "done"
    NOT_DONE = "not done"


OPEN = (TaskState.REQUESTED, TaskState.STARTED)


class TaskMove(StrEnum):
    START = "start"
    FINISH = "finish"
    LEAVE = "leave"  # not done, because ...
    REOPEN = "reopen"


MOVES = {
    TaskMove.START: ((TaskState.REQUESTED,), TaskState.STARTED),
    TaskMove.FINISH: (OPEN, TaskState.DONE),
    TaskMove.LEAVE: (OPEN, TaskState.NOT_DONE),
    TaskMove.REOPEN: ((TaskState.DONE, TaskState.NOT_DONE), TaskState.REQUESTED),
}


class NotDone(StrEnum):
    """Honest reasons: a task that was not done says which."""

    NO_TIME = "no time"
    NOBODY = "nobody free"
    NOT_IN = "not in"
    DECLINED = "they said no"
    NOT_NEEDED = "no longer needed"
    NO_SKILL = "needs another skill"
    WAITING = "waiting for somebody else"
    IN_HOSPITAL = "in hospital"
    DIED = "died"
    MISTAKE = "asked by mistake"


NOT_DONE_WORDS = {
    NotDone.NO_TIME: "There was no time",
    NotDone.NOBODY: "Nobody was free to do it",
    NotDone.NOT_IN: "They were not in",
    NotDone.DECLINED: "They said no",
    NotDone.NOT_NEEDED: "It is no longer needed",
    NotDone.NO_SKILL: "It needs a skill that we do not have",
    NotDone.WAITING: "It waits for somebody else",
    NotDone.IN_HOSPITAL: "They are in hospital",
    NotDone.DIED: "They died",
    NotDone.MISTAKE: "It was asked by mistake",
}


class Priority(IntEnum):
    """1 first."""

    NOW = 1
    SOON = 2
    ROUTINE = 3


PRIORITY_WORDS = {Priority.NOW: "Today", Priority.SOON: "Soon", Priority.ROUTINE: "Routine"}


class About(StrEnum):
    """What a task, or an alert, came from."""

    MEETING = "meeting"
    PLAN = "plan"
    NOTE = "note"
    ALERT = "alert"
    CASELOAD = "caseload"
    BY_HAND = "by hand"


class Helped(StrEnum):
    """Whether what a meeting asked for was any use: said afterwards, by whoever saw what came of it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    TOO_SOON = "too soon to say"


HELPED_WORDS = {
    Helped.YES: "Yes, it helped",
    Helped.PARTLY: "It helped in part",
    Helped.NO: "No, it did not help",
    Helped.TOO_SOON: "Too soon to say",
}
ABOUT_WORDS = {
    About.MEETING: "from the team's meeting",
    About.PLAN: "from the plan",
    About.NOTE: "from a note",
    About.ALERT: "from the inbox",
    About.CASELOAD: "from the caseload",
    About.BY_HAND: "",
}
STATE_WORDS = {
    TaskState.REQUESTED: "to do",
    TaskState.STARTED: "started",
    TaskState.DONE: "done",
    TaskState.NOT_DONE: "not done",
}


class AskKind(StrEnum):
    """Neither moves the task: `help` asks somebody else to lend a hand, `remind` whoever it waits for."""

    HELP = "help"
    REMIND = "remind"


class MoveNotAllowed(Refused):
    def __init__(self, state: TaskState, who: str = "", when: str = "") -> None:
        by = f" {who} said so{f', {when}' if when else ''}." if who else ""
        super().__init__(f"This task is {STATE_WORDS[state]} already, so nothing was changed.{by}")


class LacksSkill(Refused):
    def __init__(self, *, who: str, needs: str) -> None:
        super().__init__(
            f"This task needs \u201c{needs}\u201d, which {who} is not down as having: ask somebody who is."
        )


class Bucket(StrEnum):
    """Where a task stands in the list of what is to do."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "next 7 days"
    LATER = "later"


BUCKET_WORDS = {
    Bucket.OVERDUE: "Overdue",
    Bucket.TODAY: "Today",
    Bucket.SOON: "The next 7 days",
    Bucket.LATER: "Later",
}
SOON_DAYS = 7


def bucket(*, due_on: date, on: date) -> Bucket:
    """Where a task that is due on one day stands on another."""
    if due_on < on:
        return Bucket.OVERDUE
    if due_on == on:
        return Bucket.TODAY
    return Bucket.SOON if due_on <= on + timedelta(days=SOON_DAYS) else Bucket.LATER


def may_take(*, needs: str, skills: Collection[str] | None) -> bool:
    """Whether somebody with these skills may be given what needs one; None where nobody keeps skills yet."""
    return not needs or skills is None or needs in skills


def may_work(viewer: Viewer) -> bool:
    """Whether this role has anything to do with a team's work."""
    opened = opening(viewer=viewer, context=Context(relation=Relation.OWN_TEAM))
    return DataClass.WORK in opened.whole | opened.redacted


def may_print(viewer: Viewer) -> bool:
    """Whether this role may take what is to do away, on paper or as a day pack: those who may export."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in TABLES.lists["export"]


UNDO_MINUTES = 15


def is_undo(*, ended_at: datetime, ended_by: UUID | None, at: datetime, by: UUID) -> bool:
    """Whether a task is opened again because Done was pressed by mistake: by whoever pressed it, soon after."""
    return ended_by == by and at - ended_at <= timedelta(minutes=UNDO_MINUTES)


def next_state(state: TaskState, move: TaskMove) -> TaskState | None:
    """Where a move leads, or None where it is not allowed from here."""
    before, after = MOVES[move]
    return after if state in before else None
