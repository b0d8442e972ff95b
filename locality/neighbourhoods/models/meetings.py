"""When a team meets, who came, whom it talked about, what was said and decided."""

from django.db import models
from django.db.models import F, Q

from locality.access.models import Guarded, Relationship
from locality.base.ids import new_id
from locality.directory.models import Practitioner, Team
from locality.neighbourhoods.models.candidates import Candidate
from locality.neighbourhoods.models.caseload import Caseload
from locality.neighbourhoods.rules.caseload import OffReason
from locality.neighbourhoods.rules.meetings import Came, Decision, EntryKind, ItemState, MeetingState, Why
from locality.people.models import Person


class MeetingSeries(models.Model):
    """A team meets every so many weeks, from a day until a day. `where_words` is for those who work there alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    at = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    where_words = models.TextField(default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Privacy:
        open = {
            *("id", "team", "weekday", "at", "minutes", "every_weeks", "where_words", "starts_on", "ends_on"),
            "made_at",
        }
        identifying = {"made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="meeting_series_weekday_is_one"),
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=480), name="meeting_series_has_a_length"),
            models.CheckConstraint(condition=Q(every_weeks__gte=1, every_weeks__lte=52), name="meeting_series_recurs"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="meeting_series_ends_after_it_starts"
            ),
        ]


class Meeting(models.Model):
    """One meeting of a team. `on_screen` is whom it talks about now, since `turned_at`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    series = models.ForeignKey(MeetingSeries, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    where_words = models.TextField(default="", blank=True)
    state = models.TextField(default=MeetingState.PLANNED)
    chair = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    on_screen = models.ForeignKey("MeetingItem", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    turned_at = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)  # somebody changed the order of its agenda
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    skipped_at = models.DateTimeField(null=True)
    skipped_by = models.UUIDField(null=True)
    skipped_why = models.TextField(default="", blank=True)

    class Privacy:
        open = {
            *("id", "series", "team", "on", "starts_at", "minutes", "where_words", "state", "on_screen", "turned_at"),
            *("by_hand", "made_at", "opened_at", "closed_at", "skipped_at", "skipped_why"),
        }
        identifying = {"chair", "made_by", "opened_by", "closed_by", "skipped_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(MeetingState)), name="meeting_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[MeetingState.PLANNED, MeetingState.SKIPPED], opened_at=None, opened_by=None)
                | Q(state__in=[MeetingState.LIVE, MeetingState.CLOSED], opened_at__isnull=False, chair__isnull=False)
                & Q(opened_by__isnull=False),
                name="meeting_opened_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | Q(closed_at=None, closed_by=None) & ~Q(state=MeetingState.CLOSED),
                name="meeting_closed_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.SKIPPED, skipped_at__isnull=False, skipped_by__isnull=False)
                & ~Q(skipped_why="")
                | Q(skipped_at=None, skipped_by=None, skipped_why="") & ~Q(state=MeetingState.SKIPPED),
                name="meeting_skipped_says_when_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(on_screen=None) | Q(turned_at__isnull=False), name="meeting_on_screen_says_since_when"
            ),
            models.UniqueConstraint(fields=["series", "on"], name="meeting_once_a_day_of_its_series"),
        ]
        indexes = [models.Index(fields=["team", "-starts_at"], name="meeting_by_team")]


class Attendance(models.Model):
    """One of the team, or a guest who is named with their organisation: whether they came."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    practitioner = models.ForeignKey(
        Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    guest = models.TextField(default="", blank=True)
    guest_of = models.TextField(default="", blank=True)
    state = models.TextField(default=Came.INVITED)
    said_at = models.DateTimeField()
    said_by = models.UUIDField()

    class Privacy:
        open = {"id", "meeting", "state", "guest_of", "said_at"}
        identifying = {"practitioner", "guest", "said_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(Came)), name="attendance_state_is_known"),
            models.CheckConstraint(
                condition=Q(practitioner__isnull=False, guest="", guest_of="")
                | Q(practitioner=None) & ~Q(guest="") & ~Q(guest_of=""),
                name="attendance_is_of_one_of_the_team_or_of_a_named_guest",
            ),
            models.UniqueConstraint(fields=["meeting", "practitioner"], name="attendance_once_a_meeting"),
        ]


class MeetingItem(Guarded):
    """One person on the agenda of one meeting: why, what was decided, when they are looked at again.

    `why_words` are those of whoever brought them; why somebody was put forward is read from the candidate, whose class
    may be another. `relationship` is the reason to know them that the open meeting gives. `version` counts the changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    why_words = models.TextField(default="", blank=True)
    since = models.DateField()
    place = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    state = models.TextField(default=ItemState.WAITING)
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    caseload = models.ForeignKey(Caseload, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    relationship = models.ForeignKey(
        Relationship, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decision = models.TextField(default="", blank=True)
    decision_words = models.TextField(default="", blank=True)
    off_reason = models.TextField(default="", blank=True)
    review_on = models.DateField(null=True)
    coordinator = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    left_out_why = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()
    carried_from = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="carried_to")
    times_carried = models.PositiveSmallIntegerField(default=0)
    spent_seconds = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "meeting", "team", "since", "place", "minutes", "state"),
            *("candidate", "caseload", "review_on", "decided_at", "changed_at", "carried_from", "times_carried"),
            *("spent_seconds", "version", "made_at"),
        }
        identifying = {"person", "relationship", "coordinator", "decided_by", "changed_by", "made_by"}
        clinical = {"why", "why_words", "decision", "decision_words", "off_reason", "left_out_why"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(why__in=list(Why)), name="meeting_item_why_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(ItemState)), name="meeting_item_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ItemState.DISCUSSED, decision__in=list(Decision), decided_at__isnull=False)
                & Q(decided_by__isnull=False)
                | Q(decision="", decision_words="", off_reason="", review_on=None, coordinator=None)
                & Q(decided_at=None, decided_by=None)
                & ~Q(state=ItemState.DISCUSSED),
                name="meeting_item_discussed_says_what_was_decided_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(off_reason="") & ~Q(decision=Decision.COME_OFF)
                | Q(decision=Decision.COME_OFF, off_reason__in=list(OffReason)),
                name="meeting_item_coming_off_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=ItemState.LEFT_OUT) & ~Q(left_out_why="")
                | Q(left_out_why="") & ~Q(state=ItemState.LEFT_OUT),
                name="meeting_item_left_out_says_why",
            ),
            models.UniqueConstraint(fields=["meeting", "person"], name="meeting_item_once_a_person"),
        ]
        indexes = [models.Index(fields=["team", "state"], name="meeting_item_by_team")]


class MeetingEntry(models.Model):
    """What was said of somebody, who disagreed and why, what was added after: never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="entries")
    kind = models.TextField()
    whose = models.TextField(default="", blank=True)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "item", "kind", "at"}
        identifying = {"whose", "by"}
        clinical = {"words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(EntryKind)), name="meeting_entry_kind_is_known"),
            models.CheckConstraint(condition=~Q(words=""), name="meeting_entry_says_something"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.DISSENT) | ~Q(whose=""), name="meeting_entry_dissent_is_somebodys"
            ),
        ]
