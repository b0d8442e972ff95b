"""Who was put forward to a team, by whom and why."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded, Relationship
from locality.base.ids import new_id
from locality.directory.models import Team
from locality.neighbourhoods.rules.candidates import ANSWERED, Agreed, CandidateState
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.people.models import Person


class Candidate(Guarded):
    """Somebody put forward to a team: it may know them from now on, and its meeting decides.

    `relationship` is the reason to know them that was written for this; none where the team knew them already. `about`
    is what list it came from (a criterion's code), empty where somebody thought of them. `once` names the news it was
    offered for: whoever was not taken on is not offered for it again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(default=CandidateState.WAITING)
    came_from = models.TextField(default=CameFrom.NOMINATION)
    about = models.TextField(default="", blank=True)
    once = models.TextField(default="", blank=True)
    why = models.TextField()
    offer = models.TextField(default="", blank=True)
    agreed = models.TextField()
    lawful_basis = models.TextField()
    relationship = models.ForeignKey(
        Relationship, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer_why = models.TextField(default="", blank=True)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "state", "came_from", "about", "lawful_basis"),
            *("made_at", "withdrawn_at", "answered_at"),
        }
        identifying = {"person", "relationship", "made_by", "withdrawn_by", "answered_by", "once"}
        clinical = {"why", "offer", "agreed", "answer_why"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CandidateState)), name="candidate_state_is_known"),
            models.CheckConstraint(condition=Q(agreed__in=list(Agreed)), name="candidate_agreed_is_known"),
            models.CheckConstraint(condition=Q(came_from__in=list(CameFrom)), name="candidate_came_from_is_known"),
            models.UniqueConstraint(fields=["team", "once"], condition=~Q(once=""), name="candidate_once_for_a_news"),
            models.UniqueConstraint(
                fields=["person", "team"],
                condition=Q(state=CandidateState.WAITING),
                name="candidate_once_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state=CandidateState.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                | Q(withdrawn_at=None, withdrawn_by=None) & ~Q(state=CandidateState.WITHDRAWN),
                name="candidate_withdrawing_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED, answered_at__isnull=False, answered_by__isnull=False)
                | Q(answered_at=None, answered_by=None) & ~Q(state__in=ANSWERED),
                name="candidate_answer_says_when_and_who",
            ),
        ]
        indexes = [models.Index(fields=["team", "state", "-made_at"], name="candidate_by_team")]
