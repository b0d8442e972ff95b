"""How patients are joined to people at this stage: by a valid NHS number on which the birth date agrees."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from locality.base.ids import named_id
from locality.base.words import sort_key
from locality.methods.nhs_number import NhsNumberState, plain, state

NHS_NUMBER_SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"

METHOD_NHS_NUMBER = "nhs-number-and-birth-date"
METHOD_ALONE = "nobody-else-yet"
METHOD_SOURCE_SAYS = "source-says-same"


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
    protected: bool = False
    phone: str = ""
    email: str = ""
    language: str = ""
    interpreter: bool = False
    practice_code: str = ""
    practice_words: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    replaced_by: str = ""  # the local id of the patient that took this one's place
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", patient_id(source=self.source, local_id=self.local_id))

    @property
    def name_key(self) -> str:
        """Every name this patient is known by, as search matches it."""
        return sort_key(" ".join([self.family, self.given, self.likes, *self.former_names]))

    @property
    def nhs_number(self) -> str:
        """The one valid NHS number, or nothing: two different valid ones are a doubt, not a number."""
        valid = {
            plain(value)
            for system, value in self.identifiers
            if system == NHS_NUMBER_SYSTEM and state(value) == NhsNumberState.VALID
        }
        return valid.pop() if len(valid) == 1 else ""


def identifier_rows(sent: PatientSent) -> list[tuple[str, str, str]]:
    """System, value and NHS state of each identifier; an invalid NHS number is kept, and says so."""
    rows = {}
    for system, value in sent.identifiers:
        is_nhs = system == NHS_NUMBER_SYSTEM
        kept = plain(value) if is_nhs else value
        rows[(system, kept)] = (system, kept, state(value).value if is_nhs else "")
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class Key:
    """What two patients must share to be joined without anybody looking."""

    nhs_number: str
    birth_on: date


def key_of(*, nhs_number: str, birth_on: date | None) -> Key | None:
    """The key a patient may be joined by; none without both parts."""
    return Key(nhs_number, birth_on) if nhs_number and birth_on else None


def evidence_of(key: Key | None) -> dict[str, Any]:
    """What a link rests on, without repeating the number itself."""
    return {"agrees_on": ["nhs_number", "birth_date"]} if key else {"agrees_on": []}
