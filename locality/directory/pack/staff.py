"""A list of staff, as an employer's own system writes it: read line by line, each line refused by itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from locality.base import NotFound
from locality.directory.pack.columns import Column, code, day, text
from locality.directory.pack.reading import PackFaults, checked
from locality.directory.pack.rows import Fault, Row, csv_rows, file_text
from locality.directory.rules import CODE, ORGANISATION_CODE


def person_code(value: Any) -> str:
    """A practitioner's code, in any case."""
    return code(CODE, "p104233 (letters, digits and hyphens, a letter first)")(text(value).lower())


STAFF = (
    Column("code", person_code, "their code: the same in every list, never another's", required=True),
    Column("prefix", text, "title"),
    Column("given", text, "given name", required=True),
    Column("family", text, "family name", required=True),
    Column("profession", text, "what they are: district nurse, social worker", required=True),
    Column("registration", text, "number at their professional body"),
    Column("phone", text, "for practitioners"),
    Column(
        "employer", code(ORGANISATION_CODE, "RM3"), "who employs them for this: a code of organisations", required=True
    ),
    Column("team", code(CODE, "early-help"), "a team they work in: one line a team; blank for none", otherwise=None),
    Column("post", text, "what they do there; else their profession"),
    Column("role", text, "what they sign in as for this employer; blank for nobody who signs in", otherwise=None),
    Column("starts_on", day, "first day of this", required=True),
    Column("ends_on", day, "the first day on which they no longer do it; blank while they do", otherwise=None),
    Column("username", text, "the name to sign in with; blank for no account", otherwise=None),
)

# what is said of the person, and so must be the same in all their lines
OF_THE_PERSON = ("prefix", "given", "family", "profession", "registration", "phone")


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One line of a list of staff: its values, or why it was refused."""

    row: Row
    faults: tuple[str, ...]


def read_staff(path: Path) -> list[StaffLine]:
    """Every line of a list of staff. Raises PackFaults when the file itself cannot be read, its heading included."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    try:
        known = [column.name for column in STAFF]
        rows = list(csv_rows(file_text(path, shown=str(path)), shown=str(path), known=known))
    except Fault as fault:
        raise PackFaults([str(fault)]) from fault
    return [_line(row) for row in rows]


def _line(row: Row) -> StaffLine:
    faults: list[str] = []
    read = checked(row, STAFF, "staff", faults=faults)
    starts_on, ends_on = read.values.get("starts_on"), read.values.get("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        faults.append(row.fault("'ends_on' is before 'starts_on': write a day after it, or leave it out"))
    # a line that cannot be read still says whose it is, where it does
    code_said = read.values.get("code") or str(row.values.get("code", "")).strip().lower()
    return StaffLine(Row(read.file, read.line, {**read.values, "code": code_said}), tuple(faults))
