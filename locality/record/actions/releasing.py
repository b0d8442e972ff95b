"""Showing the person a line about them that is kept back, or deciding not to; whoever decides has read it whole."""

from uuid import UUID

from django.db import transaction

from locality.access.actions import releasing
from locality.access.models import Release
from locality.access.queries import Grant
from locality.base import NotFound, Refused, Viewer
from locality.record.queries.releasing import kept_back_line

NOT_THERE = "There is no such line to decide on in this record, or it is not shown to you."
CHANGED = "This line was sent anew while you read it: read it as it is now, then decide."


@transaction.atomic
def decide_release(
    *,
    thing: UUID,
    version: UUID,
    verdict: str,
    others_words: str,
    harm_words: str,
    words: str,
    grant: Grant,
    by: Viewer,
) -> Release:
    """Decide whether the person is shown the version of a line that was read; `version` is the one on the page.

    Raises NotFound for a line that does not open whole to the viewer, Refused where it was sent anew meanwhile.
    """
    row = kept_back_line(grant=grant, thing=thing)
    if row is None:
        raise NotFound(NOT_THERE)
    if row.pk != version:
        raise Refused(CHANGED)
    line = releasing.Line(thing=thing, version=row.pk, data_class=row.data_class, label=row.label)
    told = {"others_words": others_words, "harm_words": harm_words, "words": words}
    return releasing.decide_release(line=line, verdict=verdict, grant=grant, by=by, **told)
