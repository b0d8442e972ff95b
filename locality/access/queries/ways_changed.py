"""What administrators changed of how others sign in: whoever can do that can come in as them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from locality.access.rules.signing_in import Changed

# by administrator, since the audit is found by who did it
CHANGED = """
select changed.at, changed.what, administrator.id, account.practitioner_id
from (select distinct practitioner_id as id from access_role where code = 'administrator') administrator
join lateral (
    select event.at, event.id, event.what, event.about_id from journal_event event
    where event.by_id = administrator.id and event.at >= %(since)s and event.at < %(until)s
        and event.what = any(%(what)s) and event.outcome = 'done'
) changed on true
join access_account account on account.id = changed.about_id
where account.practitioner_id is not null
order by changed.at desc, changed.id desc limit %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayChanged:
    """One change, by which administrator, of whose sign-in."""

    at: datetime
    what: Changed
    by: UUID
    whose: UUID


def ways_changed(*, since: datetime, until: datetime, most: int) -> list[WayChanged]:
    """What administrators changed of how others sign in, the latest first. One query."""
    told: dict[str, Any] = {"since": since, "until": until, "most": most, "what": [str(one) for one in Changed]}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, told)
        return [WayChanged(at=at, what=Changed(what), by=by, whose=whose) for at, what, by, whose in cursor]
