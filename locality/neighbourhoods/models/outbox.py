"""Everything that leaves for somebody outside, each with what became of it."""

from django.db import models
from django.db.models import Q

from locality.access.models import Guarded
from locality.base.ids import new_id
from locality.directory.models import Organisation, Team
from locality.neighbourhoods.rules.outbox import Channel, MessageState, ToKind
from locality.people.models import Person


class Message(Guarded):
    """One message to one receiver: as it was written, and as the check at the moment of sending let it go or not.

    `team` is who sends it (none: the `sender` as a whole). `to_id` names the person, practice, service or organisation
    it is for; `to_address` is where it went, written when it goes. `body` is what a reader reads; `payload` the same
    for another system. `about` and `about_id` say what it came from. `once` keeps one thing from being sent twice.
    `secret` is what only the receiver may read: it takes its place in the body as it goes, and is kept no longer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.TextField()
    template = models.TextField(default="", blank=True)
    to_kind = models.TextField()
    to_id = models.UUIDField()
    to_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_name = models.TextField()
    to_address = models.TextField(default="", blank=True)
    subject = models.TextField()
    body = models.TextField()
    secret = models.TextField(default="", blank=True)
    payload = models.JSONField(null=True)
    about = models.TextField(default="", blank=True)
    about_id = models.UUIDField(null=True)
    once = models.TextField(default="", blank=True)
    state = models.TextField(default=MessageState.WAITING)
    stopped_why = models.TextField(default="", blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = {
            *("id", "data_class", "label", "seal", "sender", "team", "channel", "template", "to_kind", "state"),
            *("about", "about_id", "tries", "not_before", "made_at", "sent_at", "answered_at", "version"),
        }
        identifying = {"person", "to_id", "to_organisation", "to_name", "to_address", "once", "made_by", "secret"}
        clinical = {"subject", "body", "payload", "stopped_why", "answer"}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=list(Channel)), name="message_channel_is_known"),
            models.CheckConstraint(condition=Q(to_kind__in=list(ToKind)), name="message_to_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(MessageState)), name="message_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[MessageState.SENT, MessageState.ANSWERED], sent_at__isnull=False)
                | (Q(sent_at=None) & ~Q(state__in=[MessageState.SENT, MessageState.ANSWERED])),
                name="message_sent_says_when",
            ),
            models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="message_once"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state=MessageState.WAITING), name="message_waiting"),
            models.Index(fields=["team", "-made_at"], name="message_by_team"),
            models.Index(fields=["sender", "-made_at"], name="message_by_sender"),
            models.Index(fields=["person", "-made_at"], name="message_by_person"),
            models.Index(fields=["about_id"], name="message_by_what_it_came_from"),
        ]


class MessageHistory(models.Model):
    """What became of a message: never updated, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="history")
    what = models.TextField()
    why = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Privacy:
        open = {"id", "message", "what", "at"}
        identifying = {"by"}
        clinical = {"why"}
