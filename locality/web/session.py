"""What a session holds: which account, in which role, since when; nothing about any person."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from locality.access import queries
from locality.base import Viewer

ACCOUNT, ROLE, BEGAN, SEEN, UNDO = "account", "role", "began", "seen", "undo"
# writing the session at every click would cost a write a page
SEEN_EVERY = timedelta(minutes=1)


def begin(request: HttpRequest, *, account_id: UUID, at: datetime) -> None:
    """Sign in: a new session under a new key, so that one planted before is worth nothing."""
    request.session.flush()
    request.session[ACCOUNT] = str(account_id)
    request.session[BEGAN] = request.session[SEEN] = at.isoformat()


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
        request.session.flush()
        return None
    if at - seen > SEEN_EVERY:
        request.session[SEEN] = at.isoformat()
    return UUID(account)


def viewer_of(request: HttpRequest, *, at: datetime) -> Viewer | None:
    """Who is looking; None when nobody is signed in or no role is chosen. Raises NotFound when the role has ended."""
    account = account_of(request, at=at)
    if account is None or ROLE not in request.session:
        return None
    return queries.viewer(account_id=account, role_id=UUID(request.session[ROLE]), at=at)
