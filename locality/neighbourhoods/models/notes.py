"""What somebody did, said and found: each version a row; what is attached; what is being written."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.base.ids import new_id
from locality.directory.models import Practitioner, Team
from locality.neighbourhoods.rules.attachments import LARGEST, PDF, PICTURES
from locality.neighbourhoods.rules.notes import ALERT_WORDS, MEASURES, Mood, NoteKind
from locality.people.models import Person


def _possible(name: str, low: Decimal, high: Decimal) -> models.CheckConstraint:
    within = Q(**{f"{name}__gte": low, f"{name}__lte": high})
    return models.CheckConstraint(condition=Q(**{name: None}) | within, name=f"note_{name}_is_possible")


class Note(Guarded):
    """One version of one note; `thing` is what the versions are versions of, and `why` is why this one was written.

    A note that turned out to be about somebody else has a version that says so (`about_another`) and nothing more:
    what the versions before it say is then told on nobody's record but the right one's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    happened_at = models.DateTimeField()
    with_whom = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    restricted_why = models.TextField(default="", blank=True)
    weight = models.DecimalField(null=True, max_digits=5, decimal_places=1)
    systolic = models.DecimalField(null=True, max_digits=4, decimal_places=0)
    diastolic = models.DecimalField(null=True, max_digits=4, decimal_places=0)
    pulse = models.DecimalField(null=True, max_digits=4, decimal_places=0)
    resp_rate = models.DecimalField(null=True, max_digits=4, decimal_places=0)
    spo2 = models.DecimalField(null=True, max_digits=4, decimal_places=0)
    on_oxygen = models.BooleanField(null=True)
    oxygen_scale_2 = models.BooleanField(default=False)
    consciousness = models.TextField(default="", blank=True)
    temperature = models.DecimalField(null=True, max_digits=4, decimal_places=1)
    glucose = models.DecimalField(null=True, max_digits=4, decimal_places=1)
    pain = models.DecimalField(null=True, max_digits=2, decimal_places=0)
    fall = models.JSONField(null=True)
    wound = models.JSONField(null=True)
    mood = models.TextField(default="", blank=True)
    about_another = models.BooleanField(default=False)
    why = models.TextField(default="", blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField()

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "thing", "version", "is_current", "team"),
            *("written_at", "about_another"),
        }
        identifying = {"person", "written_by"}
        clinical = {
            *("kind", "happened_at", "with_whom", "words", "restricted_why", "weight", "systolic", "diastolic"),
            *("pulse", "resp_rate", "spo2", "on_oxygen", "oxygen_scale_2", "consciousness", "temperature", "glucose"),
            *("pain", "fall", "wound", "mood", "why"),
        }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(NoteKind)), name="note_kind_is_known"),
            models.CheckConstraint(condition=Q(mood__in=["", *Mood]), name="note_mood_is_known"),
            models.CheckConstraint(
                condition=Q(consciousness__in=["", *ALERT_WORDS]), name="note_consciousness_is_known"
            ),
            *(_possible(one.name, one.low, one.high) for one in MEASURES),
            models.CheckConstraint(
                condition=Q(about_another=False) & ~Q(words="")
                | Q(about_another=True, words="", fall=None, wound=None, mood="", with_whom=""),
                name="note_says_something_unless_it_is_about_another",
            ),
            models.CheckConstraint(
                condition=Q(version=1, why="", about_another=False) | Q(version__gt=1) & ~Q(why=""),
                name="note_correction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(label="N", restricted_why="") | ~Q(label="N") & ~Q(restricted_why=""),
                name="note_restriction_says_why",
            ),
            models.UniqueConstraint(fields=["thing", "version"], name="note_version_once"),
            models.UniqueConstraint(fields=["thing"], condition=Q(is_current=True), name="note_has_one_current"),
        ]
        indexes = [
            models.Index(fields=["person", "-happened_at"], condition=Q(is_current=True), name="note_by_person"),
        ]


class NoteFile(Guarded):
    """A PDF or a picture with a note: the bytes as they are kept. What was taken out is shown no more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    kind = models.TextField()
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    content = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    taken_out_at = models.DateTimeField(null=True)
    taken_out_by = models.UUIDField(null=True)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "note", "kind", "size", "made_at", "taken_out_at"),
        }
        identifying = {"person", "name", "digest", "content", "made_by", "taken_out_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[PDF, *PICTURES]), name="note_file_kind_is_known"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=LARGEST), name="note_file_is_not_too_large"),
            models.CheckConstraint(
                condition=Q(taken_out_at=None, taken_out_by=None)
                | Q(taken_out_at__isnull=False, taken_out_by__isnull=False),
                name="note_file_taken_out_says_when_and_who",
            ),
            models.UniqueConstraint(fields=["note", "digest"], condition=Q(taken_out_at=None), name="note_file_once"),
        ]


class NoteDraft(models.Model):
    """What a practitioner is writing about somebody; sealed by the edge, theirs alone, one for each person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    class Privacy:
        open = {"id", "kept_at"}
        identifying = {"practitioner", "person", "sealed"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "person"], name="note_draft_one_for_each_person"),
        ]
        indexes = [models.Index(fields=["kept_at"], name="note_draft_by_age")]
