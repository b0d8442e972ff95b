"""How often a network asked what is open to all: no name, no words, and gone within a day."""

from django.db import models


class PublicAsking(models.Model):
    """One network (a digest), since when it is counted, and how often it asked."""

    network = models.TextField(primary_key=True)
    began_at = models.DateTimeField()
    times = models.PositiveIntegerField()

    class Privacy:
        open = {"began_at", "times"}
        identifying = {"network"}
        clinical: set[str] = set()
