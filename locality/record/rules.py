"""What makes two sendings the same, and which one speaks last; and the way of a safeguarding concern."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from locality.base import Refused
from locality.base.ids import named_id

FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
PATIENT_REFERENCE = re.compile(r"Patient/([A-Za-z0-9\-.]{1,64})(/_history/[A-Za-z0-9\-.]{1,64})?")
CONDITIONAL = re.compile(r"Patient\?identifier=(?:([^|]*)\|)?(.+)")

ENTRY_NUMBERS = 1 << 32


def digest_of(content: bytes) -> bytes:
    """What tells two contents apart."""
    return hashlib.sha256(content).digest()


def thing_id(*, source: UUID, type: str, local_id: str) -> UUID:  # noqa: A002 -- FHIR's own word
    """One source's resource has the same id wherever and whenever it is received."""
    return named_id("resource", str(source), type, local_id)


def original_id(*, source: UUID, content: bytes) -> UUID:
    """What one source sent has the same id however often it is sent."""
    return named_id("original", str(source), digest_of(content).hex())


def local_id_of(*, resource: dict, full_url: str, digest: bytes) -> str:
    """The id the source knows it by; without one, its content is its name."""
    if isinstance(resource.get("id"), str):
        return resource["id"]
    tail = full_url.rpartition(":" if full_url.startswith("urn:") else "/")[2]
    return tail if FHIR_ID.fullmatch(tail) else "sha256-" + digest.hex()[:48]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a resource is about, within its source: by local id, by identifier, or nobody that can be told."""

    local_id: str = ""
    identifier: tuple[str, str] | None = None
    unknown: str = ""


def subject_of(*, reference: str, in_bundle: dict[str, str]) -> Subject:
    """Read a reference to a patient; `in_bundle` gives the local id of each Patient entry by its full URL."""
    if reference in in_bundle:
        return Subject(local_id=in_bundle[reference])
    if found := PATIENT_REFERENCE.fullmatch(reference):
        return Subject(local_id=found[1])
    if found := CONDITIONAL.fullmatch(reference):
        return Subject(identifier=(found[1] or "", found[2]))
    return Subject(unknown=reference)


@dataclass(slots=True)
class Version:
    """One content of one thing, held or arriving; the last said of them is current."""

    digest: bytes
    said: tuple[datetime, int]
    number: int
    was_current: bool
    id: UUID | None = None  # None while arriving


def current_of(versions: list[Version]) -> Version:
    """The version that was said last: by the sender's own stamp, else by the order in which it came."""
    return max(versions, key=lambda version: (version.said, version.number))


# ---- safeguarding concerns


class ConcernState(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ConcernMove(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    PUT_BACK = "put-back"  # acknowledged by mistake
    REOPEN = "reopen"


CONCERN_MOVES = {
    ConcernMove.ACKNOWLEDGE: (ConcernState.RAISED, ConcernState.ACKNOWLEDGED),
    ConcernMove.CLOSE: (ConcernState.ACKNOWLEDGED, ConcernState.CLOSED),
    ConcernMove.WITHDRAW: (ConcernState.RAISED, ConcernState.WITHDRAWN),
    ConcernMove.PUT_BACK: (ConcernState.ACKNOWLEDGED, ConcernState.RAISED),
    ConcernMove.REOPEN: (ConcernState.CLOSED, ConcernState.ACKNOWLEDGED),
}


class Cause(StrEnum):
    """Who may be the cause of what somebody is concerned about."""

    NOT_KNOWN = "not-known"
    FAMILY = "family"
    CARER = "carer"
    PROXY = "proxy"
    PRACTITIONER = "practitioner"
    OTHER = "other"
    THEMSELVES = "themselves"


CAUSE_WORDS = {
    Cause.NOT_KNOWN: "Nobody, or not known",
    Cause.FAMILY: "Family, a partner or a friend",
    Cause.CARER: "Somebody who cares for them, paid or unpaid",
    Cause.PROXY: "Somebody who acts for them (proxy, attorney)",
    Cause.PRACTITIONER: "Somebody who works with them",
    Cause.OTHER: "Somebody else",
    Cause.THEMSELVES: "Nobody else: they do not look after themselves",
}


class Knows(StrEnum):
    """Whether the person knows that a concern is raised."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


KNOWS_WORDS = {
    Knows.YES: "Yes, they know",
    Knows.NO: "No, it is not safe or not possible to tell them",
    Knows.UNSURE: "Not sure",
}


class Outcome(StrEnum):
    ENQUIRY = "enquiry"
    CHILDREN = "children"
    SUPPORT = "support"
    ELSEWHERE = "elsewhere"
    NOTHING_FURTHER = "nothing-further"
    MISTAKE = "mistake"


OUTCOME_WORDS = {
    Outcome.ENQUIRY: "A safeguarding enquiry was begun (Care Act 2014, section 42)",
    Outcome.CHILDREN: "A strategy discussion or enquiry about a child was begun (Children Act 1989, section 47)",
    Outcome.SUPPORT: "Support or advice was given",
    Outcome.ELSEWHERE: "Passed to another service",
    Outcome.NOTHING_FURTHER: "Nothing further is needed",
    Outcome.MISTAKE: "Raised by mistake, or about another person",
}

RAISER_READS_DAYS = 28
OF_AGE = 18


def after_concern(move: ConcernMove, state: str) -> ConcernState:
    """The state that follows; Refused for a move that cannot be made from this one."""
    before, after = CONCERN_MOVES[move]
    if state != before:
        raise Refused(f"This concern is already {state}: it cannot be {after} now.")
    return after


def next_working_day(on: date) -> date:
    """The next day from Monday to Friday; bank holidays count as working days, so it is never too late."""
    following = on + timedelta(days=1)
    while following.weekday() >= 5:
        following += timedelta(days=1)
    return following


def is_child(*, birth_on: date | None, on: date) -> bool:
    """Whether somebody is not yet of age; whoever has no known birth date is taken to be an adult."""
    if birth_on is None:
        return False
    years = on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))
    return years < OF_AGE


def raiser_reads(*, raised_on: date, on: date) -> bool:
    """Whether whoever raised a concern may still read what they wrote."""
    return on < raised_on + timedelta(days=RAISER_READS_DAYS)
