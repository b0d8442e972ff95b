"""A place's own linkage model, learned from the patients it holds."""

from typing import Any

from django.db import transaction

from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log, tell
from locality.journal.models import News
from locality.methods.linkage.settings import settings
from locality.methods.linkage.training import train_on_rows
from locality.people.models import LinkageModel
from locality.people.rules import ENOUGH_TO_LEARN

TOO_FEW = (
    "There are {:,} patients here, and a model of this place's own needs {:,}: until then the one that comes with "
    "Locality is used."
)
SOURCE = "the patients of this place"


def train_model(*, engine: Any, rows: int, by: Viewer) -> LinkageModel:
    """Learn a model from the rows that `standardise` has made comparable in the engine, and use it from now on.

    Raises Refused where there are too few patients to learn from.
    """
    if rows < ENOUGH_TO_LEARN:
        raise Refused(TOO_FEW.format(rows, ENOUGH_TO_LEARN))
    learned = train_on_rows(engine, by=settings(), rows=rows, on=day_of(by.at).isoformat(), source=SOURCE)
    with transaction.atomic():
        LinkageModel.objects.filter(in_use=True).update(in_use=False)
        model = LinkageModel.objects.create(
            settings_version=learned.settings.version,
            trained_at=by.at,
            trained_on=learned.trained_on,
            trained_by=by.id,
            parameters=learned.written(),
            in_use=True,
        )
        log(what="linkage.trained", by=by, about=model.pk, detail={"patients": rows})
        tell([News(at=by.at, what="linkage.trained", about_id=model.pk, detail={"patients": rows})])
    return model
