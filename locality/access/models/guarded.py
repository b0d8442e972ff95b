"""The columns every guarded row carries."""

from django.db import models

from locality.access.rules import Label, Seal
from locality.directory.models import Organisation


class Guarded(models.Model):
    """The columns every guarded row carries: what class it is, its label and seal, and who sent it."""

    data_class = models.TextField()
    label = models.TextField(default=Label.NORMAL)
    seal = models.TextField(default=Seal.NONE, blank=True)
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True
