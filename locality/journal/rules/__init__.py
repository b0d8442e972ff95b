"""The chain over the audit; what each line of it means, in words and as a FHIR AuditEvent."""

from locality.journal.rules.chain import (
    START,
    Checked,
    Head,
    Sealed,
    Sign,
    Verify,
    check,
    head_of,
    number_of,
)
from locality.journal.rules.deeds import DEEDS, Deed, Kind, deed

__all__ = [
    "DEEDS",
    "START",
    "Checked",
    "Deed",
    "Head",
    "Kind",
    "Sealed",
    "Sign",
    "Verify",
    "check",
    "deed",
    "head_of",
    "number_of",
]
