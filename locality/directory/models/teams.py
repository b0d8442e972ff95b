"""Teams, practitioners, and who works where, from a day until a day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q

from locality.directory.models.organisations import Organisation
from locality.directory.models.places import Neighbourhood, Place
from locality.directory.models.spans import Days, code_once, ends_after_it_starts
from locality.directory.rules import CODE, NEIGHBOURHOOD_TEAM


class Team(models.Model):
    """People of one or several employers who look after people together."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    kind = models.TextField()
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, on_delete=models.PROTECT, related_name="teams")
    lead_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    phone = models.TextField(default="", blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {
            *("id", "place", "code", "name", "kind", "neighbourhood", "lead_organisation", "phone"),
            *("starts_on", "ends_on", "origin", "verified"),
        }
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("team"),
            models.CheckConstraint(condition=Q(kind__regex=CODE), name="team_kind_is_well_formed"),
            models.CheckConstraint(
                condition=~Q(kind=NEIGHBOURHOOD_TEAM) | Q(neighbourhood__isnull=False),
                name="team_of_a_neighbourhood_names_it",
            ),
            ExclusionConstraint(
                name="neighbourhood_has_one_team_at_a_time",
                expressions=[("neighbourhood", "="), (Days("starts_on", "ends_on"), "&&")],
                condition=Q(kind=NEIGHBOURHOOD_TEAM),
            ),
            ends_after_it_starts("team"),
        ]


class Practitioner(models.Model):
    """Anyone who works with people: nurse, social worker, link worker."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    prefix = models.TextField(default="", blank=True)
    given = models.TextField()
    family = models.TextField()
    sort_key = models.TextField(db_collation="C")
    profession = models.TextField()
    registration = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    employer = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.TextField()

    class Privacy:
        open = {"id", "place", "profession", "employer", "origin"}
        identifying = {"code", "prefix", "given", "family", "sort_key", "registration", "phone"}
        clinical: set[str] = set()

    class Meta:
        constraints = code_once("practitioner")

    @property
    def name(self) -> str:
        """The name as people say it."""
        return " ".join(part for part in (self.prefix, self.given, self.family) if part)


class TeamMembership(models.Model):
    """A practitioner works in a team, from a day until a day, employed by whoever employs them for it."""

    id = models.UUIDField(primary_key=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="memberships")
    employer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Privacy:
        open = {"id", "team", "employer", "post", "starts_on", "ends_on"}
        identifying = {"practitioner"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            ends_after_it_starts("team_membership"),
            ExclusionConstraint(
                name="team_membership_once_at_a_time",
                expressions=[("team", "="), ("practitioner", "="), (Days("starts_on", "ends_on"), "&&")],
            ),
        ]
