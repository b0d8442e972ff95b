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
    # the hashes of what this patient is looked up by; empty until it has been compared with the others
    keys = ArrayField(models.BigIntegerField(), default=list)
    compared_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "source", "said_at", "heard_at", "active", "compared_at"}
        identifying = {
            *("local_id", "family", "given", "prefix", "likes", "former_names", "birth_on", "birth_text", "sex"),
            *("nhs_number", "died", "died_on", "address_lines", "postcode", "protected", "phone", "email"),
            *("language", "interpreter", "practice_code", "practice_words", "name_key", "former_postcodes", "keys"),
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


class BlockingKey(models.Model):
    """What patients who may be one person have in common, hashed: the index that an arrival is looked up in."""

    pk = models.CompositePrimaryKey("key", "patient_id")
    key = models.BigIntegerField()
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Privacy:
        open: set[str] = set()
        identifying = {"key", "patient"}
        clinical: set[str] = set()


class LinkageModel(models.Model):
    """A trained linkage model: what each agreement and disagreement weighs, when it was learned and from how many."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    settings_version = models.TextField()
    trained_at = models.DateTimeField()
    trained_on = models.IntegerField()
    trained_by = models.UUIDField()
    parameters = models.JSONField()
    in_use = models.BooleanField(default=False)

    class Privacy:
        open = {"id", "settings_version", "trained_at", "trained_on", "trained_by", "parameters", "in_use"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_use"], condition=Q(in_use=True), name="linkage_model_one_in_use"),
            models.CheckConstraint(condition=Q(trained_on__gte=0), name="linkage_model_trained_on_somebody"),
        ]


class Pair(models.Model):
    """Two patients who may be one person, as the linkage model last weighed them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    weight = models.FloatField()
    probability = models.FloatField()
    levels = ArrayField(models.SmallIntegerField())
    state = models.TextField()
    # why the machine may not join these two by itself, in the words of methods/linkage
    cautions = ArrayField(models.TextField(), default=list)
    compared_at = models.DateTimeField()
    # since when a person is asked; null when there is nothing to ask
    asked_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "state", "compared_at", "asked_at"}
        identifying = {"first", "second", "weight", "probability", "levels", "cautions"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_names_two_once"),
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(state__in=["match", "possible", "many"]), name="pair_state_is_known"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="pair_probability_is_between_0_and_1"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], condition=Q(asked_at__isnull=False), name="pair_asked"),
        ]


class Label(models.Model):
    """Somebody says that two patients are the same person, are not, or that it cannot be told. Believed for good."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField()
    reason = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "answer", "said_at", "withdrawn_at"}
        identifying = {"first", "second", "reason", "said_by", "withdrawn_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="label_names_a_pair_once"),
            models.CheckConstraint(
                condition=Q(answer__in=["same", "different", "unsure"]), name="label_answer_is_known"
            ),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(withdrawn_at=None), name="label_once_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="label_withdrawal_says_when_and_who",
            ),
        ]


class EarlierIdentity(models.Model):
    """Somebody lived under another identity before. The two are never compared, suggested or joined."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    earlier = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.UUIDField()
    reason = models.TextField()

    class Privacy:
        open = {"id"}
        identifying = {"person", "earlier", "kind", "said_at", "said_by", "reason"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("earlier")), name="earlier_identity_is_another_person"),
            models.UniqueConstraint(fields=["person", "earlier"], name="earlier_identity_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["gender recognition", "adoption", "protection"]),
                name="earlier_identity_kind_is_known",
            ),
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
