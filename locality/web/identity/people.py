"""One person's identity: what makes them one, and by hand: a record split off, another person joined."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access import actions as access
from locality.access.actions import identity
from locality.access.rules import DataClass
from locality.people.actions.deciding import Decided
from locality.record.queries.holdings import holdings
from locality.web import session
from locality.web.guard import needs, viewer_of
from locality.web.identity import words
from locality.web.identity.asking import uuid_of, uuids_of
from locality.web.identity.marks import lines
from locality.web.pages import page

HISTORY = 10
NO_REASON = ("reason", "Say why, so that the next reader can judge.")


@needs("read", DataClass.ID)
@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What makes this person one, and what is in doubt?"""
    return _person(request, person_id)


def _person(
    request: HttpRequest, person_id: UUID, *, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    found = identity.open_identity(person_id=person_id, by=viewer)
    ids = [record.id for record in found.records]
    given = {
        "about": words.about(found),
        "found": found,
        "held": holdings(patients=ids, viewer=viewer),
        "doubts": [words.row(one, now=viewer.at) for one in found.doubts],
        "history": identity.decisions(most=HISTORY, patients=ids, by=viewer).rows,
        "errors": errors or [],
        "say": words,
    }
    return page(request, "identity/person.jinja", given, status=status)


@needs("act", DataClass.ID)
@require_POST
def split(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Which records leave, and what becomes of both sides? Then it is done, and can be undone."""
    viewer, leaving = viewer_of(request), uuids_of(request.POST.getlist("leaves"))
    sure, reason = request.POST.get("sure") == "yes", request.POST.get("reason", "").strip()
    if sure and reason:
        decided = identity.split(person_id=person_id, patients=leaving, reason=reason, by=viewer)
        return _done(request, decided, person_id, "Split off: they are two people now, for good.")
    if not leaving:
        return _person(
            request,
            person_id,
            errors=[("leaves", "Choose the records that leave to a person of their own.")],
            status=422,
        )
    found = identity.preview_split(person_id=person_id, patients=leaving, by=viewer)
    given = {
        "about": words.about(found.identity),
        "found": found,
        "held": holdings(patients=[one.id for one in found.identity.records], viewer=viewer),
        "reasons": words.REASONS,
        "errors": [NO_REASON] if sure else [],
        "say": words,
    }
    return page(request, "identity/split.jinja", given, status=422 if sure else 200)


@needs("act", DataClass.ID)
@require_POST
def join(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who else is this? First found, then looked at side by side, then joined; and it can be undone."""
    viewer, other = viewer_of(request), uuid_of(request.POST.get("other", ""))
    sure, reason = request.POST.get("sure") == "yes", request.POST.get("reason", "").strip()
    if other is None:
        return _found(request, person_id)
    if sure and reason:
        decided = identity.join(person_id=person_id, other_id=other, reason=reason, by=viewer)
        return _done(request, decided, person_id, "Joined: they are one person now.")
    one, two = identity.preview_join(person_id=person_id, other_id=other, by=viewer)
    ids = [record.id for found in (one, two) for record in found.records]
    given = {
        "about": words.about(one),
        "one": one,
        "other": two,
        "lines": lines(one.records[0], two.records[0]) if one.records and two.records else [],
        "held": holdings(patients=ids, viewer=viewer),
        "reasons": words.REASONS,
        "errors": [NO_REASON] if sure else [],
        "say": words,
    }
    return page(request, "identity/join.jinja", given, status=422 if sure else 200)


def _found(request: HttpRequest, person_id: UUID) -> HttpResponse:
    viewer, typed = viewer_of(request), request.POST.get("words", "").strip()
    if not typed:
        return _person(
            request, person_id, errors=[("words", "Type the other person's NHS number, or their name.")], status=422
        )
    search = access.find(words=typed, born=None, by=viewer)
    found = identity.open_identity(person_id=person_id, by=viewer, what="identity.join-looked-at")
    given = {
        "about": words.about(found),
        "found": [one for one in search.found if one.id != found.person.pk],
        "searched": f"Looked for the {search.looked_for} “{typed}” in every organisation connected. {search.hint}",
        "words": typed,
    }
    return page(request, "identity/found.jinja", given)


def _done(request: HttpRequest, decided: Decided, person_id: UUID, told: str) -> HttpResponse:
    undo = reverse("identity_take_back", args=[decided.labels[0].pk])
    request.session[session.UNDO] = {"words": told, "address": f"{undo}?person={person_id}"}
    return redirect("identity_person", person_id)
