"""No page without a declared class and action: the build fails when a route has neither."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from locality.access import wall
from locality.access.queries import ActsNoLonger, accounts
from locality.access.rules import TABLES, DataClass
from locality.base import NotFound, Refused, Viewer, ViewerKind
from locality.web import drafts, session

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Need:
    """What a page does, to which class of row; "open" pages need nobody to be signed in, "account" pages no role."""

    action: str
    data_class: DataClass | None
    people: bool = False
    practitioners: bool = True
    fresh: bool = False

    @property
    def is_fresh(self) -> bool:
        """Whether it asks for a fresh proof of who somebody is: by its own word, or by the table of what does."""
        return self.fresh or self.action in TABLES.lists["second_factor"]


def open_to_all(view: View) -> View:
    """A page that anybody may see."""
    view.need = Need("open", None)  # type: ignore[attr-defined]
    return view


def needs(
    action: str, data_class: DataClass, *, people: bool = False, practitioners: bool = True, fresh: bool = False
) -> Callable[[View], View]:
    """A page for somebody signed in, in a role that still holds; `action` is read, act, run, export or decide.

    It is for practitioners, and says so where it is for people (and their proxies) too or alone. A `fresh` one asks
    whoever proved who they are longer ago than a quarter of an hour to prove it again, and comes back.
    """
    need = Need(action, data_class, people=people, practitioners=practitioners, fresh=fresh)

    def guarded(view: View) -> View:
        @wraps(view)
        def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            at = timezone.now()
            try:
                viewer = session.viewer_of(request, at=at)
            except session.NeedsSecondFactor:
                return redirect("account")
            except ActsNoLonger:
                return _acts_no_longer(request)
            except NotFound:
                return _role_is_over(request)
            if viewer is None:
                return _to_sign_in(request, at=at)
            request.viewer = viewer  # type: ignore[attr-defined]
            _refuse_the_other_kind(viewer, need)
            _refuse_a_stale_tab(request, kwargs)
            refuse_for_somebody_else(request, request.path)
            if need.is_fresh and not session.fresh(request, at=at):
                return _to_prove(request, at=at)
            with wall.up(viewer):
                return view(request, *args, **kwargs)

        guard.need = need  # type: ignore[attr-defined]
        return guard

    return guarded


def own_account(*, fresh: bool = False) -> Callable[[View], View]:
    """A page about one's own sign-in: for whoever is signed in, of whatever kind and in whatever role, or none yet."""
    need = Need("account", None, people=True, fresh=fresh)

    def guarded(view: View) -> View:
        @wraps(view)
        def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            at = timezone.now()
            account = session.account_of(request, at=at)
            if account is None:
                return _to_sign_in(request, at=at, keeps=False)
            request.account, request.at = account, at  # type: ignore[attr-defined]
            with suppress(NotFound, session.NeedsSecondFactor):
                request.viewer = session.viewer_of(request, at=at)  # type: ignore[attr-defined]
            if need.fresh and not session.fresh(request, at=at):
                return _to_prove(request, at=at, keeps=False)
            return view(request, *args, **kwargs)

        guard.need = need  # type: ignore[attr-defined]
        return guard

    return guarded


# whom one acts for, and how large letters are, is of whoever sits there
OF_ONESELF = ("me_act_for", "me_text")
STAFF_KINDS = frozenset({ViewerKind.PRACTITIONER, ViewerKind.SYSTEM})


def _refuse_the_other_kind(viewer: Viewer, need: Need) -> None:
    # as if the page were not there: a person learns nothing of what staff have, nor the reverse
    allowed = need.practitioners if viewer.kind in STAFF_KINDS else need.people
    if not allowed:
        raise NotFound("There is no such page here.")


def _refuse_a_stale_tab(request: HttpRequest, told: dict[str, Any]) -> None:
    # with two people open in two tabs, what is sent from one must never be written to the other
    if request.method == "POST" and "person_id" in told and request.POST.get("about") != str(told["person_id"]):
        raise Refused(
            "What you sent was about another person than this page, so nothing was done. Open the page again."
        )


def refuse_for_somebody_else(request: HttpRequest, path: str) -> None:
    """What is sent from a page about oneself must not be done for whom one acts now, nor the reverse."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if request.method != "POST" or viewer is None or viewer.kind in STAFF_KINDS or path in map(reverse, OF_ONESELF):
        return
    about = request.POST.get("about", "")
    if about != str(viewer.acts_for or viewer.id) and (about or viewer.acts_for):
        raise Refused(
            "What you sent was for somebody else than the one you act for now, so nothing was done. Choose whom "
            "you act for, then send it again."
        )


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking, on a guarded page."""
    return request.viewer  # type: ignore[attr-defined]


def at_of(request: HttpRequest) -> datetime:
    """The moment of this page."""
    return viewer_of(request).at


def _acts_no_longer(request: HttpRequest) -> HttpResponse:
    session.act_for(request, person=None)
    words = "You no longer act for them: it ended, or it was taken back. You are yourself again, and nothing was done."
    request.session[session.UNDO] = {"words": words, "address": ""}
    return redirect("me_acting")


def _role_is_over(request: HttpRequest) -> HttpResponse:
    if session.PERSON in request.session:
        # an earlier identity, or somebody who died: nothing is left to choose from
        request.session.flush()
        return redirect("sign_in")
    return redirect("choose_role")


def _to_sign_in(request: HttpRequest, *, at: datetime, keeps: bool = True) -> HttpResponse:
    if session.ACCOUNT in request.session:
        return redirect("choose_role")
    was = getattr(request, "was", None)
    if was is not None:
        keeps = keeps and request.method == "POST"
        told = {"over": "kept" if keeps and drafts.keep(request, account_id=was, at=at) else "yes"}
    else:
        told = {}
    # only pages that are asked for by address can be gone back to
    if request.method == "GET" and request.path != reverse("home"):
        told["next"] = request.path
    return redirect(f"{reverse('sign_in')}?{urlencode(told)}" if told else reverse("sign_in"))


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """To showing the second factor, or to adding one, and back to what was asked; what was sent is kept."""
    at, account = timezone.now(), UUID(request.session[session.ACCOUNT])
    answer = _to_prove(request, at=at)
    if accounts.has_factor(account):
        return answer
    words = "That needs a second factor, and you have none yet. Add one here, then go on."
    request.session[session.UNDO] = {"words": words, "address": ""}
    return redirect("account")


def _to_prove(request: HttpRequest, *, at: datetime, keeps: bool = True) -> HttpResponse:
    account, is_sent = UUID(request.session[session.ACCOUNT]), request.method == "POST"
    is_kept = is_sent and keeps and drafts.keep(request, account_id=account, at=at)
    # what holds a secret is asked for again, on the page that it was typed on
    back = reverse("kept") if is_kept else "" if keeps else reverse("account")
    # in the session, not in the address: what leads back is nobody else's to write
    request.session[session.BACK] = back if is_sent else request.path
    request.session[session.KEPT] = is_kept if is_sent else None
    return redirect("prove")
