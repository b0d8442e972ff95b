"""Whether a safeguarding flag is held on another record that may be this person: a duplicate must not hide it."""

from datetime import datetime

from django.db import connection

from locality.access import wall
from locality.access.queries import Grant, visible
from locality.access.rules import DataClass
from locality.record.headlines import State, Topic
from locality.record.queries.rows import predicate

FLAGGED_ELSEWHERE = "A safeguarding flag is held on another record that may be this person."

# everybody whom somebody has been asked about, whether they are the same person, with all that is linked to them
CANDIDATES = """
select every.patient_id
from people_link mine
cross join lateral (
    select second_id as id from people_pair where first_id = mine.patient_id and asked_at is not null
    union all
    select first_id from people_pair where second_id = mine.patient_id and asked_at is not null
) other
join people_link theirs on theirs.patient_id = other.id and theirs.ended_at is null
join people_link every on every.person_id = theirs.person_id and every.ended_at is null
where mine.person_id = any(%s) and mine.ended_at is null and not theirs.person_id = any(%s)
"""
FLAGGED = f"""
select exists (
    select from record_resource
    where patient_id in ({CANDIDATES}) and is_current and not removed and topic = %s and data_class = %s
        and not state = any(%s) and (ends_at is null or ends_at > %s) and {{visible}}
)
"""  # noqa: S608 -- only the query above stands in it


def flagged_elsewhere(*, grant: Grant, at: datetime) -> bool:
    """Whether such a flag holds, for a grant that may see safeguarding; to any other it is not there. One query."""
    if DataClass.SAFE not in grant.opening.whole:
        return False
    shown, params = predicate(visible(grant))
    people = list(grant.person_ids)
    # another's record is not opened by this page: one yes or no is all that leaves it
    with wall.down(), connection.cursor() as cursor:
        cursor.execute(
            FLAGGED.format(visible=shown),
            [people, people, Topic.ALERT, DataClass.SAFE, [State.PAST, State.WRONG], at, *params],
        )
        return cursor.fetchone()[0]
