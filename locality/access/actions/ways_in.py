"""Links that let somebody in once, and joining an account to a provider of sign-on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from locality.access.actions.accounts import add_account, set_password, tell_owner
from locality.access.actions.signing_in import _for_another, end_sessions
from locality.access.models import Account, Forgotten, Notice, Subject, WayIn
from locality.access.queries import accounts
from locality.access.queries.accounts import mark
from locality.access.rules import signing_in as rules
from locality.base import NotFound, Refused, Viewer, system
from locality.journal.actions import log
from locality.people.models import Person
from locality.people.queries import found_by_number

WHOM_TO_ASK = "Ask the place's information governance team, who can look at why."
NOBODY = f"Nobody here is known by the NHS number and birth date that your sign-in gave. {WHOM_TO_ASK}"
TAKEN = "This sign-on is joined to another account already. Ask your administrator."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent to whom."""

    to: str
    account: Account
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What whoever signs in is told of what an administrator changed."""

    to: str
    username: str
    what: rules.Changed


@transaction.atomic
def ask_for_link(*, username: str, network: str = "", at: datetime) -> None:
    """Note that somebody forgot a password. Whether there is such a name is looked at later, so no answer tells it.

    A name that waits already is not noted again, and of one network so many in an hour and no more.
    """
    name, of_network = username.strip().casefold()[:150], mark("network", network)
    lately = Forgotten.objects.filter(network=of_network, asked_at__gt=at - rules.FORGOTTEN_LASTS).count()
    waits = Forgotten.objects.filter(username=name, answered_at=None).exists()
    if not waits and lately < rules.ASKED_OF_A_NETWORK:
        Forgotten.objects.create(username=name, network=of_network, asked_at=at)


def answer_forgotten(*, token: Callable[[], str], send: Callable[[Letter], bool], at: datetime) -> int:
    """Send a link to whoever asked for one and has an address; returns how many were sent. Asked again, a few at most.

    Each link ends what was sent before. A link is kept before it is sent, each by itself, so that one address that
    takes no mail holds up nobody else; what `send` says it could not send is tried again at the next turn.
    """
    waits = Forgotten.objects.filter(answered_at=None).order_by("asked_at", "id")
    sent = 0
    for asked in waits.values_list("pk", flat=True)[: rules.LETTERS_A_TURN]:
        letter = _letter(asked, token=token, at=at)
        if letter is None:
            continue
        if send(letter):
            sent += 1
        else:
            Forgotten.objects.filter(pk=asked).update(answered_at=None)
    return sent


@transaction.atomic
def _letter(asked: UUID, *, token: Callable[[], str], at: datetime) -> Letter | None:
    one = Forgotten.objects.select_for_update(skip_locked=True).filter(pk=asked, answered_at=None).first()
    if one is None:
        return None
    # twice noted at one moment, it is answered once
    Forgotten.objects.filter(username=one.username, answered_at=None).update(answered_at=at)
    account = Account.objects.filter(username=one.username, is_active=True).exclude(email="").first()
    if account is None or _too_many(account, at=at):
        return None
    secret = _way_in(account, "forgotten", token(), lasts=rules.FORGOTTEN_LASTS, by=_nobody(at))
    return Letter(to=account.email, account=account, token=secret)


def send_notices(*, send: Callable[[Told], bool]) -> int:
    """Mail whoever's way in an administrator changed; returns how many were sent. What could not be is tried again."""
    sent = 0
    for one in list(Notice.objects.order_by("made_at", "id")[: rules.LETTERS_A_TURN]):
        # taken off before it is sent, so that of two at work one sends it
        if not Notice.objects.filter(pk=one.pk).delete()[0]:
            continue
        if send(Told(to=one.to, username=one.username, what=rules.Changed(one.what))):
            sent += 1
        else:
            one.save(force_insert=True)
    return sent


def _too_many(account: Account, *, at: datetime) -> bool:
    since = at - rules.FORGOTTEN_LASTS
    return WayIn.objects.filter(account=account, purpose="forgotten", made_at__gt=since).count() >= rules.ASKED_AT_MOST


def _nobody(at: datetime) -> Viewer:
    return system(at=at, role="sign-in")


def _way_in(account: Account, purpose: str, token: str, *, lasts: timedelta, by: Viewer) -> str:
    WayIn.objects.filter(account=account, purpose=purpose, used_at=None).update(ends_at=by.at)
    ends_at = by.at + lasts
    digest = mark(purpose, token)
    WayIn.objects.create(account=account, purpose=purpose, digest=digest, made_at=by.at, made_by=by.id, ends_at=ends_at)
    log(what=f"way-in.{purpose}", by=by, about=account.pk)
    return token


@transaction.atomic
def invite(*, account: Account, token: str, by: Viewer) -> str:
    """Let one of the staff set their first password, or join their sign-on, with a link; ends any link before."""
    _for_another(account, by=by)
    tell_owner(account, rules.Changed.INVITED, to=account.email, by=by)
    return _way_in(account, "invitation", token, lasts=rules.INVITATION_LASTS, by=by)


@transaction.atomic
def use_link(*, token: str, purpose: str, password: str, at: datetime) -> Account:
    """Set a password by a link, once; everywhere else the account is signed out. A second factor is still asked for."""
    way = _used(token, purpose=purpose, at=at)
    by = accounts.signer(way.account, at=at)
    set_password(account=way.account, password=password, by=by)
    end_sessions(account=way.account, by=by)
    return way.account


@transaction.atomic
def join_by_invitation(*, token: str, issuer: str, subject: str, at: datetime) -> Account:
    """Join an invited account to the sign-on that its owner has just come from; refused where that is another's."""
    way = _used(token, purpose="invitation", at=at)
    _join(way.account, issuer=issuer, subject=subject, at=at)
    return way.account


def _used(token: str, *, purpose: str, at: datetime) -> WayIn:
    way = accounts.way_in(token=token, purpose=purpose, at=at)
    # of two who hold the same link, one comes in
    if not WayIn.objects.filter(pk=way.pk, used_at=None).update(used_at=at):
        raise NotFound("This link has been used already. Ask for another.")
    return way


def _join(account: Account, *, issuer: str, subject: str, at: datetime) -> None:
    joined, made = Subject.objects.get_or_create(
        issuer=issuer, subject=subject, defaults={"account": account, "linked_at": at}
    )
    if not made and joined.account_id != account.pk:
        raise Refused(TAKEN)
    log(what="account.joined-sign-on", by=accounts.signer(account, at=at), about=account.pk, detail={"issuer": issuer})


@transaction.atomic
def join_person(*, nhs_number: str, born_on: date | None, issuer: str, subject: str, at: datetime) -> Account:
    """The account of the one person of this verified NHS number and birth date, made when they first come.

    Raises Refused, never saying which, where there is nobody, more than one, somebody who died or an earlier identity.
    """
    person = _one_person(nhs_number, born_on)
    by = _nobody(at)
    account = Account.objects.filter(person=person, is_active=True).first()
    if account is None:
        account = add_account(username=f"person {person.pk}", password=None, person=person, by=by)
    _join(account, issuer=issuer, subject=subject, at=at)
    return account


def _one_person(nhs_number: str, born_on: date | None) -> Person:
    found = list(found_by_number(nhs_number)[:2]) if nhs_number else []
    if len(found) != 1 or born_on is None or found[0].birth_on != born_on:
        raise Refused(NOBODY)
    try:
        return accounts.may_sign_in(found[0].pk)
    except NotFound as closed:
        raise Refused(NOBODY) from closed
