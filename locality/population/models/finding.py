"""Whom the place looks for and has found: criteria as they stood, runs, people on lists, why, and the answers."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.base.ids import new_id
from locality.directory.models import Organisation, Place, Source, Team
from locality.neighbourhoods.models import Candidate
from locality.people.models import Person
from locality.population.rules.finding import WAITS, Answer, DeclineReason, FoundState


class CriterionVersion(models.Model):
    """One version of one criterion of a pack, word for word; `retired_at` once the pack has it no longer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    version = models.PositiveIntegerField()
    name = models.TextField()
    written = models.JSONField()
    digest = models.TextField()
    loaded_at = models.DateTimeField()
    loaded_by = models.UUIDField()
    retired_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "place", "code", "version", "name", "written", "digest", "loaded_at", "retired_at"}
        identifying = {"loaded_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "code", "version"], name="criterion_version_once"),
            models.UniqueConstraint(
                fields=["place", "code"], condition=Q(retired_at=None), name="criterion_has_one_version_at_a_time"
            ),
        ]


class CaseFindingRun(models.Model):
    """One asking of the copy by one criterion: how many it found, how many went onto lists, and why the others not.

    Figures alone, about nobody. `lists` says of each team its room and what was listed, `worth` what lists of each
    length would have been worth a while ago.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    criterion = models.ForeignKey(CriterionVersion, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    copy_made_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    by_id = models.UUIDField()
    found = models.PositiveIntegerField()
    listed = models.PositiveIntegerField()
    left_out = models.JSONField(default=dict)
    lists = models.JSONField(default=list)
    worth = models.JSONField(default=dict)

    class Privacy:
        open = {
            *("id", "criterion", "on", "copy_made_at", "started_at", "found", "listed", "left_out", "lists", "worth"),
        }
        identifying = {"by_id"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(listed__lte=models.F("found")), name="run_lists_whom_it_found"),
        ]
        indexes = [models.Index(fields=["criterion", "-started_at"], name="run_by_criterion")]


class Found(Guarded):
    """Somebody on a list: by a run (criterion, rank, risk) or named by hand (`words`, by whom).

    Coarse facts (ward, tenth of deprivation, ethnicity) are those of the copy on the day they were found, kept so that
    the funnel can be counted by them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.TextField(default="", blank=True)
    criterion = models.ForeignKey(
        CriterionVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    run = models.ForeignKey(CaseFindingRun, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=FoundState.WAITING)
    later_on = models.DateField(null=True)
    rank = models.PositiveIntegerField(null=True)
    risk = models.FloatField(null=True)
    practice = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    ward = models.TextField(default="", blank=True)
    deprivation = models.PositiveSmallIntegerField(null=True)
    ethnicity = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    nominated_by = models.UUIDField(null=True)
    found_at = models.DateTimeField()
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+")

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "code", "criterion", "run", "state", "later_on", "rank"),
            *("practice", "team", "found_at"),
        }
        identifying = {"person", "ward", "deprivation", "ethnicity", "nominated_by", "candidate"}
        clinical = {"risk", "words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(FoundState)), name="found_state_is_known"),
            models.UniqueConstraint(
                fields=["person", "code", "team"], condition=Q(state__in=list(WAITS)), name="found_once_while_waiting"
            ),
            models.CheckConstraint(
                condition=Q(criterion__isnull=False, run__isnull=False, nominated_by=None) & ~Q(code="")
                | Q(criterion=None, run=None, nominated_by__isnull=False, code="") & ~Q(words=""),
                name="found_by_a_run_or_named_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=FoundState.LATER, later_on__isnull=False)
                | Q(later_on=None) & ~Q(state=FoundState.LATER),
                name="found_later_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=FoundState.ACCEPTED, candidate__isnull=False)
                | Q(candidate=None) & ~Q(state=FoundState.ACCEPTED),
                name="found_accepted_is_a_candidate",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "state"], name="found_by_practice"),
            models.Index(fields=["team", "state"], name="found_by_team"),
            models.Index(fields=["code", "state"], name="found_by_code"),
        ]


class FoundReason(Guarded):
    """One reason why somebody is on a list, or one thing that is in place for them (`part`).

    `thing` is the line of the record that says it: shown only to whoever may see that line. What is worked out of
    several lines, or is missing, has none, and is shown by its class.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    found = models.ForeignKey(Found, on_delete=models.CASCADE, related_name="reasons")
    part = models.TextField()
    kind = models.TextField()
    system = models.TextField(default="", blank=True)
    code = models.TextField(default="", blank=True)
    said = models.TextField(default="", blank=True)
    on_day = models.DateField(null=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    thing = models.UUIDField(null=True)
    points = models.IntegerField(default=0)

    class Privacy:
        open = {"id", "data_class", "label", "seal", "sender", "part", "kind", "source", "thing"}
        identifying = {"found"}
        clinical = {"system", "code", "said", "on_day", "points"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(part__in=["risk", "in place"]), name="found_reason_part_is_known"),
        ]


class Review(models.Model):
    """What somebody answered of one person on a list; taken back, it stays, marked so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    found = models.ForeignKey(Found, on_delete=models.PROTECT, related_name="reviews")
    answer = models.TextField()
    reason = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    later_on = models.DateField(null=True)
    said_at = models.DateTimeField()
    said_by = models.UUIDField()
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "answer", "reason", "later_on", "said_at", "organisation", "withdrawn_at"}
        identifying = {"found", "said_by", "withdrawn_by"}
        clinical = {"words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=list(Answer)), name="review_answer_is_known"),
            models.CheckConstraint(
                condition=Q(answer=Answer.DECLINED, reason__in=list(DeclineReason))
                | Q(reason="") & ~Q(answer=Answer.DECLINED),
                name="review_declines_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="review_withdrawing_says_when_and_who",
            ),
        ]
        indexes = [models.Index(fields=["found", "-said_at"], name="review_by_found")]
