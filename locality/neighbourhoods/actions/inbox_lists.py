"""Looking at the inbox, and at whom one opened lately, is written down too: everybody whom a list names."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from locality.access.actions import show
from locality.base import Viewer
from locality.neighbourhoods.actions.inbox import look
from locality.neighbourhoods.queries import inbox
from locality.neighbourhoods.queries.inbox import Opened, Told, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What was told and is open, what was done lately, and when the viewer looked before."""

    rows: list[Told]
    more: bool
    done: list[Told]
    looked_before_at: datetime | None


@transaction.atomic
def list_inbox(*, by: Viewer, wanted: Wanted = inbox.MINE) -> Inbox:
    """The viewer's inbox; that they looked is noted, and everybody named is written down as shown."""
    before = look(by=by)
    found = inbox.told(viewer=by, wanted=wanted, since=before)
    done = inbox.done_lately(viewer=by, mine=wanted.mine)
    shown = found[: inbox.MOST_SHOWN]
    people = dict.fromkeys(one.person.pk for one in (*shown, *done) if one.person)
    show(people_ids=list(people), what="alert.listed", by=by)
    return Inbox(rows=shown, more=len(found) > len(shown), done=done, looked_before_at=before)


@transaction.atomic
def list_recent(*, by: Viewer) -> list[Opened]:
    """Whose record the viewer opened lately; everybody named is written down as shown."""
    found = inbox.recent(viewer=by)
    show(people_ids=[one.person.pk for one in found], what="recent.listed", by=by)
    return found
