"""Who acts or looks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ViewerKind(StrEnum):
    PRACTITIONER = "practitioner"
    PERSON = "person"
    PROXY = "proxy"
    SYSTEM = "system"


class Purpose(StrEnum):
    CARE = "care"
    MEETING = "meeting"  # care too: a team talks about somebody in its meeting
    OPERATIONS = "operations"
    PLANNING = "planning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who acts or looks, as of one moment: a value, never looked up again while it is used.

    `id` is the practitioner's or person's id (an all-zero id for the system), `role` the code of the one
    role chosen for this session, `teams` the teams that hold today. `acts_for` is the one person for whom somebody of
    kind proxy acts now, by a right that holds at this moment.
    """

    kind: ViewerKind
    id: UUID
    role: str
    at: datetime
    name: str = ""
    organisation: UUID | None = None
    organisation_name: str = ""
    teams: frozenset[UUID] = frozenset()
    purpose: Purpose = Purpose.CARE
    second_factor: bool = False
    acts_for: UUID | None = None
    acts_for_name: str = ""


SYSTEM_ID = UUID(int=0)


def system(*, at: datetime, role: str = "system") -> Viewer:
    """The system itself: it takes in and links, and sees no person."""
    return Viewer(kind=ViewerKind.SYSTEM, id=SYSTEM_ID, role=role, at=at, purpose=Purpose.OPERATIONS)
