"""Whether what a resource says still holds, from its own status alone: no clock is read."""

from locality.record.headlines.shapes import State

STATE_OF = {
    **dict.fromkeys(
        ["active", "in-progress", "on-hold", "onhold", "suspended", "arrived", "triaged", "onleave", "checked-in",
         "accepted", "requested", "received", "ready", "current", "recurrence", "relapse", "entered", "available"],
        State.CURRENT,
    ),
    **dict.fromkeys(
        ["completed", "finished", "resolved", "inactive", "remission", "stopped", "cancelled", "revoked", "rejected",
         "failed", "fulfilled", "noshow", "superseded", "not-done", "not-taken", "final", "amended", "corrected",
         "preliminary", "appended", "partial", "retired", "abandoned", "ended", "declined", "issued", "balanced",
         "closed", "complete"],
        State.PAST,
    ),
    **dict.fromkeys(
        ["draft", "proposed", "planned", "pending", "booked", "waitlist", "intended", "preparation", "registered"],
        State.PLANNED,
    ),
    "entered-in-error": State.WRONG,
}  # fmt: skip
# words that mean something else in one type
STATE_IN = {
    # a document stands until it is superseded, however its writing ended
    ("Composition", "final"): State.CURRENT,
    ("Composition", "preliminary"): State.CURRENT,
    ("Composition", "amended"): State.CURRENT,
    ("Goal", "planned"): State.PLANNED,
    ("Task", "on-hold"): State.CURRENT,
    ("Consent", "proposed"): State.PLANNED,
    ("Account", "on-hold"): State.CURRENT,
}


def state_of(kind: str, status: str) -> State:
    return STATE_IN.get((kind, status)) or STATE_OF.get(status, State.UNKNOWN)
