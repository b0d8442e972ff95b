"""Broken glass: what waits for review, and how often which team breaks it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from locality.access import rules
from locality.access.models import Override
from locality.access.rules import DESIGN_FAULT_SHARE
from locality.base import NoAccess, NotFound, Viewer, ViewerKind

NOT_YOURS = "The role you signed in with does not review who broke the glass. The privacy officer does."
NO_OVERRIDE = "There is no such opening here."
LATELY = timedelta(days=28)


def to_review(*, viewer: Viewer) -> QuerySet[Override]:
    """The glass that was broken and that nobody has reviewed, oldest first. Raises NoAccess for other roles."""
    if not rules.may_review(viewer):
        raise NoAccess(NOT_YOURS)
    rows = Override.objects.filter(reviewed_at=None).exclude(practitioner=viewer.id)
    return rows.select_related("person", "practitioner", "organisation", "team").order_by("made_at", "id")


def override(*, viewer: Viewer, override_id: UUID) -> Override:
    """One of them, for whoever broke it and for the privacy officer; to anybody else it is not there."""
    row = Override.objects.select_related("person", "practitioner", "organisation", "team").filter(pk=override_id)
    found = row.first()
    if found is None or not (found.practitioner_id == viewer.id or rules.may_review(viewer)):
        raise NotFound(NO_OVERRIDE)
    return found


def overrides_of(viewer: Viewer) -> QuerySet[Override]:
    """The glass this viewer has broken, in this role, that has not closed again."""
    if viewer.kind != ViewerKind.PRACTITIONER:
        return Override.objects.none()
    return Override.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=viewer.at),
        practitioner=viewer.id,
        role=viewer.role,
        organisation=viewer.organisation,
        made_at__lte=viewer.at,
        ends_at__gt=viewer.at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often one team broke the glass, against how often it looked at all."""

    team: str
    overrides: int
    views: int

    @property
    def share(self) -> float:
        """The part of its views."""
        return self.overrides / self.views if self.views else float(self.overrides > 0)

    @property
    def is_design_fault(self) -> bool:
        """Whether it is so often that the relationships must be wrong, not the people."""
        return self.share > DESIGN_FAULT_SHARE


# who reviews the audit reads it: each view counts for every team of whoever looked
PACE = """
with looked as (
    select by_id, count(*) as views from journal_event
    where what = 'record.opened' and outcome = 'done' and at >= %(since)s and at < %(at)s and by_kind = 'practitioner'
    group by by_id
),
broke as (
    select practitioner_id as by_id, count(*) as overrides from access_override
    where made_at >= %(since)s and made_at < %(at)s group by practitioner_id
),
either as (
    select by_id, coalesce(views, 0) as views, coalesce(overrides, 0) as overrides
    from looked full join broke using (by_id)
)
select team.name, sum(either.overrides)::int, sum(either.views)::int
from either
join directory_teammembership member on member.practitioner_id = either.by_id
    and member.starts_on <= %(on)s and (member.ends_on is null or member.ends_on > %(from)s)
join directory_team team on team.id = member.team_id
group by team.id, team.name
having sum(either.overrides) > 0
order by sum(either.overrides)::float / greatest(sum(either.views), 1) desc, team.name
"""


def pace_by_team(*, viewer: Viewer, on: date, at: datetime) -> list[Pace]:
    """How often each team broke the glass in the last four weeks, the most often first. Raises NoAccess for others."""
    if not rules.may_review(viewer):
        raise NoAccess(NOT_YOURS)
    given = {"since": at - LATELY, "at": at, "on": on, "from": on - LATELY}
    with connection.cursor() as cursor:
        cursor.execute(PACE, given)
        return [Pace(team=team, overrides=overrides, views=views) for team, overrides, views in cursor.fetchall()]
