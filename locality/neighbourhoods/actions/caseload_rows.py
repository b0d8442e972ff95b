"""What every change of somebody's place on a caseload begins and ends with: one at a time, of one's own team, told."""

from uuid import UUID

from locality.base import NotFound, Overtaken, Refused, Viewer, ViewerKind
from locality.directory.queries import name_of
from locality.neighbourhoods.actions.locks import locked
from locality.neighbourhoods.models import Caseload, CaseloadHistory
from locality.neighbourhoods.queries.seen import known_until_now, seen_by
from locality.neighbourhoods.rules.caseload import HAPPENED_WORDS, Happened

NOT_ON_IT = "Nobody like that is on this team's caseload."
WAS_FIRST = (
    "Somebody was first, so nothing was changed: {who}, {at:%H:%M}: {what}. Look at it as it is now, then decide again."
)
LONGEST = 1000


def open_place(caseload: UUID, *, by: Viewer, version: int | None = None, is_off: bool = False) -> Caseload:
    """The row, locked; NotFound for whoever may not see it, Overtaken where it is not of that version any more.

    Whoever came off is known no longer: they are found by those of the team who may look at them.
    """
    rows = Caseload.objects.filter(pk=caseload)
    if by.kind == ViewerKind.PRACTITIONER:
        rows = known_until_now(by, rows) if is_off else seen_by(by, rows)
    row = locked(rows, none=NOT_ON_IT)
    if version is not None and version != row.version:
        raise _overtaken(row)
    if (row.off_at is not None) != is_off:
        raise NotFound(NOT_ON_IT)
    return row


def changed(row: Caseload, *columns: str) -> None:
    """Write these columns; it is another version from now on."""
    row.version += 1
    row.save(update_fields=["version", *columns])


def history(row: Caseload, what: Happened, *, was: str = "", became: str = "", why: str = "", by: Viewer) -> None:
    """What was done, by whom and when: never changed after."""
    CaseloadHistory.objects.create(caseload=row, what=what, was=was, became=became, why=why, at=by.at, by=by.id)


def says_why(words: str, needed: str) -> str:
    """The words as they were meant; Refused where there are none, or too many to be read in a list."""
    words = words.strip()
    if not words:
        raise Refused(needed)
    if len(words) > LONGEST:
        raise Refused(f"That is longer than {LONGEST:,} letters: type it shorter.")
    return words


def _overtaken(row: Caseload) -> Overtaken:
    # every version has its line: it was written with it
    last = row.history.latest("at", "pk")
    return Overtaken(WAS_FIRST, who=name_of(last.by), at=last.at, what=HAPPENED_WORDS[Happened(last.what)].lower())
