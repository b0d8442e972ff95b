"""Who may sign in, and as what."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from locality.access.models import Account, Notice, Role, Session, WayIn, WrongTry
from locality.access.queries.accounts import mark
from locality.access.queries.staff import keeps_staff
from locality.access.rules import RoleCode
from locality.access.rules.signing_in import Changed
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.base.words import date_words
from locality.directory.models import Organisation, Practitioner
from locality.journal.actions import log, tell
from locality.journal.models import News
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
    was, account.email = account.email, email.strip()
    account.save(update_fields=["email"])
    log(what="account.email-set", by=by, about=account.pk)
    if was != account.email:
        tell_owner(account, Changed.ADDRESS, to=was, by=by)


def tell_owner(account: Account, what: Changed, *, to: str, by: Viewer) -> None:
    """Mail whoever signs in, where they have an address, and alert the privacy officer; the news names nobody."""
    if to:
        Notice.objects.create(to=to, username=account.username, what=what, made_at=by.at)
    tell([News(at=by.at, what=what, about_id=account.pk)])


@transaction.atomic
def shut_account(*, account: Account, by: Viewer) -> None:
    """Let nobody sign in with an account any more, and sign it out everywhere; whoever keeps staff may."""
    keeps_staff(by)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    Session.objects.filter(account=account).delete()
    WayIn.objects.filter(account=account, used_at=None, ends_at__gt=by.at).update(ends_at=by.at)
    log(what="account.shut", by=by, about=account.pk)
    tell_owner(account, Changed.SHUT, to=account.email, by=by)


@transaction.atomic
def shut_whoever_left(*, by: Viewer, practitioner: UUID | None = None) -> int:
    """Shut the accounts of the staff whose last role is over, of all or of one; returns how many.

    Who has had no role yet is left alone.
    """
    on = day_of(by.at)
    roles = Role.objects.filter(practitioner=OuterRef("practitioner"))
    holds = roles.filter(Q(ends_on=None) | Q(ends_on__gt=on))
    left = Account.objects.filter(Exists(roles), ~Exists(holds), is_active=True)
    if practitioner is not None:
        left = left.filter(practitioner=practitioner)
    found = list(left.select_for_update(of=("self",), skip_locked=True))
    for account in found:
        shut_account(account=account, by=by)
    return len(found)


def open_again(practitioner_id: UUID, *, by: Viewer) -> None:
    """Let whoever has a role again sign in again, with what they signed in with."""
    shut = Account.objects.filter(practitioner=practitioner_id, is_active=False).first()
    if shut is not None:
        Account.objects.filter(pk=shut.pk).update(is_active=True)
        log(what="account.opened-again", by=by, about=shut.pk)


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
        open_again(practitioner.pk, by=by)
    return role


@transaction.atomic
def end_role(*, role: Role, ends_on: date, by: Viewer) -> Role:
    """End a role: `ends_on` is the first day on which it can no longer be chosen; refuse one that has an end."""
    role = Role.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if role.ends_on is not None:
        raise Refused(f"This role already ends on {date_words(role.ends_on)}.")
    role.ends_on = max(ends_on, role.starts_on)
    role.save(update_fields=["ends_on"])
    log(what="role.ended", by=by, about=role.pk, detail={"code": role.code, "ends_on": role.ends_on.isoformat()})
    return role
