"""What may become of a task, and why one is not done."""

from enum import IntEnum, StrEnum

from locality.base import Refused


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


class MoveNotAllowed(Refused):
    def __init__(self, state: TaskState, who: str = "", when: str = "") -> None:
        by = f" {who} said so{f', {when}' if when else ''}." if who else ""
        super().__init__(f"This task is {state} already, so nothing was changed.{by}")


def next_state(state: TaskState, move: TaskMove) -> TaskState | None:
    """Where a move leads, or None where it is not allowed from here."""
    before, after = MOVES[move]
    return after if state in before else None
