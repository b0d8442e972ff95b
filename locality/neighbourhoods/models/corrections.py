"""What somebody asks to be put right in what is held about them, each with what became of it."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.base.ids import new_id
from locality.directory.models import Organisation, Team
from locality.neighbourhoods.models.tasks import Task
from locality.neighbourhoods.rules.corrections import CorrectionAbout, CorrectionState, WhyNot
from locality.people.models import Person


class Correction(Guarded):
    """One request of the person, or of whoever acts for them. What it is about is never changed by it: both are kept.

    It goes to one `team` that looks after them, else to their practice (`to_organisation`). `thing` is the line that
    it is about and `heading` what that said when it was asked; such a request has the class, label and sender of its
    line, so that it shows no more than the line does. `task` is the team's, to answer it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    about = models.TextField()
    thing = models.UUIDField(null=True)
    heading = models.TextField()
    wrong = models.TextField()
    should = models.TextField(default="", blank=True)
    state = models.TextField(default=CorrectionState.ASKED)
    why_not = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    asked_by_kind = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "to_organisation", "task", "state", "asked_at"),
            *("asked_by_kind", "ended_at"),
        }
        identifying = {"person", "thing", "asked_by", "ended_by"}
        clinical = {"about", "heading", "wrong", "should", "why_not", "answer"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(about__in=list(CorrectionAbout)), name="correction_about_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(CorrectionState)), name="correction_state_is_known"),
            models.CheckConstraint(
                condition=Q(about=CorrectionAbout.LINE, thing__isnull=False)
                | (Q(thing=None) & ~Q(about=CorrectionAbout.LINE)),
                name="correction_of_a_line_names_it",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.DECLINED, why_not__in=list(WhyNot))
                | (Q(why_not="") & ~Q(state=CorrectionState.DECLINED)),
                name="correction_declined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.ASKED, ended_at=None, ended_by=None)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(state=CorrectionState.ASKED)),
                name="correction_end_says_when_and_who",
            ),
            models.UniqueConstraint(
                fields=["person", "thing"],
                condition=Q(state=CorrectionState.ASKED, thing__isnull=False),
                name="correction_once_a_line",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-asked_at"], name="correction_by_team"),
            models.Index(fields=["to_organisation", "-asked_at"], name="correction_by_receiver"),
            models.Index(fields=["person", "-asked_at"], name="correction_by_person"),
        ]


class CorrectionHistory(models.Model):
    """What became of a request: never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="history")
    what = models.TextField()
    was = models.TextField(default="", blank=True)
    became = models.TextField(default="", blank=True)
    why = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    by_kind = models.TextField()

    class Privacy:
        open = {"id", "correction", "what", "was", "became", "at", "by_kind"}
        identifying = {"by"}
        clinical = {"why"}
