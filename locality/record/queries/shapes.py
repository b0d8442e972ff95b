"""What the pages about one person, and the page of sources, are made of."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Known(StrEnum):
    """What is known of one kind of thing. Only `none_known` says none, and only somebody's own words make it so."""

    PRESENT = "present"
    NONE_KNOWN = "none_known"
    NOT_RECORDED = "not_recorded"
    NOT_CONNECTED = "not_connected"
    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"
    CLOSED = "closed"  # this role does not open such things: whether any are held is not said


class Standing(StrEnum):
    """How lately a source has spoken, and whether it may."""

    OK = "ok"
    LATE = "late"
    SILENT = "silent"
    NEVER = "never"
    EXPIRED = "expired"
    NOT_CONNECTED = "not_connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who said a thing, and when they said it."""

    short: str
    name: str
    source: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody said of a line that it is not about this person."""

    id: UUID
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line about one person. The same fact from two senders is one line; `senders` names them all, best first."""

    id: UUID
    title: str
    value: str = ""
    senders: tuple[Sender, ...] = ()
    state: str = ""
    state_kind: str = "quiet"
    happened_text: str = ""
    at: datetime | str | None = None
    chapter: str = ""
    also_held_by: tuple[str, ...] = ()
    is_new: bool = False
    is_future: bool = False
    caution: str = ""
    details: tuple[tuple[str, str], ...] = ()
    disagreement: str = ""
    remark: Said | None = None
    struck: bool = False
    document_id: str = ""
    is_row: bool = True  # False where nothing can be said of it: it was not sent as a row of its own
    data_class: str = ""  # the most closed of those that say it

    @property
    def not_hers(self) -> bool:
        """Whether everything that says this has been said to be about somebody else."""
        return self.remark is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """An answer in the person's own words."""

    id: UUID
    question: str
    words: str
    author: str
    sender: Sender
    is_new: bool = False
    remark: Said | None = None
    data_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    at: datetime
    value: Decimal
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Readings of one kind over time, oldest first."""

    id: str
    label: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend(Readings):
    """The last readings of one kind; `total` says how many are held."""

    total: int
    sender: Sender
    state: str = ""
    state_kind: str = "quiet"
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What is known of one kind; in words where its facts do not say it all; and up to when its senders have spoken."""

    state: Known
    words: str = ""
    facts: tuple = ()
    as_at: datetime | None = None
    silent: tuple[str, ...] = ()
    note: str = ""

    @property
    def total(self) -> int:
        """How many lines there are; none is ever left out of a panel."""
        return len(self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One organisation that may hold something of this person, how lately it spoke, and how many lines it holds."""

    code: str
    name: str
    state: Standing
    state_words: str
    last_words: str
    last_at: datetime | None
    holds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    words: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where senders say different things of who or where the person is; grave when it may be another person."""

    about: str
    words: str
    grave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Who the page is about, and how to reach them where this viewer may know."""

    id: UUID
    family: str
    given: str
    likes: str
    birth_on: date | str | None
    sex: str
    nhs_number: str | None
    nhs_number_words: str
    died: bool
    died_on: date | None
    protected: bool
    address: str | None
    address_words: str
    phone: str
    practice: str
    team: str
    communication: tuple[str, ...]
    alerts: tuple[str, ...]
    identity_doubt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything the person page shows but the timeline."""

    face: Face
    answer: str
    next: Panel
    about_me: Panel
    communication: Panel
    allergies: Panel
    risks: Panel
    problems: Panel
    medicines: Panel
    decisions: Panel
    contacts: Panel
    involved: Panel
    plans: Panel
    package: Panel
    observations: Panel
    sources: Sources
    doubts: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The lines of one episode, or of one month."""

    title: str
    span_words: str
    lines: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A stretch of the timeline, newest first: `shown` of `total` lines, from line `first`; `more` begins the next."""

    chapter: str
    chapters: tuple[tuple[str, str, int], ...]
    groups: tuple[Group, ...]
    first: int
    shown: int
    total: int
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an earlier version said, and when it came."""

    number: int
    at: datetime
    sender: Sender
    title: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """What a document carries: text is shown, anything else is offered to keep; `words` says why neither."""

    number: int
    title: str
    content_type: str
    size: int | None
    text: str | None = None
    may_download: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One line opened: what it says whole, what it carries, and how it came to be so."""

    fact: Fact
    kind: str
    rows: tuple[tuple[str, str], ...] = ()
    narrative: str = ""
    enclosed: tuple[Enclosed, ...] = ()
    versions: tuple[Version, ...] = ()
    original: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source: how lately it sent, what became of its last intake, and what still waits."""

    code: str
    name: str
    organisation: str
    state: Standing
    state_words: str
    sends: str
    due_words: str
    last_at: datetime | None
    received: int
    stored: int
    unchanged: int
    rejected: int
    waiting: int
    unfinished: int
    unfinished_since: datetime | None
    agreement_words: str
    agreement_state: Standing
    agreement: "Terms"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a source sends: the agreement, what for, under which law, and who answers for it; "" if unsaid."""

    name: str
    purpose: str
    lawful_basis: str
    controller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntry:
    id: UUID
    place: str
    at: datetime
    size: int
    tries: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why entries were refused, how many, and those of them on this page."""

    words: str
    count: int
    refused: tuple[RefusedEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A page of what one source sent and could not be stored; `total` counts what is open on all pages."""

    code: str
    name: str
    total: int
    reasons: tuple[Reason, ...] = field(default=())
    page: int = 1
    pages: int = 1
