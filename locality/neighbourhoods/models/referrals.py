"""What one asks another to do for somebody, and what is answered."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded, Relationship
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Service, Source, Team
from locality.neighbourhoods.rules.referrals import OPEN, Declined, Outcome, ReferralState, Urgency
from locality.neighbourhoods.rules.referrals_in import Dismissal
from locality.people.models import Person


class Referral(Guarded):
    """One request to one receiver about one person. It never moves who looks after them.

    From `team` (none: the `sender` as a whole) to `to_organisation`, and of it to `to_team` or `to_service` where one
    is named. `facts` is what the record said when it was sent, each with its source and day. `relationship` is the
    reason to know the person that sending it gave the receiver. `answer_by` is when an answer is due; `owner` is who
    deals with it at the receiver's; `support` is what it belongs to there, where that began before. `version` counts
    the changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    support = models.ForeignKey(
        "neighbourhoods.Support", null=True, on_delete=models.PROTECT, related_name="referrals", db_index=False
    )
    relationship = models.ForeignKey(
        Relationship, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    need = models.TextField(default="", blank=True)
    asked = models.TextField()
    words = models.TextField(default="", blank=True)
    wanted = models.TextField(default="", blank=True)
    facts = models.JSONField(default=list)
    # how the receiver may reach them, as they agreed
    contact = models.TextField(default="", blank=True)
    urgency = models.TextField(default=Urgency.ROUTINE)
    agreed = models.TextField()
    about = models.TextField(default="", blank=True)
    about_id = models.UUIDField(null=True)
    # the id it has in another organisation's system, where it came from or went to one
    identifier = models.TextField(default="", blank=True)
    state = models.TextField(default=ReferralState.SENT)
    declined = models.TextField(default="", blank=True)
    declined_words = models.TextField(default="", blank=True)
    booked_at = models.DateTimeField(null=True)
    booked_where = models.TextField(default="", blank=True)
    seen_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)
    outcome_words = models.TextField(default="", blank=True)
    sent_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_by = models.UUIDField()
    # why it was sent although the same had been asked for lately
    all_the_same = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "to_organisation", "to_team", "to_service"),
            *(
                "urgency",
                "about",
                "about_id",
                "support",
                "state",
                "sent_at",
                "answer_by",
                "answered_at",
                "ended_at",
                "version",
            ),
        }
        identifying = {"person", "owner", "relationship", "identifier", "contact", "made_by"}
        clinical = {
            *("need", "asked", "words", "wanted", "facts", "agreed", "declined", "declined_words", "booked_at"),
            *("booked_where", "seen_at", "outcome", "outcome_words", "all_the_same"),
        }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ReferralState)), name="referral_state_is_known"),
            models.CheckConstraint(condition=Q(urgency__in=list(Urgency)), name="referral_urgency_is_known"),
            models.CheckConstraint(
                condition=Q(state=ReferralState.DECLINED, declined__in=list(Declined))
                | (Q(declined="") & ~Q(state=ReferralState.DECLINED)),
                name="referral_declined_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=ReferralState.DONE, outcome__in=list(Outcome))
                | (Q(outcome="") & ~Q(state=ReferralState.DONE)),
                name="referral_done_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None) | (Q(ended_at__isnull=False) & ~Q(state__in=OPEN)),
                name="referral_end_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-sent_at"], name="referral_by_sending_team"),
            models.Index(fields=["sender", "-sent_at"], name="referral_by_sender"),
            models.Index(fields=["to_team", "answer_by"], name="referral_by_receiving_team"),
            models.Index(fields=["to_organisation", "answer_by"], name="referral_by_receiver"),
            models.Index(fields=["person", "-sent_at"], name="referral_by_person"),
            models.Index(fields=["relationship"], condition=Q(state__in=OPEN), name="referral_open_by_reason"),
            models.Index(fields=["answer_by"], condition=Q(state=ReferralState.SENT), name="referral_waiting_by_due"),
            models.Index(fields=["identifier"], condition=~Q(identifier=""), name="referral_by_their_id"),
        ]


class ReferralHistory(models.Model):
    """What became of a referral: never updated, never deleted. `who` names whoever answered by a link."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="history")
    what = models.TextField()
    was = models.TextField(default="", blank=True)
    became = models.TextField(default="", blank=True)
    why = models.TextField(default="", blank=True)
    who = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "referral", "what", "was", "became", "at"}
        identifying = {"who", "by"}
        clinical = {"why"}


class ReferralLink(models.Model):
    """By which a receiver without an account reads one referral and answers it, until it expires or is ended.

    The secret itself is in the message alone: here is what it is checked against.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="links")
    digest = models.BinaryField(unique=True)
    to_name = models.TextField()
    to_address = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_times = models.PositiveIntegerField(default=0)

    class Privacy:
        open = {"id", "referral", "made_at", "expires_at", "ended_at", "opened_at", "opened_times"}
        identifying = {"digest", "to_name", "to_address", "made_by"}
        clinical: set[str] = set()


class ReferralLinkTry(models.Model):
    """A link that let nobody in, by the network it was tried from: so many in an hour, and none is looked at."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.BinaryField()
    at = models.DateTimeField()

    class Privacy:
        open = {"id", "at"}
        identifying = {"network"}
        clinical: set[str] = set()

    class Meta:
        indexes = [models.Index(fields=["network", "at"], name="referral_link_try_by_network")]


class ReferralReceived(models.Model):
    """One referral message as another system sent it, kept whole: what became of it, or why it was refused.

    Refused, it may be dismissed by whoever keeps the sources; what was put back says so and waits again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.BinaryField()
    content = models.BinaryField()
    identifier = models.TextField(default="", blank=True)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    refused = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    dismissed_why = models.TextField(default="", blank=True)
    dismissed_words = models.TextField(default="", blank=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.UUIDField(null=True)
    put_back_at = models.DateTimeField(null=True)
    put_back_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "source", "digest", "referral", "at", "dismissed_why", "dismissed_at", "put_back_at"}
        identifying = {"identifier", "by", "dismissed_by", "put_back_by"}
        clinical = {"content", "refused", "dismissed_words"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "digest"], name="referral_received_once"),
            models.CheckConstraint(
                condition=Q(referral=None) | Q(refused=""), name="referral_received_is_taken_or_refused"
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at=None, dismissed_by=None, dismissed_why="")
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False, dismissed_why__in=list(Dismissal)),
                name="referral_dismissed_says_when_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(put_back_at=None, put_back_by=None)
                | Q(put_back_at__isnull=False, put_back_by__isnull=False, dismissed_at__isnull=False),
                name="referral_put_back_says_when_and_who",
            ),
            # what was taken in waits for nobody, and cannot be dismissed
            models.CheckConstraint(
                condition=Q(dismissed_at=None) | Q(put_back_at__isnull=False) | ~Q(refused=""),
                name="referral_dismissed_was_refused",
            ),
        ]
