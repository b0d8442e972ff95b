"""A team: who works in it, when and where, what each has on their hands, and what is vacant."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.rules import DataClass
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.directory import queries as directory
from locality.neighbourhoods.actions import staffing as actions
from locality.neighbourhoods.queries import staffing
from locality.neighbourhoods.queries.staffing import TeamAtWork
from locality.neighbourhoods.rules.staffing import may_keep_team
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.team import forms, words

TEAM = "team"
NOT_YOURS = "The coordinator of the team keeps its posts, skills and weeks."
DONE = {
    "post": "The post was written down.",
    "fill": "The post is filled.",
    "vacate": "The post is vacant from today.",
    "end": "The post ended.",
    "skill": "The training was written down.",
    "away": "The days away were written down.",
    "back": "They are here after all.",
}


@needs("read", DataClass.WORK)
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """Who works here today, and who has too much on their hands?"""
    viewer = viewer_of(request)
    teams = staffing.my_teams(viewer=viewer)
    if not teams:
        return page(request, "team/none.jinja", {"words": words.NO_TEAM})
    chosen = request.GET.get("team") or request.session.get(TEAM, "")
    found = next((one for one in teams if one.code == chosen), teams[0])
    request.session[TEAM] = found.code
    told = staffing.team_at_work(viewer=viewer, team=found.pk)
    return _team(request, told, Form({}))


def _team(request: HttpRequest, told: TeamAtWork, form: Form, doing: str = "") -> HttpResponse:
    viewer = viewer_of(request)
    given = {
        "answer": words.team_answer(told),
        "told": told,
        "teams": told.teams,
        "members": [(str(one.id), one.name) for one in told.members],
        "keeps": may_keep_team(viewer),
        "form": form,
        "doing": doing,
        "own": viewer.id,
        "say": words,
    }
    return page(request, "team/team.jinja", given, status=422 if form.errors else 200)


@needs("read", DataClass.WORK)
@require_GET
def keep(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Which posts are there, who fills them, and what is everybody trained to do?"""
    viewer = viewer_of(request)
    told = staffing.team_at_work(viewer=viewer, team=team_id)
    if not may_keep_team(viewer):
        raise NoAccess(NOT_YOURS)
    return _keep(request, told, Form({}))


def _keep(request: HttpRequest, told: TeamAtWork, form: Form, doing: str = "") -> HttpResponse:
    given = {
        "told": told,
        "members": [(str(one.id), one.name) for one in told.members],
        "employers": [(one.code, one.name) for one in _employers(told)],
        "posts": [(str(one.id), f"{one.title}, {one.employer}") for one in told.posts],
        "fillings": [(str(who.id), f"{who.name}, {one.title}") for one in told.posts for who in one.filled_by],
        "skills": forms.SKILLS,
        "form": form,
        "doing": doing,
        "today": told.on.isoformat(),
        "say": words,
    }
    return page(request, "team/keep.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.WORK)
@require_POST
def change(request: HttpRequest, team_id: UUID, doing: str) -> HttpResponse:
    """A post, who fills it, a training, days away."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    told = staffing.team_at_work(viewer=viewer, team=team_id)
    if doing not in CHANGES:
        raise NotFound("There is no such change.")
    act = CHANGES[doing](form, told, viewer)
    kept = doing not in ("away", "back")
    if act is not None and not form.errors and _done(request, form, doing, act):
        request.session[session.UNDO] = {"words": DONE[doing], "address": ""}
        return redirect("team_keep", team_id) if kept else redirect(f"{reverse('team_at_work')}?team={told.team.code}")
    return _keep(request, told, form, doing) if kept and may_keep_team(viewer) else _team(request, told, form, doing)


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest, team_id: UUID, member_id: UUID) -> HttpResponse:
    """When and where does one of the team work in a usual week?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    told = staffing.team_at_work(viewer=viewer, team=team_id)
    one = next((one for one in told.members if one.id == member_id), None)
    if one is None:
        raise NotFound("Nobody like that works in this team.")
    if not may_keep_team(viewer) and member_id != viewer.id:
        raise NoAccess(NOT_YOURS)
    if request.method == "POST":
        days = forms.week(form, {site.code: site.pk for site in told.sites})
        starts_on = form.day("starts_on", needed="Type from which day this holds.")
        if not form.errors and starts_on:
            act = partial(
                actions.set_week, team=team_id, practitioner=member_id, week=days, starts_on=starts_on, by=viewer
            )
            if _done(request, form, "week", act):
                request.session[session.UNDO] = {"words": f"{one.name}: the week was written down.", "address": ""}
                return redirect(f"{reverse('team_at_work')}?team={told.team.code}")
    typed = form.typed or _as_typed(staffing.week_of(viewer=viewer, team=team_id, practitioner=member_id))
    given = {
        "told": told,
        "one": one,
        "weekdays": list(enumerate(words.WEEKDAYS)),
        "sites": [(site.code, site.name) for site in told.sites],
        "form": Form({"starts_on": told.on.isoformat()} | dict(typed), form.errors),
    }
    return page(request, "team/week.jinja", given, status=422 if form.errors else 200)


# ---- parts

Act = Callable[[], object]


def _post(form: Form, told: TeamAtWork, by: Viewer) -> Act | None:
    title = form.words("title", needed="Say what the post is.")
    employer = form.chosen("employer", {one.code: one.pk for one in _employers(told)}, needed="Choose the employer.")
    hours = forms.hours(form, "hours")
    starts_on = form.day("starts_on", needed="Type the first day.")
    if form.errors or not (employer and hours and starts_on):
        return None
    said: dict[str, Any] = {"title": title, "employer": employer, "hours": hours, "starts_on": starts_on}
    return partial(actions.add_post, team=told.team.pk, by=by, **said)


def _fill(form: Form, told: TeamAtWork, by: Viewer) -> Act | None:
    post = form.chosen("post", {str(one.id): one.id for one in told.posts}, needed="Choose a post.")
    member = form.chosen("filler", {str(one.id): one.id for one in told.members}, needed="Choose who.")
    hours = forms.hours(form, "fill_hours")
    if form.errors or not (post and member and hours):
        return None
    return partial(actions.fill_post, post=post, practitioner=member, hours=hours, starts_on=told.on, by=by)


def _vacate(form: Form, told: TeamAtWork, by: Viewer) -> Act | None:
    known = {str(one.id): one.id for post in told.posts for one in post.filled_by}
    filled = form.chosen("filled", known, needed="Choose who leaves the post.")
    return partial(actions.leave_post, filled=filled, on=told.on, by=by) if filled else None


def _end(form: Form, told: TeamAtWork, by: Viewer) -> Act | None:
    post = form.chosen("ended", {str(one.id): one.id for one in told.posts}, needed="Choose a post.")
    return partial(actions.end_post, post=post, on=told.on, by=by) if post else None


def _skill(form: Form, told: TeamAtWork, by: Viewer) -> Act | None:
    said = forms.skill(form, {str(one.id): one.id for one in told.members})
    return partial(actions.note_skill, team=told.team.pk, by=by, **said) if not form.errors else None


def _away(form: Form, told: TeamAtWork, by: Viewer) -> Act | None:
    said = forms.away(form, {str(one.id): one.id for one in told.members})
    if said is None:
        return None
    who, days = said.practitioner, {"starts_on": said.starts_on, "ends_on": said.ends_on}
    return partial(actions.be_away, team=told.team.pk, practitioner=who, cover=said.cover, by=by, **days)


def _back(form: Form, told: TeamAtWork, by: Viewer) -> Act | None:
    absence = form.chosen("absence", {str(one.id): one.id for one in told.away}, needed="Choose whose days.")
    return partial(actions.be_back, team=told.team.pk, absence=absence, by=by) if absence else None


CHANGES: dict[str, Callable[[Form, TeamAtWork, Viewer], Act | None]] = {
    "post": _post,
    "fill": _fill,
    "vacate": _vacate,
    "end": _end,
    "skill": _skill,
    "away": _away,
    "back": _back,
}
FIELDS = {"post": "title", "fill": "fill_hours", "skill": "skill", "away": "who", "week": "starts_on"}


def _done(request: HttpRequest, form: Form, doing: str, act: Act) -> bool:
    try:
        act()
    except Refused as why:
        refusals.write_down(request, why)
        form.errors.append((FIELDS.get(doing, doing), str(why)))
    return not form.errors


def _employers(told: TeamAtWork) -> list[Any]:
    return list(directory.organisations_on(told.on))


def _as_typed(days: list[Any]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for one in days:
        typed |= {
            f"from_{one.weekday}": f"{one.from_time:%H:%M}",
            f"until_{one.weekday}": f"{one.until_time:%H:%M}",
            f"site_{one.weekday}": one.site.code if one.site else "",
        }
    return typed
