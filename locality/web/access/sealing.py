"""A person wants a line of their record sealed, or locked: whoever may write in it does it for them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from locality.access.actions import marking, open_record
from locality.access.queries import Grant
from locality.access.rules import UNDO_FOR, DataClass, Seal
from locality.base import Refused
from locality.record import queries
from locality.record.headlines.other import type_words
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page

CHOOSE = "Choose whether the line is sealed or locked."
SAY_HOW = "Say how they asked for it, so that the next reader knows."
READ_ONLY = "You may read this record and not write in it, so you cannot seal a line of it."
SEALED = "The line is sealed, to you too. Whoever needs it breaks the glass."
LOCKED = "The line is locked, to you too, and nobody is told of it."
OPEN_AGAIN = "The line is open again."
NOT_OPENED = (
    f"No line was opened. Whoever closed one may undo it for {UNDO_FOR.seconds // 60} minutes; after that, the person "
    "and the privacy officer may."
)
KINDS = [
    (Seal.SEALED, "Seal it", "Nobody sees it. A clinician or safeguarding lead can open it in need, with a reason."),
    (Seal.LOCKED, "Lock it", "Nobody sees it or is told that it is there, not even in an emergency."),
]


@needs("act", DataClass.CLIN)
@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """Do they want this line closed to everybody? It closes to whoever does this, too."""
    form = Form(request.POST)
    grant = open_record(person_id=person_id, by=viewer_of(request), what="line.opened", about=thing)
    if not grant.opening.writes:
        raise Refused(READ_ONLY)
    # a line that is hidden from whoever asks is not there
    opened = queries.opened(grant=grant, thing=thing)
    if request.method == "POST":
        kind = form.chosen("kind", {str(one): one for one, *_ in KINDS}, needed=CHOOSE)
        words = form.words("words", needed=SAY_HOW)
        if not form.errors and kind is not None:
            return _sealed(request, grant, thing, kind=kind, words=words)
    given = {
        "about": queries.face(grant=grant, at=at_of(request)),
        "glass": glass_of(grant),
        "fact": opened.fact,
        "allergy": opened.kind == type_words("AllergyIntolerance"),
        "form": form,
        "undo_minutes": UNDO_FOR.seconds // 60,
        "kinds": [(str(code), title, effect) for code, title, effect in KINDS],
    }
    return page(request, "access/seal.jinja", given, status=422 if form.errors else 200)


def _sealed(request: HttpRequest, grant: Grant, thing: UUID, *, kind: Seal, words: str) -> HttpResponse:
    announced = kind == Seal.SEALED and request.POST.get("announced") == "yes"
    person_id = grant.person.pk
    marking.seal(person_id=person_id, thing=thing, kind=kind, announced=announced, words=words, by=viewer_of(request))
    told = SEALED if kind == Seal.SEALED else LOCKED
    request.session[session.UNDO] = {"words": told, "address": reverse("unseal", args=[person_id, thing])}
    return redirect("person", person_id)


@needs("act", DataClass.CLIN)
@require_POST
def unseal(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """Undo: the line is open again. Of a line that nobody sealed, it says the same as of one that somebody else did."""
    opened = marking.unseal(person_id=person_id, thing=thing, by=viewer_of(request))
    request.session[session.UNDO] = {"words": OPEN_AGAIN if opened else NOT_OPENED, "address": ""}
    return redirect("person", person_id)
