"""What a published score of diagnoses is made of, and what it says of one person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from locality.methods.scores.codes import Read, as_icd10


@dataclass(frozen=True, slots=True)
class Group:
    """What some codes say of a person, and its points, in the method's smallest unit.

    `yields_to` names the severer form of the same illness: where both are there, only that one counts.
    """

    name: str
    words: str
    points: int
    yields_to: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A band of scores up to and with so many units; the last has no end."""

    name: str
    up_to: int | None


@dataclass(frozen=True, slots=True)
class Method:
    """A published score: points of groups of codes, each group counted once, added up.

    `codes` tells the groups of a code: of every code that begins so where `begins`, else of just this one. A score is
    a whole number of units, of which `units` make one point, so that 3.2 + 1.8 is 5 and not a little less.
    `years` is how far before the last day the method looks; `lowest` is what a smaller sum is raised to.
    """

    name: str
    title: str
    source: str
    groups: Mapping[str, Group]
    codes: Mapping[str, tuple[str, ...]]
    units: int = 1
    bands: tuple[Band, ...] = ()
    years: int | None = None
    lowest: int | None = None
    begins: bool = True
    reads: str = "ICD-10 codes"
    read: Callable[[str], Read] = as_icd10
    verified: bool = True
    unverified: str = ""  # what of it was not read in the source
    published: str = ""  # what others measured with it
    not_for: str = ""

    def groups_of(self, code: str) -> tuple[str, ...]:
        """The groups of a code that has been read, in the order of the method."""
        parts = (code[:length] for length in range(1, len(code) + 1)) if self.begins else (code,)
        found = {group for part in parts for group in self.codes.get(part, ())}
        return tuple(name for name in self.groups if name in found)

    def band(self, units: int) -> str | None:
        """The band of a score, or none where the method publishes none."""
        return next((one.name for one in self.bands if one.up_to is None or units <= one.up_to), None)

    def with_codes(self, codes: Mapping[str, tuple[str, ...]]) -> "Method":
        """The same method over a code list of one's own, whose codes are taken as they are written."""
        unknown = {name for names in codes.values() for name in names} - set(self.groups)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        known = frozenset(codes)
        return replace(self, codes=dict(codes), begins=False, reads="codes of the list given", read=_one_of(known))


def _one_of(known: frozenset[str]) -> Callable[[str], Read]:
    def read(said: str) -> Read:
        code = said.strip()
        return Read(code) if code in known else Read(None, "not in the list of codes")

    return read


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A code as it was written, the day it was given, and where it comes from (an event, a sender)."""

    code: str
    on: date | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A group that a person has, the points it gave, and the diagnoses that say so."""

    group: Group
    points: float
    diagnoses: tuple[Diagnosis, ...]
    instead: Group | None = None  # the severer form that counts instead

    @property
    def words(self) -> str:
        """In words a person could be told."""
        said = ", ".join(_diagnosis_words(one) for one in self.diagnoses)
        if self.instead:
            return f"{self.group.words} ({said}): no points of its own, since it counts as {_small(self.instead.words)}"
        number = f"{self.points:g}"
        return f"{self.group.words} ({said}): {number} {'point' if number in ('1', '-1') else 'points'}"


def _diagnosis_words(one: Diagnosis) -> str:
    day = f" on {one.on.day} {one.on:%B %Y}" if one.on else ""
    return one.code.strip() + day + (f" from {one.origin}" if one.origin else "")


def _small(words: str) -> str:
    # an abbreviation keeps its capitals
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


@dataclass(frozen=True, slots=True)
class Score:
    """What a method says of one person; `unread` are the diagnoses that could not be read, each with its reason."""

    method: str
    value: float
    band: str | None
    reasons: tuple[Reason, ...]
    verified: bool = True
    unread: tuple[tuple[Diagnosis, str], ...] = field(default=())
    outside: tuple[Diagnosis, ...] = field(default=())  # too old, or after the day asked for
