"""Whose work falls to a viewer while they are away: for the lists of what waits for somebody."""

from uuid import UUID

from django.db.models import QuerySet

from locality.base import Viewer
from locality.base.periods import day_of
from locality.directory.queries.spans import held_on
from locality.neighbourhoods.models import Absence


def covers(viewer: Viewer) -> QuerySet[Absence, UUID]:
    """Those who are away today and whom the viewer covers, by id: asked within the question of a list."""
    away = Absence.objects.filter(held_on(day_of(viewer.at)), cover=viewer.id, taken_back_at=None)
    return away.values_list("practitioner", flat=True)
