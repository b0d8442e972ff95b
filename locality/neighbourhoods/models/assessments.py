"""Assessments: a form about one person, its answers one by one, what was decided, and what was added later."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.access.rules import DataClass
from locality.base.ids import new_id
from locality.directory.models import Team
from locality.neighbourhoods.rules.assessments import AssessmentState, FormKind, How
from locality.neighbourhoods.rules.eligibility import Verdict
from locality.people.models import Person


class Assessment(Guarded):
    """One form about one person: a draft until a social worker decides, then kept as it is.

    `verdict` is what the rule (`rule`) said of the answers when it was finished, `decided` what the social worker
    decided; where the two differ, `decided_why` says why. `shown` and `asked_again` count its questions.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    form = models.TextField()
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(default=AssessmentState.DRAFT)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField()
    finished_at = models.DateTimeField(null=True)
    finished_by = models.UUIDField(null=True)
    rule = models.TextField(default="", blank=True)
    verdict = models.TextField(default="", blank=True)
    decided = models.TextField(default="", blank=True)
    decided_why = models.TextField(default="", blank=True)
    shown = models.PositiveSmallIntegerField(default=0)
    asked_again = models.PositiveSmallIntegerField(default=0)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "form", "team", "state", "begun_at", "finished_at"),
            *("rule", "shown", "asked_again"),
        }
        identifying = {"person", "begun_by", "finished_by"}
        clinical = {"verdict", "decided", "decided_why"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=list(FormKind)), name="assessment_form_is_known"),
            models.CheckConstraint(condition=Q(data_class=DataClass.SOC), name="assessment_is_social_care"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *Verdict], decided__in=["", Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE]),
                name="assessment_decision_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.DRAFT, finished_at=None, finished_by=None, decided="", verdict="")
                | (
                    Q(state=AssessmentState.FINISHED, finished_at__isnull=False, finished_by__isnull=False)
                    & ~Q(decided="")
                    & ~Q(verdict="")
                ),
                name="assessment_is_finished_with_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided=models.F("verdict")) | ~Q(decided_why="") | Q(decided=""),
                name="assessment_that_differs_says_why",
            ),
            models.CheckConstraint(
                condition=Q(asked_again__lte=models.F("shown")), name="assessment_asks_again_what_it_shows"
            ),
            models.UniqueConstraint(
                fields=["person", "form"],
                condition=Q(state=AssessmentState.DRAFT),
                name="assessment_one_draft",
            ),
        ]
        indexes = [models.Index(fields=["team", "-begun_at"], name="assessment_by_team")]


class Answer(models.Model):
    """One answer to one question of a form: never updated, never deleted; the one of the highest version stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    data_class = models.TextField(default=DataClass.SOC)
    question = models.TextField()
    version = models.PositiveIntegerField()
    words = models.TextField(default="", blank=True)
    chosen = ArrayField(models.TextField(), default=list, blank=True)
    how = models.TextField()
    from_words = models.TextField(default="", blank=True)
    from_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "assessment", "data_class", "question", "version", "how", "from_at", "at"}
        identifying = {"person", "by", "from_words"}
        clinical = {"words", "chosen"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how__in=list(How)), name="answer_how_is_known"),
            models.UniqueConstraint(fields=["assessment", "question", "version"], name="answer_version_once"),
        ]


class AssessmentAddition(models.Model):
    """A correction of a finished assessment, dated and beside it: never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="additions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    data_class = models.TextField(default=DataClass.SOC)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "assessment", "data_class", "at"}
        identifying = {"person", "by"}
        clinical = {"words"}
