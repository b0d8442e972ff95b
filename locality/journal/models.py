"""What happened and who looked: bare ids and no foreign keys, since a line outlives the row it names."""

from django.db import models
from django.db.models import Q

from locality.base.ids import new_id


class Event(models.Model):
    """One line of the audit: a view, a change or a refusal. Never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
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
