"""Ending a dated row: what ends today is over with the next page, and says when, by whom and why."""

from datetime import date

from locality.access.models import AddressGrant, Conflict, Objection, PersonSeal, Proxy, Release, Watch
from locality.base import Viewer
from locality.base.periods import day_of

Dated = AddressGrant | Conflict | Objection | PersonSeal | Proxy | Release | Watch


def end_dated(row: Dated, *, reason: str, by: Viewer) -> None:
    """End a row from today: never before it began, nor later than it would have ended."""
    row.ends_on = min(max(day_of(by.at), row.starts_on), row.ends_on or date.max)
    row.ended_at, row.ended_by, row.ended_reason = by.at, by.id, reason
    row.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_reason"])
