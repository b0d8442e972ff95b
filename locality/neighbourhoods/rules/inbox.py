"""What an inbox tells of, and what becomes of it."""

from enum import StrEnum

from locality.access.rules import Answer, DataClass, RoleCode, may_find
from locality.access.rules.tables import BY_ROLE
from locality.base import Refused, Viewer


class AlertKind(StrEnum):
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    EMERGENCY = "emergency"  # went to an emergency department
    FELL = "fell"
    DIED = "died"
    MENTIONED = "mentioned"  # a note that somebody thought they should know of
    ASKED = "asked"  # for help with a task, or reminded of one
    PLAN_CHANGED = "plan changed"
    OVERDUE = "overdue"  # the answer to a referral
    TO_CHECK = "to check"  # what the directory says of a service


ALERT_WORDS = {
    AlertKind.ADMITTED: "Admitted to hospital",
    AlertKind.DISCHARGED: "Left hospital",
    AlertKind.EMERGENCY: "Went to an emergency department",
    AlertKind.FELL: "Fell",
    AlertKind.DIED: "Died",
    AlertKind.MENTIONED: "You should know",
    AlertKind.ASKED: "You were asked",
    AlertKind.PLAN_CHANGED: "Plan changed",
    AlertKind.OVERDUE: "An answer is overdue",
    AlertKind.TO_CHECK: "To be checked",
}


class AlertState(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    DONE = "done"


STATE_WORDS = {AlertState.NEW: "new", AlertState.TAKEN: "taken", AlertState.DONE: "done"}


class AlertMove(StrEnum):
    """`hand` gives it another owner, for whom it is new again."""

    TAKE = "take"
    PUT_BACK = "put_back"
    FINISH = "finish"
    REOPEN = "reopen"
    HAND = "hand"


OPEN = (AlertState.NEW, AlertState.TAKEN)
MOVES = {
    AlertMove.TAKE: (AlertState.NEW,),
    AlertMove.PUT_BACK: (AlertState.TAKEN,),
    AlertMove.FINISH: OPEN,
    AlertMove.REOPEN: (AlertState.DONE,),
    AlertMove.HAND: OPEN,
}
# what may be told of nobody
OF_NOBODY = (AlertKind.ASKED, AlertKind.TO_CHECK)
# a death is first in every inbox, whenever it was told
FIRST = (AlertKind.DIED,)
# who answers for an organisation as a whole: whose role shows them the work about people
ANSWERS = [str(code) for code in RoleCode if BY_ROLE[code][DataClass.WORK] == Answer.PERMIT]


class AlertMoveNotAllowed(Refused):
    def __init__(self, state: AlertState, who: str = "", when: str = "") -> None:
        by = f" {who} did that{f', {when}' if when else ''}." if who else ""
        super().__init__(f"This is {STATE_WORDS[state]} already, so nothing was changed.{by}")


def may_move(state: AlertState, move: AlertMove) -> bool:
    """Whether an alert that stands so may be moved so."""
    return state in MOVES[move]


def has_an_inbox(viewer: Viewer) -> bool:
    """Whether anything may be told to this viewer: in a team of theirs, or as one who answers for an organisation."""
    return may_find(viewer) and (bool(viewer.teams) or viewer.role in ANSWERS)
