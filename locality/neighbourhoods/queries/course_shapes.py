"""What the pages of classes are given."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from locality.neighbourhoods.rules.courses import ATTENDED, Came, Measure, PlaceState, When, came_share
from locality.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One class as a list shows it: `coming`, `waiting`, `invited` of those whom the viewer sees, `taken` of all."""

    id: UUID
    name: str
    what: str
    where: str
    team: str
    team_id: UUID
    neighbourhood: str
    service: str
    places: int
    taken: int
    coming: int
    waiting: int
    invited: int
    meets: int
    first_at: datetime | None
    last_at: datetime | None
    next_at: datetime | None
    version: int

    @property
    def free(self) -> int:
        """How many places are free."""
        return max(self.places - self.taken, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One meeting; `came` of how many it was said."""

    id: UUID
    course_id: UUID
    starts_at: datetime
    ends_at: datetime
    cancelled_why: str
    came: int
    said: int
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of a class; `held` are the meetings since they joined, `unsaid` those that nobody wrote down."""

    id: UUID
    person: Person
    state: PlaceState
    queued_at: datetime | None
    invited_at: datetime
    came: int
    held: int
    unsaid: int
    has_before: bool
    has_after: bool

    @property
    def came_enough(self) -> bool:
        """Whether they came to three quarters and more of what was held."""
        share = came_share(self.came, held=self.held)
        return share is not None and share >= ATTENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One class, whole."""

    course: Listed
    sessions: list[Session]
    people: list[Row]

    def of(self, *states: PlaceState) -> list[Row]:
        """Those who are down as this."""
        return [one for one in self.people if one.state in states]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor:
    id: UUID
    person: Person
    came: Came | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    measure: Measure
    when: When
    value: Decimal
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    was: str
    became: PlaceState
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePlace:
    """Somebody's place, what was measured (the newest of each), and how it came to be."""

    id: UUID
    person: Person
    course: Listed
    row: Row
    measured: list[Measured]
    steps: list[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """A class that somebody is invited to, waits for or comes to: for their page. `course_id`: where it opens."""

    id: UUID
    course_id: UUID | None
    name: str
    where: str
    team: str
    phone: str
    state: PlaceState
    next_at: datetime | None
    meets_after: int
