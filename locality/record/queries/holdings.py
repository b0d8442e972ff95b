"""How much is held, and by whom, without saying what: for the identity custodian, who opens nobody's record.

Counted is only what `access.queries.visible` shows to whoever may see most: neither restricted rows, nor what the
sender or the person sealed, nor what is wrong or usually held back, so that no count tells of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min

from locality.access import wall
from locality.access.queries import sealed_things
from locality.access.rules import DataClass, Label, Seal, may_decide_identity
from locality.base import NoAccess, Viewer
from locality.base.periods import day_of
from locality.record.headlines import Topic
from locality.record.headlines.shapes import State
from locality.record.models import Resource

NOT_YOURS = "The role you signed in with does not decide who is who."
COUNTED = (DataClass.ID, DataClass.LOC, DataClass.SUM, DataClass.CLIN, DataClass.SOC, DataClass.WORK)


@dataclass(frozen=True, slots=True)
class Holding:
    """How many resources one source holds of one patient, and since when."""

    resources: int
    since: datetime | None


NOTHING = Holding(0, None)


def holdings(*, patients: Sequence[UUID], viewer: Viewer) -> dict[UUID, Holding]:
    """How much is held of each patient, besides who they are: one query. Raises NoAccess for other roles."""
    _may(viewer)
    rows = (
        Resource.objects.filter(patient__in=patients, is_current=True, removed=False)
        .filter(data_class__in=COUNTED, label=Label.NORMAL, seal=Seal.NONE)
        .exclude(type="Patient")
        .exclude(state=State.WRONG)
        .exclude(thing__in=sealed_things(on=day_of(viewer.at)))
        .values_list("patient_id")
        .annotate(Count("id"), Min("received_at"))
    )
    with wall.down():
        found = {patient: Holding(resources, since) for patient, resources, since in rows}
    return {patient: found.get(patient, NOTHING) for patient in patients}


# an allergy or a warning on one record that the other lacks is what harms while the two stay apart
AT_STAKE = """
select distinct link.person_id
from people_link link
where link.ended_at is null
    and link.person_id in (
        select side.person_id
        from people_pair pair
        join people_link side on side.patient_id in (pair.first_id, pair.second_id) and side.ended_at is null
        where pair.asked_at is not null
    )
    and exists (
        select from record_resource resource
        where resource.patient_id = link.patient_id and resource.is_current and not resource.removed
            and resource.topic = any(%(topics)s) and not resource.state = any(%(over)s)
            and (resource.ends_at is null or resource.ends_at > %(at)s)
            and resource.label = any(%(labels)s) and resource.seal = %(seal)s
            and resource.group_key not like 'allergy|no known %%'
            and not exists (
                select from access_personseal sealed
                where sealed.thing = resource.thing and sealed.starts_on <= %(on)s
                    and (sealed.ends_on is null or sealed.ends_on > %(on)s)
            )
    )
"""


def people_at_stake(*, viewer: Viewer) -> list[UUID]:
    """Of the people who are asked about, those with an allergy or a warning that holds. Raises NoAccess for others."""
    _may(viewer)
    given: dict[str, Any] = {
        "topics": [Topic.ALLERGY, Topic.ALERT],
        "over": [State.PAST, State.WRONG],
        "labels": [Label.NORMAL, Label.RESTRICTED],
        "seal": Seal.NONE,
        "at": viewer.at,
        "on": day_of(viewer.at),
    }
    with wall.down(), connection.cursor() as cursor:
        cursor.execute(AT_STAKE, given)
        return [person for (person,) in cursor.fetchall()]


def _may(viewer: Viewer) -> None:
    if not may_decide_identity(viewer):
        raise NoAccess(NOT_YOURS)
