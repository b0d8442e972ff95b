"""Who may be used for planning and research: everything that is not direct care starts here, and no care ever does."""

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from locality.access.queries.marked import opted_out
from locality.base import Viewer
from locality.people.models import Person


def without_objectors(people: QuerySet[Person], *, viewer: Viewer) -> QuerySet[Person]:
    """These people but for whoever objects to secondary use today, under whichever alias it was said."""
    return people.annotate(same=Coalesce("merged_into", "id")).exclude(same__in=opted_out(viewer=viewer))
