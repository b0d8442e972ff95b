"""Marks on people: what they object to and seal, who may know their address, who must not look, who acts for them.

Each is a dated row that says who recorded it and why; what has ended stays.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from locality.access.rules import (
    MAY_BE_KEPT_FROM_PROXY,
    ConflictKind,
    Label,
    ObjectionKind,
    ProxyKind,
    ReleaseVerdict,
    Seal,
    WatchKind,
)
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Source, Team
from locality.people.models import Person

# the columns of a dated row that say nothing of anybody, and those that do
SPAN = ("id", "starts_on", "ends_on", "made_at", "ended_at")
WHO = ("person", "reason", "made_by", "ended_by", "ended_reason")


def dated(name: str) -> list[models.CheckConstraint]:
    """What holds of every dated row: it ends after it starts, and its ending says when and who."""
    return [
        models.CheckConstraint(
            condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name=f"{name}_ends_after_it_starts"
        ),
        models.CheckConstraint(
            condition=Q(ended_at=None, ended_by=None)
            | Q(ended_at__isnull=False, ended_by__isnull=False, ends_on__isnull=False),
            name=f"{name}_end_says_when_and_who",
        ),
    ]


class Objection(models.Model):
    """A person objects to sharing, of everything or of what one organisation sent; or to secondary use."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {*SPAN, "kind", "organisation", "source"}
        identifying = {*WHO}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *dated("objection"),
            models.CheckConstraint(condition=Q(kind__in=list(ObjectionKind)), name="objection_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=ObjectionKind.SHARING) | Q(organisation=None),
                name="objection_to_secondary_use_names_no_organisation",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "organisation"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="objection_once_while_open",
            ),
        ]


class ObjectionIntake(models.Model):
    """One list of objections as somebody sent it: received = applied + unchanged + rejected, each with its reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    by_id = models.UUIDField()
    received = models.PositiveIntegerField()
    applied = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()

    class Privacy:
        open = {"id", "source", "at", "received", "applied", "unchanged", "rejected"}
        identifying = {"by_id"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received=F("applied") + F("unchanged") + F("rejected")),
                name="objection_intake_is_conserved",
            ),
        ]


class ObjectionRejected(models.Model):
    """An objection that could not be applied, and why: somebody must look at each."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    intake = models.ForeignKey(ObjectionIntake, on_delete=models.PROTECT, related_name="rejections")
    line = models.PositiveIntegerField()
    nhs_number = models.TextField(default="", blank=True)
    reason = models.TextField()

    class Privacy:
        open = {"id", "intake", "line", "reason"}
        identifying = {"nhs_number"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "line"], name="objection_rejected_once_a_line"),
            models.CheckConstraint(condition=~Q(reason=""), name="objection_rejected_says_why"),
        ]


class PersonSeal(models.Model):
    """A person seals a line of their record, `thing`: to be asked for, or locked and then without a trace."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    thing = models.UUIDField()
    seal = models.TextField()
    announced = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {*SPAN}
        identifying = {*WHO}
        clinical = {"thing", "seal", "announced"}

    class Meta:
        constraints = [
            *dated("person_seal"),
            models.CheckConstraint(condition=Q(seal__in=[Seal.SEALED, Seal.LOCKED]), name="person_seal_is_known"),
            models.CheckConstraint(
                condition=Q(announced=False) | Q(seal=Seal.SEALED), name="person_seal_that_locks_is_not_announced"
            ),
            models.UniqueConstraint(
                fields=["person", "thing"], condition=Q(ends_on=None), name="person_seal_once_while_open"
            ),
        ]
        indexes = [models.Index(fields=["thing"], name="person_seal_by_thing")]


class AddressGrant(models.Model):
    """A named practitioner or team may know a protected address, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {*SPAN, "team"}
        identifying = {*WHO, "practitioner"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *dated("address_grant"),
            models.CheckConstraint(
                condition=Q(practitioner=None, team__isnull=False) | Q(practitioner__isnull=False, team=None),
                name="address_grant_is_to_a_practitioner_or_a_team",
            ),
        ]


class Conflict(models.Model):
    """A practitioner must not look at a person; with their own record, at nobody who lives at its address either."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {*SPAN}
        identifying = {*WHO, "practitioner", "kind"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *dated("conflict"),
            models.CheckConstraint(condition=Q(kind__in=list(ConflictKind)), name="conflict_kind_is_known"),
            models.UniqueConstraint(
                fields=["practitioner", "person", "kind"], condition=Q(ends_on=None), name="conflict_once_while_open"
            ),
        ]


class Proxy(models.Model):
    """A person acts for another; a parent's rights end on a birthday.

    `kept_back` are the classes kept from this one. While the address is protected, whoever is not said to know it
    (`knows_address`) acts for nobody here: a sender or an appointment tells where somebody is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proxy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    kept_back = ArrayField(models.TextField(), default=list, blank=True)
    knows_address = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {*SPAN, "kind", "kept_back"}
        identifying = {*WHO, "proxy", "knows_address"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *dated("proxy"),
            models.CheckConstraint(condition=Q(kind__in=list(ProxyKind)), name="proxy_kind_is_known"),
            models.CheckConstraint(condition=~Q(person=F("proxy")), name="proxy_is_another_person"),
            models.CheckConstraint(
                condition=~Q(kind=ProxyKind.PARENT) | Q(ends_on__isnull=False), name="proxy_of_a_parent_ends"
            ),
            models.CheckConstraint(
                condition=Q(kept_back__contained_by=[str(one) for one in MAY_BE_KEPT_FROM_PROXY]),
                name="proxy_keeps_back_what_may_be",
            ),
            models.UniqueConstraint(
                fields=["person", "proxy", "kind"], condition=Q(ended_at=None), name="proxy_once_until_ended"
            ),
        ]

    @property
    def whom(self) -> Person:
        """The person acted for, as they are known now."""
        return self.person.merged_into or self.person

    @property
    def who(self) -> Person:
        """Whoever acts, as they are known now."""
        return self.proxy.merged_into or self.proxy


class Release(models.Model):
    """Somebody read a line whole and decided whether the person whom it is about may see it.

    It holds for the version that was read, `version_id`, of the line `thing`: what is sent anew is decided anew.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    thing = models.UUIDField()
    version_id = models.UUIDField()
    data_class = models.TextField()
    # as the line had it: who may decide is told by both
    label = models.TextField(default=str(Label.VERY_RESTRICTED), db_default=str(Label.VERY_RESTRICTED))
    verdict = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    others_words = models.TextField()
    harm_words = models.TextField()
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {*SPAN}
        identifying = {*WHO}
        clinical = {"thing", "version_id", "data_class", "label", "verdict", "others_words", "harm_words"}

    class Meta:
        constraints = [
            *dated("release"),
            models.CheckConstraint(condition=Q(verdict__in=list(ReleaseVerdict)), name="release_verdict_is_known"),
            models.CheckConstraint(condition=Q(label__in=[str(one) for one in Label]), name="release_label_is_known"),
            models.UniqueConstraint(
                fields=["person", "version_id"], condition=Q(ended_at=None), name="release_decided_once_until_ended"
            ),
        ]


class Watch(models.Model):
    """Every view of this person is reviewed; nothing is withheld for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {*SPAN}
        identifying = {*WHO, "kind"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *dated("watch"),
            models.CheckConstraint(condition=Q(kind__in=list(WatchKind)), name="watch_kind_is_known"),
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(ends_on=None), name="watch_once_while_open"),
        ]
