"""Whose plan is to be looked at again: its own review day has come, or that of a goal that is worked towards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from locality.access import wall
from locality.access.queries.knowing import KEPT
from locality.base import Viewer
from locality.neighbourhoods.models import Caseload, PlanPart
from locality.neighbourhoods.queries.seen import seen_by
from locality.neighbourhoods.rules.plans import GOALS_TO_REACH, PartKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDue:
    """The first of those days: since when, and whether it is that of a goal."""

    on: date
    is_goal: bool


Plans = Mapping[UUID, PlanDue]


def plans_due(*, viewer: Viewer, on: date) -> Plans:
    """Of whom on the caseloads of the viewer's teams such a day has come by this one, and the first. One query."""
    looked_after = Caseload.objects.filter(team__in=viewer.teams, off_at=None).annotate(now=KEPT).values("now")
    kinds = Q(kind=PartKind.REVIEW) | Q(kind=PartKind.GOAL, state__in=GOALS_TO_REACH)
    parts = PlanPart.objects.filter(kinds, by_on__lte=on, removed_at=None)
    # whichever organisation wrote it: a plan is one, and of no team
    seen = seen_by(viewer, parts, whose=Q(person__isnull=False)).annotate(whose_plan=KEPT)
    # the last told of a person stays: the first day, and the plan's own before a goal's
    rows = seen.filter(whose_plan__in=looked_after).order_by("-by_on", "kind")
    # no record is open on a list: what it may tell of each is said above, and of their plan it tells a day alone
    with wall.down():
        found = list(rows.values_list("whose_plan", "by_on", "kind"))
    return {whose: PlanDue(on=by_on, is_goal=kind == PartKind.GOAL) for whose, by_on, kind in found if by_on}
