"""Who tried addresses at which nothing is theirs to see: links that went stale, and ids that were guessed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

# one or two in a week are a link that went stale
TRIED_OFTEN = 3

# by practitioner, since the audit is found by who did it; whether anything is there, no line of it says
TRIED = """
select practitioner.id, tried.many, tried.things, tried.last_at
from directory_practitioner practitioner
cross join lateral (
    select count(*) as many, count(distinct event.about_id) as things, max(event.at) as last_at
    from journal_event event
    where event.by_id = practitioner.id and event.at >= %(since)s and event.at < %(until)s
        and event.outcome = 'refused' and event.person_id is null and event.about_id is not null
) tried
where tried.many >= %(least)s and (%(whom)s::uuid[] is null or practitioner.id = any(%(whom)s))
order by tried.things desc, tried.last_at desc, practitioner.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How often one practitioner asked for what is not there for them, for how many different ids, and when last."""

    by: UUID
    times: int
    things: int
    last_at: datetime


def tried(
    *, since: datetime, until: datetime, least: int = TRIED_OFTEN, whom: Collection[UUID] | None = None
) -> list[Tried]:
    """Who asked at least so often for what is not there for them, most different ids first. One query."""
    told: dict[str, Any] = {
        "since": since,
        "until": until,
        "least": least,
        "whom": list(whom) if whom is not None else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(TRIED, told)
        return [Tried(by=by, times=many, things=things, last_at=last) for by, many, things, last in cursor]
