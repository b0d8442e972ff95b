"""A person is the human being; a patient is what one organisation holds about one; a link joins them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id
from locality.directory.models import Source


class Person(models.Model):
    """A human being. The columns below `merged_into` are the face: chosen from the linked patients."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="aliases")
    family = models.TextField(default="", blank=True)
    given = models.TextField(default="", blank=True)
    prefix = models.TextField(default="", blank=True)
    likes = models.TextField(default="", blank=True)
    birth_on = models.DateField(null=True)
    birth_text = models.TextField(default="", blank=True)
    sex = models.TextField(default="", blank=True)
    nhs_number = models.TextField(default="", blank=True)
    died = models.BooleanField(default=False)
    died_on = models.DateField(null=True)
    address = models.TextField(default="", blank=True)
    postcode = models.TextField(default="", blank=True)
    protected = models.BooleanField(default=False)
    phone = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    interpreter = models.BooleanField(default=False)
    practice_code = models.TextField(default="", blank=True)
    practice_words = models.TextField(default="", blank=True)
    # compared letter by letter, so that names sort the same on every server
    sort_key = models.TextField(default="", blank=True, db_collation="C")

    class Privacy:
        open = {"id", "made_at", "merged_into"}
        identifying = {
            *("family", "given", "prefix", "likes", "birth_on", "birth_text", "sex", "nhs_number", "died", "died_on"),
            *("address", "postcode", "protected", "phone", "language", "interpreter", "sort_key"),
            *("practice_code", "practice_words"),
        }
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="person_is_not_merged_into_itself"
            ),
        ]
        indexes = [models.Index(fields=["nhs_number"], condition=~Q(nhs_number=""), name="person_by_nhs_number")]


class Patient(models.Model):
    """What one source holds about one person, as its Patient resource last said it."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)
    local_id = models.TextField()
    said_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
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
    protected = models.BooleanField(default=False)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    interpreter = models.BooleanField(default=False)
    practice_code = models.TextField(default="", blank=True)
    practice_words = models.TextField(default="", blank=True)
    name_key = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "source", "said_at", "heard_at", "active"}
        identifying = {
            *("local_id", "family", "given", "prefix", "likes", "former_names", "birth_on", "birth_text", "sex"),
            *("nhs_number", "died", "died_on", "address_lines", "postcode", "protected", "phone", "email"),
            *("language", "interpreter", "practice_code", "practice_words", "name_key"),
        }
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "local_id"], name="patient_once_a_source"),
        ]
        indexes = [
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="patient_name_key_trgm"),
            models.Index(fields=["birth_on"], name="patient_birth_on"),
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
                condition=Q(nhs_state__in=["", "valid", "invalid", "placeholder"]), name="identifier_nhs_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["value", "system"], name="identifier_by_value")]


class Link(models.Model):
    """One patient belongs to one person: by which method, on what evidence, said by whom and when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links", db_index=False)
    method = models.TextField()
    evidence = models.JSONField(default=dict)
    linked_at = models.DateTimeField()
    linked_by_kind = models.TextField()
    linked_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "method", "linked_at", "linked_by_kind", "ended_at"}
        identifying = {"patient", "person", "evidence", "linked_by", "ended_by", "ended_reason"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(ended_at=None), name="patient_is_linked_to_one_person"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="link_end_says_when_and_who",
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="link_by_person")]


class Label(models.Model):
    """Somebody knows that two patients are the same person, or are not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    same = models.BooleanField()
    reason = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.UUIDField()

    class Privacy:
        open = {"id", "same", "said_at"}
        identifying = {"first", "second", "reason", "said_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="label_names_a_pair_once"),
            models.UniqueConstraint(fields=["first", "second"], name="label_once_a_pair"),
        ]


class Merge(models.Model):
    """One person became another's alias. Undoing it moves the same links back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    alias = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    moved = ArrayField(models.UUIDField())
    reason = models.TextField()
    merged_at = models.DateTimeField()
    merged_by = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "merged_at", "undone_at"}
        identifying = {"kept", "alias", "moved", "reason", "merged_by", "undone_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undoing_says_when_and_who",
            ),
            models.UniqueConstraint(
                fields=["alias"], condition=Q(undone_at=None), name="person_is_merged_once_at_a_time"
            ),
        ]
