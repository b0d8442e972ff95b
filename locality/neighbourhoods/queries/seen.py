"""The predicate of a team's work: rows of the viewer's own teams, about people whom they may know today."""

from typing import TypeVar, cast

from django.db.models import Model, Q, QuerySet

from locality.access.queries import rows_of, visible_ids
from locality.access.queries.conflicting import people_barred
from locality.access.queries.knowing import KEPT, not_kept_back
from locality.access.rules import Context, Relation
from locality.base import Viewer, ViewerKind
from locality.base.periods import day_of
from locality.people.queries.earlier import is_earlier

Row = TypeVar("Row", bound=Model)


def seen_by(
    viewer: Viewer, rows: QuerySet[Row], *, relation: Relation = Relation.OWN_TEAM, whose: Q | None = None
) -> QuerySet[Row]:
    """Those of these guarded rows that the viewer's teams may see; with `kept`, the person as they are called today.

    What is about nobody (a team's own task) needs the team alone. What somebody sealed, and what another organisation
    sent of whoever objects to that, is on no list, as their own record does not show it. `whose` is which rows are the
    viewer's own where their team alone does not say it: `sent_by`, `received_by`, `told_to`.
    """
    if viewer.kind != ViewerKind.PRACTITIONER or (whose is None and not viewer.teams):
        return rows.none()
    shown = rows_of(viewer=viewer, context=Context(relation=relation))
    on = day_of(viewer.at)
    known = visible_ids(viewer=viewer, on=on)
    own = Q(team__in=viewer.teams) if whose is None else whose
    found = (
        rows.filter(own, shown)
        .alias(kept=KEPT)
        .filter(Q(kept__in=known) | Q(person=None), not_kept_back(viewer, on=on))
    )
    return cast("QuerySet[Row]", found)


def known_until_now(viewer: Viewer, rows: QuerySet[Row], *, relation: Relation = Relation.OWN_TEAM) -> QuerySet[Row]:
    """Rows of the viewer's own teams whose reason to know the person has ended with them: for taking that back.

    Their role sees such rows, and they must not be kept from the person; whether they knew them is the caller's.
    """
    if viewer.kind != ViewerKind.PRACTITIONER or not viewer.teams:
        return rows.none()
    shown = rows_of(viewer=viewer, context=Context(relation=relation))
    on = day_of(viewer.at)
    may_look = ~Q(kept__in=people_barred(viewer, on=on)) & ~is_earlier("kept")
    found = rows.filter(shown, team__in=viewer.teams).alias(kept=KEPT)
    return cast("QuerySet[Row]", found.filter(may_look, not_kept_back(viewer, on=on)))


def sent_by(viewer: Viewer) -> Q:
    """What the viewer's teams sent, and what their organisation sent as a whole, as a practice does."""
    return Q(team__in=viewer.teams) | Q(team=None, sender=viewer.organisation)


def told_to(viewer: Viewer) -> Q:
    """What was told to the viewer's teams, and what was told to their organisation as a whole, as a practice is."""
    return Q(team__in=viewer.teams) | Q(team=None, organisation=viewer.organisation)


def received_by(viewer: Viewer) -> Q:
    """What was sent to the viewer's teams, and what was sent to their organisation and to no team of it."""
    return Q(to_team__in=viewer.teams) | Q(to_team=None, to_organisation=viewer.organisation)
