"""Who may be the same person: keys, pairs, what people say of them, and the model that weighs them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id
from locality.people.models.patient import Patient


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
    # the linkage settings that the levels are numbered by: under others the pair is compared anew
    settings_version = models.TextField(default="", blank=True)
    state = models.TextField()
    # an equal valid number and birth date, and no name that contradicts: beyond doubt where others are rivals
    certain = models.BooleanField(default=False)
    # why the machine may not join these two by itself, in the words of methods/linkage
    cautions = ArrayField(models.TextField(), default=list)
    compared_at = models.DateTimeField()
    # since when a person is asked; null when there is nothing to ask
    asked_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "state", "certain", "compared_at", "asked_at", "settings_version"}
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
    # since when the pair had been asked about when this was said; null when nobody had been asked
    asked_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "answer", "said_at", "withdrawn_at", "asked_at"}
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


class LinkageQuality(models.Model):
    """How well patients were linked, measured once against people whose truth is known. Figures only, about nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measured_at = models.DateTimeField()
    measured_by = models.UUIDField()
    # whose word the truth is: the synthetic borough's, review's, or a file's name
    origin = models.TextField()
    model = models.ForeignKey(LinkageModel, null=True, on_delete=models.PROTECT, related_name="+")
    patients = models.IntegerField()
    figures = models.JSONField()

    class Privacy:
        open = {"id", "measured_at", "measured_by", "origin", "model", "patients", "figures"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(patients__gte=0), name="linkage_quality_of_somebody")]
        indexes = [models.Index(fields=["origin", "-measured_at"], name="linkage_quality_by_date")]
