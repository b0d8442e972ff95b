"""Organisations, who took over from whom, and where they are. An unknown first day is null, never guessed."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from locality.directory.models.places import Neighbourhood, Place
from locality.directory.models.spans import Days, code_once, ends_after_it_starts
from locality.directory.rules import (
    CODE,
    OPENING,
    ORGANISATION_CODE,
    POSTCODE,
    WEEKDAYS,
    OrganisationKind,
    SiteKind,
)


class Organisation(models.Model):
    """A body that employs, commissions, decides or holds data: by its ODS code, or by one of our own."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    short_name = models.TextField()
    kind = models.TextField()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    note = models.TextField(default="", blank=True)
    # the directory's file that brought it; blank for one of the pack
    feed = models.TextField(default="", blank=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {
            *("id", "place", "code", "name", "short_name", "kind", "starts_on", "ends_on"),
            *("note", "feed", "origin", "verified"),
        }
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("organisation", ORGANISATION_CODE),
            models.CheckConstraint(condition=Q(kind__in=list(OrganisationKind)), name="organisation_kind_is_known"),
            ends_after_it_starts("organisation"),
        ]


class Successor(models.Model):
    """One organisation took over, in whole or in part, from another on a day."""

    id = models.UUIDField(primary_key=True, editable=False)
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="followed_by")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="follows")
    on = models.DateField()
    note = models.TextField(default="", blank=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "from_organisation", "to_organisation", "on", "note", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_organisation", "to_organisation"], name="successor_once_a_pair"),
            models.CheckConstraint(
                condition=~Q(from_organisation=F("to_organisation")), name="successor_is_another_organisation"
            ),
        ]


class Affiliation(models.Model):
    """An organisation belongs to a partnership, network or board, from a day until a day (FHIR's word)."""

    id = models.UUIDField(primary_key=True, editable=False)
    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="belongs_to")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    role = models.TextField()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    note = models.TextField(default="", blank=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "member", "body", "role", "starts_on", "ends_on", "note", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(member=F("body")), name="affiliation_is_to_another_organisation"),
            models.CheckConstraint(condition=Q(role__regex=CODE), name="affiliation_role_is_well_formed"),
            ExclusionConstraint(
                name="affiliation_once_at_a_time",
                expressions=[("member", "="), ("body", "="), ("role", "="), (Days("starts_on", "ends_on"), "&&")],
            ),
            ends_after_it_starts("affiliation"),
        ]


class PracticeNeighbourhood(models.Model):
    """The neighbourhood that a practice's list belongs to, from a day until a day, wherever its patients live."""

    id = models.UUIDField(primary_key=True, editable=False)
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="neighbourhoods")
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="practices")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "practice", "neighbourhood", "starts_on", "ends_on", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="practice_has_one_neighbourhood_at_a_time",
                expressions=[("practice", "="), (Days("starts_on", "ends_on"), "&&")],
            ),
            ends_after_it_starts("practice_neighbourhood"),
        ]


class Site(models.Model):
    """A building. Only a public one may ever be shown as a place to visit, and a team's hub never is one."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    kind = models.TextField()
    address = models.TextField(default="", blank=True)
    postcode = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    is_public = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
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
                "kind",
                "address",
                "postcode",
                "phone",
                "is_public",
            ),
            *("starts_on", "ends_on", "origin", "verified"),
        }
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("site", ORGANISATION_CODE),
            models.CheckConstraint(condition=Q(kind__in=list(SiteKind)), name="site_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind=SiteKind.HUB) | Q(is_public=False),
                name="site_that_is_a_hub_is_never_public",
            ),
            models.CheckConstraint(
                condition=Q(postcode="") | Q(postcode__regex=POSTCODE), name="site_postcode_is_well_formed"
            ),
            ends_after_it_starts("site"),
        ]


class OpeningHours(models.Model):
    """When a site opens in a usual week. A blank day is one nobody knows; bank holidays are not said."""

    id = models.UUIDField(primary_key=True, editable=False)
    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="hours")
    monday = models.TextField(default="", blank=True)
    tuesday = models.TextField(default="", blank=True)
    wednesday = models.TextField(default="", blank=True)
    thursday = models.TextField(default="", blank=True)
    friday = models.TextField(default="", blank=True)
    saturday = models.TextField(default="", blank=True)
    sunday = models.TextField(default="", blank=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "site", *WEEKDAYS, "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{weekday}__regex": OPENING for weekday in WEEKDAYS}),
                name="opening_hours_are_well_formed",
            ),
        ]
