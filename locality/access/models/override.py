"""Broken glass: somebody without a reason to know a person gave one, and looked."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from locality.access.rules import MOST_HOURS, RoleCode, Verdict, WhyBroken
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Team
from locality.people.models import Person


class Override(models.Model):
    """One practitioner, in one role, may read more of one person than they else might, for hours at most.

    `quality` says what is odd about the reason, `ended_at` that they ended it early; the verdict is the review's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason_code = models.TextField()
    words = models.TextField()
    quality = ArrayField(models.TextField(), default=list)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    verdict = models.TextField(default="", blank=True)
    verdict_words = models.TextField(default="", blank=True)

    class Privacy:
        open = {
            *("id", "role", "organisation", "team", "reason_code", "quality", "made_at", "ends_at", "ended_at"),
            *("reviewed_at", "verdict"),
        }
        identifying = {"person", "practitioner", "reviewed_by", "verdict_words"}
        clinical = {"words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(RoleCode)), name="override_role_is_known"),
            models.CheckConstraint(condition=Q(reason_code__in=list(WhyBroken)), name="override_reason_is_known"),
            models.CheckConstraint(condition=~Q(words=""), name="override_says_why"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("made_at")) & Q(ends_at__lte=F("made_at") + timedelta(hours=MOST_HOURS)),
                name="override_lasts_some_hours_at_most",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at")), name="override_ends_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, verdict__in=list(Verdict)),
                name="override_review_says_when_who_and_what",
            ),
        ]
        indexes = [
            models.Index(fields=["practitioner", "-made_at"], name="override_by_practitioner"),
            models.Index(fields=["made_at"], condition=Q(reviewed_at=None), name="override_to_be_reviewed"),
        ]
