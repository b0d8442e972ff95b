"""What a line of the audit is: a look, a list, a print, a change or upkeep, in words and in FHIR."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    LOOK = "look"  # somebody saw what is held of a person
    LIST = "list"  # somebody saw a name in a list or among the answers to a search
    PRINT = "print"  # what is held of a person went onto paper or into a file
    CHANGE = "change"  # something was written
    UPKEEP = "upkeep"  # about no person


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of line: its words, and what it is in FHIR (`interaction` of REST, `action` of AuditEvent)."""

    words: str
    kind: Kind
    interaction: str
    action: str


def looked(words: str) -> Deed:
    return Deed(words, Kind.LOOK, "read", "R")


def listed(words: str) -> Deed:
    return Deed(words, Kind.LIST, "search-type", "E")


def made(words: str) -> Deed:
    return Deed(words, Kind.CHANGE, "create", "C")


def changed(words: str) -> Deed:
    return Deed(words, Kind.CHANGE, "update", "U")


def kept(words: str, interaction: str = "update", action: str = "U") -> Deed:
    return Deed(words, Kind.UPKEEP, interaction, action)


def printed(words: str) -> Deed:
    return Deed(words, Kind.PRINT, "read", "R")
