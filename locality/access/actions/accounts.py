"""Who may sign in, and as what."""

from datetime import date

from django.db import transaction

from locality.access.models import Account, Role, WrongTry
from locality.access.queries.accounts import mark
from locality.access.rules import RoleCode
from locality.base import Refused, Viewer
from locality.directory.models import Organisation, Practitioner
from locality.directory.rules import day_words
from locality.journal.actions import log
from locality.people.models import Person


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
    """Give an account another password, and end what was counted against its name."""
    account.set_password(password)
    account.save(update_fields=["password"])
    WrongTry.objects.filter(name=mark("name", account.username)).delete()
    log(what="account.password-set", by=by, about=account.pk)


@transaction.atomic
def set_email(*, account: Account, email: str, by: Viewer) -> None:
    """Say where a link to set a password goes; nothing for an account that gets none."""
    account.email = email.strip()
    account.save(update_fields=["email"])
    log(what="account.email-set", by=by, about=account.pk)


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
