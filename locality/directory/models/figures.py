"""Published figures, kept side by side as they were published: nobody reconciles two that differ."""

from django.db import models
from django.db.models import Q

from locality.directory.models.places import Place
from locality.directory.models.spans import code_once
from locality.directory.rules import CODE, AboutKind


class Series(models.Model):
    """What one publication says of many: what it counts, in which unit, of which day, and where it comes from."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    kind = models.TextField()
    about_kind = models.TextField()
    unit = models.TextField()
    counts = models.TextField()
    period = models.TextField()
    on = models.DateField(null=True)
    adds_up = models.BooleanField()
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {
            *("id", "place", "code", "name", "kind", "about_kind", "unit", "counts", "period", "on", "adds_up"),
            *("origin", "verified"),
        }
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("series"),
            models.CheckConstraint(condition=Q(kind__regex=CODE), name="series_kind_is_well_formed"),
            models.CheckConstraint(condition=Q(about_kind__in=list(AboutKind)), name="series_about_kind_is_known"),
        ]


class Figure(models.Model):
    """One published figure: the value that a series has for one area, practice or place, by its code."""

    id = models.UUIDField(primary_key=True, editable=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="figures")
    about = models.TextField()
    value = models.DecimalField(max_digits=20, decimal_places=6)

    class Privacy:
        open = {"id", "series", "about", "value"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "about"], name="figure_once_a_series")]
        indexes = [models.Index(fields=["about"], name="figure_by_what_it_is_about")]
