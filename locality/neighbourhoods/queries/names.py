"""What practitioners and teams are called, and who works where, for the lists of a team at work."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from locality.directory.models import Practitioner, Team, TeamMembership
from locality.neighbourhoods.models import SkillHeld

SOMEBODY = "Somebody"


def names_of(practitioners: Iterable[UUID | None]) -> dict[UUID, str]:
    """Their names, in one query; none where there is nobody to name."""
    wanted = {one for one in practitioners if one}
    return {row.pk: row.name for row in Practitioner.objects.filter(pk__in=wanted)} if wanted else {}


def works_in(*, practitioner: UUID, team: UUID, on: date) -> bool:
    """Whether somebody works in a team on a day."""
    return TeamMembership.objects.filter(_holds(on), practitioner=practitioner, team=team).exists()


def colleagues(*, teams: Collection[UUID], on: date) -> list[tuple[UUID, UUID, str, str]]:
    """Team, practitioner, name and profession of everybody in these teams, by name. One query."""
    rows = TeamMembership.objects.filter(_holds(on), team__in=teams).select_related("practitioner")
    rows = rows.order_by("practitioner__sort_key", "pk")
    return [(row.team_id, row.practitioner_id, row.practitioner.name, row.practitioner.profession) for row in rows]


def team_names(*, on: date) -> dict[UUID, str]:
    """Every team that is there on a day, by name."""
    rows = Team.objects.filter(Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gt=on))
    return dict(rows.order_by("name", "code").values_list("pk", "name"))


def skills_of(*, practitioner: UUID, on: date) -> Collection[str] | None:
    """What somebody is down as able to do on a day; None while nobody keeps skills, and then nothing is asked."""
    holds = Q(gained_on__lte=on) & (Q(expires_on=None) | Q(expires_on__gt=on))
    held = set(SkillHeld.objects.filter(holds, practitioner=practitioner).values_list("skill", flat=True))
    return held if held or SkillHeld.objects.exists() else None


def _holds(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))
