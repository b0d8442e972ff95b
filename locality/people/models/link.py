"""A link joins a patient to a person; a merge makes one person another's alias, and can be undone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id
from locality.people.models.patient import Patient
from locality.people.models.person import Person


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


class Placement(models.Model):
    """Something written while two people were one, and with whom of them it was placed once they had been parted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="placements")
    kind = models.TextField()
    row = models.UUIDField()
    was = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    placed_by = models.UUIDField()

    class Privacy:
        open = {"id", "kind", "row", "placed_at"}
        identifying = {"merge", "was", "person", "placed_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merge", "kind", "row"], name="row_is_placed_once_a_merge"),
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
