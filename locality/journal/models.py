"""What happened and who looked: bare ids and no foreign keys, since a line outlives the row it names."""

from django.db import models
from django.db.models import Q

from locality.base.ids import new_id

# what an officer may say of an unusual look
VERDICTS = ("explained", "asked", "wrong")
UPKEEP = ("copied", "verified", "archived", "looked through")


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


class Question(models.Model):
    """Somebody asks the privacy officer about a look at a record: at their own, or at that of whom they act for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    asked_at = models.DateTimeField()
    asked_kind = models.TextField()
    asked_by = models.UUIDField()
    looked_by = models.UUIDField(null=True)
    looked_on = models.DateField(null=True)
    words = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "asked_at", "asked_kind", "looked_on", "answered_at"}
        identifying = {"person_id", "asked_by", "looked_by", "words", "answered_by", "answer"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="question_answer_says_when_and_who",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="question_has_words"),
        ]
        indexes = [
            models.Index(fields=["person_id", "-asked_at"], name="question_by_person"),
            models.Index(fields=["asked_at"], condition=Q(answered_at=None), name="question_waits"),
        ]


class UnusualLook(models.Model):
    """A practitioner's day of looking that stands out, with its reasons; kept for the privacy officer to review."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    found_at = models.DateTimeField()
    looked_on = models.DateField()
    by_id = models.UUIDField()
    role = models.TextField()
    organisation_id = models.UUIDField(null=True)
    bits = models.FloatField()
    # one for each look that has a sign, the weightiest first: person, bits, reasons in words
    looks = models.JSONField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    verdict = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "found_at", "looked_on", "role", "organisation_id", "bits", "reviewed_at", "verdict"}
        identifying = {"by_id", "looks", "reviewed_by", "words"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by_id", "looked_on"], name="unusual_look_once_a_day"),
            models.CheckConstraint(condition=Q(verdict__in=["", *VERDICTS]), name="unusual_look_verdict_is_known"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict="")),
                name="unusual_look_review_says_when_and_who",
            ),
        ]
        indexes = [models.Index(fields=["-bits"], condition=Q(reviewed_at=None), name="unusual_look_waits")]


class Upkeep(models.Model):
    """When the audit was last copied out, verified, archived, and looked through; verified again is another row."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Privacy:
        open = {"id", "kind", "at", "detail"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=UPKEEP), name="upkeep_kind_is_known")]
        indexes = [models.Index(fields=["kind", "-id"], name="upkeep_last")]
