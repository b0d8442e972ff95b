"""Accounts, as the pages of signing in read them: whose, since when, with what; nothing about what a record holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac

from locality.access.models import (
    Account,
    Draft,
    Factor,
    FactorsLost,
    KnownNetwork,
    RecoveryCode,
    Role,
    Session,
    Subject,
    WayIn,
    WrongTry,
)
from locality.access.queries.acting import known_as
from locality.access.queries.staff import keeps_staff
from locality.access.rules import signing_in as rules
from locality.base import SYSTEM_ID, NotFound, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.people.models import Person
from locality.people.queries import same_person
from locality.people.queries.earlier import who_is_earlier

CLOSED = "This sign-in opens nothing any more. Ask the place's information governance team why."


def account(account_id: UUID) -> Account:
    """An account that may be used; raises NotFound for one that is shut."""
    found = Account.objects.select_related("practitioner", "person").filter(pk=account_id, is_active=True).first()
    if found is None:
        raise NotFound("There is no such account here.")
    return found


def signer(one: Account, *, at: datetime, second_factor: bool = False) -> Viewer:
    """Who signs in, before any role is chosen: it is in nobody's team and opens nothing."""
    kind = ViewerKind.PERSON if one.person_id else ViewerKind.PRACTITIONER
    whose = one.person_id or one.practitioner_id
    if whose is None:
        raise NotFound("There is no such account here.")
    return Viewer(kind=kind, id=whose, role="signing in", at=at, second_factor=second_factor)


def person_viewer(*, account_id: UUID, at: datetime, second_factor: bool = False) -> Viewer:
    """A person who looks at what is kept about them: the kept person, where two turned out to be one.

    Raises NotFound for an earlier identity and for somebody who has died: neither may be signed in as.
    """
    one = account(account_id)
    if one.person_id is None:
        raise NotFound(CLOSED)
    person = may_sign_in(one.person_id)
    return Viewer(
        kind=ViewerKind.PERSON,
        id=person.pk,
        role="person",
        name=known_as(person),
        second_factor=second_factor,
        at=at,
    )


def may_sign_in(person_id: UUID) -> Person:
    """The kept person, if they may sign in; raises NotFound otherwise, never saying why."""
    person = same_person(person_id)[0]
    if person.died or who_is_earlier([person.pk]):
        raise NotFound(CLOSED)
    return person


def mark(kind: str, words: str) -> str:
    """A digest under the place's key: tells the same words again, and not what they were."""
    return salted_hmac(f"locality.{kind}", words, algorithm="sha256").hexdigest()


def tries(*, name: str, network: str, at: datetime) -> rules.Tries:
    """The wrong tries that still count against this name (a digest) and this network."""
    since = at - rules.TRIES_COUNT_FOR
    counted = WrongTry.objects.filter(Q(name=name) | Q(network=network), at__gt=since).aggregate(
        here=Count("pk", filter=Q(name=name, network=network)),
        everywhere=Count("pk", filter=Q(name=name)),
        network=Count("pk", filter=Q(network=network)),
    )
    return rules.Tries(**counted)


def knows_network(*, account_id: UUID | None, network: str, at: datetime) -> bool:
    """Whether this account was signed in with from this network (a digest) not long ago."""
    since = at - rules.NETWORK_KNOWN_FOR
    # a name that nobody has is asked about all the same, so that time does not tell it
    return KnownNetwork.objects.filter(account=account_id or SYSTEM_ID, network=network, last_at__gt=since).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an account signs in with."""

    account: Account
    factors: Sequence[Factor]
    codes_left: int
    subjects: Sequence[Subject]
    needs_factor: bool

    @property
    def has_factor(self) -> bool:
        """Whether a password alone no longer lets them in."""
        return bool(self.factors)


def held(*, account_id: UUID, at: datetime) -> Held:
    """What an account signs in with, and whether one of its roles needs a second factor."""
    one = account(account_id)
    needs = needs_factor(one, at=at)
    asks = settings.SECOND_FACTOR_FOR_ALL or settings.SECOND_FACTOR and needs
    return Held(
        account=one,
        factors=list(Factor.objects.filter(account=one).order_by("made_at")),
        codes_left=RecoveryCode.objects.filter(account=one, used_at=None).count(),
        subjects=list(Subject.objects.filter(account=one).order_by("linked_at")),
        needs_factor=asks,
    )


def needs_factor(one: Account, *, at: datetime) -> bool:
    """Whether one of an account's roles is let in with a second factor alone, in any place but a trial."""
    roles = Role.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day_of(at)), practitioner=one.practitioner_id)
    return one.practitioner_id is not None and roles.filter(code__in=rules.NEED_SECOND_FACTOR).exists()


def lost_said(one: Account, *, at: datetime) -> FactorsLost | None:
    """That an administrator says somebody lost their second factors, while a second may still say so too."""
    return FactorsLost.objects.filter(account=one, said_at__gte=at - rules.SAID_LASTS).first()


def has_factor(account_id: UUID) -> bool:
    """Whether a password alone no longer lets this account in."""
    return Factor.objects.filter(account=account_id).exists()


def passkeys(account_id: UUID | None = None, *, credential: bytes | None = None) -> list[Factor]:
    """The passkeys of an account, or the one of this credential."""
    which = Q(account=account_id) if account_id else Q(credential=credential)
    return list(Factor.objects.filter(which, kind="passkey", account__is_active=True))


def sessions(*, account_id: UUID, at: datetime) -> list[Session]:
    """Where an account is signed in, the latest seen first; what has idled out is not shown."""
    rows = Session.objects.filter(account=account_id, expire_date__gt=at, began_at__gt=at - settings.SESSION_LONGEST)
    return list(rows.filter(seen_at__gt=at - settings.SESSION_IDLE).order_by("-seen_at"))


def of_subject(*, issuer: str, subject: str) -> Account | None:
    """The account that this issuer's subject is joined to; matched by nothing else."""
    found = Subject.objects.select_related("account").filter(issuer=issuer, subject=subject, account__is_active=True)
    return one.account if (one := found.first()) else None


def way_in(*, token: str, purpose: str, at: datetime) -> WayIn:
    """A link that still lets its holder in; raises NotFound for one that is used, over, or was never made."""
    found = WayIn.objects.select_related("account").filter(
        digest=mark(purpose, token), purpose=purpose, used_at=None, ends_at__gt=at, account__is_active=True
    )
    one = found.first()
    if one is None:
        raise NotFound("This link has been used already, or its time is over. Ask for another.")
    return one


def drafts(*, account_id: UUID, at: datetime) -> list[Draft]:
    """What was kept of the forms that this account sent too late, the newest first."""
    since = at - rules.DRAFT_LASTS
    return list(Draft.objects.filter(account=account_id, kept_at__gt=since).order_by("-kept_at"))


def of_practitioner(*, practitioner_id: UUID, viewer: Viewer) -> Account:
    """The account of one of the staff, for whoever keeps the list of them; NoAccess for others, NotFound for none."""
    keeps_staff(viewer)
    found = Account.objects.select_related("practitioner").filter(practitioner=practitioner_id).first()
    if found is None:
        raise NotFound("They have no account yet. Give them a user name first.")
    if not found.is_active:
        raise NotFound("Their account was shut when they left. It opens again when they are given a role.")
    return found
