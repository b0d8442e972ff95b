"""Somebody's place on a team's caseload, for those who change it."""

from uuid import UUID

from django.db.models import QuerySet

from locality.access.queries.knowing import KEPT
from locality.neighbourhoods.models import Caseload


def open_places_of(*, person: UUID, team: UUID) -> QuerySet[Caseload]:
    """The places that somebody has on a team's caseload, written for them or for whoever was merged with them."""
    return Caseload.objects.filter(team=team, off_at=None).alias(kept=KEPT).filter(kept=person)
