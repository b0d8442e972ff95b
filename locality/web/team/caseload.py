"""The caseload of one's teams: who waits, who is on it, and the place of one of them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NoAccess, NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions import candidates as candidate_actions
from locality.neighbourhoods.actions import caseload as actions
from locality.neighbourhoods.actions import caseload_lists, caseload_progress
from locality.neighbourhoods.actions.caseload_lists import Desk
from locality.neighbourhoods.queries import staffing, tasks
from locality.neighbourhoods.queries.candidates import PutForward
from locality.neighbourhoods.queries.caseload import Place
from locality.neighbourhoods.rules import AGREED_WORDS
from locality.neighbourhoods.rules.caseload import CAME_FROM_WORDS, NEXT_STAGES, STAGE_WORDS
from locality.neighbourhoods.rules.tasks import PRIORITY_WORDS, may_print
from locality.record import queries as record
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page, page_of
from locality.web.team import forms, words
from locality.web.words import family_first

KEPT = "caseload"
ON_PAPER = 400
NOT_ON_PAPER = "The role you signed in with does not print lists of people: a clinician or social worker does."
ANOTHER = "What you sent was about another person than this page, so nothing was done. Open the page again."
NO_SUCH = "There is no such change."


@needs("read", DataClass.WORK)
@require_GET
def caseload(request: HttpRequest) -> HttpResponse:
    """Whom do we look after, and what comes next?"""
    viewer = viewer_of(request)
    given = _listed(request, caseload_lists.list_caseload, page=page_of(request))
    given |= {"may_print": may_print(viewer)}
    return page(request, "team/caseload.jinja", given)


@needs("read", DataClass.WORK, fresh=True)
@require_GET
def caseload_print(request: HttpRequest) -> HttpResponse:
    """The same on paper, for those whose role may take people away in bulk."""
    viewer = viewer_of(request)
    if not may_print(viewer):
        raise NoAccess(NOT_ON_PAPER)
    given = _listed(request, caseload_lists.list_caseload, most=ON_PAPER, what="caseload.printed")
    given |= {"printed_by": f"{viewer.name}, {viewer.organisation_name}"}
    return page(request, "team/caseload_print.jinja", given)


@needs("read", DataClass.WORK)
@require_GET
def place(request: HttpRequest, caseload_id: UUID) -> HttpResponse:
    """Why do we look after them, how far are we, and what comes next?"""
    one, grant = caseload_lists.open_place(caseload_id=caseload_id, by=viewer_of(request))
    return _place(request, one, grant, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def change(request: HttpRequest, caseload_id: UUID, doing: str) -> HttpResponse:
    """Stage, priority, risk, review, coordinator, or coming off."""
    viewer = viewer_of(request)
    one, grant = caseload_lists.open_place(caseload_id=caseload_id, by=viewer)
    _about(request, grant)
    if doing not in forms.CHANGES:
        raise NotFound(NO_SUCH)
    form = Form(request.POST.dict())
    told = forms.CHANGES[doing](form, _members(viewer, one.on_it.team))
    act = partial(ACTS[doing], caseload=caseload_id, version=form.version() or None, by=viewer, **told)
    if not form.errors and _done(request, form, FIELDS[doing], act):
        name = family_first(one.on_it.person)
        back = reverse("caseload_back", args=[caseload_id]) if doing == "off" else ""
        request.session[session.UNDO] = {"words": DONE[doing].format(name=name), "address": back}
        return redirect("caseload") if doing == "off" else redirect("caseload_place", caseload_id)
    return _place(request, one, grant, form, doing)


@needs("act", DataClass.WORK)
@require_POST
def back(request: HttpRequest, caseload_id: UUID) -> HttpResponse:
    """They came off by mistake: back on, as they were."""
    actions.come_back(caseload=caseload_id, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "They are on the caseload again, as they were.", "address": ""}
    return redirect("caseload_place", caseload_id)


@needs("read", DataClass.WORK)
@require_GET
def candidate(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """Do we take them on?"""
    return _candidate(request, candidate_id, None)


@needs("act", DataClass.WORK)
@require_POST
def answer(request: HttpRequest, candidate_id: UUID, doing: str) -> HttpResponse:
    """Taken on, or not."""
    if doing not in ANSWERS:
        raise NotFound(NO_SUCH)
    return _candidate(request, candidate_id, doing)


@needs("act", DataClass.WORK)
@require_POST
def wait(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """They were not taken on by mistake: they wait again."""
    candidate_actions.let_wait(candidate=candidate_id, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "They wait for the team's answer again.", "address": ""}
    return redirect("caseload_candidate", candidate_id)


# ---- the list


def _listed(request: HttpRequest, listing: Callable[..., Desk], **how: Any) -> dict[str, Any]:
    viewer = viewer_of(request)
    teams = staffing.my_teams(viewer=viewer)
    # what was asked for stays asked for, until something else is
    asked_now = any(key in request.GET for key in forms.KEYS)
    told = request.GET.dict() if asked_now else request.session.get(KEPT, {})
    asked, kept = forms.kept(told, {team.code: team.pk for team in teams})
    if asked_now:
        request.session[KEPT] = kept
    desk = listing(asked=asked, by=viewer, **how)
    return {
        "answer": words.answer(desk.counts, waiting=desk.waits),
        "lines": words.lines(desk.on_it),
        "waiting": desk.waiting,
        "waits": desk.waits,
        "part": desk.part,
        "counts": desk.counts,
        "teams": teams,
        "asked": kept,
        "is_asked": any(kept.values()),
        "which": forms.WHICH,
        "stages": forms.STAGES,
        **_words(),
    }


# ---- one of them


DONE = {
    "stage": "{name}: the stage was changed.",
    "priority": "{name}: the priority was changed.",
    "risk": "{name}: what may break down was written down.",
    "review": "{name}: the review was written down.",
    "allocate": "{name}: the coordinator was named.",
    "off": "{name} came off the caseload.",
}


ACTS: dict[str, Callable[..., object]] = {
    "stage": caseload_progress.move_on,
    "priority": caseload_progress.prioritise,
    "risk": caseload_progress.mark_at_risk,
    "review": caseload_progress.review,
    "allocate": actions.hand_over,
    "off": actions.come_off,
}
# at which field a refusal stands
FIELDS = {
    "stage": "stage",
    "priority": "priority_why",
    "risk": "risk",
    "review": "next_on",
    "allocate": "coordinator",
    "off": "reason",
}


def _done(request: HttpRequest, form: Form, field: str, act: Callable[[], object]) -> bool:
    """Whether it was done; where it breaks a rule the form says so, with all that was typed."""
    try:
        act()
    except Refused as why:
        refusals.write_down(request, why)
        form.errors.append((field, str(why)))
    return not form.errors


def _place(request: HttpRequest, one: Place, grant: Grant, form: Form, doing: str = "") -> HttpResponse:
    viewer = viewer_of(request)
    given = {
        "about": record.face(grant=grant, at=viewer.at),
        "one": one,
        "marks": words.marks(one.on_it),
        "history": [(line, words.happened(line)) for line in one.history],
        "form": form,
        "doing": doing,
        "next_stages": [(stage, STAGE_WORDS[stage]) for stage in NEXT_STAGES[one.on_it.stage]],
        "priorities": forms.PRIORITIES,
        "members": [(str(pk), name) for name, pk in _names(viewer, one.on_it.team)],
        "off": forms.OFF,
        "left_to_do": tasks.open_for(viewer=viewer, person_ids=grant.person_ids, team=one.on_it.team),
        "in_weeks": forms.in_weeks(day_of(viewer.at), 4),
        **_words(),
    }
    return page(request, "team/place.jinja", given, status=422 if form.errors else 200)


# ---- one who waits


ANSWERS = ("take-on", "decline")
TAKEN_ON = "{name} is on the caseload of the {team}."
NOT_TAKEN_ON = "{name} was not taken on. Whoever put them forward reads why."


def _candidate(request: HttpRequest, candidate_id: UUID, doing: str | None) -> HttpResponse:
    viewer = viewer_of(request)
    one, grant = caseload_lists.open_candidate(candidate_id=candidate_id, by=viewer)
    form = Form(request.POST.dict())
    if doing is not None:
        _about(request, grant)
        done = _take_on(request, one, form) if doing == "take-on" else _decline(request, one, form)
        if done is not None:
            return done
    given = {
        "about": record.face(grant=grant, at=viewer.at),
        "one": one,
        "form": form,
        "doing": doing or "",
        "agreed": forms.AGREED,
        "priorities": forms.PRIORITIES,
        "members": [(str(pk), name) for name, pk in _names(viewer, one.team_id)],
        "in_weeks": forms.in_weeks(day_of(viewer.at), 2),
        **_words(),
    }
    return page(request, "team/candidate.jinja", given, status=422 if form.errors else 200)


def _take_on(request: HttpRequest, one: PutForward, form: Form) -> HttpResponse | None:
    viewer, made = viewer_of(request), []
    told = forms.taken(form, _members(viewer, one.team_id))
    if told is None or viewer.organisation is None:
        return None
    new = actions.TakenOn(
        person=one.person.pk,
        team=one.team_id,
        why=told.why,
        agreed=told.agreed,
        review_on=told.review_on,
        sender=viewer.organisation,
        came_from=one.came_from,
        candidate=one.id,
        coordinator=told.coordinator,
        priority=told.priority,
        priority_why=told.priority_why,
    )
    if not _done(request, form, "why", lambda: made.append(actions.take_on(new=new, by=viewer))):
        return None
    notice = TAKEN_ON.format(name=family_first(one.person), team=one.team)
    request.session[session.UNDO] = {"words": notice, "address": ""}
    return redirect("caseload_place", made[0].pk)


def _decline(request: HttpRequest, one: PutForward, form: Form) -> HttpResponse | None:
    viewer, why = viewer_of(request), forms.whole(form, "why_not", needed=candidate_actions.SAY_WHY_NOT)
    act = partial(candidate_actions.decline, candidate=one.id, why=why, by=viewer)
    if form.errors or not _done(request, form, "why_not", act):
        return None
    notice = NOT_TAKEN_ON.format(name=family_first(one.person))
    request.session[session.UNDO] = {"words": notice, "address": reverse("candidate_wait", args=[one.id])}
    return redirect("caseload")


# ---- parts


def _about(request: HttpRequest, grant: Grant) -> None:
    # with two people open in two tabs, what is sent from one must never be written to the other
    if request.POST.get("about") != str(grant.person.pk):
        raise Refused(ANOTHER)


def _names(viewer: Viewer, team: UUID) -> list[tuple[str, UUID]]:
    """Who works in a team, to choose a coordinator from."""
    return staffing.members(viewer=viewer, team=team)


def _members(viewer: Viewer, team: UUID) -> dict[str, UUID]:
    return {str(pk): pk for _, pk in _names(viewer, team)}


def _words() -> dict[str, object]:
    return {
        "say": words,
        "stage_words": STAGE_WORDS,
        "priority_words": PRIORITY_WORDS,
        "came_from_words": CAME_FROM_WORDS,
        "agreed_words": AGREED_WORDS,
    }
