"""What each page is given: the shape of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Sender:
    short: str  # "NCA": on every line
    name: str  # "Northern Care Alliance": when a line is opened, on paper
    at: datetime | str | None  # when the sender says so; FHIR text may be partial


@dataclass(frozen=True)
class Fact:
    """One line about one person, on any panel and on the timeline."""

    id: str
    title: str  # never cut
    value: str = ""
    senders: tuple[Sender, ...] = ()  # the first is the one shown; the same fact from two senders is one line
    state: str = ""  # in words: "Overdue", "Stopped"; never by colour alone
    state_kind: str = "quiet"  # urgent, caution, good, info, new, quiet
    happened_text: str = ""  # when, in words, where it is not the sender's date
    at: datetime | str | None = None  # when it happened: what the timeline is ordered by
    chapter: str = ""  # timeline only: Care, Hospital, Social, Community
    also_held_by: tuple[str, ...] = ()  # names of organisations
    is_new: bool = False  # since this viewer last looked
    caution: str = ""  # a warning that belongs to the line
    details: tuple[tuple[str, str], ...] = ()  # (label, words), shown when the line is opened
    disagreement: str = ""  # who says what, both sides
    not_hers: bool = False  # somebody said so: struck, still there
    document_id: str = ""  # opens in place of the "Open" link
    remark: None = None  # who said so, when and why
    struck: bool = False  # it no longer holds: a decision that another replaced
    is_row: bool = True  # False where nothing can be said of it


@dataclass(frozen=True)
class Quote:
    question: str
    words: str
    author: str
    sender: Sender


@dataclass(frozen=True)
class Point:
    at: datetime
    value: float
    words: str  # with its unit, as sent


@dataclass(frozen=True)
class Trend:
    id: str
    label: str
    unit: str
    points: tuple[Point, ...]  # oldest first
    sender: Sender
    state: str = ""
    state_kind: str = "quiet"


@dataclass(frozen=True)
class Panel:
    """What is known of one kind. "No record" is never shown as "none"."""

    state: str  # present, none_known, not_recorded, not_connected, withheld, unavailable
    facts: tuple = ()  # of Fact, Quote or Trend; withheld and none_known may have facts too
    as_at: datetime | None = None  # up to when the sources of this panel have spoken
    silent: tuple[str, ...] = ()  # who is late or silent, in words
    words: str = ""  # what is known where the facts do not say it all
    note: str = ""  # "3 goals, 1 overdue"


@dataclass(frozen=True)
class Source:
    name: str
    state: str  # ok, late, silent, never
    state_words: str
    last_words: str


@dataclass(frozen=True)
class Sources:
    words: str  # the answer in one sentence
    lines: tuple[Source, ...]


@dataclass(frozen=True)
class Face:
    """Who the page is about: the banner, and how to reach them."""

    id: str
    family: str
    given: str
    likes: str
    birth_on: str  # as sent, perhaps partial
    sex: str  # female, male, other, unknown
    nhs_number: str | None
    nhs_number_words: str = ""  # "" when valid and verified; else "check digit is wrong", "not verified"
    died_on: str | None = None
    died: bool = False
    address: str | None = None  # None when there is none, or it is not shown to this viewer ...
    address_words: str = "Not known"  # ... and then this is what is said instead
    phone: str = ""
    practice: str = ""
    team: str = ""  # neighbourhood team
    communication: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    identity_doubt: str = ""


@dataclass(frozen=True)
class Known:
    next: Panel
    about_me: Panel  # of Quote
    allergies: Panel
    risks: Panel
    problems: Panel
    medicines: Panel
    decisions: Panel
    contacts: Panel
    involved: Panel
    plans: Panel
    package: Panel
    observations: Panel  # of Trend
    sources: Sources


@dataclass(frozen=True)
class Group:
    title: str  # the episode, or the month
    span_words: str
    lines: tuple[Fact, ...]


@dataclass(frozen=True)
class Timeline:
    chapter: str
    chapters: tuple[tuple[str, str, int], ...]  # code, label, how many
    groups: tuple[Group, ...]
    shown: int
    total: int
    more: str = ""  # the address of a longer timeline


@dataclass(frozen=True)
class Found:
    """A search result: only enough to know the right person by."""

    id: str
    family: str
    given: str
    likes: str
    born_words: str  # "born 1942", or the whole date for those on the viewer's own list
    age_words: str
    sex: str
    last_digits: str
    area: str
    why: str = ""
    tag: str = ""
    tag_kind: str = "quiet"


@dataclass(frozen=True)
class Mine:
    id: str
    family: str
    given: str
    likes: str
    birth_on: str
    sex: str
    tag: str = ""
    tag_kind: str = "quiet"
    died_on: str | None = None
    changes: tuple[tuple[str, Sender], ...] = ()


@dataclass(frozen=True)
class People:
    title: str
    note: str  # "Showing 4 of 41: ...", or what would be here
    people: tuple[Mine, ...]


@dataclass(frozen=True)
class Terms:
    name: str = "Sharing agreement 3"
    purpose: str = "Direct care"
    lawful_basis: str = "UK GDPR Articles 6(1)(e) and 9(2)(h)"
    controller: str = "Whoever sends"


@dataclass(frozen=True)
class SourceRow:
    code: str
    name: str
    state: str
    state_words: str
    sends: str
    due_words: str
    last_at: datetime | None
    received: int
    stored: int
    unchanged: int
    rejected: int
    agreement_words: str
    agreement_state: str = "ok"  # ok, late (ends soon), silent (has expired)
    waiting: int = 3
    unfinished: int = 0
    unfinished_since: datetime | None = None
    agreement: Terms = Terms()


@dataclass(frozen=True)
class RefusedEntry:
    id: str
    place: str  # file, archive member, line or entry
    at: datetime
    size: int
    tries: int


@dataclass(frozen=True)
class Reason:
    words: str
    what_to_do: str
    count: int
    refused: tuple[RefusedEntry, ...]


@dataclass(frozen=True)
class Place:
    name: str


@dataclass(frozen=True)
class SignedIn:
    name: str
    role: str


@dataclass(frozen=True)
class Undo:
    words: str
    address: str
