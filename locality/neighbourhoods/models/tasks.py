"""What somebody has to do, by when, for whom; how it came to be; who was asked to help."""

from django.db import models
from django.db.models import F, Q

from locality.access.models import Guarded, Relationship
from locality.base.ids import new_id
from locality.directory.models import Practitioner, Team
from locality.neighbourhoods.models.history import History
from locality.neighbourhoods.rules.tasks import OPEN, About, AskKind, Helped, NotDone, Priority, TaskState
from locality.people.models import Person


class Task(Guarded):
    """Something to do, by a team or one of it, within days, about a person or about nobody.

    `queued_at` is when it began to wait for whom it waits for now: no edit resets it, only handing it to another team
    or opening it again. `about` and `about_id` are what it came from. `version` counts the changes. `relationship` is
    the reason to know the person that was written when `from_team` handed it to this one; none where this one had one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(default=TaskState.REQUESTED)
    title = models.TextField()
    words = models.TextField(default="", blank=True)
    priority = models.PositiveSmallIntegerField(default=Priority.ROUTINE)
    from_on = models.DateField(null=True)
    due_on = models.DateField()
    due_time = models.TimeField(null=True)
    relationship = models.ForeignKey(
        Relationship, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    needs_skill = models.TextField(default="", blank=True)
    about = models.TextField(default=About.BY_HAND)
    about_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    queued_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    not_done_because = models.TextField(default="", blank=True)
    outcome = models.TextField(default="", blank=True)
    helped = models.TextField(default="", blank=True)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "state", "priority", "from_on", "due_on"),
            *(
                "due_time",
                "from_team",
                "needs_skill",
                "about",
                "about_id",
                "version",
                "queued_at",
                "made_at",
                "ended_at",
            ),
            "helped",
        }
        identifying = {"person", "owner", "relationship", "made_by", "ended_by"}
        clinical = {"title", "words", "not_done_because", "outcome"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(TaskState)), name="task_state_is_known"),
            models.CheckConstraint(condition=Q(priority__in=list(Priority)), name="task_priority_is_known"),
            models.CheckConstraint(condition=Q(about__in=list(About)), name="task_about_is_known"),
            models.CheckConstraint(condition=Q(helped="") | Q(helped__in=list(Helped)), name="task_helped_is_known"),
            models.CheckConstraint(
                condition=(Q(state=TaskState.NOT_DONE) & Q(not_done_because__in=list(NotDone)))
                | (~Q(state=TaskState.NOT_DONE) & Q(not_done_because="")),
                name="task_not_done_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None, ended_by=None)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="task_end_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(from_on__lte=F("due_on")), name="task_is_due_after_it_may_begin"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "due_on"], condition=Q(state__in=OPEN), name="task_open_by_team"),
            models.Index(fields=["owner", "due_on"], condition=Q(state__in=OPEN), name="task_open_by_owner"),
            models.Index(fields=["owner", "ended_at"], name="task_ended_by_owner"),
            models.Index(fields=["about_id"], name="task_by_what_it_came_from"),
        ]


class TaskHistory(History):
    """How a task came to be what it is: never updated, never deleted. `was_owner` is whose it was before."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="history")
    was_owner = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "task", "what", "at"}
        identifying = {"was_owner", "by"}
        clinical = {"was", "became", "why"}


class TaskAsk(models.Model):
    """Somebody is asked to help with a task, or reminded of it: neither moves it to them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="asks")
    kind = models.TextField()
    of = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "task", "kind", "at", "answered_at"}
        identifying = {"of", "by", "answered_by"}
        clinical = {"words", "answer"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(AskKind)), name="task_ask_kind_is_known"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="task_ask_answer_says_when_and_who",
            ),
        ]
        indexes = [models.Index(fields=["of"], condition=Q(answered_at=None), name="task_ask_unanswered")]
