"""The one plan of a person: its parts, and every version that any of them had."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.access.rules import DataClass
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Team
from locality.neighbourhoods.models.tasks import Task
from locality.neighbourhoods.rules.plans import ONE_EACH, STATES, PartKind, Stance, Who, Whose
from locality.people.models import Person


class Plan(models.Model):
    """The plan of one person: there is one, whoever began it. Its parts come and go, and their history stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    data_class = models.TextField(default=DataClass.PLAN)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    made_by_kind = models.TextField()

    class Privacy:
        open = {"id", "data_class", "made_at", "made_by_kind"}
        identifying = {"person", "made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], name="plan_one_of_a_person"),
        ]


class PlanPart(Guarded):
    """One part of a plan as it is now; `version` counts its changes, and the history holds each of them.

    What each column stands for follows from the kind (rules.plans.Content). An action of a team or a practitioner is a
    task: its state is the task's. `sender` is the organisation of whoever wrote it last; none where they write for
    themselves, or somebody acts for them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="parts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(  # type: ignore[assignment]  # nobody's, where the person writes
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.TextField()
    heading = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    then_words = models.TextField(default="", blank=True)
    call_words = models.TextField(default="", blank=True)
    whose = models.TextField(default="", blank=True)
    who = models.TextField(default="", blank=True)
    who_words = models.TextField(default="", blank=True)
    by_on = models.DateField(null=True)
    state = models.TextField(default="", blank=True)
    stance = models.TextField(default="", blank=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    practitioner = models.ForeignKey(
        Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    goal = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_thing = models.UUIDField(null=True)
    from_words = models.TextField(default="", blank=True)
    from_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()
    changed_by_kind = models.TextField()
    removed_at = models.DateTimeField(null=True)

    class Privacy:
        open = {
            *("id", "plan", "data_class", "label", "seal", "sender", "kind", "team", "task", "goal"),
            *("version", "made_at", "changed_at", "changed_by_kind", "removed_at", "from_thing", "from_at"),
        }
        identifying = {"person", "who_words", "call_words", "practitioner", "changed_by", "from_words"}
        clinical = {"heading", "words", "then_words", "whose", "who", "by_on", "state", "stance"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PartKind)), name="plan_part_kind_is_known"),
            models.CheckConstraint(condition=Q(data_class=DataClass.PLAN), name="plan_part_is_of_the_plan"),
            models.CheckConstraint(condition=Q(whose__in=["", *Whose]), name="plan_part_whose_is_known"),
            models.CheckConstraint(condition=Q(who__in=["", *Who]), name="plan_part_who_is_known"),
            models.CheckConstraint(condition=Q(stance__in=["", *Stance]), name="plan_part_stance_is_known"),
            models.CheckConstraint(
                condition=Q(kind=PartKind.GOAL, state__in=STATES[PartKind.GOAL])
                | Q(kind=PartKind.ACTION, state__in=STATES[PartKind.ACTION])
                | (~Q(kind__in=list(STATES)) & Q(state="")),
                name="plan_part_state_is_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(task=None) | Q(kind=PartKind.ACTION, team__isnull=False),
                name="plan_part_task_is_a_teams_action",
            ),
            models.CheckConstraint(
                condition=Q(goal=None) | Q(kind=PartKind.ACTION), name="plan_part_only_an_action_is_towards_a_goal"
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "heading"],
                condition=Q(kind__in=list(ONE_EACH), removed_at=None),
                name="plan_part_once_under_its_heading",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "kind"], condition=Q(removed_at=None), name="plan_part_of_person"),
            models.Index(
                fields=["by_on"], condition=Q(kind=PartKind.REVIEW, removed_at=None), name="plan_part_by_review_day"
            ),
        ]


class PlanPartHistory(models.Model):
    """A version that a part of a plan had: never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    part = models.ForeignKey(PlanPart, on_delete=models.PROTECT, related_name="history")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    data_class = models.TextField(default=DataClass.PLAN)
    version = models.PositiveIntegerField()
    what = models.TextField()
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.UUIDField()
    by_kind = models.TextField()

    class Privacy:
        open = {"id", "part", "data_class", "version", "what", "at", "by_kind"}
        identifying = {"person", "by"}
        clinical = {"content"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "version"], name="plan_part_version_once"),
        ]
