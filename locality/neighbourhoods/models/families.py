"""Who is close to a person, each version a row; and how one comes in where there is a key safe."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from locality.access.models import Guarded
from locality.access.rules import DataClass
from locality.base.ids import new_id
from locality.neighbourhoods.rules.families import ContactRole
from locality.people.models import Person


class Contact(Guarded):
    """One version of somebody close to a person: who they are, what to them, and who said so.

    `who` is that human being where Locality knows them; `came_from` names what a source sent that this was taken from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    who = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    relation = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    roles = ArrayField(models.TextField(), default=list, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    said_by = models.TextField()
    words = models.TextField(default="", blank=True)
    came_from = models.TextField(default="", blank=True)
    why = models.TextField(default="", blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField()

    class Privacy:
        open = {*("id", "data_class", "label", "seal", "sender", "thing", "version", "is_current", "written_at")}
        identifying = {
            *("person", "who", "name", "relation", "phone", "roles", "starts_on", "ends_on", "said_by"),
            *("came_from", "written_by"),
        }
        clinical = {"words", "why"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(said_by=""), name="contact_has_a_name_and_who_said_so"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[str(one) for one in ContactRole]), name="contact_roles_are_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contact_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(who=None) | ~Q(who=F("person")), name="contact_is_another_person"),
            models.CheckConstraint(
                condition=Q(version=1, why="") | Q(version__gt=1) & ~Q(why=""), name="contact_change_says_why"
            ),
            models.UniqueConstraint(fields=["thing", "version"], name="contact_version_once"),
            models.UniqueConstraint(fields=["thing"], condition=Q(is_current=True), name="contact_has_one_current"),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(is_current=True), name="contact_by_person")]


class KeySafe(Guarded):
    """Where a key safe is and its code, sealed by the edge: shown on asking, and each asking is on the books."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    sealed = models.BinaryField()
    said_by = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "data_class", "label", "seal", "sender", "made_at", "ended_at"}
        identifying = {"person", "sealed", "said_by", "made_by", "ended_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(data_class=DataClass.LOC), name="key_safe_tells_a_place"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="key_safe_end_says_when_and_who",
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="key_safe_one_at_a_time"),
        ]
