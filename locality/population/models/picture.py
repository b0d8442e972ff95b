"""What was told of the place's neighbourhoods, month by month: figures after disclosure control, about nobody."""

from django.db import models

from locality.base.ids import new_id
from locality.directory.models import Place


class Picture(models.Model):
    """One drawing of the picture, as at the first of a month; another of the same month holds to what this one told.

    Never changed: what a page shows is what was told. `refresh` is the run that made the copy it was drawn from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    nth = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    by_id = models.UUIDField()
    refresh = models.TextField()
    copy_made_at = models.DateTimeField()
    told = models.JSONField()

    class Privacy:
        open = {"id", "place", "on", "nth", "drawn_at", "refresh", "copy_made_at", "told"}
        identifying = {"by_id"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "on", "nth"], name="picture_once")]
