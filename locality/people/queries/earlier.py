"""Who lived under another identity before. Only the identity custodian and the person themselves may ever be told."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from locality.people.models import EarlierIdentity, Person


def is_earlier(who: str = "pk") -> Q:
    """Whether somebody, as they are known now, is an earlier identity: for leaving out of every search and list.

    Each is looked up by itself. (A list of them all is few rows, and yet the server would rather read everybody than
    look up twenty people beside it.)
    """
    as_such = EarlierIdentity.objects.filter(earlier=OuterRef(who))
    before_a_merge = EarlierIdentity.objects.filter(earlier__merged_into=OuterRef(who))
    return Q(Exists(as_such)) | Q(Exists(before_a_merge))


def who_is_earlier(person_ids: Collection[UUID]) -> set[UUID]:
    """Which of these people are somebody's earlier identity."""
    of = EarlierIdentity.objects.filter(Q(earlier__in=person_ids) | Q(earlier__merged_into__in=person_ids))
    rows = Person.objects.filter(pk__in=of.values("earlier")).values_list("pk", "merged_into")
    return {root or pk for pk, root in rows}
