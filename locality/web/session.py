"""What a session holds: which account, in which role or acting for whom, since when, proved how; no more of anybody.

Between a right password and a right second factor there is no account in it, only somebody who waits (`WAITS`): no page
but the one that asks for the factor knows them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from locality.access import actions as access
from locality.access import queries
from locality.access.queries import accounts
from locality.access.rules.signing_in import is_fresh, needs_second_factor, network_of
from locality.access.sessions import ACCOUNT, BEGAN, BROWSER, NETWORK, SEEN
from locality.base import Refused, Viewer

ROLE, UNDO, HOW, BACK, LARGE = "role", "undo", "how", "next", "large"
# when a second factor was last shown, and when anything was
FACTOR, PROVED = "factor", "proved"
# whether what was sent before proving again is kept; not there where nothing was sent
KEPT = "kept"
PERSON, WAITS = "person", "waits"
# the person for whom somebody acts
ACTING = "acting"
# writing the session at every click would cost a write a page
SEEN_EVERY = timedelta(minutes=1)
WAITS_FOR = timedelta(minutes=10)


class NeedsSecondFactor(Refused):
    """The chosen role is let in by a password alone in no place but a trial."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody has just shown: by which way, and whether it was, or held, a second factor."""

    how: str
    second_factor: bool = False


def begin(request: HttpRequest, *, account_id: UUID, proof: Proof, at: datetime) -> None:
    """Sign in: a new session under a new key, so that one planted before is worth nothing."""
    request.session.flush()
    one = accounts.account(account_id)
    moment = at.isoformat()
    request.session.update(
        {ACCOUNT: str(account_id), BEGAN: moment, SEEN: moment, PROVED: moment, HOW: proof.how}
        | {NETWORK: network(request), BROWSER: browser(request)}
        | ({FACTOR: moment} if proof.second_factor else {})
        | ({PERSON: True} if one.person_id else {})
    )
    access.begin_session(account=one, how=proof.how, network=network(request), second_factor=proof.second_factor, at=at)


def wait_for_factor(request: HttpRequest, *, account_id: UUID, how: str, back: str, at: datetime) -> None:
    """A password was right, and a second factor is still to be shown: until then nobody is signed in."""
    request.session.flush()
    request.session[WAITS] = {"account": str(account_id), "how": how, "back": back, "at": at.isoformat()}


def who_waits(request: HttpRequest, *, at: datetime) -> dict[str, Any] | None:
    """Who has still to show a second factor, and where they were going; nobody after ten minutes."""
    waits = request.session.get(WAITS)
    if waits is None or at - datetime.fromisoformat(waits["at"]) > WAITS_FOR:
        return None
    return waits


def proved(request: HttpRequest, *, proof: Proof, at: datetime) -> None:
    """Go on under a new key after showing again who one is."""
    request.session.cycle_key()
    request.session[PROVED] = at.isoformat()
    if proof.second_factor:
        request.session[FACTOR] = at.isoformat()
    access.prove_again(account_id=UUID(request.session[ACCOUNT]), how=proof.how, at=at)


def choose(request: HttpRequest, *, role: UUID) -> None:
    """Go on in one role."""
    request.session.cycle_key()
    request.session[ROLE] = str(role)


def account_of(request: HttpRequest, *, at: datetime) -> UUID | None:
    """The signed-in account, unless the session has idled or lasted too long."""
    account = request.session.get(ACCOUNT)
    if account is None:
        return None
    seen = datetime.fromisoformat(request.session[SEEN])
    began = datetime.fromisoformat(request.session[BEGAN])
    if at - seen > settings.SESSION_IDLE or at - began > settings.SESSION_LONGEST:
        # whose it was, for what they were just sending
        request.was = UUID(account)  # type: ignore[attr-defined]
        request.session.flush()
        return None
    if at - seen > SEEN_EVERY:
        request.session[SEEN] = at.isoformat()
    return UUID(account)


def viewer_of(request: HttpRequest, *, at: datetime) -> Viewer | None:
    """Who is looking; None when nobody is signed in or no role is chosen.

    Raises NotFound when the role has ended, NeedsSecondFactor when it needs one that was not shown.
    """
    account = account_of(request, at=at)
    if account is None:
        return None
    shown = FACTOR in request.session
    # where no role is asked for one, in a trial, what they signed in with stands in for it
    factor = shown or not (settings.SECOND_FACTOR or settings.SECOND_FACTOR_FOR_ALL)
    if settings.SECOND_FACTOR_FOR_ALL and not shown:
        raise NeedsSecondFactor("Everybody here needs a second factor.")
    if PERSON in request.session:
        acting = request.session.get(ACTING)
        person = UUID(acting) if acting else None
        return queries.viewer_as_person(account_id=account, at=at, acting_for=person, second_factor=factor)
    if ROLE not in request.session:
        return None
    viewer = queries.viewer(account_id=account, role_id=UUID(request.session[ROLE]), at=at, second_factor=factor)
    if settings.SECOND_FACTOR and needs_second_factor(viewer.role) and not shown:
        raise NeedsSecondFactor("This role needs a second factor.")
    return viewer


def act_for(request: HttpRequest, *, person: UUID | None) -> None:
    """Go on acting for somebody, or as oneself, under a new key."""
    request.session.cycle_key()
    request.session.pop(ACTING, None)
    if person is not None:
        request.session[ACTING] = str(person)


def fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Whether they proved who they are a short while ago: by their second factor, or by what they have instead."""
    proved_at = request.session.get(FACTOR) or request.session.get(PROVED)
    return is_fresh(datetime.fromisoformat(proved_at) if proved_at else None, at=at)


def needs_factor_again(request: HttpRequest, *, account_id: UUID) -> bool:
    """Whether nothing but a second factor proves them again: they have one here, or came in with a provider's."""
    return FACTOR in request.session or accounts.has_factor(account_id)


def network(request: HttpRequest) -> str:
    """From where: the address that our own proxies saw, never one that the browser made up."""
    hops = settings.PROXIES
    told = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    address = told[-hops] if hops and len(told) >= hops else request.META.get("REMOTE_ADDR", "")
    return network_of(address)


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
            ("Linux", "Linux"))  # fmt: skip


def browser(request: HttpRequest) -> str:
    """With what, in words that somebody knows their own machine by."""
    said = request.META.get("HTTP_USER_AGENT", "")
    named = [next((words for sign, words in signs if sign in said), "") for signs in (BROWSERS, MACHINES)]
    return " on ".join(word for word in named if word) or "A browser"
