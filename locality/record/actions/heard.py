"""When something was last said of a patient that whoever looks after them may see: nothing else raises it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from locality.base.periods import day_of

# in one order, so that two intakes that hear of the same patients wait for each other and never lock crosswise
HEAR = """
insert into record_heard (patient_id, data_class, sender_id, at)
select row.patient_id, row.data_class, min(row.sender_id::text)::uuid, %(at)s
from record_resource row
where row.id = any(%(rows)s) and row.patient_id is not null and row.is_current and not row.removed
    and row.state <> 'wrong' and row.label = 'N' and row.seal = ''
    and not exists (
        select from access_personseal sealed
        where sealed.thing = row.thing and sealed.starts_on <= %(on)s
            and (sealed.ends_on is null or sealed.ends_on > %(on)s)
    )
group by row.patient_id, row.data_class
order by row.patient_id, row.data_class
on conflict (patient_id, data_class) do update set at = greatest(record_heard.at, excluded.at)
"""


def hear(*, rows: Sequence[UUID], at: datetime) -> None:
    """Note that these rows became what is current: of each patient and class, when, as far as anybody may see it."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(HEAR, {"rows": list(rows), "at": at, "on": day_of(at)})
