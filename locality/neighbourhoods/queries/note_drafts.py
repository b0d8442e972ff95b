"""What the viewer was writing about a person and did not finish."""

from locality.access.queries import Grant
from locality.neighbourhoods.models import NoteDraft


def draft(*, grant: Grant) -> NoteDraft | None:
    """The viewer's own draft about this person, sealed; nobody else's is ever read. One query."""
    rows = NoteDraft.objects.filter(practitioner=grant.viewer.id, person__in=grant.person_ids)
    return rows.order_by("-kept_at").first()
