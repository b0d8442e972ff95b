"""Services that move from one organisation to another: the plan, who agreed, the counts, and each row that changed."""

from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Service, Team
from locality.neighbourhoods.rules.transfers import Names, Side, Step, TransferState


class Transfer(models.Model):
    """Teams and services of one organisation that move to another on a day. `run` counts how often it was moved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    why = models.TextField()
    state = models.TextField(default=TransferState.PLANNED)
    run = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    moved_at = models.DateTimeField(null=True)
    moved_by = models.UUIDField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_words = models.TextField(default="", blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Privacy:
        open = {
            *("id", "from_organisation", "to_organisation", "on", "why", "state", "run", "made_at", "moved_at"),
            *("stopped_at", "stopped_words", "undone_at", "ended_at"),
        }
        identifying = {"made_by", "moved_by", "undone_by", "ended_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(TransferState)), name="transfer_state_is_known"),
            models.CheckConstraint(
                condition=~Q(from_organisation=F("to_organisation")), name="transfer_is_to_another_organisation"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TransferState.MOVED, TransferState.SIGNED], moved_at__isnull=False)
                & Q(moved_by__isnull=False)
                | Q(moved_at=None, moved_by=None) & ~Q(state__in=[TransferState.MOVED, TransferState.SIGNED]),
                name="transfer_moved_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TransferState.SIGNED, TransferState.WITHDRAWN], ended_at__isnull=False)
                & Q(ended_by__isnull=False)
                | Q(ended_at=None, ended_by=None) & ~Q(state__in=[TransferState.SIGNED, TransferState.WITHDRAWN]),
                name="transfer_end_says_when_and_who",
            ),
        ]


class TransferPart(models.Model):
    """One team or service that moves, or one of the staff who does not move with them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="parts")
    kind = models.TextField()
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+")

    class Privacy:
        open = {"id", "transfer", "kind", "team", "service"}
        identifying = {"practitioner"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Names.TEAM, team__isnull=False, service=None, practitioner=None)
                | Q(kind=Names.SERVICE, team=None, service__isnull=False, practitioner=None)
                | Q(kind=Names.STAYS, team=None, service=None, practitioner__isnull=False),
                name="transfer_part_is_what_it_says",
            ),
            models.UniqueConstraint(
                fields=["transfer", "team", "service", "practitioner"],
                nulls_distinct=False,
                name="transfer_part_once",
            ),
        ]


class TransferAgreement(models.Model):
    """One side agreed to the plan, or signed what was moved, with the counts as they stood then.

    It ends where the plan is changed or the move undone: what was agreed to is not so any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="agreements")
    step = models.TextField()
    side = models.TextField()
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.TextField()
    words = models.TextField(default="", blank=True)
    counts = models.JSONField(default=dict)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "transfer", "step", "side", "role", "words", "counts", "at", "ended_at"}
        identifying = {"practitioner", "ended_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=list(Step)), name="transfer_agreement_step_is_known"),
            models.CheckConstraint(condition=Q(side__in=list(Side)), name="transfer_agreement_side_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="transfer_agreement_end_says_when_and_who",
            ),
            models.UniqueConstraint(
                fields=["transfer", "step", "side"],
                condition=Q(ended_at=None),
                name="transfer_agreement_once_a_side",
            ),
            # nobody agrees for both
            models.UniqueConstraint(
                fields=["transfer", "step", "practitioner"],
                condition=Q(ended_at=None),
                name="transfer_agreement_once_by_one",
            ),
        ]


class TransferCount(models.Model):
    """How many of one kind there were on both sides, before and after one run. Never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="counts")
    run = models.PositiveSmallIntegerField()
    code = models.TextField()
    before_from = models.PositiveIntegerField()
    before_to = models.PositiveIntegerField()
    after_from = models.PositiveIntegerField()
    after_to = models.PositiveIntegerField()
    there = models.PositiveIntegerField(default=0)

    class Privacy:
        open = {
            *("id", "transfer", "run", "code", "before_from", "before_to", "after_from", "after_to", "there"),
        }
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "run", "code"], name="transfer_count_once_a_run"),
        ]


class TransferLine(models.Model):
    """One row that a run changed, ended or began: in which table, what was there and what stands there since.

    Undoing puts `was` back where `became` still stands. What had been changed again since is `left` as it is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    run = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    table = models.TextField()
    row = models.UUIDField()
    how = models.TextField()
    was = models.JSONField(default=dict)
    became = models.JSONField(default=dict)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    left = models.BooleanField(default=False)

    class Privacy:
        open = {"id", "transfer", "run", "number", "table", "row", "how", "at", "undone_at", "left"}
        identifying = {"was", "became"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "run", "number"], name="transfer_line_once"),
        ]


class TransferWriting(models.Model):
    """One time that the people of a moved service were written to, batch by batch: by whom, in which words, how far.

    `upto` is the last person asked about. `kept_from` says how many are not written to, by why (rules.outbox.Stop).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="writings")
    subject = models.TextField()
    body = models.TextField()
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField()
    upto = models.UUIDField(null=True)
    total = models.PositiveIntegerField()
    asked = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    kept_from = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Privacy:
        open = {
            *("id", "transfer", "subject", "body", "begun_at", "total", "asked", "written", "kept_from", "ended_at"),
        }
        identifying = {"begun_by", "upto"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(ended_at=None), name="transfer_writing_one_at_a_time"
            ),
        ]
