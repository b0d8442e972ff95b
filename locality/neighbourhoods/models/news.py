"""How far the news was read for what teams ought to know."""

from django.db import models


class NewsRead(models.Model):
    """One row a reader: the number of the last news that was read."""

    reader = models.TextField(primary_key=True)
    upto = models.BigIntegerField()
    at = models.DateTimeField()

    class Privacy:
        open = {"reader", "upto", "at"}
        identifying: set[str] = set()
        clinical: set[str] = set()
