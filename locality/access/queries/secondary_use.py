"""Who may be used for planning and research: everything that is not direct care starts here, and no care ever does."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from locality.access.models import Objection
from locality.access.rules import ObjectionKind
from locality.people.models import Person


def without_objectors(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """These people but for whoever objects to secondary use on a day, under whichever alias it was said."""
    holds = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))
    said = Objection.objects.filter(holds, kind=ObjectionKind.SECONDARY_USE)
    root = Coalesce("person__merged_into", "person")
    return people.annotate(same=Coalesce("merged_into", "id")).exclude(
        Exists(said.annotate(root=root).filter(root=OuterRef("same")))
    )
