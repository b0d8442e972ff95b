"""A team's meetings: the list, one agenda, bringing somebody, how the team meets, what came of it."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.rules import DataClass
from locality.base import NoAccess, Refused, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions import agenda
from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.queries import meetings as queries
from locality.neighbourhoods.rules.meetings import ORDER_WORDS, Came, ItemState, MeetingState, may_meet
from locality.record import queries as record
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.meeting import forms, words
from locality.web.pages import page

NOT_YOURS = "The role you signed in with takes no part in a team's meeting."
MONTHS = {"3": 3, "6": 6}
DAYS_A_MONTH = 30.5
CAME_WORDS = ((Came.CAME, "Came"), (Came.APOLOGIES, "Apologies"), (Came.INVITED, "Not said"))


def member(request: HttpRequest) -> Viewer:
    """Whoever takes part in meetings; raises NoAccess for every other role."""
    viewer = viewer_of(request)
    if not may_meet(viewer):
        raise NoAccess(NOT_YOURS)
    return viewer


def done(request: HttpRequest, notice: str, to: str, *parts: object) -> HttpResponse:
    """Back to a page, with what was done."""
    request.session[session.UNDO] = {"words": notice, "address": ""}
    return redirect(to, *parts)


@needs("read", DataClass.WORK)
@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """When do my teams meet, and what became of it?"""
    viewer = member(request)
    coming = queries.to_come(viewer=viewer)
    given = {"coming": coming, "past": queries.past(viewer=viewer), "series": queries.series_of(viewer=viewer)}
    given |= {"heading": words.heading(coming, viewer.at), "say": words, "today": day_of(viewer.at)}
    return page(request, "meeting/list.jinja", given)


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def series(request: HttpRequest) -> HttpResponse:
    """How does a team meet from now on?"""
    viewer = member(request)
    teams = queries.teams_of(viewer=viewer)
    form = Form(request.POST.dict())
    if request.method == "POST":
        new = forms.series(form, teams={str(one.pk): one.pk for one in teams}, on=day_of(viewer.at))
        if new is not None and _begun(request, new, form, by=viewer):
            return done(request, "The team's meetings of the next quarter are planned.", "meetings")
    given = {"form": form, "teams": [(str(one.pk), one.name) for one in teams], "say": words}
    return page(request, "meeting/series.jinja", given, status=422 if form.errors else 200)


def _begun(request: HttpRequest, new: actions.NewSeries, form: Form, *, by: Viewer) -> bool:
    try:
        actions.begin_series(new=new, by=by)
    except Refused as why:
        refusals.write_down(request, why)
        form.errors.append(("last_day", str(why)))
    return not form.errors


@needs("act", DataClass.WORK)
@require_POST
def series_ended(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """The team meets so no more, from tomorrow."""
    viewer = member(request)
    actions.end_series(series_id=series_id, ends_on=day_of(viewer.at) + timedelta(days=1), by=viewer)
    return done(request, "From tomorrow the team meets so no more. Who waits comes to its next meeting.", "meetings")


@needs("read", DataClass.WORK)
@require_GET
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Whom do we talk about, in which order, and what does not fit?"""
    return _agenda(request, meeting_id, Form({}))


def _agenda(request: HttpRequest, meeting_id: UUID, form: Form) -> HttpResponse:
    viewer = member(request)
    found = queries.meeting(viewer=viewer, meeting_id=meeting_id)
    if found.state == MeetingState.CLOSED:
        return redirect("meeting_minutes", meeting_id)
    lines = agenda.list_agenda(meeting=found, by=viewer)
    today = day_of(viewer.at)
    given = {
        "meeting": found,
        "heading": words.agenda_heading(found.team.name, found.on, lines),
        "fitting": [one for one in lines if one.state != ItemState.LEFT_OUT and one.fits],
        "over": [one for one in lines if one.state != ItemState.LEFT_OUT and not one.fits],
        "left_out": [one for one in lines if one.state == ItemState.LEFT_OUT],
        "time_words": words.time_words(lines, found.minutes),
        "order_words": ORDER_WORDS,
        "there": queries.attendance(meeting=found),
        "came": CAME_WORDS,
        "may_open": found.state == MeetingState.PLANNED and found.on == today,
        "is_past": found.on < today,
        "say": words,
        "form": form,
    }
    return page(request, "meeting/agenda.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.WORK)
@require_POST
def draw(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Put whoever waits on the agenda."""
    new = agenda.draw_up(meeting_id=meeting_id, by=member(request))
    notice = f"{words.counted(new, 'person', 'people')} put on the agenda." if new else "Nobody new waits for the team."
    return done(request, notice, "meeting", meeting_id)


@needs("act", DataClass.WORK)
@require_POST
def arrange(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Earlier, later, longer, left out, or back: one press."""
    viewer, form = member(request), Form(request.POST.dict())
    what = form.typed.get("what", "")
    if what in ("earlier", "later"):
        row = agenda.move(item_id=item_id, earlier=what == "earlier", by=viewer)
    elif what == "minutes":
        row = agenda.give_minutes(item_id=item_id, minutes=forms.minutes(form), by=viewer)
    elif what == "back":
        row = agenda.put_back(item_id=item_id, by=viewer)
    elif what == "leave":
        row = agenda.leave_out(item_id=item_id, why=form.typed.get("why", ""), by=viewer)
    else:
        raise Refused("Nothing was changed: press one of the buttons beside somebody.")
    return redirect(f"{reverse('meeting', args=[row.meeting_id])}#item-{item_id}")


@needs("act", DataClass.WORK)
@require_POST
def skipped(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The meeting is not held."""
    row = actions.skip(meeting_id=meeting_id, why=request.POST.get("why", ""), by=member(request))
    notice = f"The meeting of {words.day(row.on)} is not held. Who was on its agenda waits for the next."
    return done(request, notice, "meetings")


@needs("act", DataClass.WORK)
@require_POST
def who(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Who came, who sent apologies; a guest by name."""
    viewer = member(request)
    guest, of = (" ".join(request.POST.get(name, "").split()) for name in ("guest", "guest_of"))
    if guest or of:
        actions.add_guest(meeting_id=meeting_id, name=guest, of=of, by=viewer)
        notice = f"{guest} ({of}) is written down as a guest."
    else:
        actions.say_who_came(meeting_id=meeting_id, came=forms.came(request.POST.dict()), by=viewer)
        notice = "Who came is written down."
    return done(request, notice, "meeting", meeting_id)


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Why should the team talk about them?"""
    viewer = member(request)
    grant = open_record(person_id=person_id, by=viewer)
    coming = queries.to_come(viewer=viewer)
    meetings = {str(one.meeting.pk): one.meeting for one in coming if one.meeting.on >= day_of(viewer.at)}
    form = Form(request.POST.dict())
    if request.method == "POST":
        chosen = form.chosen("meeting", meetings, needed="Choose the meeting.")
        why = form.words("why", needed=agenda.SAY_WHY)
        if chosen is not None and not form.errors:
            try:
                agenda.bring(grant=grant, meeting_id=chosen.pk, why=why, by=viewer)
                notice = f"They are on the agenda of the {chosen.team.name}, {words.day(chosen.on)}."
                return done(request, notice, "person", person_id)
            except Refused as refused:
                refusals.write_down(request, refused)
                form.errors.append(("why", str(refused)))
    options = [(key, f"{one.team.name}, {words.day(one.on)}") for key, one in meetings.items()]
    given = {"about": record.face(grant=grant, at=viewer.at), "form": form, "options": options}
    return page(request, "meeting/bring.jinja", given, status=422 if form.errors else 200)


@needs("read", DataClass.WORK)
@require_GET
def came_of(request: HttpRequest) -> HttpResponse:
    """What came of our meetings: was it done, did it help?"""
    viewer = member(request)
    months = MONTHS.get(request.GET.get("months", ""), 3)
    since = day_of(viewer.at) - timedelta(days=round(months * DAYS_A_MONTH))
    found = agenda.list_yields(since=since, by=viewer)
    given = {"found": found, "months": months, "heading": words.yield_heading(found.whole, months), "say": words}
    return page(request, "meeting/came_of.jinja", given | {"today": day_of(viewer.at)})
