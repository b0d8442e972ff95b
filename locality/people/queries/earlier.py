"""Who lived under another identity before. Only the identity custodian and the person themselves may ever be told."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from locality.people.models import EarlierIdentity, Person


def earlier_people() -> QuerySet[EarlierIdentity, UUID]:
    """Whoever is somebody's earlier identity, as they are known now: for leaving out of every search and list."""
    root = Coalesce("earlier__merged_into", "earlier")
    return EarlierIdentity.objects.annotate(root=root).values_list("root", flat=True)


def who_is_earlier(person_ids: Collection[UUID]) -> set[UUID]:
    """Which of these people are somebody's earlier identity."""
    of = EarlierIdentity.objects.filter(Q(earlier__in=person_ids) | Q(earlier__merged_into__in=person_ids))
    rows = Person.objects.filter(pk__in=of.values("earlier")).values_list("pk", "merged_into")
    return {root or pk for pk, root in rows}
