"""Keeping what was measured of linkage, so that a page shows it without measuring anew."""

from django.db import transaction

from locality.base import Viewer
from locality.journal.actions import log
from locality.people.models import LinkageQuality
from locality.people.queries import quality as queries
from locality.people.queries.quality import Measured


@transaction.atomic
def keep_quality(*, measured: Measured, by: Viewer) -> LinkageQuality:
    """Keep one measure of how well patients were linked, with its date and the model that linked them."""
    kept = LinkageQuality.objects.create(
        measured_at=by.at,
        measured_by=by.id,
        origin=measured.origin,
        model=queries.model_in_use(),
        patients=measured.patients,
        figures=measured.figures,
    )
    log(what="linkage.measured", by=by, about=kept.pk)
    return kept
