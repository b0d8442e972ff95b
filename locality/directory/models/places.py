"""The place and how it is divided."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from locality.directory.models.spans import code_once, ends_after_it_starts
from locality.directory.rules import CODE, POSTCODE, USUAL_WAYS, WARD_CODE, AboutKind, ResponsibleBy


def usual_ways() -> list[str]:
    """The rule of a place that says none: where somebody lives, else where they are registered."""
    return [str(way) for way in USUAL_WAYS]


class Place(models.Model):
    """The borough that is run here. Everything else in the directory belongs to one."""

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.TextField(unique=True)
    name = models.TextField()
    tagline = models.TextField(default="", blank=True)
    header = models.TextField()
    is_default = models.BooleanField(default=False)
    responsible_team = ArrayField(models.TextField(), default=usual_ways)
    # where its pack lies, unless it came with Locality
    folder = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "code", "name", "tagline", "header", "is_default", "responsible_team", "folder"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=CODE), name="place_code_is_well_formed"),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="place_has_one_default"),
            models.CheckConstraint(
                condition=Q(
                    responsible_team__len__gt=0, responsible_team__contained_by=[str(way) for way in ResponsibleBy]
                ),
                name="place_says_which_team_is_responsible",
            ),
        ]


class Neighbourhood(models.Model):
    """One of the areas that the place is divided into, each with its own team."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    note = models.TextField(default="", blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "place", "code", "name", "note", "starts_on", "ends_on", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [*code_once("neighbourhood"), ends_after_it_starts("neighbourhood")]


class Ward(models.Model):
    """An electoral ward, and the neighbourhood that the pack says it lies in."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, on_delete=models.PROTECT, related_name="wards")
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "place", "code", "name", "neighbourhood", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = code_once("ward", WARD_CODE)


class Area(models.Model):
    """A small area of the statistics office (LSOA 2021): what figures are published for, and neighbourhoods made of."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    ward = models.ForeignKey(Ward, null=True, on_delete=models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, on_delete=models.PROTECT, related_name="areas")
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "place", "code", "name", "ward", "neighbourhood", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = code_once("area", WARD_CODE)


class Boundary(models.Model):
    """The outline of a neighbourhood, ward or small area, for the map: a GeoJSON geometry in degrees."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    about_kind = models.TextField()
    about = models.TextField()
    geometry = models.JSONField()

    class Privacy:
        open = {"id", "place", "about_kind", "about", "geometry"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "about_kind", "about"], name="boundary_once"),
            models.CheckConstraint(condition=Q(about_kind__in=list(AboutKind)), name="boundary_about_kind_is_known"),
        ]


class Postcode(models.Model):
    """A unit postcode. Nothing points at one: the whole list is replaced whenever the pack brings another."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey(Ward, null=True, on_delete=models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, on_delete=models.PROTECT, related_name="+")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Privacy:
        open = {"id", "place", "code", "area", "ward", "neighbourhood", "latitude", "longitude"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = code_once("postcode", POSTCODE)
