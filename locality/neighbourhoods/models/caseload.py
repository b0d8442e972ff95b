"""Whom a team looks after, who coordinates it, and how that came to be."""

from django.db import models
from django.db.models import F, Q

from locality.access.models import Guarded, Relationship
from locality.base.ids import new_id
from locality.directory.models import Practitioner, Team
from locality.neighbourhoods.models.candidates import Candidate
from locality.neighbourhoods.models.history import History
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.caseload import CameFrom, Happened, OffReason, Stage
from locality.neighbourhoods.rules.tasks import Priority
from locality.people.models import Person


class Caseload(Guarded):
    """One person on one team's caseload: why, on what basis, how far, until when.

    `relationship` is the reason to know them that being on it gives; `priority_why` says in words what the priority
    was set for, `at_risk` why what keeps them going may break down. Who coordinates is the open row of Allocation.
    `version` counts the changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage = models.TextField(default=Stage.NEW)
    came_from = models.TextField()
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    relationship = models.ForeignKey(
        Relationship, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = models.TextField()
    agreed = models.TextField()
    lawful_basis = models.TextField()
    priority = models.PositiveSmallIntegerField(default=Priority.ROUTINE)
    priority_why = models.TextField(default="", blank=True)
    review_on = models.DateField()
    reviewed_at = models.DateTimeField(null=True)
    # when somebody of the team last saw or spoke to them
    contact_at = models.DateTimeField(null=True)
    at_risk = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    taken_on_at = models.DateTimeField()
    taken_on_by = models.UUIDField()
    off_at = models.DateTimeField(null=True)
    off_by = models.UUIDField(null=True)
    off_reason = models.TextField(default="", blank=True)
    off_words = models.TextField(default="", blank=True)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "stage", "came_from", "candidate"),
            *("lawful_basis", "priority", "review_on", "reviewed_at", "contact_at", "version"),
            *("taken_on_at", "off_at"),
        }
        identifying = {"person", "relationship", "taken_on_by", "off_by"}
        clinical = {"why", "agreed", "priority_why", "at_risk", "off_reason", "off_words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=list(Stage)), name="caseload_stage_is_known"),
            models.CheckConstraint(condition=Q(came_from__in=list(CameFrom)), name="caseload_came_from_is_known"),
            models.CheckConstraint(condition=Q(agreed__in=list(Agreed)), name="caseload_agreed_is_known"),
            models.CheckConstraint(condition=Q(priority__in=list(Priority)), name="caseload_priority_is_known"),
            models.CheckConstraint(
                condition=Q(off_reason="") | Q(off_reason__in=list(OffReason)), name="caseload_off_reason_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(stage=Stage.OFF, off_at__isnull=False, off_by__isnull=False) & ~Q(off_reason=""))
                | (Q(off_at=None, off_by=None, off_reason="") & ~Q(stage=Stage.OFF)),
                name="caseload_off_says_when_who_and_why",
            ),
            models.UniqueConstraint(
                fields=["person", "team"], condition=Q(off_at=None), name="caseload_once_while_on_it"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "review_on"], condition=Q(off_at=None), name="caseload_by_team"),
        ]


class Allocation(models.Model):
    """Who coordinates somebody's care, from a moment until a moment: history, of which the open row holds now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    caseload = models.ForeignKey(Caseload, on_delete=models.PROTECT, related_name="allocations")
    coordinator = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    why = models.TextField(default="", blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    made_by = models.UUIDField()
    ended_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "caseload", "starts_at", "ends_at"}
        identifying = {"coordinator", "made_by", "ended_by"}
        clinical = {"why"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None, ended_by=None) | Q(ends_at__gte=F("starts_at"), ended_by__isnull=False),
                name="allocation_end_says_who_and_follows_its_start",
            ),
            models.UniqueConstraint(
                fields=["caseload"], condition=Q(ends_at=None), name="allocation_one_coordinator_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["coordinator"], condition=Q(ends_at=None), name="allocation_by_coordinator"),
        ]


class CaseloadHistory(History):
    """What was changed of somebody on a caseload: never updated, never deleted."""

    caseload = models.ForeignKey(Caseload, on_delete=models.PROTECT, related_name="history")

    class Privacy:
        open = {"id", "caseload", "what", "at"}
        identifying = {"by"}
        clinical = {"was", "became", "why"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(what__in=list(Happened)), name="caseload_history_is_known"),
        ]
