"""Dismissing a refused referral for which nothing is left to do, and putting it back. Nothing is deleted."""

from datetime import datetime
from uuid import UUID

from locality.access import wall
from locality.base import NotFound, Refused, Viewer
from locality.base.words import time_words
from locality.directory.models import Source
from locality.directory.queries import SOMEBODY, names_of
from locality.journal.actions import log
from locality.neighbourhoods.models import ReferralReceived
from locality.neighbourhoods.queries.referrals_received import NOT_REFUSED, check_may_look_after
from locality.neighbourhoods.rules.referrals_in import (
    DISMISSED_ALREADY,
    NOT_DISMISSED,
    PUT_BACK_ALREADY,
    TAKEN_IN,
    Dismissal,
    check_dismissal,
)


@wall.down()
def dismiss(*, received: UUID, why: Dismissal, words: str = "", by: Viewer) -> ReferralReceived:
    """Let one that was refused wait no more; pressed twice by the same, it is done once.

    Raises NoAccess for a role that looks after no sources, NotFound, and Refused where another did it first or it was
    taken in.
    """
    check_may_look_after(by)
    check_dismissal(why, words)
    row = _locked(received)
    if not row.refused:
        raise Refused(TAKEN_IN)
    if row.dismissed_by is not None and row.put_back_at is None:
        if (row.dismissed_by, row.dismissed_why, row.dismissed_words) == (by.id, why, words.strip()):
            return row
        raise Refused(_said(DISMISSED_ALREADY, row.dismissed_by, row.dismissed_at))
    row.dismissed_why, row.dismissed_words = why, words.strip()
    row.dismissed_at, row.dismissed_by = by.at, by.id
    row.put_back_at, row.put_back_by = None, None
    row.save(update_fields=[*DISMISSAL, "put_back_at", "put_back_by"])
    log(what="referral.dismissed", by=by, about=row.pk, detail={"why": why})
    return row


@wall.down()
def put_back(*, received: UUID, by: Viewer) -> ReferralReceived:
    """Let one that was dismissed wait again, to be tried with the rest; that it was dismissed stays on it.

    Raises NoAccess, NotFound, and Refused where another did it first or it was never dismissed.
    """
    check_may_look_after(by)
    row = _locked(received)
    if row.put_back_by is not None:
        if row.put_back_by == by.id:
            return row
        raise Refused(_said(PUT_BACK_ALREADY, row.put_back_by, row.put_back_at))
    if row.dismissed_at is None:
        raise Refused(NOT_DISMISSED)
    row.put_back_at, row.put_back_by = by.at, by.id
    row.save(update_fields=["put_back_at", "put_back_by"])
    log(what="referral.put-back", by=by, about=row.pk)
    return row


DISMISSAL = ("dismissed_why", "dismissed_words", "dismissed_at", "dismissed_by")


def _locked(received: UUID) -> ReferralReceived:
    """One of them, its source locked first, as whoever tries again locks it: neither does so while the other does."""
    source = ReferralReceived.objects.filter(pk=received).values("source")
    Source.objects.select_for_update().filter(pk__in=source).first()
    row = ReferralReceived.objects.select_for_update().filter(pk=received).first()
    if row is None:
        raise NotFound(NOT_REFUSED)
    return row


def _said(words: str, who: UUID, at: datetime | None) -> str:
    assert at is not None
    return words.format(who=names_of([who]).get(who, SOMEBODY), when=time_words(at))
