"""The reason to know somebody that being supported, or having a place in a class, gives the team: one for both."""

from datetime import timedelta
from uuid import UUID

from locality.access import wall
from locality.access.actions import Reason, end_relationship, relate_shared, still_open
from locality.access.models import Relationship
from locality.access.rules import RelationKind
from locality.base import Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.models import CoursePlace, Support
from locality.neighbourhoods.rules.courses import TAKES_PART

TAKES = "They are supported by the team, or come to a class of it"
OVER = "The support, or the class, is over for them"


def let_know(*, person: UUID, team: UUID, by: Viewer) -> Relationship | None:
    """Let a team know somebody whom it supports. None where it has a reason of its own that must not end with this."""
    on = day_of(by.at)
    reason = Reason(person=person, kind=RelationKind.EPISODE, starts_on=on, words=TAKES, team=team)
    return relate_shared(reason=reason, by=by)


def no_longer(row: Relationship | None, *, by: Viewer) -> None:
    """End it, unless another support or place stands on it. It holds for today, so that a slip can be taken back."""
    # held before it is asked: what was begun at this moment stands on it too
    row = still_open(row)
    if row is None:
        return
    with wall.down():
        supported = Support.objects.filter(relationship=row, ended_at=None).exists()
        takes_part = CoursePlace.objects.filter(relationship=row, state__in=TAKES_PART).exists()
    if not supported and not takes_part:
        end_relationship(relationship=row, ends_on=day_of(by.at) + timedelta(days=1), reason=OVER, by=by)
