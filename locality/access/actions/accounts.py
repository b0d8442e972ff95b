"""Who may sign in, and as what."""

from datetime import date, datetime, timedelta

from django.db import transaction

from locality.access.models import Account, Role
from locality.access.rules import RoleCode
from locality.base import Refused, Viewer
from locality.directory.models import Organisation, Practitioner
from locality.directory.rules import day_words
from locality.journal.actions import log
from locality.people.models import Person

WRONG_TRIES = 5
LOCKED_FOR = timedelta(minutes=10)


@transaction.atomic
def add_account(
    *,
    username: str,
    password: str | None,
    hashed: str = "",
    practitioner: Practitioner | None = None,
    person: Person | None = None,
    by: Viewer,
) -> Account:
    """Make the account of one practitioner or one person; raise Refused when the name is taken.

    Without a password nobody can sign in with it until one is set; one that was hashed before comes as `hashed`.
    """
    name = username.strip().casefold()
    if Account.objects.filter(username=name).exists():
        raise Refused("There is already an account of that name.")
    account = Account(username=name, practitioner=practitioner, person=person)
    account.set_password(None if hashed else password)
    account.password = hashed or account.password
    account.save(force_insert=True)
    log(what="account.added", by=by, about=account.pk)
    return account


@transaction.atomic
def set_password(*, account: Account, password: str, by: Viewer) -> None:
    """Give an account another password and lift any lock."""
    account.set_password(password)
    account.wrong_tries, account.locked_until = 0, None
    account.save(update_fields=["password", "wrong_tries", "locked_until"])
    log(what="account.password-set", by=by, about=account.pk)


def try_password(*, username: str, password: str, at: datetime) -> Account | None:
    """The account, when name and password are right and it is not locked; None otherwise, never saying which.

    After five wrong tries the account waits ten minutes.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(username=username.strip().casefold()).first()
        if account is None or not account.is_active:
            # as slow as a wrong password, so that time does not tell which names exist
            Account().set_password(password)
            return None
        if account.locked_until is not None and at < account.locked_until:
            Account().set_password(password)
            return None
        right = account.check_password(password)
        if right:
            account.wrong_tries, account.locked_until, account.last_login = 0, None, at
        else:
            account.wrong_tries += 1
            if account.wrong_tries >= WRONG_TRIES:
                account.wrong_tries, account.locked_until = 0, at + LOCKED_FOR
        account.save(update_fields=["wrong_tries", "locked_until", "last_login", "password"])
        return account if right else None


@transaction.atomic
def add_role(
    *,
    practitioner: Practitioner,
    organisation: Organisation,
    code: str,
    starts_on: date,
    ends_on: date | None = None,
    by: Viewer,
) -> Role:
    """Let a practitioner work as something for an organisation from a day; raise Refused for an unknown role."""
    if code not in set(RoleCode):
        raise Refused(f"There is no role {code!r}. The roles are: {', '.join(RoleCode)}.")
    role, made = Role.objects.get_or_create(
        practitioner=practitioner,
        organisation=organisation,
        code=code,
        ends_on=ends_on,
        defaults={"starts_on": starts_on},
    )
    if made:
        log(what="role.added", by=by, about=role.pk, detail={"code": code, "organisation": organisation.code})
    return role


@transaction.atomic
def end_role(*, role: Role, ends_on: date, by: Viewer) -> Role:
    """End a role: `ends_on` is the first day on which it can no longer be chosen; refuse one that has an end."""
    role = Role.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if role.ends_on is not None:
        raise Refused(f"This role already ends on {day_words(role.ends_on)}.")
    role.ends_on = max(ends_on, role.starts_on)
    role.save(update_fields=["ends_on"])
    log(what="role.ended", by=by, about=role.pk, detail={"code": role.code, "ends_on": role.ends_on.isoformat()})
    return role
