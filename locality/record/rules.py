"""What makes two sendings the same, and which one speaks last."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
