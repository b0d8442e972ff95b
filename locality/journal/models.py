"""What happened and who looked: bare ids and no foreign keys, since a line outlives the row it names."""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One line of the audit: a view, a change or a refusal. Never updated, never deleted.

    Numbered as they are written, since that is the order in which they are sealed; the table is parted by number.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    what = models.TextField()
    outcome = models.TextField(default="done")
    by_kind = models.TextField()
    by_id = models.UUIDField()
    role = models.TextField()
    organisation_id = models.UUIDField(null=True)
    purpose = models.TextField()
    person_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    reason = models.TextField(default="", blank=True)
    detail = models.JSONField(default=dict)

    class Privacy:
        open = {"id", "at", "what", "outcome", "by_kind", "role", "organisation_id", "purpose", "about_id"}
        identifying = {"by_id", "person_id", "reason", "detail"}
        clinical: set[str] = set()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-at"], name="event_by_person"),
            models.Index(fields=["by_id", "-at"], name="event_by_viewer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["done", "refused"]), name="event_outcome_is_done_or_refused"
            ),
        ]


class News(models.Model):
    """What happened, for the floors above to read, in the order of `id`."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    what = models.TextField()
    person_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Privacy:
        open = {"id", "at", "what", "about_id"}
        identifying = {"person_id", "patient_id"}
        clinical = {"detail"}


class Seal(models.Model):
    """The events up to a number, hashed and chained to the seal before: one changed letter breaks the chain."""

    id = models.BigIntegerField(primary_key=True)
    last_event = models.BigIntegerField()
    events = models.IntegerField()
    digest = models.BinaryField()
    head = models.BinaryField()
    signature = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Privacy:
        open = {"id", "last_event", "events", "digest", "head", "signature", "sealed_at"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id__gte=1, events__gte=1), name="seal_holds_events"),
            models.UniqueConstraint(fields=["last_event"], name="seal_ends_where_no_other_does"),
        ]
