"""Who works in which team and what they may do, for the lists of a team at work."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q

from locality.access.models import Role
from locality.directory.models import Team, TeamMembership
from locality.directory.queries import is_member
from locality.directory.queries.spans import held_on
from locality.neighbourhoods.models import SkillHeld
from locality.neighbourhoods.rules.inbox import ANSWERS


def colleagues(*, teams: Collection[UUID], on: date) -> list[tuple[UUID, UUID, str, str]]:
    """Team, practitioner, name and profession of everybody in these teams, by name. One query."""
    rows = TeamMembership.objects.filter(held_on(on), team__in=teams).select_related("practitioner")
    rows = rows.order_by("practitioner__sort_key", "pk")
    return [(row.team_id, row.practitioner_id, row.practitioner.name, row.practitioner.profession) for row in rows]


def colleagues_at(*, organisation: UUID, on: date) -> list[tuple[UUID, str, str]]:
    """Practitioner, name and profession of everybody who answers for an organisation, by name. One query."""
    rows = Role.objects.filter(held_on(on), organisation=organisation, code__in=ANSWERS)
    rows = rows.select_related("practitioner").order_by("practitioner__sort_key", "pk")
    found = {row.practitioner_id: (row.practitioner.name, row.practitioner.profession) for row in rows}
    return [(who, name, profession) for who, (name, profession) in found.items()]


def works_at(practitioner: UUID, *, organisation: UUID, on: date) -> bool:
    """Whether somebody answers for an organisation on a day."""
    rows = Role.objects.filter(held_on(on), organisation=organisation, code__in=ANSWERS)
    return rows.filter(practitioner=practitioner).exists()


def answers_here(organisation: UUID, *, on: date) -> bool:
    """Whether anybody signs in for an organisation in a role that answers. One query."""
    return Role.objects.filter(held_on(on), organisation=organisation, code__in=ANSWERS).exists()


def is_there(practitioner: UUID, *, team: UUID | None, organisation: UUID, on: date) -> bool:
    """Whether somebody works in a team on a day, or, where no team is meant, answers for the organisation."""
    if team is None:
        return works_at(practitioner, organisation=organisation, on=on)
    return is_member(practitioner, team=team, on=on)


def team_names(*, on: date) -> dict[UUID, str]:
    """Every team that is there on a day, by name."""
    rows = Team.objects.filter(Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gt=on))
    return dict(rows.order_by("name", "code").values_list("pk", "name"))


def skills_of(*, practitioner: UUID, team: UUID, on: date) -> Collection[str] | None:
    """What somebody is down as able to do on a day; None while their team keeps no skills: then nothing is asked."""
    holds = Q(gained_on__lte=on) & (Q(expires_on=None) | Q(expires_on__gt=on))
    held = set(SkillHeld.objects.filter(holds, practitioner=practitioner).values_list("skill", flat=True))
    members = TeamMembership.objects.filter(held_on(on), team=team).values("practitioner")
    return held if held or SkillHeld.objects.filter(practitioner__in=members).exists() else None
