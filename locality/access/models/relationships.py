"""Why somebody may know a person, and when they last looked."""

from django.db import models
from django.db.models import F, Q

from locality.access.rules import RelationKind
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Source, Team
from locality.people.models import Person


class Relationship(models.Model):
    """Why a team, an organisation or a practitioner may know a person, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "kind", "team", "organisation", "starts_on", "ends_on", "source", "made_at", "ended_at"}
        identifying = {"person", "practitioner", "reason", "made_by", "ended_by", "ended_reason"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(RelationKind)), name="relationship_kind_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="relationship_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=False, organisation=None, practitioner=None)
                | Q(team=None, organisation__isnull=False, practitioner=None)
                | Q(team=None, organisation=None, practitioner__isnull=False),
                name="relationship_is_with_one_of_team_organisation_practitioner",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="relationship_end_says_when_and_who",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "team", "organisation", "practitioner"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="relationship_once_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "kind"], name="relationship_by_team"),
            models.Index(fields=["organisation", "kind"], name="relationship_by_organisation"),
            models.Index(fields=["practitioner", "kind"], name="relationship_by_practitioner"),
        ]


class Look(models.Model):
    """When a practitioner last looked at a person, so that the page can mark what is new since."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "last_at", "before_at"}
        identifying = {"practitioner", "person"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practitioner", "person"], name="look_once_a_pair")]
