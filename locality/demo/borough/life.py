"""Three years of a person's life, as far as anybody writes it down: what truly happened, before any source tells it."""

from dataclasses import dataclass, field
from functools import cache
from random import Random

from locality.demo.borough.chance import Weighted
from locality.demo.borough.people import Person
from locality.demo.borough.published import toml

BANDS = (0, 15, 45, 65, 75, 85)  # of causes.toml


@dataclass(slots=True)
class Consultation:
    day: int
    minute: int
    how: str  # surgery, telephone, visit
    reason: str
    nurse: bool


@dataclass(slots=True)
class Reading:
    day: int
    minute: int
    kind: str
    value: float
    second: float = 0.0


@dataclass(slots=True)
class Medicine:
    words: str
    dose: str
    since: int
    stopped: int | None = None
    reason: str = ""


@dataclass(slots=True)
class Attendance:
    day: int
    minute: int
    minutes: int
    words: str
    admitted: bool


@dataclass(slots=True)
class Stay:
    day: int
    minute: int
    end_day: int
    end_minute: int
    words: str
    codes: tuple[str, ...]
    specialty: str
    emergency: bool
    procedure: str = ""
    fall: bool = False
    died: bool = False
    open: bool = False  # still there on the day up to which is told


@dataclass(slots=True)
class Visit:
    day: int
    minute: int
    words: str = ""


@dataclass(slots=True)
class Episode:
    """Somebody's time with one service, and its contacts."""

    service: str
    start: int
    end: int | None
    reason: str
    contacts: list[Visit]


@dataclass(slots=True)
class Package:
    """What the council pays for or provides."""

    kind: str  # home, residential, day, direct-payment, reablement
    words: str
    start: int
    end: int | None
    outcome: str = ""


@dataclass(slots=True)
class Mark:
    """Something noted once: an alert, a request, a plan."""

    kind: str
    day: int
    words: str
    end: int | None = None


@dataclass(slots=True)
class Life:
    person: Person
    start: int
    end: int  # the first day that is not lived or not told
    quintile: int = 0
    consultations: list[Consultation] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    jabs: list[tuple[int, str]] = field(default_factory=list)
    medicines: list[Medicine] = field(default_factory=list)
    allergies: list[tuple[str, str, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    outpatients: list[Visit] = field(default_factory=list)
    calls: list[Attendance] = field(default_factory=list)
    community: list[Episode] = field(default_factory=list)
    mind: list[Episode] = field(default_factory=list)
    packages: list[Package] = field(default_factory=list)
    council: list[Mark] = field(default_factory=list)
    childhood: list[Mark] = field(default_factory=list)
    befriended: Episode | None = None
    day_care: Episode | None = None

    @property
    def away(self) -> int | None:
        """The last day in hospital, where they are there still."""
        return next((one.day for one in self.stays if one.open), None)


SATURDAY = 5


def working(day: int) -> int:
    """The day itself, or the Friday before a weekend."""
    return day - max(0, (day - 1) % 7 - SATURDAY + 1)


@dataclass(frozen=True, slots=True)
class Cause:
    words: str
    codes: tuple[str, ...]
    specialty: str
    days: int
    procedure: str
    only_with: str
    weights: tuple[float, ...]


@cache
def causes(kind: str) -> tuple[Cause, ...]:
    """Why people come to hospital: one kind of causes.toml."""
    return tuple(
        Cause(
            words=one["words"],
            codes=tuple(one.get("codes", ())),
            specialty=one.get("specialty", ""),
            days=one.get("days", 0),
            procedure=one.get("procedure", ""),
            only_with=one.get("with", ""),
            weights=tuple(one["weights"]),
        )
        for one in toml("causes.toml")[kind]
    )


def band(age: int) -> int:
    """Which of the six ages of causes.toml."""
    return next(at for at in range(len(BANDS) - 1, -1, -1) if age >= BANDS[at])


@cache
def _usual(kind: str, at: int) -> tuple[list[Cause], list[float]]:
    usual = [one for one in causes(kind) if not one.only_with]
    return usual, [one.weights[at] for one in usual]


def cause(kind: str, person: Person, rng: Random) -> Cause:
    """One cause, as likely as its weight at this age; some only with a condition."""
    at = band(person.age)
    usual, weights = _usual(kind, at)
    own = [one for one in causes(kind) if one.only_with in person.conditions]
    if own:
        return Weighted([*usual, *own], [*weights, *(one.weights[at] for one in own)]).draw(rng)
    return _weighted(kind, at).draw(rng)


@cache
def _weighted(kind: str, at: int) -> Weighted[Cause]:
    return Weighted(*_usual(kind, at))
