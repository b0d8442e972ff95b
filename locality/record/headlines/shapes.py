"""What a person page shows of one resource: its one line, and what opens under it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Topic(StrEnum):
    ABOUT_ME = "about_me"
    COMMUNICATION = "communication"
    ALERT = "alert"
    ALLERGY = "allergy"
    PROBLEM = "problem"
    MEDICINE = "medicine"
    CONTACT = "contact"
    TEAM = "team"
    PLAN = "plan"
    GOAL = "goal"
    NEXT = "next"
    REFERRAL = "referral"
    TASK = "task"
    ENCOUNTER = "encounter"
    OBSERVATION = "observation"
    REPORT = "report"
    DOCUMENT = "document"
    IMMUNISATION = "immunisation"
    PROCEDURE = "procedure"
    PACKAGE = "package"
    DECISION = "decision"
    CONSENT = "consent"
    OTHER = "other"
    REFERENCE = "reference"


class State(StrEnum):
    CURRENT = "current"  # still holds, or is going on
    PAST = "past"  # over and done with: a result given, a problem resolved, a referral withdrawn
    PLANNED = "planned"
    WRONG = "wrong"  # entered in error
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Headline:
    type: str
    topic: Topic
    patient: str  # the reference as written, or "Patient?identifier=system|value"; "" when about nobody
    code: str
    code_system: str
    title: str  # never empty
    value: str
    value_number: Decimal | None
    unit: str
    happened_at: datetime | None  # UTC; of a partial date, its first instant in London
    happened_text: str  # as sent
    ends_at: datetime | None  # UTC; the first instant on which it no longer holds
    status: str
    state: State
    data_class: str
    label: str
    by: str
    encounter: str
    group_key: str
    caution: str


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Attachment:
    title: str
    content_type: str
    url: str  # "" when the content came inside the resource
    size: int | None  # bytes


@dataclass(frozen=True, slots=True)
class Participant:
    role: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Activity:
    words: str
    status: str
    when: str


@dataclass(frozen=True, slots=True)
class AllergyWords:
    substance: str
    reaction: str
    severity: str
    criticality: str
    statement: str  # "no known allergy" and its kinds, "" when a substance is named


@dataclass(frozen=True, slots=True)
class MedicineWords:
    dose: str
    reason: str
    since: str
    reference: str  # where the medicine is another resource: the reference to it, as written


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    relationship: str
    phone: str
    is_carer: bool
    is_next_of_kin: bool
    is_key_holder: bool
    is_emergency: bool


@dataclass(slots=True)
class Detail:
    """What opens under a line; a list is empty where the resource says nothing of the kind."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    narrative_html: str = ""  # as sent: the caller cleans it
    parts: list[Part] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    people: list[Participant] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    allergy: AllergyWords | None = None
    medicine: MedicineWords | None = None
    contact: Contact | None = None
