"""Signing in with a password, and everything that is written down about coming and going."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from locality.access.models import (
    Account,
    Draft,
    FactorsLost,
    Forgotten,
    KnownNetwork,
    Notice,
    Session,
    WayIn,
    WrongTry,
)
from locality.access.queries import accounts
from locality.access.queries.accounts import mark
from locality.access.queries.staff import keeps_staff
from locality.access.rules import signing_in as rules
from locality.base import NotFound, Refused, Viewer, system
from locality.journal.actions import log

OWN = "This is your own account: another administrator looks after it."


# for a name that nobody has as for one that somebody has: a lock on the account's own row would tell them apart
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"


def try_password(*, username: str, password: str, at: datetime, network: str = "") -> Account | None:
    """The account, when name and password are right and it need not wait; None otherwise, never saying which.

    `network` is an address of the internet. Whatever the answer, one password is hashed and as much is asked of the
    database, so that time does not tell which names exist. Of many tries at once each is hashed by itself, and counted
    one after the other.
    """
    name = username.strip().casefold()[:150]
    account = Account.objects.filter(username=name, is_active=True).first()
    right = _is_right(account, password)
    with transaction.atomic():
        name_mark, network_mark = mark("name", name), mark("network", network)
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME, [name_mark])
        tries = accounts.tries(name=name_mark, network=network_mark, at=at)
        knows = accounts.knows_network(account_id=account.pk if account else None, network=network_mark, at=at)
        waits = rules.must_wait(tries, knows_network=knows)
        if account is not None and right and not waits:
            return account
        if not waits:
            WrongTry.objects.create(at=at, name=name_mark, network=network_mark)
        refuse_sign_in(account=account, reason="waits" if waits else "wrong", how="password", at=at)
        return None


def _is_right(account: Account | None, password: str) -> bool:
    if account is None or not account.has_usable_password():
        # as slow as a wrong password
        Account().set_password(password)
        return False
    return account.check_password(password)


@transaction.atomic
def begin_session(*, account: Account, how: str, network: str, second_factor: bool, at: datetime) -> None:
    """Write down that somebody is in, with what and from where they may come back unhindered."""
    network_mark, name_mark = mark("network", network), mark("name", account.username)
    KnownNetwork.objects.update_or_create(account=account, network=network_mark, defaults={"last_at": at})
    WrongTry.objects.filter(name__in=[name_mark, mark("code", str(account.pk))], network=network_mark).delete()
    Account.objects.filter(pk=account.pk).update(last_login=at)
    by = accounts.signer(account, at=at, second_factor=second_factor)
    log(what="signed-in", by=by, about=account.pk, detail={"how": how, "second_factor": second_factor})


@transaction.atomic
def refuse_sign_in(*, account: Account | None, reason: str, how: str, at: datetime) -> None:
    """Write down that somebody was not let in; nothing that they typed."""
    about = account.pk if account else None
    log(what="sign-in", by=system(at=at, role="sign-in"), about=about, outcome="refused", reason=reason,
        detail={"how": how})  # fmt: skip


@transaction.atomic
def prove_again(*, account_id: UUID, how: str, at: datetime) -> None:
    """Write down that somebody signed in proved again who they are."""
    one = accounts.account(account_id)
    log(what="sign-in.proved-again", by=accounts.signer(one, at=at), about=one.pk, detail={"how": how})


# ---- coming to an end


@transaction.atomic
def sign_out(*, account_id: UUID, at: datetime) -> None:
    """Write down that somebody signed out."""
    one = Account.objects.get(pk=account_id)
    log(what="signed-out", by=accounts.signer(one, at=at), about=one.pk)


@transaction.atomic
def end_session(*, account_id: UUID, began_at: datetime, at: datetime) -> None:
    """End one session of an account's own, named by when it began; raises NotFound for another's."""
    ended, _ = Session.objects.filter(account=account_id, began_at=began_at).delete()
    if not ended:
        raise NotFound("That session is over already.")
    one = accounts.account(account_id)
    log(what="signed-out.elsewhere", by=accounts.signer(one, at=at), about=one.pk)


@transaction.atomic
def end_sessions(*, account: Account, by: Viewer, keep: str | None = None) -> int:
    """Sign an account out everywhere, but for the session of this key; its owner or an administrator may."""
    if by.id not in {account.practitioner_id, account.person_id}:
        keeps_staff(by)
    ended, _ = Session.objects.filter(account=account).exclude(session_key=keep or "").delete()
    log(what="signed-out.everywhere", by=by, about=account.pk, detail={"sessions": ended})
    return ended


@transaction.atomic
def let_try_again(*, account: Account, by: Viewer) -> None:
    """Forget the wrong tries of an account's name: an administrator's way back for somebody who must wait."""
    _for_another(account, by=by)
    WrongTry.objects.filter(name__in=[mark("name", account.username), mark("code", str(account.pk))]).delete()
    log(what="account.may-try-again", by=by, about=account.pk)


def _for_another(account: Account, *, by: Viewer) -> None:
    keeps_staff(by)
    if account.practitioner_id == by.id:
        raise Refused(OWN)


# ---- what was typed too late


@transaction.atomic
def keep_draft(*, account_id: UUID, sealed: bytes, at: datetime) -> Draft:
    """Keep what somebody sent when they were no longer signed in, sealed by the edge; the last few of them."""
    draft = Draft.objects.create(account_id=account_id, sealed=sealed, kept_at=at)
    older = Draft.objects.filter(account=account_id).order_by("-kept_at", "-id")[rules.DRAFTS_KEPT :]
    Draft.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()
    return draft


@transaction.atomic
def drop_draft(*, account_id: UUID, draft_id: UUID) -> None:
    """Forget a kept form of this account's own; another's is left alone."""
    Draft.objects.filter(account=account_id, pk=draft_id).delete()


@transaction.atomic
def forget_what_is_over(*, at: datetime) -> int:
    """Delete tries, sessions, links and drafts whose time is over; returns how many rows."""
    over = [
        Session.objects.filter(expire_date__lt=at),
        Draft.objects.filter(kept_at__lt=at - rules.DRAFT_LASTS),
        WrongTry.objects.filter(at__lt=at - rules.DRAFT_LASTS),
        KnownNetwork.objects.filter(last_at__lt=at - rules.NETWORK_KNOWN_FOR),
        WayIn.objects.filter(ends_at__lt=at - rules.INVITATION_LASTS),
        Forgotten.objects.filter(asked_at__lt=at - rules.DRAFT_LASTS),
        Notice.objects.filter(made_at__lt=at - rules.DRAFT_LASTS),
        FactorsLost.objects.filter(said_at__lt=at - rules.SAID_LASTS),
    ]
    return sum(rows.delete()[0] for rows in over)
