"""Who of the teams that know a person may be told something of them."""

from dataclasses import dataclass
from uuid import UUID

from locality.access.models import Relationship, Role
from locality.access.queries import Grant
from locality.access.queries.conflicting import barred_from
from locality.access.queries.knowing import holds
from locality.access.rules import Answer, DataClass, RoleCode
from locality.access.rules.tables import BY_ROLE
from locality.directory.models import TeamMembership


# what opens a record at all is its summary (access.rules.openings)
def _opening(data_class: DataClass) -> list[str]:
    """The roles to which a row of this class opens, of those that open a record at all."""
    asked = {DataClass.SUM, data_class}
    return [str(code) for code in RoleCode if all(BY_ROLE[code][one] >= Answer.REDACT for one in asked)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knower:
    """A practitioner who may open the person, and the team by which they may."""

    id: UUID
    name: str
    post: str
    team: UUID
    team_name: str


def knowers(*, grant: Grant, of: DataClass = DataClass.SUM) -> list[Knower]:
    """Whoever else works in a team that knows this person today, in a role to which a row of class `of` opens.

    Not those who must not look. The viewer's own teams first. Four queries.
    """
    teams = Relationship.objects.filter(holds(grant.on), person__in=grant.person_ids, team__isnull=False).values("team")
    rows = TeamMembership.objects.filter(holds(grant.on), team__in=teams).exclude(practitioner=grant.viewer.id)
    members = list(rows.select_related("practitioner", "team").order_by("team__name", "practitioner__sort_key"))
    ids = {one.practitioner_id for one in members}
    roles = Role.objects.filter(holds(grant.on), practitioner__in=ids, code__in=_opening(of))
    in_a_role = set(roles.values_list("practitioner_id", "organisation_id"))
    barred = barred_from(grant.person.pk, practitioners=ids, on=grant.on) if ids else set()
    found: dict[UUID, Knower] = {}
    for one in sorted(members, key=lambda one: one.team_id not in grant.viewer.teams):
        if one.practitioner_id not in barred and (one.practitioner_id, one.employer_id) in in_a_role:
            knower = Knower(
                id=one.practitioner_id,
                name=one.practitioner.name,
                post=one.post,
                team=one.team_id,
                team_name=one.team.name,
            )
            found.setdefault(one.practitioner_id, knower)
    return list(found.values())


def own_teams(*, grant: Grant) -> list[tuple[UUID, str]]:
    """The viewer's own teams that know this person today, for what is asked of a team. One query."""
    rows = Relationship.objects.filter(holds(grant.on), person__in=grant.person_ids, team__in=grant.viewer.teams)
    return sorted(set(rows.values_list("team_id", "team__name")), key=lambda one: one[1])
