"""The place and who works in it: everything is dated, and says where it comes from."""

from locality.directory.models.figures import Figure, Series
from locality.directory.models.organisations import (
    Affiliation,
    OpeningHours,
    Organisation,
    PracticeNeighbourhood,
    Site,
    Successor,
)
from locality.directory.models.places import Area, Boundary, Neighbourhood, Place, Postcode, Ward
from locality.directory.models.safeguarding import Safeguarding
from locality.directory.models.services import (
    FeedEntry,
    Need,
    Service,
    ServiceAt,
    ServiceCapacity,
    ServiceReport,
    ServiceTime,
    ServiceWord,
)
from locality.directory.models.sources import Agreement, Source
from locality.directory.models.teams import Practitioner, Team, TeamMembership

__all__ = [
    "Affiliation",
    "Agreement",
    "Area",
    "Boundary",
    "FeedEntry",
    "Figure",
    "Need",
    "Neighbourhood",
    "OpeningHours",
    "Organisation",
    "Place",
    "Postcode",
    "Practitioner",
    "PracticeNeighbourhood",
    "Safeguarding",
    "Series",
    "Service",
    "ServiceAt",
    "ServiceCapacity",
    "ServiceReport",
    "ServiceTime",
    "ServiceWord",
    "Site",
    "Source",
    "Successor",
    "Team",
    "TeamMembership",
    "Ward",
]
