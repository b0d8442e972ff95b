"""Who acts for whom today."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from locality.access.models import Proxy
from locality.access.queries.knowing import KEPT, holds
from locality.base import Viewer
from locality.base.periods import day_of
from locality.people.models import Person
from locality.people.queries.earlier import is_earlier

PROTECTED = Q(person__protected=True) | Q(person__merged_into__protected=True)
DIED = Q(person__died=True) | Q(person__merged_into__died=True)


def known_as(person: Person) -> str:
    """A person's name as they are spoken to."""
    return f"{person.likes or person.given} {person.family}".strip()


def acts_for(*, viewer: Viewer) -> QuerySet[Proxy]:
    """For whom a person acts today: queries.standing says the same of one record.

    Nobody acts for somebody who has died, nor, while an address is protected, who is not said to know it.
    """
    rows = Proxy.objects.filter(holds(day_of(viewer.at))).filter(
        Q(proxy=viewer.id) | Q(proxy__merged_into=viewer.id), Q(knows_address=True) | ~PROTECTED, ~DIED
    )
    rows = rows.annotate(kept=KEPT).exclude(is_earlier("kept")).exclude(kept=viewer.id)
    return rows.select_related("person__merged_into").order_by("starts_on", "id")


def said_to_act_for(*, person_ids: Collection[UUID]) -> QuerySet[Proxy]:
    """Everybody who was ever said to act for a person, whether or not they still may."""
    return Proxy.objects.filter(person__in=list(person_ids))


def proxies_of(*, person_ids: Collection[UUID], on: date) -> QuerySet[Proxy]:
    """Who may act for a person, today or from a day to come, whether or not their right rests."""
    rows = said_to_act_for(person_ids=person_ids).filter(Q(ends_on=None) | Q(ends_on__gt=on), ended_at=None)
    kept = Coalesce("proxy__merged_into", F("proxy"))
    rows = rows.annotate(kept_proxy=kept).exclude(is_earlier("kept_proxy"))
    return rows.select_related("proxy__merged_into").order_by("starts_on", "id")
