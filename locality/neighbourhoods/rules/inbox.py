"""What an inbox tells of, and what becomes of it."""

from enum import StrEnum


class AlertKind(StrEnum):
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    EMERGENCY = "emergency"  # went to an emergency department
    FELL = "fell"
    DIED = "died"
    MENTIONED = "mentioned"  # a note that somebody thought they should know of
    ASKED = "asked"  # for help with a task, or reminded of one
    PLAN_CHANGED = "plan changed"


ALERT_WORDS = {
    AlertKind.ADMITTED: "Admitted to hospital",
    AlertKind.DISCHARGED: "Left hospital",
    AlertKind.EMERGENCY: "Went to an emergency department",
    AlertKind.FELL: "Fell",
    AlertKind.DIED: "Died",
    AlertKind.MENTIONED: "You should know",
    AlertKind.ASKED: "You were asked",
    AlertKind.PLAN_CHANGED: "Plan changed",
}


class AlertState(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    DONE = "done"
