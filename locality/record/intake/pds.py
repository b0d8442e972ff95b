"""What the Personal Demographics Service answers when it is asked for an NHS number.

https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir ("Get patient details"): a number that
was superseded is answered with the patient who took its place, under another id; one that was made invalid is not
found; of a restricted patient the address, the telephone and the practice are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from locality.base import Refused
from locality.methods.nhs_number import NhsNumberState, plain, state
from locality.people.rules import NHS_NUMBER_SYSTEM
from locality.record.headlines import PatientColumns, patient_columns
from locality.record.intake.structure import check

FOUND, NOT_FOUND = 200, 404
INVALIDATED = "INVALIDATED_RESOURCE"
UNKNOWN = "RESOURCE_NOT_FOUND"
REDACTED = "REDACTED"  # the record was made invalid: what stands in it is not to be used
UNREADABLE = "The answer of the Personal Demographics Service cannot be read: nothing was changed."
NO_NUMBER = "The answer of the Personal Demographics Service names no valid NHS number: nothing was changed."


class Standing(StrEnum):
    """What has become of the number that was asked for."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    VOID = "void"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PdsAnswer:
    """What is so of one number: the number to use now ("" for none), and the patient where one was answered."""

    asked: str
    standing: Standing
    now: str = ""
    restricted: bool = False
    patient: PatientColumns | None = None


def read_answer(*, asked: str, status: int, body: bytes) -> PdsAnswer:
    """One answer to a GET of one number. Raises Refused for an answer that says nothing of it: try again later."""
    number = plain(asked)
    sent, problems = check(body)
    if problems:
        raise Refused(f"{UNREADABLE} {' '.join(problems)}")
    if status == FOUND and sent.get("resourceType") == "Patient":
        return _patient(sent, asked=number)
    codes = set(_codes(sent))
    if status == NOT_FOUND and INVALIDATED in codes:
        return PdsAnswer(asked=number, standing=Standing.VOID)
    if status == NOT_FOUND and UNKNOWN in codes:
        return PdsAnswer(asked=number, standing=Standing.UNKNOWN)
    said = ", ".join(sorted(codes)) or "no reason was given"
    raise Refused(f"The Personal Demographics Service did not answer ({status}, {said}): nothing was changed.")


def _patient(sent: dict, *, asked: str) -> PdsAnswer:
    if REDACTED in _security(sent):
        return PdsAnswer(asked=asked, standing=Standing.VOID)
    columns = patient_columns(sent)
    now = _replacement(columns) or _number(sent, columns)
    if state(now) != NhsNumberState.VALID:
        raise Refused(NO_NUMBER)
    return PdsAnswer(
        asked=asked,
        standing=Standing.CURRENT if now == asked else Standing.SUPERSEDED,
        now=now,
        restricted=columns.protected,
        patient=columns,
    )


def _number(sent: dict, columns: PatientColumns) -> str:
    """The id, which is the number; the identifier says the same."""
    told = {plain(value) for system, value, _ in columns.identifiers if system == NHS_NUMBER_SYSTEM}
    known = plain(str(sent.get("id") or ""))
    return known if not told or known in told else ""


def _replacement(columns: PatientColumns) -> str:
    """The number of the patient who took this one's place, where the answer links to it."""
    for kind, reference in columns.links:
        if kind == "replaced-by":
            return plain(reference.rpartition("|")[2].rpartition("/")[2])
    return ""


def _security(sent: dict) -> set[str]:
    return {one.get("code") or "" for one in (sent.get("meta") or {}).get("security") or ()}


def _codes(sent: dict) -> Iterator[str]:
    """What an OperationOutcome says, as codes."""
    for issue in sent.get("issue") or ():
        for coding in (issue.get("details") or {}).get("coding") or ():
            if coding.get("code"):
                yield coding["code"]
