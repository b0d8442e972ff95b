"""The place and who works in it: everything is dated, and says where it comes from."""

from locality.directory.models.organisations import Organisation, Service, Site, Successor
from locality.directory.models.places import Neighbourhood, Place, Postcode, Ward
from locality.directory.models.sources import Source
from locality.directory.models.teams import Practitioner, Team, TeamMembership

__all__ = [
    "Neighbourhood",
    "Organisation",
    "Place",
    "Postcode",
    "Practitioner",
    "Service",
    "Site",
    "Source",
    "Successor",
    "Team",
    "TeamMembership",
    "Ward",
]
