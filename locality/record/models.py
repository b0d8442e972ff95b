"""Resources as their sources sent them, what was refused, and what people said about a row."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.access.rules import DataClass, Label
from locality.base.ids import new_id
from locality.directory.models import Organisation, Source, Team
from locality.people.models import Patient, Person
from locality.record.rules import Cause, ConcernState, Knows, Outcome


class Intake(models.Model):
    """One run of receiving: received = stored + unchanged + rejected, or it is not finished."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(default="received")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by_id = models.UUIDField()
    received = models.PositiveBigIntegerField(default=0)
    stored = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    people = models.PositiveBigIntegerField(default=0)

    class Privacy:
        open = {
            *("id", "source", "kind", "started_at", "finished_at", "received", "stored", "unchanged", "rejected"),
            "people",
        }
        identifying = {"by_id"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["received", "retried", "stopped"]), name="intake_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(received=models.F("stored") + models.F("unchanged") + models.F("rejected")),
                name="intake_count_is_conserved",
            ),
        ]
        indexes = [models.Index(fields=["source", "-started_at"], name="intake_by_source")]


class Original(models.Model):
    """What was sent, byte for byte, where resources had to be made from it: kept once, however many they are.

    It may speak of several people, so no page about one of them shows it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    received_at = models.DateTimeField()

    class Privacy:
        open = {"id", "source", "received_at"}
        identifying = {"content"}
        clinical: set[str] = set()


class Resource(Guarded):
    """One version of one resource, its bytes exactly as sent; `thing` is what the versions are versions of.

    The columns from `topic` on are its headline: read from the content when it came, and made again from it
    whenever the reading improves. They are never a second truth.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing = models.UUIDField()
    version = models.PositiveIntegerField()
    is_current = models.BooleanField()
    removed = models.BooleanField(default=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="+", db_index=False)
    original = models.ForeignKey(Original, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.TextField()
    local_id = models.TextField()
    content = models.BinaryField()
    digest = models.BinaryField()
    received_at = models.DateTimeField()
    said_at = models.DateTimeField()
    said_no = models.BigIntegerField()
    topic = models.TextField()
    code = models.TextField(default="", blank=True)
    code_system = models.TextField(default="", blank=True)
    title = models.TextField()
    value = models.TextField(default="", blank=True)
    value_number = models.DecimalField(null=True, max_digits=40, decimal_places=12)
    unit = models.TextField(default="", blank=True)
    happened_at = models.DateTimeField(null=True)
    happened_text = models.TextField(default="", blank=True)
    ends_at = models.DateTimeField(null=True)
    status = models.TextField(default="", blank=True)
    state = models.TextField()
    author = models.TextField(default="", blank=True)
    encounter = models.TextField(default="", blank=True)
    group_key = models.TextField(default="", blank=True)
    trend = models.TextField(default="", blank=True)
    caution = models.TextField(default="", blank=True)

    class Privacy:
        open = {
            *("id", "thing", "version", "is_current", "removed", "source", "intake", "original", "type", "received_at"),
            *("said_at", "said_no", "topic", "data_class", "label", "seal", "sender"),
        }
        identifying = {"patient", "local_id", "content", "digest"}
        clinical = {
            *("code", "code_system", "title", "value", "value_number", "unit", "happened_at", "happened_text"),
            *("ends_at", "status", "state", "author", "encounter", "group_key", "trend", "caution"),
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thing", "digest"], name="resource_content_once"),
            models.UniqueConstraint(fields=["thing"], condition=Q(is_current=True), name="resource_has_one_current"),
        ]
        indexes = [
            models.Index(
                fields=["patient", "topic", "-happened_at"], condition=Q(is_current=True), name="resource_by_patient"
            ),
            models.Index(
                fields=["source", "type", "code"],
                condition=Q(is_current=True, topic="reference"),
                name="resource_reference_by_code",
            ),
        ]


class Heard(models.Model):
    """When something was last said of a patient, by class: of the rows that whoever looks after them may see alone.

    Lists of people are sorted by it, and a row that is labelled, sealed or wrong must not move anybody.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    data_class = models.TextField()
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Privacy:
        open = {"id", "data_class", "sender"}
        identifying = {"patient"}
        clinical = {"at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "data_class"], name="heard_once_a_class"),
        ]
        indexes = [models.Index(fields=["at", "patient"], name="heard_lately")]


class Quarantine(models.Model):
    """What was sent and could not be stored: its bytes, where it stood, and why, until it is stored or let go."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.TextField()
    content = models.BinaryField()
    digest = models.BinaryField()
    reason = models.TextField()
    awaits = models.TextField(default="", blank=True)
    full_url = models.TextField(default="", blank=True)
    readable = models.BooleanField()
    state = models.TextField(default="open")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Privacy:
        open = {
            *("id", "source", "intake", "reason", "readable", "state", "first_at", "last_at", "times", "closed_at"),
        }
        identifying = {"place", "content", "digest", "awaits", "full_url", "closed_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "digest"], name="quarantine_holds_it_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "stored", "dismissed"]), name="quarantine_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="quarantine_closing_says_when_and_who",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "awaits"], condition=Q(state="open"), name="quarantine_open_by_source"),
        ]


class Remark(models.Model):
    """A practitioner says of a row that it is not about this person. It is shown, and never removes the row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "thing", "said_at", "withdrawn_at"}
        identifying = {"person", "said_by", "withdrawn_by"}
        clinical = {"words"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "person"], condition=Q(withdrawn_at=None), name="remark_once_while_it_stands"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="remark_withdrawing_says_when_and_who",
            ),
        ]


def _together(name: str, *fields: str) -> models.CheckConstraint:
    unsaid, said = ({f"{field}__isnull": null for field in fields} for null in (True, False))
    return models.CheckConstraint(condition=Q(**unsaid) | Q(**said), name=name)


class Concern(Guarded):
    """A safeguarding concern: for the leads of the team it went to, and a receipt for whoever raised it.

    `kept_from` are those who may be its cause: they never learn that it exists. Who they are said to be, in words, lies
    apart (Alleged).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(default=ConcernState.RAISED)
    danger = models.BooleanField()
    words = models.TextField()
    seen_text = models.TextField()
    knows = models.TextField()
    kept_from = ArrayField(models.UUIDField(), default=list, blank=True)
    due_on = models.DateField()
    raised_at = models.DateTimeField()
    raised_by = models.UUIDField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    outcome = models.TextField(default="", blank=True)
    outcome_words = models.TextField(default="", blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    # each time it was opened again: when, by whom and why, and what had been decided until then
    reopenings = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "state", "due_on", "raised_at"),
            *("acknowledged_at", "closed_at", "withdrawn_at"),
        }
        identifying = {"person", "kept_from", "raised_by", "acknowledged_by", "closed_by"}
        clinical = {"danger", "words", "seen_text", "knows", "outcome", "outcome_words", "reopenings"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(data_class=DataClass.SAFE, label=Label.VERY_RESTRICTED),
                name="concern_is_safeguarding_and_very_restricted",
            ),
            models.CheckConstraint(condition=Q(state__in=list(ConcernState)), name="concern_state_is_known"),
            models.CheckConstraint(condition=Q(knows__in=list(Knows)), name="concern_knows_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome]), name="concern_outcome_is_known"),
            _together("concern_acknowledging_says_when_and_who", "acknowledged_at", "acknowledged_by"),
            _together("concern_closing_says_when_and_who", "closed_at", "closed_by"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False, acknowledged_at__isnull=False, withdrawn_at=None) & ~Q(outcome=""),
                name="concern_is_closed_with_an_outcome_once_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(acknowledged_at=None),
                name="concern_is_withdrawn_only_unacknowledged",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "state", "raised_at"], name="concern_by_team"),
            models.Index(fields=["raised_by", "raised_at"], name="concern_by_raiser"),
        ]


class Alleged(models.Model):
    """Who is said to be the cause of a concern, kept apart from it: read with it by its leads, and by nobody else."""

    concern = models.OneToOneField(Concern, primary_key=True, on_delete=models.PROTECT, related_name="alleged")
    kind = models.TextField()
    words = models.TextField(default="", blank=True)

    class Privacy:
        open = {"concern"}
        identifying = {"words"}
        clinical = {"kind"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(Cause)), name="alleged_kind_is_known"),
        ]
