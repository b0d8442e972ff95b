"""What every change of somebody's place on a caseload begins and ends with: one at a time, of one's own team, told."""

from uuid import UUID

from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.base.periods import LONDON
from locality.directory.models import Practitioner
from locality.neighbourhoods.models import Caseload, CaseloadHistory
from locality.neighbourhoods.rules.caseload import HAPPENED_WORDS, Happened, Overtaken

NOT_ON_IT = "Nobody like that is on this team's caseload."
LONGEST = 1000


def open_place(caseload: UUID, *, by: Viewer, version: int | None = None, is_off: bool = False) -> Caseload:
    """The row, locked; NotFound for whoever is not of its team, Overtaken where it is not of that version any more."""
    rows = Caseload.objects.select_for_update().filter(pk=caseload)
    if by.kind == ViewerKind.PRACTITIONER:
        rows = rows.filter(team__in=by.teams)
    row = rows.first()
    if row is None:
        raise NotFound(NOT_ON_IT)
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
    last = row.history.order_by("-at", "-pk").first()
    who = Practitioner.objects.filter(pk=last.by).first() if last else None
    return Overtaken(
        who=who.name if who else "",
        what=HAPPENED_WORDS[Happened(last.what)] if last else "changed",
        when=f"{last.at.astimezone(LONDON):%H:%M}" if last else "just now",
    )
