"""The columns that every line of what became of something carries."""

from django.db import models

from locality.base.ids import new_id


class History(models.Model):
    """One change: what was done, what stood before and after, why, when and by whom. Never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    what = models.TextField()
    was = models.TextField(default="", blank=True)
    became = models.TextField(default="", blank=True)
    why = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        abstract = True
