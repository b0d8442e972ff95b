"""The one place where a refusal becomes a page, and is written down after what was asked has been rolled back."""

import secrets
import sys
import traceback
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from locality.access.actions import NotOpened, refuse
from locality.access.rules import Factor
from locality.base import NoAccess, NotFound, Overtaken, Refused, ViewerKind
from locality.web.guard import to_second_factor
from locality.web.pages import page
from locality.web.way_back import NOTHING_SENT, sent, ways_back

log = structlog.get_logger()


class Refusals:
    """Middleware: NotFound, NoAccess and Refused each end in a page that says what happened and what to do."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Translate once; anything else is ours to mend."""
        if isinstance(fault, NotFound):
            return not_found(request, fault)
        if isinstance(fault, NotOpened) and fault.factor == Factor.SECOND_FACTOR:
            # no refusal: they are asked for it, and come back
            return to_second_factor(request)
        if isinstance(fault, NoAccess):
            return _refused(request, fault, heading="You cannot open this", status=403)
        if isinstance(fault, Refused):
            heading = "Somebody was first" if isinstance(fault, Overtaken) else "That was not done"
            return _refused(request, fault, heading=heading, status=409)
        if isinstance(fault, DatabaseError) and not isinstance(fault, (IntegrityError, DataError)):
            return unavailable(request, fault)
        return None


def _refused(request: HttpRequest, fault: NoAccess | Refused, *, heading: str, status: int) -> HttpResponse:
    try:
        write_down(request, fault)
    except DatabaseError as unwritten:
        return unavailable(request, unwritten)
    is_refused = isinstance(fault, Refused)
    given: dict[str, Any] = {"heading": heading, "text": str(fault), "what_next": what_next(request, fault)}
    given |= {"is_refused": is_refused, **(sent(request) if is_refused else NOTHING_SENT)}
    return page(request, "refused.jinja", given, status=status)


def what_next(request: HttpRequest, fault: NoAccess | Refused | None = None) -> list[tuple[str, str, str]]:
    """What somebody who was refused can do now."""
    viewer = getattr(request, "viewer", None)
    ways = ways_back(request, fault) if isinstance(fault, Refused) else []
    if viewer is not None and viewer.kind in (ViewerKind.PERSON, ViewerKind.PROXY):
        return [*ways, *_next_of_people()]
    person = _person(request)
    if isinstance(fault, NotOpened) and fault.may_ask and person is not None:
        why = "if they need you now: you say why, it opens for some hours, and your privacy officer reads it"
        ways.append(("Break the glass", reverse("break_glass", args=[person]), why))
    if isinstance(fault, NotOpened) and fault.factor == Factor.RELATION:
        ways.append(
            ("Ask the team or practice that looks after them", "", "to refer them to you or add them to your list")
        )
    return [
        *ways,
        ("What you can see, and why", reverse("my_access"), "by your role and your teams"),
        ("Find another person", reverse("find"), "by NHS number or name"),
        ("Go home", reverse("home"), "to your people and what changed"),
    ]


def _next_of_people() -> list[tuple[str, str, str]]:
    return [
        ("Who acts for whom", reverse("me_acting"), "for whom you act now, and who acts for you"),
        ("What is held", reverse("me_record"), "line by line, with who sent it"),
        ("Ask the privacy officer", reverse("me_ask"), "if something here is wrong"),
    ]


def _person(request: HttpRequest) -> UUID | None:
    person = request.resolver_match.kwargs.get("person_id") if request.resolver_match else None
    return person if isinstance(person, UUID) else None


def write_down(request: HttpRequest, fault: NoAccess | Refused) -> None:
    """Write down that something was refused: for a page that goes on to show the form again, with what is wrong."""
    viewer = getattr(request, "viewer", None)
    match = request.resolver_match
    if viewer is None or match is None:
        return
    factor = fault.factor if isinstance(fault, NotOpened) else None
    refuse(what=f"page.{match.url_name}", by=viewer, person=_person(request), reason=str(fault), factor=factor)


NOTHING_THERE = "Nothing that they may see is at this address."


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same bytes for what is hidden and what is not there; Django says `exception` by name."""
    viewer, match = getattr(request, "viewer", None), request.resolver_match
    if viewer is not None and match is not None:
        # one line whatever is there: it names nobody, and keeps what was tried for whoever reviews
        tried = [one for one in match.kwargs.values() if isinstance(one, UUID)]
        about = tried[-1] if tried else None
        try:
            refuse(what=f"page.{match.url_name}", by=viewer, about=about, reason=NOTHING_THERE)
        except DatabaseError as unwritten:
            return unavailable(request, unwritten)
    return page(request, "not_found.jinja", {}, status=404)


def error(request: HttpRequest) -> HttpResponse:
    """500: what was kept, and a mark to quote; the fault itself goes to the log without anybody's name."""
    event = secrets.token_hex(4)
    kind, _, trace = sys.exc_info()
    where = traceback.extract_tb(trace)[-1] if trace else None
    log.error(
        "page failed",
        event_id=event,
        route=request.resolver_match.view_name if request.resolver_match else "",
        # the kind and the line, never the message: it may hold what a record says
        fault=kind.__name__ if kind else "",
        at=f"{where.filename}:{where.lineno}" if where else "",
    )
    kept = "What you typed on the last page may not have been kept; everything saved before it was."
    return page(request, "error.jinja", {"event": event, "kept": kept}, status=500)


def unavailable(request: HttpRequest, fault: DatabaseError) -> HttpResponse:
    """503: the database did not answer, or did not let the look be written down; then nothing is shown."""
    event = secrets.token_hex(4)
    log.error(
        "page unavailable",
        event_id=event,
        route=request.resolver_match.view_name if request.resolver_match else "",
        # the kind alone: what a database says of a fault may hold a row
        fault=type(fault.__cause__ or fault).__name__,
    )
    # nothing that asks the database again: neither the session nor the place's name
    given = {"event": event, "place": {"name": "Locality"}, "csrf_input": "", "CSP_NONCE": nonce_of(request)}
    response = render(request, "unavailable.jinja", given, status=503)
    response["Retry-After"] = "30"
    return response


def nonce_of(request: HttpRequest) -> object:
    """The mark that lets the design system's one script run."""
    return getattr(request, "csp_nonce", "")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or did not come from this site: nothing was done."""
    return page(
        request,
        "refused.jinja",
        {
            "heading": "This page was open for too long",
            "text": "Nothing was done. Go back, reload the page and try again.",
            "what_next": [("Go home", reverse("home"), "and start again from there")],
            "is_refused": False,
            **NOTHING_SENT,
        },
        status=403,
    )
