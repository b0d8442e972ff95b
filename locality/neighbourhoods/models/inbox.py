"""What a team or one of it ought to know, each with whoever saw to it."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Team
from locality.neighbourhoods.models.history import History
from locality.neighbourhoods.rules.inbox import OF_NOBODY, AlertKind, AlertState
from locality.people.models import Person


class Alert(Guarded):
    """One thing to know about a person, for a team or one practitioner of it; or for an organisation that has none, as
    a practice, and whoever of it may know the person. `once` names what it tells of: a piece of news that is read twice
    is told once. About nobody only where somebody is asked of a task, or of a service, that is about nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    state = models.TextField(default=AlertState.NEW)
    words = models.TextField()
    about_id = models.UUIDField(null=True)
    once = models.TextField()
    happened_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    done_words = models.TextField(default="", blank=True)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "organisation"),
            *("state", "about_id"),
            *("happened_at", "made_at", "taken_at", "done_at"),
        }
        identifying = {"person", "owner", "made_by", "done_by", "once"}
        clinical = {"kind", "words", "done_words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(AlertKind)), name="alert_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(AlertState)), name="alert_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=AlertState.DONE, done_at__isnull=False, done_by__isnull=False)
                | (Q(done_at=None, done_by=None) & ~Q(state=AlertState.DONE)),
                name="alert_done_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=~Q(state=AlertState.TAKEN) | Q(owner__isnull=False, taken_at__isnull=False),
                name="alert_taken_has_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(kind__in=list(OF_NOBODY)), name="alert_is_about_somebody"
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=False, organisation=None) | Q(team=None, organisation__isnull=False),
                name="alert_is_told_to_a_team_or_an_organisation",
            ),
            models.UniqueConstraint(fields=["team", "once"], name="alert_told_once"),
            models.UniqueConstraint(fields=["organisation", "once"], name="alert_told_an_organisation_once"),
        ]
        indexes = [
            models.Index(
                fields=["team", "-happened_at"], condition=~Q(state=AlertState.DONE), name="alert_open_by_team"
            ),
            models.Index(
                fields=["organisation", "-happened_at"],
                condition=Q(organisation__isnull=False) & ~Q(state=AlertState.DONE),
                name="alert_open_by_organisation",
            ),
            models.Index(fields=["owner", "-happened_at"], name="alert_by_owner"),
            models.Index(fields=["about_id"], condition=Q(about_id__isnull=False), name="alert_by_what_it_tells_of"),
        ]


class AlertHistory(History):
    """What became of an alert: never updated, never deleted. `was_owner` is whose it was before."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="history")
    was_owner = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "alert", "what", "was", "became", "at"}
        identifying = {"was_owner", "by"}
        clinical = {"why"}


class InboxLook(models.Model):
    """When a practitioner last looked at their inbox, so that it can mark what is new since."""

    practitioner = models.OneToOneField(Practitioner, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "last_at", "before_at"}
        identifying = {"practitioner"}
        clinical: set[str] = set()
