"""Classes: when and where they meet, who has a place, who came, what was measured. Called course: class is Python's."""

from django.db import models
from django.db.models import F, Q

from locality.access.models import Guarded, Relationship
from locality.base.ids import new_id
from locality.directory.models import Service, Team
from locality.neighbourhoods.rules.courses import Came, Measure, PlaceState, When
from locality.people.models import Person


class Course(models.Model):
    """One class of a team, with its places; it meets as its sessions say. `service` is what the directory calls it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    what = models.TextField(default="", blank=True)
    where = models.TextField()
    places = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = {"id", "team", "service", "name", "what", "where", "places", "made_at", "version"}
        identifying = {"made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(places__gt=0), name="course_has_places")]


class CourseSession(models.Model):
    """One meeting of a class; a cancelled one keeps its day and says why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.UUIDField(null=True)
    cancelled_why = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "course", "starts_at", "ends_at", "cancelled_at", "cancelled_why"}
        identifying = {"cancelled_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "starts_at"], name="course_session_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="course_session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancelled_why="")
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_why="")),
                name="course_session_cancelled_says_when_who_and_why",
            ),
        ]


class CoursePlace(Guarded):
    """Somebody who was invited to a class, and how it stands with them. `queued_at` orders those who wait."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="people", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relationship = models.ForeignKey(
        Relationship, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.TextField(default=PlaceState.INVITED)
    invited_at = models.DateTimeField()
    invited_by = models.UUIDField()
    queued_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "course", "invited_at", "queued_at"),
            *("joined_at", "left_at", "version"),
        }
        identifying = {"person", "relationship", "invited_by"}
        clinical = {"state"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(PlaceState)), name="course_place_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=PlaceState.WAITING, queued_at__isnull=False)
                | (Q(queued_at=None) & ~Q(state=PlaceState.WAITING)),
                name="course_place_that_waits_says_since_when",
            ),
            models.UniqueConstraint(fields=["course", "person"], name="course_place_once"),
        ]


class CoursePlaceHistory(models.Model):
    """What became of somebody's place: never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(CoursePlace, on_delete=models.PROTECT, related_name="history")
    was = models.TextField(default="", blank=True)
    became = models.TextField()
    why = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "place", "at"}
        identifying = {"by"}
        clinical = {"was", "became", "why"}


class CourseAttendance(models.Model):
    """Whether somebody came to one meeting: what was said last holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(CoursePlace, on_delete=models.PROTECT, related_name="attended")
    session = models.ForeignKey(CourseSession, on_delete=models.PROTECT, related_name="attended", db_index=False)
    came = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "place", "session", "at"}
        identifying = {"by"}
        clinical = {"came"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(came__in=list(Came)), name="course_attendance_is_known"),
            models.UniqueConstraint(fields=["session", "place"], name="course_attendance_once"),
        ]


class CourseMeasure(models.Model):
    """One thing that was measured, before a class or after it: never updated, the newest holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(CoursePlace, on_delete=models.PROTECT, related_name="measured")
    measure = models.TextField()
    when = models.TextField()
    value = models.DecimalField(max_digits=5, decimal_places=1)
    measured_on = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "place", "measured_on", "at"}
        identifying = {"by"}
        clinical = {"measure", "when", "value"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=list(Measure)), name="course_measure_is_known"),
            models.CheckConstraint(condition=Q(when__in=list(When)), name="course_measure_when_is_known"),
        ]
