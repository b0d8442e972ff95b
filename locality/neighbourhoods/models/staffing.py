"""The posts of a team and who fills them, what they may do, when and where they work, when they are away."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Site, Team
from locality.directory.models.spans import Days, ends_after_it_starts
from locality.neighbourhoods.rules.staffing import Skill


class Post(models.Model):
    """A place in a team that somebody is paid to fill, for so many hours a week, whoever fills it now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.TextField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Privacy:
        open = {"id", "team", "employer", "title", "hours", "starts_on", "ends_on", "made_at"}
        identifying = {"made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=60), name="post_has_hours"),
            ends_after_it_starts("post"),
        ]


class PostFilled(models.Model):
    """Somebody fills a post, or some of its hours, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="filled")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Privacy:
        open = {"id", "post", "hours", "starts_on", "ends_on", "made_at"}
        identifying = {"practitioner", "made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="post_filled_has_hours"),
            ends_after_it_starts("post_filled"),
            ExclusionConstraint(
                name="post_filled_once_by_one_at_a_time",
                expressions=[("post", "="), ("practitioner", "="), (Days("starts_on", "ends_on"), "&&")],
            ),
        ]


class SkillHeld(models.Model):
    """What somebody was trained to do, until it has to be learned again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    skill = models.TextField()
    gained_on = models.DateField()
    expires_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Privacy:
        open = {"id", "skill", "gained_on", "expires_on", "made_at"}
        identifying = {"practitioner", "made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(skill__in=list(Skill)), name="skill_is_known"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("gained_on")),
                name="skill_expires_after_it_is_gained",
            ),
            # learning it again renews the row; when it was renewed is in the audit
            models.UniqueConstraint(fields=["practitioner", "skill"], name="skill_held_once"),
        ]


class WorkingDay(models.Model):
    """On this day of the week somebody works for this team, from an hour until an hour, at a site: a usual week.

    The site may be a team's hub, and so is shown to nobody but those who work here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    weekday = models.PositiveSmallIntegerField()
    from_time = models.TimeField()
    until_time = models.TimeField()
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Privacy:
        open = {"id", "team", "weekday", "from_time", "until_time", "site", "starts_on", "ends_on", "made_at"}
        identifying = {"practitioner", "made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_day_is_a_weekday"),
            models.CheckConstraint(condition=Q(until_time__gt=F("from_time")), name="working_day_ends_after_it_begins"),
            ends_after_it_starts("working_day"),
            ExclusionConstraint(
                name="working_day_once_a_team",
                expressions=[
                    ("team", "="),
                    ("practitioner", "="),
                    ("weekday", "="),
                    (Days("starts_on", "ends_on"), "&&"),
                ],
            ),
        ]


class Absence(models.Model):
    """Somebody is away from a day until a day, and who covers. Why is nobody's business here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    cover = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "starts_on", "ends_on", "made_at", "taken_back_at"}
        identifying = {"practitioner", "cover", "made_by", "taken_back_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="absence_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(cover=None) | ~Q(cover=F("practitioner")), name="absence_is_covered_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="absence_taking_back_says_when_and_who",
            ),
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=[("practitioner", "="), (Days("starts_on", "ends_on"), "&&")],
                condition=Q(taken_back_at=None),
            ),
        ]
