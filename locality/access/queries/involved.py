"""Who is involved with a person, by the relationships that hold."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from locality.access.queries.granted import Grant


@dataclass(frozen=True, slots=True)
class Involved:
    """A team, practice or practitioner with a live reason to know this person; `organisation_id` is whose they are."""

    id: UUID
    name: str
    kind: str
    since: date
    reason: str
    organisation: str
    organisation_id: UUID | None
    phone: str


# a team that knew both of two merged people is one team: since when it knew the first
INVOLVED = """
select distinct on (relationship.kind, relationship.team_id, relationship.organisation_id,
        relationship.practitioner_id)
    relationship.kind, relationship.starts_on, relationship.reason,
    coalesce(team.name, organisation.name,
        concat_ws(' ', nullif(practitioner.prefix, ''), practitioner.given, practitioner.family)),
    coalesce(team.phone, practitioner.phone, ''),
    coalesce(lead.name, organisation.name, employer.name, ''), coalesce(lead.id, organisation.id, employer.id),
    relationship.id
from access_relationship relationship
left join directory_team team on team.id = relationship.team_id
left join directory_organisation lead on lead.id = team.lead_organisation_id
left join directory_organisation organisation on organisation.id = relationship.organisation_id
left join directory_practitioner practitioner on practitioner.id = relationship.practitioner_id
left join directory_organisation employer on employer.id = practitioner.employer_id
where relationship.person_id = any(%(people)s)
    and relationship.starts_on <= %(on)s and (relationship.ends_on is null or relationship.ends_on > %(on)s)
order by relationship.kind, relationship.team_id, relationship.organisation_id, relationship.practitioner_id,
    relationship.starts_on, relationship.id
"""


def involved(grant: Grant) -> list[Involved]:
    """Who is involved with this person today, by the relationships that hold."""
    with connection.cursor() as cursor:
        cursor.execute(INVOLVED, {"people": list(grant.person_ids), "on": grant.on})
        found = [
            Involved(
                id=relationship,
                name=name,
                kind=kind,
                since=since,
                reason=reason,
                organisation=organisation,
                organisation_id=organisation_id,
                phone=phone,
            )
            for kind, since, reason, name, phone, organisation, organisation_id, relationship in cursor
        ]
    return sorted(found, key=lambda one: (one.kind, one.since, one.name))
