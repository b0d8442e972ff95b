"""Each run that made the analytical copy, and what became of every resource that it read."""

from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id


class Refresh(models.Model):
    """One refresh of the analytical copy: read = used + said again + left out, or it is not written.

    Figures only, about nobody. `snapshot` and `settled` say from where in the news the next one goes on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    by_id = models.UUIDField()
    columns_version = models.IntegerField()
    rules_digest = models.TextField()
    people = models.PositiveBigIntegerField()
    touched = models.PositiveBigIntegerField()
    read = models.PositiveBigIntegerField()
    used = models.PositiveBigIntegerField()
    said_again = models.PositiveBigIntegerField()
    left_out = models.PositiveBigIntegerField()
    # how many were left out, and how many stayed with something missing, by the reason in words
    reasons = models.JSONField(default=dict)
    noted = models.JSONField(default=dict)
    # how many rows each table has now
    rows = models.JSONField(default=dict)
    parts = models.PositiveIntegerField()
    settled = models.BigIntegerField()
    highest = models.BigIntegerField()
    snapshot = models.TextField()
    server = models.TextField()

    class Privacy:
        open = {
            *("id", "kind", "started_at", "finished_at", "columns_version", "rules_digest", "people", "touched"),
            *("read", "used", "said_again", "left_out", "reasons", "noted", "rows", "parts", "settled", "highest"),
            *("snapshot", "server"),
        }
        identifying = {"by_id"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["full", "changed"]), name="refresh_kind_is_known"),
            models.CheckConstraint(
                condition=Q(read=F("used") + F("said_again") + F("left_out")), name="refresh_count_is_conserved"
            ),
        ]
        indexes = [models.Index(fields=["-finished_at"], name="refresh_last")]
