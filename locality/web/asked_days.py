"""Which days, and whose looks: read from an address, and written back into one."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from locality.access.queries import looked
from locality.access.queries.looked import Asked
from locality.web.guard import viewer_of


def asked_of(request: HttpRequest) -> Asked:
    """What was asked for; whatever cannot be read is taken as not asked."""
    return looked.asked(
        since=_day(request.GET.get("since", "")),
        until=_day(request.GET.get("until", "")),
        on=looked.today(viewer_of(request)),
        organisation=_id(request.GET.get("organisation", "")),
    )


def as_asked(asked: Asked) -> str:
    """The same question again, for an address."""
    told = {"since": asked.since.isoformat(), "until": asked.until.isoformat()}
    return urlencode(told | ({"organisation": str(asked.organisation)} if asked.organisation else {}))


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
