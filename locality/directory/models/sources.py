"""Who sends data, and the agreements on whose terms anything flows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from locality.directory.models.organisations import Organisation
from locality.directory.models.places import Place
from locality.directory.models.spans import code_once, ends_after_it_starts
from locality.directory.models.teams import Team
from locality.directory.rules import SourceFormat


class Agreement(models.Model):
    """On what terms data flows: from whom, to whom (the place where nobody is named), what, why, and how long."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    controller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    lawful_basis = models.TextField()
    allows = ArrayField(models.TextField(), default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {
            *("id", "place", "code", "name", "controller", "recipient", "purpose", "lawful_basis", "allows"),
            *("starts_on", "ends_on", "origin", "verified"),
        }
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("agreement"),
            ends_after_it_starts("agreement"),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(lawful_basis=""), name="agreement_says_its_purpose_and_lawful_basis"
            ),
        ]


class Source(models.Model):
    """Who sends data: under which agreement, what, how often, and which relationships it may assert.

    The agreement's purpose and days are copied here whenever the pack is loaded, since every page asks them.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sources")
    formats = ArrayField(models.TextField())
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    agreement_purpose = models.TextField(default="", blank=True)
    agreement_starts_on = models.DateField(null=True)
    agreement_ends_on = models.DateField(null=True)
    sends = ArrayField(models.TextField(), default=list, blank=True)
    every_hours = models.PositiveIntegerField(null=True)
    asserts = ArrayField(models.TextField(), default=list, blank=True)
    relates_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    patient_system = models.TextField()
    mapping = models.TextField(default="", blank=True)
    mapping_text = models.TextField(default="", blank=True)
    connected = models.BooleanField(default=False)
    is_trial = models.BooleanField(default=False)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {
            *(
                "id",
                "place",
                "code",
                "name",
                "organisation",
                "formats",
                "agreement",
                "agreement_purpose",
                "agreement_starts_on",
            ),
            *(
                "agreement_ends_on",
                "sends",
                "every_hours",
                "asserts",
                "relates_team",
                "patient_system",
                "mapping",
            ),
            *("mapping_text", "connected", "is_trial", "origin", "verified"),
        }
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("source"),
            models.CheckConstraint(
                condition=Q(formats__len__gt=0, formats__contained_by=[str(known) for known in SourceFormat]),
                name="source_formats_are_known",
            ),
            models.CheckConstraint(
                condition=Q(connected=False) | ~Q(agreement_purpose="") & Q(agreement_starts_on__isnull=False),
                name="source_is_connected_only_under_an_agreement",
            ),
            models.CheckConstraint(
                condition=Q(agreement_starts_on=None)
                | Q(agreement_ends_on=None)
                | Q(agreement_ends_on__gte=F("agreement_starts_on")),
                name="source_agreement_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(every_hours=None) | Q(every_hours__gt=0), name="source_sends_every_so_many_hours"
            ),
        ]
