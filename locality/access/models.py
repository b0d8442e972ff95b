"""Accounts, roles, relationships, and the columns every guarded row carries."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q

from locality.access.rules import Label, RelationKind, RoleCode, Seal
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner, Source, Team
from locality.people.models import Person


class Account(AbstractBaseUser):
    """How one practitioner, or one person, signs in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.TextField(unique=True)
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    # where a link to set a password goes
    email = models.TextField(default="", blank=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager["Account"]()

    class Privacy:
        open = {"id", "is_active", "last_login"}
        identifying = {"username", "practitioner", "person", "password", "email"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(practitioner=None, person__isnull=False) | Q(practitioner__isnull=False, person=None),
                name="account_is_a_practitioner_or_a_person",
            ),
        ]


class Role(models.Model):
    """A practitioner works as something for an organisation. A joint post is two rows, one chosen at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Privacy:
        open = {"id", "organisation", "code", "starts_on", "ends_on"}
        identifying = {"practitioner"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__in=list(RoleCode)), name="role_code_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="role_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["practitioner", "organisation", "code"], condition=Q(ends_on=None), name="role_once_while_open"
            ),
        ]


class Relationship(models.Model):
    """Why a team, an organisation or a practitioner may know a person, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "kind", "team", "organisation", "starts_on", "ends_on", "source", "made_at", "ended_at"}
        identifying = {"person", "practitioner", "reason", "made_by", "ended_by", "ended_reason"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(RelationKind)), name="relationship_kind_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="relationship_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=False, organisation=None, practitioner=None)
                | Q(team=None, organisation__isnull=False, practitioner=None)
                | Q(team=None, organisation=None, practitioner__isnull=False),
                name="relationship_is_with_one_of_team_organisation_practitioner",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="relationship_end_says_when_and_who",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "team", "organisation", "practitioner"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="relationship_once_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "kind"], name="relationship_by_team"),
            models.Index(fields=["organisation", "kind"], name="relationship_by_organisation"),
            models.Index(fields=["practitioner", "kind"], name="relationship_by_practitioner"),
        ]


class Look(models.Model):
    """When a practitioner last looked at a person, so that the page can mark what is new since."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Privacy:
        open = {"id", "last_at", "before_at"}
        identifying = {"practitioner", "person"}
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practitioner", "person"], name="look_once_a_pair")]


class Guarded(models.Model):
    """The columns every guarded row carries: what class it is, its label and seal, and who sent it."""

    data_class = models.TextField()
    label = models.TextField(default=Label.NORMAL)
    seal = models.TextField(default=Seal.NONE, blank=True)
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


# ---- signing in


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
    """Somebody says that they forgot the password of a user name; answered by mail a moment later, if it is one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.TextField()
    asked_at = models.DateTimeField()

    class Privacy:
        open = {"id", "asked_at"}
        identifying = {"username"}
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
