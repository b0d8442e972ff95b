"""Deciding whether the person may see what is kept back from them, line by line, and taking a decision back."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access.actions import open_record
from locality.access.actions.releasing import CHOOSE, SAY_HARM, SAY_OTHERS, SAY_WHY, take_back_release
from locality.access.rules import RELEASE_WORDS, Action, DataClass
from locality.base import Refused
from locality.record.actions.releasing import decide_release
from locality.record.queries import face
from locality.record.queries.releasing import KeptBack, kept_back_lines
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted

NOT_READ = "Read the line whole first, then say here that you did."
FIELDS = ("verdict", "others_words", "harm_words", "words", "read", "version")
NEEDED = {"verdict": CHOOSE, "read": NOT_READ, "others_words": SAY_OTHERS, "harm_words": SAY_HARM, "words": SAY_WHY}


@needs("read", DataClass.SAFE)
@require_GET
def release(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What is kept back from this person, and what was decided of it?"""
    return _release(request, person_id)


def _release(
    request: HttpRequest,
    person_id: UUID,
    *,
    form: Form | None = None,
    thing: str = "",
) -> HttpResponse:
    form = form or Form({})
    grant = open_record(person_id=person_id, by=viewer_of(request))
    lines = kept_back_lines(grant=grant)
    given = {
        "about": face(grant=grant, at=at_of(request)),
        "answer": _answer(lines),
        "lines": lines,
        "verdicts": list(RELEASE_WORDS.items()),
        "verdict_words": RELEASE_WORDS,
        "form": form,
        "typed_of": thing,
    }
    return page(request, "access/release.jinja", given, status=422 if form.errors else 200)


def _answer(lines: Sequence[KeptBack]) -> str:
    if not lines:
        return "Nothing that you may decide on is kept back from this person"
    waiting = sum(one.decided is None for one in lines)
    if not waiting:
        return f"Each of {counted(len(lines), 'line')} has been decided"
    return f"{counted(waiting, 'line')} {'is' if waiting == 1 else 'are'} kept back, and nobody has decided"


@needs("decide", DataClass.SAFE)
@require_POST
def release_decided(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """The person may see this line, or may not."""
    viewer = viewer_of(request)
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    errors = [(f"{name}-{thing}", words) for name, words in NEEDED.items() if not typed[name]]
    if errors:
        return _release(request, person_id, form=Form(typed, errors), thing=str(thing))
    grant = open_record(person_id=person_id, by=viewer, action=Action.DECIDE)
    decide_release(
        thing=thing,
        version=_version(typed["version"]),
        verdict=typed["verdict"],
        others_words=typed["others_words"],
        harm_words=typed["harm_words"],
        words=typed["words"],
        grant=grant,
        by=viewer,
    )
    request.session[session.UNDO] = {"words": "Decided, and it holds from now on. You can take it back.", "address": ""}
    return redirect("release", person_id)


def _version(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Refused("Open the page again: it did not say which version of the line you read.") from None


@needs("decide", DataClass.SAFE)
@require_POST
def release_taken_back(request: HttpRequest, person_id: UUID, release_id: UUID) -> HttpResponse:
    """It is kept back again."""
    viewer, words = viewer_of(request), request.POST.get("words", "").strip()
    if not words:
        return _release(request, person_id, form=Form({}, [(f"why-{release_id}", SAY_WHY)]))
    grant = open_record(person_id=person_id, by=viewer, action=Action.DECIDE)
    take_back_release(release_id=release_id, words=words, grant=grant, by=viewer)
    request.session[session.UNDO] = {"words": "Taken back: it is kept back from now on.", "address": ""}
    return redirect("release", person_id)
