"""The people of the borough as they truly are; what sources make of them comes later."""

from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(slots=True)
class Address:
    lines: tuple[str, ...]
    town: str
    postcode: str


@dataclass(slots=True)
class Held:
    """A long-term condition that somebody has."""

    code: str
    words: str
    snomed: str
    icd10: str
    since: int  # a day, as date.toordinal() counts


@dataclass(slots=True, eq=False)
class Person:
    key: int
    sex: str
    age: int
    born: date
    household: "Household"
    role: str
    group: str = ""
    category: str = ""
    heritage: str = ""
    given: tuple[str, ...] = ()
    family: str = ""
    former_family: str = ""
    prefix: str = ""
    likes: str = ""
    married: bool = False
    nhs_number: str = ""
    mobile: str = ""
    practice: str = ""
    language: tuple[str, str] | None = None
    interpreter: bool = False
    burden: int = 0  # 0, 1 or 2: how ill, beyond what age and sex tell
    bmi: float = 0.0
    conditions: dict[str, Held] = field(default_factory=dict)
    died: int | None = None
    died_at: str = ""
    cares_for: "Person | None" = None
    carer: bool = False
    close: "list[Close]" = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.given[0]} {self.family}"

    @property
    def child(self) -> bool:
        return self.age < 18


@dataclass(slots=True)
class Close:
    """Somebody close to a person: one of the borough's people, or a name and a telephone."""

    kind: str  # daughter, husband, mother, friend ...
    name: str
    phone: str
    person: Person | None = None
    carer: bool = False
    next_of_kin: bool = False


@dataclass(slots=True, eq=False)
class Household:
    number: int
    area: int
    kind: str
    tenure: str
    address: Address
    landline: str
    people: list[Person] = field(default_factory=list)
    moved: int | None = None  # the day they came to this address, where that was within the years told
    before: Address | None = None
    new_here: bool = False  # came from outside the borough

    @property
    def home(self) -> bool:
        """Whether it is a care home."""
        return self.kind == "home"


@dataclass(frozen=True, slots=True)
class Window:
    """The years told: half-open, up to the day on which it is told."""

    start: int
    end: int

    @property
    def on(self) -> date:
        return date.fromordinal(self.end)


YEARS_TOLD = 3


def window(on: date) -> Window:
    """Three years up to a day."""
    start = on.replace(year=on.year - YEARS_TOLD) if (on.month, on.day) != (2, 29) else on - timedelta(days=1096)
    return Window(start.toordinal(), on.toordinal())
