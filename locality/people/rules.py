"""What a source says of a patient, what is compared of it, and which person a cluster of patients stays."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from locality.base.ids import named_id
from locality.base.words import sort_key
from locality.methods.nhs_number import NhsNumberState, plain, state

NHS_NUMBER_SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"

METHOD_COMPARED = "compared"
METHOD_ALONE = "nobody-else-yet"
METHOD_SAID = "said-to-be-the-same"

# with fewer patients than this there is too little to learn from, and the model that comes with Locality is used
ENOUGH_TO_LEARN = 5000
MOST_FORMER = 10


def patient_id(*, source: UUID, local_id: str) -> UUID:
    """One source's patient has the same id wherever and whenever it is received."""
    return named_id("patient", str(source), local_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSent:
    """A Patient resource's columns, as one source said them at one moment."""

    source: UUID
    local_id: str
    said_at: datetime
    active: bool = True
    family: str = ""
    given: str = ""
    prefix: str = ""
    likes: str = ""
    former_names: tuple[str, ...] = ()
    birth_on: date | None = None
    birth_text: str = ""
    sex: str = ""
    died: bool = False
    died_on: date | None = None
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    former_postcodes: tuple[str, ...] = ()
    protected: bool = False
    phone: str = ""
    email: str = ""
    language: str = ""
    interpreter: bool = False
    practice_code: str = ""
    practice_words: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()  # numbers that are not theirs, whoever sends them, and as what
    replaced_by: str = ""  # the local id of the patient that took this one's place
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", patient_id(source=self.source, local_id=self.local_id))

    @property
    def nhs_number(self) -> str:
        """The one valid NHS number, or nothing: two different valid ones are a doubt, not a number."""
        valid = {number for number in self._numbers if state(number) == NhsNumberState.VALID}
        return valid.pop() if len(valid) == 1 else ""

    @property
    def nhs_typed(self) -> str:
        """The one NHS number as it was typed, where it is not a valid one."""
        typed = self._numbers
        return typed.pop() if len(typed) == 1 and not self.nhs_number else ""

    @property
    def _numbers(self) -> set[str]:
        sent = {plain(value) for system, value in self.identifiers if system == NHS_NUMBER_SYSTEM}
        return sent - {number for number, _ in self.corrected}


def name_key(one: "Told", *, former: Sequence[str]) -> str:
    """Every name a patient is known by, as search matches it."""
    return sort_key(" ".join([one.family, one.given, one.likes, *former]))


WORD_ENDS = re.compile(r"[ -]+")


def name_words(key: str) -> list[str]:
    """The words of a name, as they are looked up: both halves of a double one."""
    return [word for word in WORD_ENDS.split(key) if word]


def identifier_rows(sent: PatientSent) -> list[tuple[str, str, str]]:
    """System, value and NHS state of each identifier; an NHS number that is invalid, or not theirs, says so."""
    rows = {}
    gone = dict(sent.corrected)
    for system, value in sent.identifiers:
        is_nhs = system == NHS_NUMBER_SYSTEM
        kept = plain(value) if is_nhs else value
        rows[(system, kept)] = (system, kept, gone.get(kept, state(value).value) if is_nhs else "")
    return list(rows.values())


# ---- what is compared


class Told(Protocol):
    """What of a patient is compared, whether just sent or held."""

    @property
    def family(self) -> str: ...
    @property
    def given(self) -> str: ...
    @property
    def likes(self) -> str: ...
    @property
    def former_names(self) -> Sequence[str]: ...
    @property
    def birth_on(self) -> date | None: ...
    @property
    def sex(self) -> str: ...
    @property
    def nhs_number(self) -> str: ...
    @property
    def nhs_typed(self) -> str: ...
    @property
    def address_lines(self) -> Sequence[str]: ...
    @property
    def postcode(self) -> str: ...
    @property
    def former_postcodes(self) -> Sequence[str]: ...
    @property
    def phone(self) -> str: ...
    @property
    def email(self) -> str: ...


def words_of(one: Told) -> dict[str, str | tuple[str, ...]]:
    """A patient in the words of methods/linkage.

    Of a former name only the family name is compared: a given name left behind is somebody's earlier identity.
    """
    families = (one.family, *(name.rpartition(" ")[2] for name in one.former_names))
    postcodes = (one.postcode, *one.former_postcodes)
    lines = (*one.address_lines, "", "")
    return {
        "given_name": _distinct((one.given, one.likes)),
        "family_name": _distinct(families[: MOST_FORMER + 1]),
        "birth_date": one.birth_on.isoformat() if one.birth_on else "",
        "sex": one.sex,
        "postcode": _distinct(postcodes[: MOST_FORMER + 1]),
        "address_line": lines[0],
        "address_line2": lines[1],
        "phone": one.phone,
        "email": one.email,
        "nhs_number": one.nhs_number or one.nhs_typed,
    }


def _distinct(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))


@dataclass(frozen=True, slots=True)
class Former:
    """What somebody was called and where they lived before, as one source said at other times."""

    names: tuple[str, ...]
    postcodes: tuple[str, ...]


def former(*, now: Told, before: Sequence[Told]) -> Former:
    """What stays known of words that a source has since changed: a move or a marriage must not part one in two.

    In the order of the alphabet, so that it does not matter which words came first. Nothing is kept of somebody with
    another number, and no name where more than the family name changed: it would tell of an earlier identity.
    """
    names, postcodes = {*now.former_names}, {*now.former_postcodes}
    for one in before:
        if _unlike(now.nhs_number, one.nhs_number):
            continue
        postcodes |= {one.postcode, *one.former_postcodes}
        if sort_key(now.given) == sort_key(one.given) != "" and not _unlike(now.sex, one.sex):
            names |= {*one.former_names, f"{one.given} {one.family}"}
    shown = sort_key(f"{now.given} {now.family}")
    return Former(
        names=tuple(sorted(name for name in names if sort_key(name) != shown and not name.endswith(" "))),
        postcodes=tuple(sorted(postcodes - {"", now.postcode})),
    )


def _unlike(one: str, other: str) -> bool:
    return bool(one and other) and one != other


# ---- which person a cluster of patients stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One patient that went from one person to another."""

    patient: UUID
    was: UUID
    now: UUID


@dataclass(frozen=True, slots=True)
class Held:
    """A person, as whom patients are linked now: since when, and how many besides those looked at."""

    made_at: datetime
    elsewhere: int = 0


def kept_people(
    clusters: Sequence[Sequence[UUID]],
    *,
    linked: Mapping[UUID, UUID],
    people: Mapping[UUID, Held],
    changed: Collection[UUID] = (),
) -> list[UUID | None]:
    """The person that each cluster stays, each person once; None asks for another.

    A cluster stays the person of most of its patients; of several that would, first the one with more of the
    person's patients, then the one whose words did not change, then the older person.
    """
    counts = [Counter(linked[one] for one in cluster if one in linked) for cluster in clusters]
    sizes = {person: held.elsewhere for person, held in people.items()}
    for count in counts:
        for person, number in count.items():
            sizes[person] += number
    claims = sorted(
        (-number, -number / sizes[person], any(one in changed for one in cluster), people[person].made_at, person, at)
        for at, (cluster, count) in enumerate(zip(clusters, counts, strict=True))
        for person, number in count.items()
    )
    kept: list[UUID | None] = [None] * len(clusters)
    taken: set[UUID] = set()
    for *_, person, at in claims:
        if kept[at] is None and person not in taken:
            kept[at] = person
            taken.add(person)
    return kept
