"""The place and how it is divided."""

from django.db import models
from django.db.models import Q

from locality.directory.models.spans import code_once, ends_after_it_starts
from locality.directory.rules import CODE, POSTCODE, WARD_CODE


class Place(models.Model):
    """The borough that is run here. Everything else in the directory belongs to one."""

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.TextField(unique=True)
    name = models.TextField()
    tagline = models.TextField(default="", blank=True)
    header = models.TextField()
    is_default = models.BooleanField(default=False)

    class Privacy:
        open = {"id", "code", "name", "tagline", "header", "is_default"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=CODE), name="place_code_is_well_formed"),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="place_has_one_default"),
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


class Postcode(models.Model):
    """A unit postcode. Nothing points at one: the whole list is replaced whenever the pack brings another."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    lsoa = models.TextField(default="", blank=True)
    ward = models.ForeignKey(Ward, null=True, on_delete=models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, null=True, on_delete=models.PROTECT, related_name="+")

    class Privacy:
        open = {"id", "place", "code", "lsoa", "ward", "neighbourhood"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = code_once("postcode", POSTCODE)
