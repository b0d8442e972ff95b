"""The privacy officer's pages: what waits, who looked at whom, and how the audit stands."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from locality.access import actions
from locality.access.actions import looking
from locality.access.actions.glass import review_override
from locality.access.actions.looking import Summary
from locality.access.rules import VERDICT_WORDS as VERDICTS_OF_OVERRIDES
from locality.access.rules import WHY_BROKEN_WORDS, DataClass, WhyBroken, may_review
from locality.base import NoAccess, Refused
from locality.web import refusals
from locality.web.asked_days import as_asked, asked_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.privacy.words import ODD_WORDS, VERDICT_WORDS, WAY_WORDS, health_rows
from locality.web.words import counted

VERDICTS = {str(code): said for code, said in VERDICTS_OF_OVERRIDES.items()}


@needs("read", DataClass.AUD)
@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """What needs me today?"""
    return page(request, "privacy/summary.jinja", _summary(request))


@needs("read", DataClass.AUD)
@require_GET
def summary_print(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    viewer = viewer_of(request)
    printed_by = f"{viewer.name}, {viewer.organisation_name}"
    return page(request, "privacy/summary_print.jinja", _summary(request) | {"printed_by": printed_by})


def _summary(request: HttpRequest) -> dict[str, Any]:
    found = looking.summary(by=viewer_of(request))
    health = health_rows(found.health, now=at_of(request))
    return {"answer": _answer(found), "found": found, "way_words": WAY_WORDS, "health": health}


def _answer(found: Summary) -> str:
    parts = [
        (found.all_overrides, "opening without a relationship", "openings without a relationship"),
        (found.all_questions, "question", "questions"),
        (found.all_unusual, "unusual look", "unusual looks"),
    ]
    waits = [counted(many, one, more) for many, one, more in parts if many]
    if not waits:
        return "Nothing waits for you"
    words = f"{', '.join(waits[:-1])} and {waits[-1]}" if len(waits) > 1 else waits[0]
    return f"{words} {'waits' if sum(many for many, *_ in parts) == 1 else 'wait'} for you"


@needs("read", DataClass.AUD)
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Whose audit? A person by NHS number or name, a practitioner by name; searches come by POST."""
    viewer, words = viewer_of(request), request.POST.get("words", "").strip()
    if not may_review(viewer):
        raise NoAccess(looking.NOT_YOURS)
    given: dict[str, Any] = {"words": words, "asked": bool(words), "people": (), "practitioners": ()}
    if words:
        given["practitioners"] = looking.find_practitioners(words=words, by=viewer)
        given["people"] = actions.find(words=words, born=None, by=viewer).found
    return page(request, "privacy/find.jinja", given)


@needs("read", DataClass.AUD)
@require_GET
def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who looked at this person?"""
    asked = asked_of(request)
    found = looking.of_person(person_id=person_id, asked=asked, by=viewer_of(request))
    many = counted(found.found.people, "person", "people")
    given = {
        "heading": f"{many if found.found.people else 'Nobody'} looked at the record of {found.whom.name}",
        "whom": found.whom,
        "found": found.found,
        "again": as_asked(asked),
        "tried": None,
    }
    return page(request, "privacy/looked.jinja", given)


@needs("read", DataClass.AUD)
@require_GET
def of_practitioner(request: HttpRequest, practitioner_id: UUID) -> HttpResponse:
    """Whom did this practitioner look at?"""
    asked = asked_of(request)
    one = looking.of_practitioner(practitioner_id=practitioner_id, asked=asked, by=viewer_of(request))
    people = {looker.whom.id for on in one.found.days for looker in on.lookers if looker.whom}
    heading = f"{one.name} looked at {counted(len(people), 'person', 'people') if people else 'nobody'}"
    given = {"heading": heading, "whom": None, "found": one.found, "again": as_asked(asked), "tried": one.tried}
    return page(request, "privacy/looked.jinja", given)


@needs("act", DataClass.AUD)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """What does this person ask, and what do I answer?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    answered = partial(looking.answer, question_id=question_id, words=form.typed.get("words", ""), by=viewer)
    if request.method == "POST" and _done(request, form, answered):
        return redirect("privacy")
    one = looking.open_question(question_id=question_id, by=viewer)
    return page(request, "privacy/question.jinja", {"one": one, "form": form}, status=422 if form.errors else 200)


@needs("act", DataClass.AUD)
@require_http_methods(["GET", "POST"])
def override(request: HttpRequest, override_id: UUID) -> HttpResponse:
    """Why did they open this record without being on a list for it, and was it right?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    reviewed = partial(review_override, override_id=override_id, by=viewer, **_said(form))
    if request.method == "POST" and _done(request, form, reviewed, VERDICTS):
        return redirect("privacy")
    one = looking.open_override(override_id=override_id, by=viewer)
    given = {
        "one": one,
        "why": WHY_BROKEN_WORDS[WhyBroken(one.row.reason_code)],
        "odd": [ODD_WORDS.get(mark, mark) for mark in one.row.quality],
        "verdicts": list(VERDICTS.items()),
        "form": form,
    }
    return page(request, "privacy/override.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.AUD)
@require_http_methods(["GET", "POST"])
def unusual(request: HttpRequest, look_id: UUID) -> HttpResponse:
    """What is unusual about this day, and what came of it?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    reviewed = partial(looking.review, look_id=look_id, by=viewer, **_said(form))
    if request.method == "POST" and _done(request, form, reviewed, VERDICT_WORDS):
        return redirect("privacy")
    one = looking.open_unusual(look_id=look_id, by=viewer)
    given = {"one": one, "verdicts": list(VERDICT_WORDS.items()), "form": form}
    return page(request, "privacy/unusual.jinja", given, status=422 if form.errors else 200)


def _said(form: Form) -> dict[str, str]:
    return {name: form.typed.get(name, "") for name in ("verdict", "words")}


def _done(request: HttpRequest, form: Form, act: Callable[[], object], verdicts: Collection[str] = ()) -> bool:
    """Whether it was done; what is wrong is written down, and stands at the field that is to be changed."""
    try:
        act()
    except Refused as refused:
        refusals.write_down(request, refused)
        no_verdict = verdicts and form.typed.get("verdict") not in verdicts
        form.errors.append(("verdict" if no_verdict else "words", str(refused)))
    return not form.errors
