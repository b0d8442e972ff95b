"""Who must not look at whom: what was declared, and whoever lives at the home of one's own record. Said here alone."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from locality.base import Viewer
from locality.base.periods import day_of


def same_home(this: str, home: str) -> str:
    """That two rows with an address and a postcode live at one: as SQL, of the names that both go by."""
    said_alike = " = ".join(f"lower(regexp_replace({one}.address, '[^[:alnum:]]', '', 'g'))" for one in (this, home))
    return f"{home}.postcode <> '' and {home}.address <> '' and {this}.postcode = {home}.postcode and {said_alike}"


# From the homes of a practitioner's own records to whoever lives there: most have none, and then nobody is asked about.
# Asked of each person of a long list in turn, what an address reads like was a third of the time of the list. (With
# `offset 0` the server goes from the few homes to their postcodes, and does not read everybody's address.)
BARRED = f"""
select conflict.practitioner_id, coalesce(whose.merged_into_id, whose.id) as person_id, conflict.kind, conflict.id,
    conflict.starts_on, conflict.ends_on
from access_conflict conflict join people_person whose on whose.id = conflict.person_id
union all
select conflict.practitioner_id, this.id, 'household', conflict.id, conflict.starts_on, conflict.ends_on
from access_conflict conflict
join people_person own on own.id = conflict.person_id
join people_person home on home.id = coalesce(own.merged_into_id, own.id)
cross join lateral (
    select id, address, postcode from people_person where postcode = home.postcode and postcode <> '' offset 0
) this
where conflict.kind = 'own_record' and {same_home("this", "home")}
"""  # noqa: S608 -- only the words above stand in it
OF_VIEWER = f"""
select person_id from ({BARRED}) barred
where practitioner_id = %s and starts_on <= %s and (ends_on is null or ends_on > %s)
"""  # noqa: S608 -- only the words above stand in it
OF_PERSON = f"""
select practitioner_id from ({BARRED}) barred
where practitioner_id = any(%(practitioners)s) and person_id = %(person)s
    and starts_on <= %(on)s and (ends_on is null or ends_on > %(on)s)
"""  # noqa: S608 -- only the words above stand in it


def people_barred(viewer: Viewer, *, on: date) -> RawSQL:
    """The people at whom a viewer must not look, for the predicate of a list."""
    return RawSQL(OF_VIEWER, [viewer.id, on, on])  # noqa: S611 -- its values are parameters


def barred_to(viewer: Viewer) -> set[UUID]:
    """The people at whom a viewer must not look today, as they are known now: declared, or of their home."""
    on = day_of(viewer.at)
    with connection.cursor() as cursor:
        cursor.execute(OF_VIEWER, [viewer.id, on, on])
        return {row for (row,) in cursor}


def barred_from(person_id: UUID, *, practitioners: Collection[UUID], on: date) -> set[UUID]:
    """Which of these practitioners must not look at a person, given as they are known now."""
    told: dict[str, Any] = {"practitioners": list(practitioners), "person": person_id, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(OF_PERSON, told)
        return {row for (row,) in cursor}
