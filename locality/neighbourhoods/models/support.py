"""What a link worker does for somebody: needs, offers, contacts, how they say they are, and how it ended."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded, Relationship
from locality.base.ids import new_id
from locality.directory.models import Practitioner, Service, Team
from locality.neighbourhoods.models.referrals import Referral
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.support import NeedState, OfferState, Outcome, Reached, Way
from locality.people.models import Person


class Support(Guarded):
    """One person supported by one team, from the first talk until it ends; once at a time.

    `referral` is what it came from, where somebody referred them. `relationship` is the reason to know them that it
    gives. `told_at` is when the practice and the referrer were last told. `version` counts the changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="+")
    relationship = models.ForeignKey(
        Relationship, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = models.TextField()
    agreed = models.TextField()
    next_on = models.DateField(null=True)
    contact_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)
    outcome_words = models.TextField(default="", blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "referral", "next_on", "contact_at"),
            *("told_at", "begun_at", "ended_at", "version"),
        }
        identifying = {"person", "owner", "relationship", "begun_by", "ended_by"}
        clinical = {"why", "agreed", "outcome", "outcome_words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(agreed__in=list(Agreed)), name="support_agreed_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, outcome="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, outcome__in=list(Outcome)),
                name="support_end_says_when_who_and_what_came_of_it",
            ),
            models.UniqueConstraint(
                fields=["person", "team"], condition=Q(ended_at=None), name="support_once_while_open"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "next_on"], condition=Q(ended_at=None), name="support_by_team"),
            models.Index(fields=["team", "-begun_at"], name="support_by_quarter"),
        ]


class SupportNeed(models.Model):
    """One thing that somebody needs help with, as they say it; and whether it was met."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    support = models.ForeignKey(Support, on_delete=models.PROTECT, related_name="needs")
    need = models.TextField()
    words = models.TextField(default="", blank=True)
    state = models.TextField(default=NeedState.OPEN)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    changed_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "support", "made_at", "changed_at"}
        identifying = {"made_by"}
        clinical = {"need", "words", "state"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(NeedState)), name="support_need_state_is_known"),
            models.UniqueConstraint(fields=["support", "need"], name="support_need_once"),
        ]


class SupportOffer(models.Model):
    """What was offered for it: a service of the directory, or something in words; `wait` is what was known that day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    support = models.ForeignKey(Support, on_delete=models.PROTECT, related_name="offers")
    need = models.ForeignKey(SupportNeed, null=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    wait = models.TextField(default="", blank=True)
    state = models.TextField(default=OfferState.OFFERED)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    changed_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "support", "need", "service", "referral", "made_at", "changed_at"}
        identifying = {"made_by"}
        clinical = {"what", "wait", "state"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(OfferState)), name="support_offer_state_is_known")
        ]


class SupportContact(models.Model):
    """One time that the link worker saw or rang somebody, or tried to. `struck_at`: it was written by mistake."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    support = models.ForeignKey(Support, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    way = models.TextField()
    reached = models.TextField()
    words = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    struck_at = models.DateTimeField(null=True)
    struck_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "support", "at", "made_at", "struck_at"}
        identifying = {"made_by", "struck_by"}
        clinical = {"way", "reached", "words"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(way__in=list(Way)), name="support_contact_way_is_known"),
            models.CheckConstraint(condition=Q(reached__in=list(Reached)), name="support_contact_reached_is_known"),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None) | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="support_contact_struck_says_when_and_who",
            ),
        ]


class Wellbeing(models.Model):
    """How somebody answered the four questions on one day; what they did not answer is left out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    support = models.ForeignKey(Support, on_delete=models.PROTECT, related_name="answers")
    asked_on = models.DateField()
    satisfied = models.PositiveSmallIntegerField(null=True)
    worthwhile = models.PositiveSmallIntegerField(null=True)
    happy = models.PositiveSmallIntegerField(null=True)
    anxious = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Privacy:
        open = {"id", "support", "asked_on", "made_at"}
        identifying = {"made_by"}
        clinical = {"satisfied", "worthwhile", "happy", "anxious"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(satisfied__lte=10) | Q(satisfied=None))
                & (Q(worthwhile__lte=10) | Q(worthwhile=None))
                & (Q(happy__lte=10) | Q(happy=None))
                & (Q(anxious__lte=10) | Q(anxious=None)),
                name="wellbeing_is_from_nought_to_ten",
            ),
            models.CheckConstraint(
                condition=~Q(satisfied=None, worthwhile=None, happy=None, anxious=None), name="wellbeing_says_something"
            ),
            models.UniqueConstraint(fields=["support", "asked_on"], name="wellbeing_once_a_day"),
        ]


class SupportHistory(models.Model):
    """What became of a support: never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    support = models.ForeignKey(Support, on_delete=models.PROTECT, related_name="history")
    what = models.TextField()
    why = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "support", "what", "at"}
        identifying = {"by"}
        clinical = {"why"}
