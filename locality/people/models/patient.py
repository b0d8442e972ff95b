"""A patient is what one organisation holds about a person, and the numbers they go by."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id
from locality.directory.models import Source


class Patient(models.Model):
    """What one source holds about one person, as its Patient resource last said it."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)
    local_id = models.TextField()
    said_at = models.DateTimeField()
    active = models.BooleanField(default=True)
    family = models.TextField(default="", blank=True)
    given = models.TextField(default="", blank=True)
    prefix = models.TextField(default="", blank=True)
    likes = models.TextField(default="", blank=True)
    former_names = ArrayField(models.TextField(), default=list)
    birth_on = models.DateField(null=True)
    birth_text = models.TextField(default="", blank=True)
    sex = models.TextField(default="", blank=True)
    nhs_number = models.TextField(default="", blank=True)
    died = models.BooleanField(default=False)
    died_on = models.DateField(null=True)
    address_lines = ArrayField(models.TextField(), default=list)
    postcode = models.TextField(default="", blank=True)
    # where this source said they lived before: a move must not part one person in two
    former_postcodes = ArrayField(models.TextField(), default=list)
    protected = models.BooleanField(default=False)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    interpreter = models.BooleanField(default=False)
    practice_code = models.TextField(default="", blank=True)
    practice_words = models.TextField(default="", blank=True)
    name_key = models.TextField(default="", blank=True)
    # an NHS number as it was typed, where it is not one: a slip apart from somebody's, it still tells something
    nhs_typed = models.TextField(default="", blank=True)
    # the patient that took this one's place, as the source says: its own word that the two are one person
    replaced_by = models.UUIDField(null=True)
    # the hashes of what this patient is looked up by; empty until it has been compared with the others
    keys = ArrayField(models.BigIntegerField(), default=list)
    compared_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "source", "said_at", "active", "compared_at"}
        identifying = {
            *("local_id", "family", "given", "prefix", "likes", "former_names", "birth_on", "birth_text", "sex"),
            *("nhs_number", "died", "died_on", "address_lines", "postcode", "protected", "phone", "email"),
            *("language", "interpreter", "practice_code", "practice_words", "name_key", "former_postcodes", "keys"),
            *("nhs_typed", "replaced_by"),
        }
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "local_id"], name="patient_once_a_source"),
        ]
        indexes = [
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="patient_name_key_trgm"),
            models.Index(fields=["birth_on"], name="patient_birth_on"),
            models.Index(fields=["id"], condition=Q(compared_at=None), name="patient_not_yet_compared"),
            models.Index(fields=["replaced_by"], condition=Q(replaced_by__isnull=False), name="patient_by_replacement"),
        ]


class NameWord(models.Model):
    """A word of somebody's name. Names are many and their words few: what is misspelt is compared with these."""

    # not unique: two intakes that meet the same new name at once need not wait for each other
    word = models.TextField(db_collation="C")

    class Privacy:
        open = {"id"}
        identifying = {"word"}
        clinical: set[str] = set()

    class Meta:
        indexes = [
            models.Index(fields=["word"], name="name_word"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="name_word_trgm"),
        ]


class Identifier(models.Model):
    """A number somebody gave a person. Invalid NHS numbers are kept and marked, and link nobody."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="identifiers")
    system = models.TextField()
    value = models.TextField()
    nhs_state = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "patient", "system", "nhs_state"}
        identifying = {"value"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "system", "value"], name="identifier_once_a_patient"),
            models.CheckConstraint(
                condition=Q(nhs_state__in=["", "valid", "invalid", "placeholder", "superseded", "void", "another's"]),
                name="identifier_nhs_state_is_known",
            ),
        ]
        indexes = [models.Index(fields=["value", "system"], name="identifier_by_value")]


class NumberCorrection(models.Model):
    """Somebody says that an NHS number is not, or no longer, what senders say: of the number, or of one patient's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="+")
    was = models.TextField(default="", blank=True)
    now = models.TextField(default="", blank=True)
    kind = models.TextField()
    provenance = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.UUIDField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "kind", "said_at", "settled_at", "withdrawn_at"}
        identifying = {"patient", "was", "now", "provenance", "said_by", "settled_by", "withdrawn_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["superseded", "void", "restricted"], patient=None)
                | Q(kind__in=["another's", "given"], patient__isnull=False),
                name="number_correction_is_of_a_number_or_a_patient",
            ),
            models.CheckConstraint(condition=~Q(was=F("now")), name="number_correction_changes_a_number"),
            models.UniqueConstraint(
                fields=["patient", "was", "kind"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="number_correction_once",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="number_correction_settling_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="number_correction_withdrawal_says_when_and_who",
            ),
        ]
        indexes = [
            models.Index(fields=["was"], condition=Q(withdrawn_at=None), name="number_correction_by_number"),
        ]
