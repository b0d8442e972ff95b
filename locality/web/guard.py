"""No page without a declared class and action: the build fails when a route has neither."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from locality.access import wall
from locality.access.rules import DataClass
from locality.base import NotFound, Refused, Viewer
from locality.web import session

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Need:
    """What a page does, to which class of row; "open" pages need nobody to be signed in."""

    action: str
    data_class: DataClass | None


def open_to_all(view: View) -> View:
    """A page that anybody may see."""
    view.need = Need("open", None)  # type: ignore[attr-defined]
    return view


def needs(action: str, data_class: DataClass) -> Callable[[View], View]:
    """A page for somebody signed in, in a role that still holds; `action` is read, act or run."""

    def guarded(view: View) -> View:
        @wraps(view)
        def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            at = timezone.now()
            try:
                viewer = session.viewer_of(request, at=at)
            except NotFound:
                return redirect("choose_role")
            if viewer is None:
                return _to_sign_in(request)
            request.viewer = viewer  # type: ignore[attr-defined]
            _refuse_a_stale_tab(request, kwargs)
            with wall.up():
                return view(request, *args, **kwargs)

        guard.need = Need(action, data_class)  # type: ignore[attr-defined]
        return guard

    return guarded


def _refuse_a_stale_tab(request: HttpRequest, told: dict[str, Any]) -> None:
    # with two people open in two tabs, what is sent from one must never be written to the other
    if request.method == "POST" and "person_id" in told and request.POST.get("about") != str(told["person_id"]):
        raise Refused(
            "What you sent was about another person than this page, so nothing was done. Open the page again."
        )


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking, on a guarded page."""
    return request.viewer  # type: ignore[attr-defined]


def at_of(request: HttpRequest) -> datetime:
    """The moment of this page."""
    return viewer_of(request).at


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if session.ACCOUNT in request.session:
        return redirect("choose_role")
    # only pages that are asked for by address can be gone back to
    back = {"next": request.path} if request.method == "GET" and request.path != reverse("home") else {}
    return redirect(f"{reverse('sign_in')}?{urlencode(back)}" if back else reverse("sign_in"))
