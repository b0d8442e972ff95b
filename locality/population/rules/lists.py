"""Cutting an ordered crowd into lists that teams can carry."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from locality.access.rules import DataClass

Person = TypeVar("Person")
Team = TypeVar("Team")

# whose team nobody could tell, who waits for a team already, whom somebody reviewed lately, and those below the cut
NO_TEAM, NO_PRACTICE = "no team of this place is responsible", "registered with no practice of this place"
REVIEWED, PUT_FORWARD = "reviewed lately", "put forward to the team already"
NO_ROOM, NOT_HERE = "no room: others come first", "died, moved away or not to be listed"
LINE_NOT_FOUND = "reasons whose line in the record was not found"


def cut(
    ordered: Iterable[tuple[Person, Team]], *, room: Mapping[Team, int]
) -> tuple[list[tuple[Person, Team]], list[Person]]:
    """The first of each team for whom it has room, in their order, and everybody else."""
    left = dict(room)
    listed, others = [], []
    for person, team in ordered:
        if left.get(team, 0) > 0:
            left[team] -= 1
            listed.append((person, team))
        else:
            others.append(person)
    return listed, others


class Line(NamedTuple):
    """What tells one line of the record from another, for finding the one that a reason is about."""

    type: str
    source: str
    code: str
    days: frozenset[str]


# of which types of resource a reason's line may be; a kind that is not here is worked out, or missing, and has none
TYPES: Mapping[str, Sequence[str]] = {
    "event": ("Encounter", "Condition", "Observation"),
    "condition": ("Condition",),
    "diagnosis": ("Condition",),
    "contact": ("Encounter", "ServiceRequest"),
    "medicine": ("MedicationRequest", "MedicationStatement"),
    "measurement": ("Observation",),
    "social care": ("CarePlan", "ServiceRequest", "Observation"),
    "in place": ("CarePlan", "Encounter", "ServiceRequest"),
}
BY_CODE = frozenset({"condition", "diagnosis", "medicine", "measurement"})
BY_DAY = frozenset({"event", "contact", "social care", "in place", "diagnosis", "measurement"})
# what is worked out of several lines, by what it tells
WORKED_OUT: Mapping[str, DataClass] = {
    "age": DataClass.ID,
    "carer": DataClass.SUM,
    "medicines": DataClass.SUM,
    "conditions": DataClass.SUM,
    "missing": DataClass.CLIN,
}


def tells(line: Line, *, kind: str, code: str, day: str, source: str) -> bool:
    """Whether a line of the record is the one that says a reason."""
    if line.type not in TYPES.get(kind, ()) or (source and line.source != source):
        return False
    if kind in BY_CODE and plain(line.code) != plain(code):
        return False
    return kind not in BY_DAY or not day or day in line.days


def plain(code: str) -> str:
    """A code without its dot, in capitals: as the copy writes ICD-10."""
    return code.replace(".", "").upper()
