"""Questions about the place and who works in it; never writes.

Codes are asked of the default place; another place is named by its `place` code.
"""

from locality.directory.queries.figures import (
    Spread,
    Total,
    figures_about,
    series,
    tenths_by_neighbourhood,
    totals_by_neighbourhood,
)
from locality.directory.queries.organisations import (
    OrganisationHistory,
    organisation,
    organisation_history,
    organisations_on,
    practice,
    services_on,
    sites_to_visit,
    successors_of,
)
from locality.directory.queries.overview import NeighbourhoodOverview, PlaceOverview, overview
from locality.directory.queries.places import neighbourhood_of, neighbourhoods, neighbourhoods_of, outlines, place
from locality.directory.queries.sources import source, sources
from locality.directory.queries.teams import (
    PractitionerHistory,
    Responsible,
    TeamOfTheDay,
    members_of,
    memberships_of,
    practitioner,
    practitioner_history,
    practitioner_with_code,
    practitioners,
    team,
    team_of_neighbourhood,
    team_on,
    team_responsible,
    teams,
    teams_responsible,
)

__all__ = [
    "NeighbourhoodOverview",
    "OrganisationHistory",
    "PlaceOverview",
    "PractitionerHistory",
    "Responsible",
    "Spread",
    "TeamOfTheDay",
    "Total",
    "figures_about",
    "members_of",
    "memberships_of",
    "neighbourhood_of",
    "neighbourhoods",
    "neighbourhoods_of",
    "organisation",
    "organisation_history",
    "organisations_on",
    "outlines",
    "overview",
    "place",
    "practice",
    "practitioner",
    "practitioner_history",
    "practitioner_with_code",
    "practitioners",
    "series",
    "services_on",
    "sites_to_visit",
    "source",
    "sources",
    "successors_of",
    "team",
    "team_of_neighbourhood",
    "team_on",
    "team_responsible",
    "teams",
    "teams_responsible",
    "tenths_by_neighbourhood",
    "totals_by_neighbourhood",
]
