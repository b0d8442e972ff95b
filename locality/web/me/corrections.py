"""Something is wrong: asking for it to be put right, and what became of that."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import Refused
from locality.neighbourhoods.actions import corrections as actions
from locality.neighbourhoods.actions.corrections import NewCorrection
from locality.neighbourhoods.queries import corrections as queries
from locality.neighbourhoods.rules.corrections import ABOUT_WORDS, CorrectionAbout
from locality.record import queries as record
from locality.record.queries.shapes import Opened
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted

own = needs("read", DataClass.ID, people=True, practitioners=False)
own_act = needs("act", DataClass.ID, people=True, practitioners=False)
CHOOSE = "Choose what it is about."
SENT = "Your request was sent. You can see here what becomes of it."
PARTS = {str(code): code for code in CorrectionAbout if code != CorrectionAbout.LINE}


@own
@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    """What did I ask to be put right, and what became of it?"""
    viewer = viewer_of(request)
    found = queries.of_person(grant=_grant(request))
    waits = sum(one.waits for one in found)
    said = f"{counted(len(found), 'thing')} asked to be put right, {waits} without an answer yet"
    given = {
        "answer": said if found else "Is something wrong? Ask for it to be put right",
        "asked": found,
        "viewer": viewer,
    }
    return page(request, "me/corrections.jinja", given)


@own_act
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """What is wrong, and what should it say?"""
    told = request.POST if request.method == "POST" else request.GET
    thing, grant = _id(told.get("line", "")), _grant(request)
    line = record.opened(grant=grant, thing=thing) if thing else None
    form = Form(request.POST.dict()) if request.method == "POST" else Form({"part": told.get("part", "")})
    if request.method == "POST" and _asked(form, thing, grant, request):
        request.session[session.UNDO] = {"words": SENT, "address": ""}
        return redirect("me_corrections")
    given = {
        "answer": f"What is wrong with \u201c{line.fact.title}\u201d?" if line else "What is wrong?",
        "line": line,
        "says": _says(line),
        "thing": thing or "",
        "parts": [(str(code), ABOUT_WORDS[code]) for code in PARTS.values()],
        "form": form,
    }
    return page(request, "me/correct.jinja", given, status=422 if form.errors else 200)


def _says(line: Opened | None) -> str:
    return f"{line.fact.title} {line.fact.value}".strip() if line else ""


def _asked(form: Form, thing: UUID | None, grant: Grant, request: HttpRequest) -> bool:
    """Whether it was sent; what is wrong with it stands in the form."""
    about = CorrectionAbout.LINE if thing else form.chosen("part", PARTS, needed=CHOOSE)
    wrong = str(form.typed.get("wrong", "")).strip()
    if not wrong:
        form.errors.append(("wrong", actions.SAY_WHAT))
    if form.errors or about is None:
        return False
    new = NewCorrection(
        about=about,
        thing=thing,
        wrong=wrong,
        should=str(form.typed.get("should", "")),
        heading=str(form.typed.get("heading", "")) or ABOUT_WORDS[about],
    )
    try:
        actions.ask(new=new, grant=grant, by=viewer_of(request))
    except Refused as refused:
        form.errors.append(("wrong", str(refused)))
        return False
    return True


@own_act
@require_POST
def withdraw(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Never mind."""
    actions.withdraw(correction=correction_id, grant=_grant(request), by=viewer_of(request))
    request.session[session.UNDO] = {"words": "Taken back: nobody needs to answer it.", "address": ""}
    return redirect("me_corrections")


def _grant(request: HttpRequest) -> Grant:
    viewer = viewer_of(request)
    return open_record(person_id=viewer.acts_for or viewer.id, by=viewer)


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
