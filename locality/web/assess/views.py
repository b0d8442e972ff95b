"""Assessments: filled with what is known, decided by a social worker; and what a team asked again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NotFound, Refused
from locality.neighbourhoods.actions import assessments as actions
from locality.neighbourhoods.actions.assessments import Given
from locality.neighbourhoods.queries import assessments as queries
from locality.neighbourhoods.queries.assessments import AskedAgain, OneAssessment
from locality.neighbourhoods.rules.assessments import FORM_WORDS, SECTIONS, AssessmentState, FormKind
from locality.neighbourhoods.rules.eligibility import (
    CARER_MEANINGS,
    MEANING_WORDS,
    OUTCOME_WORDS,
    VERDICT_WORDS,
    Meaning,
    Verdict,
)
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.assess import forms
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted

ASSESSMENT_OPENED = "assessment.opened"
DECISIONS = ((Verdict.ELIGIBLE, "Eligible"), (Verdict.NOT_ELIGIBLE, "Not eligible"))


@needs("read", DataClass.SOC)
@require_GET
def assessments_of_team(request: HttpRequest) -> HttpResponse:
    """Which assessments are open, and how often do we ask again what was said already?"""
    found, measured = actions.list_assessments(by=viewer_of(request))
    drafts = sum(one.state == AssessmentState.DRAFT for one in found)
    given = {
        "answer": f"{counted(drafts, 'assessment')} of your teams {'is' if drafts == 1 else 'are'} not finished",
        "lines": found,
        "measured": asked_again_words(measured),
        "verdicts": VERDICT_WORDS,
    }
    return page(request, "assess/team.jinja", given)


def asked_again_words(told: AskedAgain) -> str:
    """The line of a team: questions asked again over questions shown."""
    if not told.shown:
        return "No assessment was finished in the last 12 months, so there is nothing to measure yet."
    share = round(100 * told.again / told.shown)
    done = counted(told.forms, "assessment")
    again = f"{told.again} of {told.shown} questions ({share}%)"
    return f"In {done} finished in the last 12 months, {again} were asked again although an answer stood."


@needs("read", DataClass.SOC)
@require_GET
def assessments(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Which assessments are there of this person?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=ASSESSMENT_OPENED)
    found = queries.assessments(grant=grant)
    given = {
        "about": face(grant=grant, at=at_of(request)),
        "glass": glass_of(grant),
        "lines": found,
        "forms": list(FORM_WORDS.items()) if queries.may_write(grant) else [],
        "verdicts": VERDICT_WORDS,
    }
    return page(request, "assess/list.jinja", given)


@needs("act", DataClass.SOC)
@require_POST
def begin(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Begin one, or go on with the draft."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=ASSESSMENT_OPENED)
    try:
        form = FormKind(request.POST.get("form", ""))
    except ValueError as unknown:
        raise NotFound("There is no such form.") from unknown
    row = actions.begin(form=form, grant=grant, by=viewer_of(request))
    return redirect("assessment", person_id, row.pk)


@needs("read", DataClass.SOC)
@require_GET
def assessment(request: HttpRequest, person_id: UUID, assessment_id: UUID) -> HttpResponse:
    """What was found, and who is eligible for what?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what=ASSESSMENT_OPENED, about=assessment_id)
    return _shown(request, grant, _read(request, grant, assessment_id))


@needs("read", DataClass.SOC)
@require_GET
def assessment_print(request: HttpRequest, person_id: UUID, assessment_id: UUID) -> HttpResponse:
    """The same on paper."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="record.printed", about=assessment_id)
    found = _read(request, grant, assessment_id)
    given = _given(grant, found) | {"printed_by": f"{viewer.name}, {viewer.organisation_name}"}
    return page(request, "assess/print.jinja", given)


@needs("act", DataClass.SOC)
@require_POST
def answer(request: HttpRequest, person_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Keep the answers of one part of the form."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what=ASSESSMENT_OPENED, about=assessment_id)
    found = _read(request, grant, assessment_id)
    given = forms.given(request.POST, found.asked)
    if errors := forms.faults(given, found.asked):
        return _shown(request, grant, found, typed=given, errors=errors, status=422)
    try:
        kept = actions.answer(assessment=assessment_id, given=given, grant=grant, by=viewer)
    except actions.AnsweredMeanwhile as meanwhile:
        mine = {code: one for code, one in given.items() if code in meanwhile.questions}
        return _shown(request, grant, found, typed=given, clashes=mine, status=409)
    words = f"{counted(kept, 'answer')} saved." if kept else "Nothing was new, so nothing was changed."
    request.session[session.UNDO] = {"words": words, "address": ""}
    return redirect("assessment", person_id, assessment_id)


@needs("act", DataClass.SOC)
@require_POST
def finish(request: HttpRequest, person_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Who decides, and why?"""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what=ASSESSMENT_OPENED, about=assessment_id)
    decided, read = (_verdict(request.POST.get(name, "")) for name in ("decided", "read"))
    why = request.POST.get("why", "")
    try:
        actions.finish(assessment=assessment_id, decided=decided, why=why, read=read, grant=grant, by=viewer)
    except Refused as refused:
        found = _read(request, grant, assessment_id)
        if not found.may_decide or found.line.state != AssessmentState.DRAFT:
            raise
        errors = [("decided" if decided is None else "why", str(refused))]
        return _shown(request, grant, found, errors=errors, status=422)
    request.session[session.UNDO] = {"words": "Decided and kept. What is wrong can be corrected below.", "address": ""}
    return redirect("assessment", person_id, assessment_id)


@needs("act", DataClass.SOC)
@require_POST
def add(request: HttpRequest, person_id: UUID, assessment_id: UUID) -> HttpResponse:
    """What is to be corrected? It stands beside what was decided, dated."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what=ASSESSMENT_OPENED, about=assessment_id)
    try:
        actions.add(assessment=assessment_id, words=request.POST.get("words", ""), grant=grant, by=viewer)
    except Refused as refused:
        found = _read(request, grant, assessment_id)
        if not found.may_write:
            raise
        return _shown(request, grant, found, errors=[("words", str(refused))], status=422)
    return redirect("assessment", person_id, assessment_id)


def _read(request: HttpRequest, grant: Grant, assessment_id: UUID) -> OneAssessment:
    return queries.assessment(grant=grant, assessment_id=assessment_id, at=at_of(request))


def _given(grant: Grant, found: OneAssessment) -> dict[str, Any]:
    sections = [
        (code, words, [one for one in found.asked if one.question.section == code]) for code, words in SECTIONS.items()
    ]
    meanings = CARER_MEANINGS if found.line.form == FormKind.CARER else tuple(Meaning)
    return {
        "about": found.known.face,
        "glass": glass_of(grant),
        "found": found,
        "sections": [one for one in sections if one[2]],
        "meanings": [(one, MEANING_WORDS[one]) for one in meanings],
        "outcomes": OUTCOME_WORDS,
        "verdicts": VERDICT_WORDS,
        "is_carer": found.line.form == FormKind.CARER,
    }


def _shown(
    request: HttpRequest,
    grant: Grant,
    found: OneAssessment,
    *,
    typed: Mapping[str, Given] | None = None,
    clashes: Mapping[str, Given] | None = None,
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    given = _given(grant, found) | {
        "typed": {code: one.said for code, one in (typed or {}).items()},
        "clashes": clashes or {},
        "errors": errors or [],
        "decisions": DECISIONS,
        "posted": request.POST,
    }
    return page(request, "assess/form.jinja", given, status=status)


def _verdict(typed: str) -> Verdict | None:
    try:
        return Verdict(typed)
    except ValueError:
        return None
