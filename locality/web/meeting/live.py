"""The screen that a meeting is run from, on a projector and on a phone; its minutes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import TABLES, DataClass
from locality.base import NoAccess, Overtaken, Refused, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions import agenda, deciding
from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.queries import agenda as lines
from locality.neighbourhoods.queries import meetings as queries
from locality.neighbourhoods.rules.candidates import AGREED_WORDS
from locality.neighbourhoods.rules.caseload import OFF_WORDS
from locality.neighbourhoods.rules.meetings import (
    CAN_BE_TAKEN_BACK,
    DECIDED_WORDS,
    DECISION_WORDS,
    Came,
    Decision,
    ItemState,
    MeetingState,
    decisions_for,
)
from locality.record import queries as record
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import needs
from locality.web.meeting import forms, words
from locality.web.meeting.views import done, member
from locality.web.pages import page

NOT_ON_PAPER = "The role you signed in with does not print what was said of people: a clinician or social worker does."


@needs("act", DataClass.WORK)
@require_POST
def opened(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The meeting begins."""
    actions.open_meeting(meeting_id=meeting_id, by=member(request))
    return redirect("meeting_live", meeting_id)


@needs("act", DataClass.WORK)
@require_POST
def closed(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The meeting ends: its minutes are written, and who was not reached moves on."""
    actions.close_meeting(meeting_id=meeting_id, by=member(request))
    notice = "The meeting is closed and its minutes are written. Who was not reached comes to the next one."
    return done(request, notice, "meeting_minutes", meeting_id)


@needs("read", DataClass.WORK)
@require_GET
def live(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Whom do we talk about now, what is known, what is decided?"""
    viewer = member(request)
    screen = deciding.open_screen(meeting_id=meeting_id, by=viewer)
    if screen.meeting.state != MeetingState.LIVE:
        return redirect("meeting", meeting_id)
    return _screen(request, screen, Form({}), by=viewer)


def _again(request: HttpRequest, line: lines.Line, form: Form, *, not_saved: str = "", by: Viewer) -> HttpResponse:
    """The screen of whoever was written about, with what was typed."""
    screen = deciding.open_screen(meeting_id=line.meeting, item_id=line.id, by=by)
    return _screen(request, screen, form, not_saved=not_saved, by=by)


def _screen(
    request: HttpRequest, screen: deciding.Screen, form: Form, *, not_saved: str = "", by: Viewer
) -> HttpResponse:
    meeting, line = screen.meeting, screen.line
    assert meeting.opened_at is not None
    on_screen = line is not None and line.id == meeting.on_screen_id
    given: dict[str, Any] = {
        "meeting": meeting,
        "line": line,
        "stands": words.place(screen.lines, line),
        "first": next((one for one in screen.lines if one.state == ItemState.WAITING), None),
        "going": words.going(
            opened_at=meeting.opened_at,
            turned_at=meeting.turned_at if on_screen else None,
            now=by.at,
            length=meeting.minutes,
            line=line,
        ),
        "form": form,
        "not_saved": not_saved,
        "say": words,
    }
    if line is not None and screen.grant is not None:
        known = record.summary(grant=screen.grant, at=by.at)
        given |= {"about": known.face, "known": known, **_choices(meeting, line)}
        given["in_a_week"] = (day_of(by.at) + timedelta(weeks=1)).isoformat()
    return page(request, "meeting/live.jinja", given, status=422 if form.errors else 200)


def _choices(meeting: Any, line: lines.Line) -> dict[str, Any]:
    members = queries.members(team=meeting.team, on=meeting.on)
    told = decisions_for(on_caseload=line.on_caseload)
    return {
        "decisions": [(str(one), DECISION_WORDS[one]) for one in told],
        "members": [(str(one), name) for one, name in members.items()],
        "off_reasons": [(str(one), words_of) for one, words_of in OFF_WORDS.items()],
        "in_weeks": forms.IN_WEEKS,
        "agreed_words": [(str(one), words_of) for one, words_of in AGREED_WORDS.items()],
        "rows": range(1, forms.ROWS + 1),
    }


@needs("act", DataClass.WORK)
@require_POST
def write(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Decide, write down what was said, add to it, or go on to somebody else: what is typed is never lost."""
    viewer, form = member(request), Form(request.POST.dict())
    line = lines.line(viewer=viewer, item_id=item_id)
    try:
        if form.typed.get("to"):
            _go_on(form, line, by=viewer)
        else:
            _say_what(request, line, _write_down(form, line, by=viewer))
    except Overtaken as told:
        return _overtaken(request, form, line, told, by=viewer)
    except Refused as told:
        refusals.write_down(request, told)
        form.errors.append((forms.field_of(str(told)), str(told)))
    if form.errors:
        return _again(request, line, form, by=viewer)
    return redirect("meeting_live", line.meeting)


def _go_on(form: Form, line: lines.Line, *, by: Viewer) -> None:
    if forms.has_more_than_said(form):
        form.errors.append((forms.DECISION, forms.NOT_SAVED))
        return
    try:
        to = UUID(form.typed["to"])
    except ValueError as unknown:
        raise Refused("Nobody like that is on this agenda.") from unknown
    deciding.turn_to(item_id=to, leaving=line.id, said=form.typed.get("said", ""), by=by)


def _write_down(form: Form, line: lines.Line, *, by: Viewer) -> Decision | None:
    """What was sent, written down; returns what was decided, where anything was."""
    what, on = form.typed.get("do", ""), day_of(by.at)
    if what == "say":
        if forms.has_more_than_said(form):
            form.errors.append((forms.DECISION, forms.NOT_SAVED))
        else:
            deciding.say(item_id=line.id, words=form.typed.get("said", ""), by=by)
    elif what == "add":
        told = forms.typed(form, on=on)
        if not form.errors:
            deciding.add_to_decided(item_id=line.id, said=told.said, dissent=told.dissent, asked=told.asked, by=by)
    else:
        decided = forms.decided(form, version=form.version(), on=on)
        if decided is not None:
            deciding.decide(item_id=line.id, decided=decided, by=by)
            return decided.decision
    return None


def _say_what(request: HttpRequest, line: lines.Line, decision: Decision | None) -> None:
    """Say what was decided, with the way back where an act takes it back."""
    if decision in CAN_BE_TAKEN_BACK:
        words_of = f"Written down: {DECIDED_WORDS[decision].lower()}."
        request.session[session.UNDO] = {"words": words_of, "address": reverse("meeting_taken_back", args=[line.id])}


@needs("act", DataClass.WORK)
@require_POST
def taken_back(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """It was a slip: what was just decided is undone, and they wait again."""
    row = deciding.take_back(item_id=item_id, by=member(request))
    return done(request, "Taken back: nothing is decided of them. The minutes say so.", "meeting_live", row.meeting_id)


def _overtaken(request: HttpRequest, form: Form, line: lines.Line, told: Refused, *, by: Viewer) -> HttpResponse:
    """What somebody else wrote stands above; what was typed here stands in the form, for the version seen now."""
    refusals.write_down(request, told)
    now = lines.line(viewer=by, item_id=line.id)
    again = replace(form, typed={**form.typed, "version": str(now.version)}, errors=[(forms.DECISION, str(told))])
    return _again(request, line, again, not_saved=forms.chosen_words(form), by=by)


# ---- the minutes


@needs("read", DataClass.WORK)
@require_GET
def minutes(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """What was said and decided, and who does what by when?"""
    viewer = member(request)
    given = _minutes(meeting_id, what="meeting.minutes-listed", by=viewer)
    may_print = viewer.role in TABLES.lists["export"]
    return page(request, "meeting/minutes.jinja", given | {"may_print": may_print, "on_paper": False})


@needs("read", DataClass.WORK, fresh=True)
@require_GET
def minutes_print(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The same on paper, for those whose role may take people away in bulk."""
    viewer = member(request)
    if viewer.role not in TABLES.lists["export"]:
        raise NoAccess(NOT_ON_PAPER)
    given = _minutes(meeting_id, what="meeting.minutes-printed", by=viewer)
    given |= {"printed_by": f"{viewer.name}, {viewer.organisation_name}", "on_paper": True, "may_print": False}
    return page(request, "meeting/minutes.jinja", given)


def _minutes(meeting_id: UUID, *, what: str, by: Viewer) -> dict[str, Any]:
    found = queries.meeting(viewer=by, meeting_id=meeting_id)
    told = agenda.list_agenda(meeting=found, by=by, what=what)
    there = queries.attendance(meeting=found)
    return {
        "meeting": found,
        "discussed": [one for one in told if one.state == ItemState.DISCUSSED],
        "not_reached": [one for one in told if one.state in (ItemState.WAITING, ItemState.MOVED_ON)],
        "left_out": [one for one in told if one.state == ItemState.LEFT_OUT],
        "came": [one for one in there if one.state == Came.CAME],
        "apologies": [one for one in there if one.state == Came.APOLOGIES],
        "may_add": found.state == MeetingState.CLOSED,
        "say": words,
        "today": day_of(by.at),
    }


@needs("act", DataClass.WORK)
@require_POST
def added(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The minutes are corrected by an addition with its day; what stands there stays."""
    viewer = member(request)
    line = lines.line(viewer=viewer, item_id=item_id)
    deciding.add_after(item_id=item_id, words=request.POST.get("words", ""), by=viewer)
    return done(
        request,
        "Your addition stands in the minutes, with your name and today's date.",
        "meeting_minutes",
        line.meeting,
    )
