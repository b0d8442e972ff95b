"""How somebody signs in: where they are signed in, what they have besides a password, and what they still typed."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from locality.access.models.accounts import Account
from locality.base.ids import new_id


class Session(AbstractBaseSession):
    """Somebody signed in, in one browser. Ending it is deleting it: the next page there asks who they are."""

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    network = models.TextField(default="", blank=True)
    browser = models.TextField(default="", blank=True)

    class Privacy:
        open = {"expire_date", "began_at", "seen_at"}
        identifying = {"session_key", "session_data", "account", "network", "browser"}
        clinical: set[str] = set()


class Subject(models.Model):
    """Who somebody is to a provider of sign-on: its issuer and its own name for them, and never an e-mail or a name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    issuer = models.TextField()
    subject = models.TextField()
    linked_at = models.DateTimeField()

    class Privacy:
        open = {"id", "issuer", "linked_at"}
        identifying = {"account", "subject"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="subject_once_an_issuer")]


class Factor(models.Model):
    """What somebody has besides a password: an app that shows codes, or a passkey."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    name = models.TextField()
    # an app's secret, sealed by the edge; a passkey's public key as it was registered
    kept = models.BinaryField()
    credential = models.BinaryField(null=True, unique=True)
    # the last code's number, so that none is used twice; a passkey's own count
    count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "kind", "made_at", "used_at", "count"}
        identifying = {"account", "name", "kept", "credential"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="app", credential=None) | Q(kind="passkey", credential__isnull=False),
                name="factor_is_an_app_or_a_passkey",
            )
        ]


class RecoveryCode(models.Model):
    """One of the codes on paper that stand in for a second factor once; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.TextField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "made_at", "used_at"}
        identifying = {"account", "digest"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once_an_account")]


class WayIn(models.Model):
    """A link that lets its holder set a password, or join an account to their sign-on, once; its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    purpose = models.TextField()
    digest = models.TextField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "purpose", "made_at", "ends_at", "used_at"}
        identifying = {"account", "digest", "made_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=["forgotten", "invitation"]), name="way_in_is_of_a_purpose")
        ]


class Forgotten(models.Model):
    """Somebody says that they forgot the password of a user name; answered by mail a moment later, if it is one.

    What was answered is kept for a while, since it counts against the network (a digest) that asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.TextField()
    network = models.TextField(default="", db_default="", blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "asked_at", "answered_at"}
        identifying = {"username", "network"}
        clinical: set[str] = set()

    class Meta:
        indexes = [models.Index(fields=["network", "asked_at"], name="forgotten_by_network")]


class Notice(models.Model):
    """What whoever signs in is mailed when an administrator changed how they do; sent a moment later, then gone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.TextField()
    username = models.TextField()
    what = models.TextField()
    made_at = models.DateTimeField()

    class Privacy:
        open = {"id", "what", "made_at"}
        identifying = {"to", "username"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(to=""), name="notice_goes_somewhere")]


class FactorsLost(models.Model):
    """An administrator says that somebody lost their second factors: where a role needs one, another has to say so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    said_by = models.UUIDField()
    said_at = models.DateTimeField()

    class Privacy:
        open = {"id", "said_at"}
        identifying = {"account", "said_by"}
        clinical: set[str] = set()


class WrongTry(models.Model):
    """A wrong password or code: for which user name, from which network, both as digests."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    name = models.TextField()
    network = models.TextField()

    class Privacy:
        open = {"id", "at"}
        identifying = {"name", "network"}
        clinical: set[str] = set()

    class Meta:
        indexes = [
            models.Index(fields=["name", "at"], name="wrong_try_by_name"),
            models.Index(fields=["network", "at"], name="wrong_try_by_network"),
        ]


class KnownNetwork(models.Model):
    """From where somebody signed in before: there, strangers elsewhere cannot make them wait."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    network = models.TextField()
    last_at = models.DateTimeField()

    class Privacy:
        open = {"id", "last_at"}
        identifying = {"account", "network"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "network"], name="known_network_once_an_account")]


class Draft(models.Model):
    """A form that somebody sent when they were no longer signed in; sealed by the edge, theirs alone, for a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kept_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Privacy:
        open = {"id", "kept_at"}
        identifying = {"account", "sealed"}
        clinical: set[str] = set()
