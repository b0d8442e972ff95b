"""What a file holds, once read: entries, and what could not be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource entry: `content` is the exact bytes that were sent for it."""

    place: str  # where it stood, for people: "gp.ndjson line 3"
    content: bytes
    full_url: str = ""
    verb: str = "PUT"  # "DELETE": the source takes away what `url` names
    url: str = ""
    sent: bytes = b""  # what was sent, where `content` had to be made from it (FHIR XML); shared by its entries


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One file, line or entry that could not be read, kept with its reason in words."""

    place: str
    content: bytes
    reason: str
    resource: bool = False  # the bytes are one resource that was refused, not a file, line or message
