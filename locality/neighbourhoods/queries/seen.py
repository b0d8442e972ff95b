"""The predicate of a team's work: rows of the viewer's own teams, about people whom they may know today."""

from typing import TypeVar, cast

from django.db.models import Model, Q, QuerySet

from locality.access.queries import rows_of, visible_ids
from locality.access.queries.knowing import KEPT
from locality.access.rules import Context, Relation
from locality.base import Viewer, ViewerKind
from locality.base.periods import day_of

Row = TypeVar("Row", bound=Model)


def seen_by(viewer: Viewer, rows: QuerySet[Row], *, relation: Relation = Relation.OWN_TEAM) -> QuerySet[Row]:
    """Those of these guarded rows that the viewer's teams may see; with `kept`, the person as they are called today.

    What is about nobody (a team's own task) needs the team alone.
    """
    if viewer.kind != ViewerKind.PRACTITIONER or not viewer.teams:
        return rows.none()
    shown = rows_of(viewer=viewer, context=Context(relation=relation))
    known = visible_ids(viewer=viewer, on=day_of(viewer.at))
    found = rows.filter(shown, team__in=viewer.teams).alias(kept=KEPT).filter(Q(kept__in=known) | Q(person=None))
    return cast("QuerySet[Row]", found)
