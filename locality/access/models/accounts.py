"""Who signs in, and as what."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from locality.access.rules import RoleCode
from locality.base.ids import new_id
from locality.directory.models import Organisation, Practitioner
from locality.people.models import Person


class Account(AbstractBaseUser):
    """How one practitioner, or one person, signs in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.TextField(unique=True)
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager["Account"]()

    class Privacy:
        open = {"id", "is_active", "wrong_tries", "locked_until", "last_login"}
        identifying = {"username", "practitioner", "person", "password"}
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
