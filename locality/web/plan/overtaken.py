"""Where somebody was first: what the plan says since, who said so, and what was wanted, to be done all the same."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from locality.access.queries import Grant
from locality.base import Overtaken
from locality.neighbourhoods.queries import plans as queries
from locality.neighbourhoods.queries.plan_shapes import Part
from locality.neighbourhoods.rules.plans import KIND_WORDS, STATE_WORDS
from locality.web import refusals
from locality.web.pages import page
from locality.web.plan.words import lines

CONFIRM, WENT, REMOVE, UNDO = "confirm", "went", "remove", "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """On which page somebody was: its route, what its address needs besides, and what the page is given."""

    route: str
    whose: list[UUID]
    given: dict[str, Any]

    def address(self, what: str, *parts: Any) -> str:
        """Of what is done on that page."""
        return reverse(f"{self.route}_{what}", args=[*self.whose, *parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What was wanted, in words, and the form by which it is done to what stands now; no button where it is not."""

    words: str = ""
    button: str = ""
    address: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def page_of(request: HttpRequest, grant: Grant, fault: Overtaken, *, wanted: str, at: At) -> HttpResponse:
    """What it says now and by whom, with what was wanted on a button of its own; the way back beside it."""
    refusals.write_down(request, fault)
    assert fault.about is not None
    theirs = queries.part(grant=grant, part_id=fault.about)
    given = {
        "theirs": theirs,
        "kind_words": KIND_WORDS[theirs.kind],
        "their_lines": lines(theirs.kind, theirs.content, theirs.towards),
        "again": _again(request, theirs, wanted=wanted, at=at),
        "back": reverse(at.route, args=at.whose),
        "history": at.address("history"),
    }
    return page(request, "plan/overtaken.jinja", at.given | given, status=409)


def _again(request: HttpRequest, theirs: Part, *, wanted: str, at: At) -> Again:
    if not theirs.may_write:
        return Again()
    if theirs.is_out:
        return Again(button="Put it back into the plan", address=at.address("undo", theirs.id, theirs.version))
    if wanted == CONFIRM:
        return _confirm(theirs, at)
    if wanted == WENT:
        state = request.POST.get("state", "")
        words = STATE_WORDS[state]  # type: ignore[index]
        return Again(
            words=words,
            button=f"Say \u201c{words}\u201d all the same",
            address=at.address("went", theirs.id),
            fields=(("state", state), ("version", str(theirs.version))),
        )
    if wanted == REMOVE:
        address = at.address("remove", theirs.id, theirs.version)
        return Again(words="To take it out of the plan", button="Take it out all the same", address=address)
    # what they would undo is not the last change any more: another one is never undone in its place
    return Again(words="To undo a change that is not the last any more")


def _confirm(theirs: Part, at: At) -> Again:
    heading = theirs.content.heading
    sent = next((line.sent for line in at.given["plan"].about_me if line.code == heading and line.sent), None)
    if sent is None:
        return Again()
    return Again(
        words=sent.words,
        button="Put what was sent in its place",
        address=at.address("confirm"),
        fields=(("heading", heading), ("thing", str(sent.id)), ("version", str(theirs.version))),
    )
